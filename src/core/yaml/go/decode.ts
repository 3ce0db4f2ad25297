// SPDX-License-Identifier: Apache-2.0
// Reads nodes into Go types with known keys only, as gopkg.in/yaml.v3 does: what it takes, drops, merges and refuses.
import type { Span } from '../../text/source-text.ts';
import { spanOf, type GoNode } from './node.ts';
import { resolveAs } from './resolve.ts';
import { scalarInto } from './scalar-into.ts';
import { GoList, GoMap, GoStruct, type GoType, type GoValue, type StructType } from './types.ts';

export type DecodeProblem =
  | {
      readonly kind: 'unknown-key';
      readonly span: Span;
      readonly key: string;
      readonly struct: StructType;
      /** The keys beside it. */
      readonly siblings: ReadonlySet<string>;
    }
  | { readonly kind: 'duplicate-key'; readonly span: Span; readonly key: string; readonly first: Span }
  | { readonly kind: 'wrong-type'; readonly span: Span; readonly node: GoNode; readonly wanted: GoType }
  | { readonly kind: 'other'; readonly span: Span; readonly message: string };

/** What ends the decoding at once. */
class Fatal extends Error {
  readonly span: Span;

  constructor(message: string, node: GoNode) {
    super(message);
    this.span = spanOf(node);
  }
}

export interface Decoded {
  readonly value: GoStruct;
  /** In the order the Go library finds them; empty where it takes the file. */
  readonly problems: readonly DecodeProblem[];
}

interface Outcome {
  /** False where the library leaves the place as it was, and a list drops the item. */
  readonly good: boolean;
  readonly value: GoValue;
}

const RATIO_LOW = 400_000;
const RATIO_HIGH = 4_000_000;

function shortTagOf(node: GoNode): string {
  return node.kind === 'alias' && node.target !== null ? shortTagOf(node.target) : node.tag;
}

export function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case 'struct':
      return new GoStruct(type);
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'pointer':
    case 'list':
    case 'map':
      return null;
    default:
      return 0n;
  }
}

class Decoder {
  readonly problems: DecodeProblem[] = [];
  readonly #aliases = new Set<GoNode>();
  #decodes = 0;
  #aliased = 0;
  #aliasDepth = 0;
  /** Keys that a map which is being merged must not set again; null outside of a merge. */
  #merged: Set<string> | null = null;
  /** The key whose value is being read; null inside of lists. */
  #keyNode: GoNode | null = null;

  unmarshal(node: GoNode, type: GoType, current: GoValue): Outcome {
    this.#decodes++;
    if (this.#aliasDepth > 0) this.#aliased++;
    this.#limitAliases(node);
    if (node.kind === 'alias') return this.#alias(node, type, current);
    if (node.tag === '!!null' && node.kind === 'scalar' && resolveAs(node.tag, node.value) !== null) {
      const clears = type.kind === 'pointer' || type.kind === 'list' || type.kind === 'map';
      return { good: clears, value: clears ? null : current };
    }
    // A pointer to nothing is made, whether the value fits or not.
    if (type.kind === 'pointer' && node.tag !== '!!null') {
      return this.#value(node, type.of, current ?? zeroOf(type.of));
    }
    return this.#value(node, type, current);
  }

  #value(node: GoNode, type: GoType, current: GoValue): Outcome {
    switch (node.kind) {
      case 'map':
        return this.#mapping(node, type, current);
      case 'list':
        return this.#sequence(node, type, current);
      default:
        return this.#scalar(node, type, current);
    }
  }

  #limitAliases(node: GoNode): void {
    if (this.#aliased <= 100 || this.#decodes <= 1000) return;
    const over = Math.min(Math.max(this.#decodes - RATIO_LOW, 0) / (RATIO_HIGH - RATIO_LOW), 1);
    if (this.#aliased / this.#decodes > 0.99 - 0.89 * over) throw new Fatal('Aliases multiply too much.', node);
  }

  #alias(node: GoNode, type: GoType, current: GoValue): Outcome {
    if (node.target === null || this.#aliases.has(node)) {
      throw new Fatal(`The anchor "${node.value}" holds itself.`, node);
    }
    this.#aliases.add(node);
    this.#aliasDepth++;
    const outcome = this.unmarshal(node.target, type, current);
    this.#aliasDepth--;
    this.#aliases.delete(node);
    return outcome;
  }

  #wrong(node: GoNode, wanted: GoType, current: GoValue): Outcome {
    // A block can be long; the key it belongs to says it better.
    const isBlock = node.kind === 'scalar' ? node.style === 'literal' || node.style === 'folded' : !node.flow;
    const span = spanOf(isBlock && this.#keyNode !== null ? this.#keyNode : node);
    this.problems.push({ kind: 'wrong-type', span, node, wanted });
    return { good: false, value: current };
  }

  #scalar(node: GoNode, type: GoType, current: GoValue): Outcome {
    const resolved = resolveAs(node.tag, node.value);
    if (resolved === null) {
      throw new Fatal(`The tag ${node.tag} does not fit the value ${JSON.stringify(node.value)}.`, node);
    }
    let { value } = resolved;
    if (node.tag === '!!binary' && typeof value === 'string') {
      const bytes = decodeBase64(value);
      if (bytes === null) throw new Fatal('What is tagged !!binary is no base64 text.', node);
      value = bytes;
    }
    if (value === null) return { good: false, value: current };
    const text = node.tag === '!!binary' ? String(value) : node.value;
    const taken = scalarInto(type.kind, value, text);
    return taken === null ? this.#wrong(node, type, current) : { good: true, value: taken };
  }

  #sequence(node: GoNode, type: GoType, current: GoValue): Outcome {
    if (type.kind !== 'list') return this.#wrong(node, type, current);
    const list = new GoList();
    for (const item of node.items) {
      this.#keyNode = null;
      const { good, value } = this.unmarshal(item, type.of, zeroOf(type.of));
      if (good) list.items.push({ value, key: null, node: item });
    }
    return { good: true, value: list };
  }

  #hasDuplicates(node: GoNode): boolean {
    const seen = new Map<string, GoNode>();
    let found = false;
    for (let i = 0; i < node.items.length; i += 2) {
      const key = node.items[i];
      if (key === undefined) continue;
      const id = `${key.kind} ${key.value}`;
      const first = seen.get(id);
      if (first === undefined) seen.set(id, key);
      else {
        found = true;
        this.problems.push({ kind: 'duplicate-key', span: spanOf(key), key: key.value, first: spanOf(first) });
      }
    }
    return found;
  }

  #mapping(node: GoNode, type: GoType, current: GoValue): Outcome {
    if (this.#hasDuplicates(node)) return { good: false, value: current };
    if (type.kind === 'struct') return this.#struct(node, type, current);
    if (type.kind !== 'map') return this.#wrong(node, type, current);
    const merged = this.#merged;
    this.#merged = null;
    const isNew = !(current instanceof GoMap);
    const map = current instanceof GoMap ? current : new GoMap();
    let mergeNode: GoNode | null = null;
    for (const [key, item] of pairs(node)) {
      if (isMerge(key)) {
        mergeNode = item;
        continue;
      }
      const name = this.#key(key);
      if (name === null) continue;
      if (merged !== null) {
        if (merged.has(`str ${name}`)) continue;
        merged.add(`str ${name}`);
      }
      this.#keyNode = key;
      const { good, value } = this.unmarshal(item, type.of, zeroOf(type.of));
      if (good || (shortTagOf(item) === '!!null' && (isNew || !map.entries.has(name)))) {
        map.entries.set(name, { value, key, node: item });
      }
    }
    this.#merged = merged;
    if (mergeNode !== null) this.#merge(node, mergeNode, type, map);
    return { good: true, value: map };
  }

  #key(key: GoNode): string | null {
    this.#keyNode = null;
    const { good, value } = this.unmarshal(key, { kind: 'string' }, '');
    return good && typeof value === 'string' ? value : null;
  }

  #struct(node: GoNode, type: StructType, current: GoValue): Outcome {
    const struct = current instanceof GoStruct ? current : new GoStruct(type);
    const merged = this.#merged;
    this.#merged = null;
    let mergeNode: GoNode | null = null;
    const done = new Map<string, GoNode>();
    for (const [key, item] of pairs(node)) {
      if (isMerge(key)) {
        mergeNode = item;
        continue;
      }
      const name = this.#key(key);
      if (name === null) continue;
      if (merged !== null) {
        if (merged.has(`str ${name}`)) continue;
        merged.add(`str ${name}`);
      }
      const field = type.fields.get(name);
      if (field === undefined) {
        const siblings = new Set([...pairs(node)].map(([each]) => each.value));
        this.problems.push({ kind: 'unknown-key', span: spanOf(key), key: name, struct: type, siblings });
        continue;
      }
      const first = done.get(name);
      if (first !== undefined) {
        this.problems.push({ kind: 'duplicate-key', span: spanOf(key), key: name, first: spanOf(first) });
        continue;
      }
      done.set(name, key);
      const before = struct.fields.get(name)?.value ?? zeroOf(field);
      this.#keyNode = key;
      const { value } = this.unmarshal(item, field, before);
      struct.fields.set(name, { value, key, node: item });
    }
    this.#merged = merged;
    if (mergeNode !== null) this.#merge(node, mergeNode, type, struct);
    return { good: true, value: struct };
  }

  #merge(parent: GoNode, merge: GoNode, type: GoType, into: GoValue): void {
    const merged = this.#merged;
    if (merged === null) {
      this.#merged = new Set();
      for (const [key] of pairs(parent)) this.#merged.add(anyKey(key));
    }
    const isMap = (node: GoNode): boolean =>
      node.kind === 'alias' ? node.target?.kind === 'map' : node.kind === 'map';
    const parts = merge.kind === 'list' ? merge.items : [merge];
    for (const part of parts) {
      if (!isMap(part)) throw new Fatal('"<<" merges maps only: a map, or a list of maps.', part);
      this.unmarshal(part, type, into);
    }
    this.#merged = merged;
  }
}

function* pairs(node: GoNode): Generator<readonly [GoNode, GoNode]> {
  for (let i = 0; i + 1 < node.items.length; i += 2) {
    const [key, value] = [node.items[i], node.items[i + 1]];
    if (key !== undefined && value !== undefined) yield [key, value];
  }
}

function isMerge(node: GoNode): boolean {
  return (
    node.kind === 'scalar' && node.value === '<<' && (node.tag === '' || node.tag === '!' || node.tag === '!!merge')
  );
}

/** A key as the merge compares it: by kind and value. Keys that are no text never equal a text. */
function anyKey(key: GoNode): string {
  const node = key.kind === 'alias' && key.target !== null ? key.target : key;
  const isText = node.kind === 'scalar' && !['!!int', '!!float', '!!bool', '!!null', '!!timestamp'].includes(node.tag);
  return `${isText ? 'str' : node.tag} ${node.value}`;
}

function decodeBase64(text: string): string | null {
  const clean = text.replaceAll(/[\r\n]/g, '');
  if (clean.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(clean)) return null;
  return clean;
}

/** Read a document into a struct. It never throws. */
export function decodeInto(root: GoNode, type: StructType): Decoded {
  const decoder = new Decoder();
  const value = new GoStruct(type);
  try {
    decoder.unmarshal(root, type, value);
  } catch (thrown) {
    if (!(thrown instanceof Fatal)) throw thrown;
    // Whatever was found before is lost in the library: this one is what it answers.
    return { value, problems: [{ kind: 'other', span: thrown.span, message: thrown.message }] };
  }
  return { value, problems: decoder.problems };
}
