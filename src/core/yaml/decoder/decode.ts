// SPDX-License-Identifier: Apache-2.0
// Reads YAML into Go types that know their keys, and refuses what the decoder of gopkg.in/yaml.v3 with KnownFields
// refuses. How that one behaves was found by asking it; test/tools/decoder.test.ts asks it again.
import type { Span } from '../../text/source-text.ts';
import { spanOf, type GoNode } from '../go/node.ts';
import { resolveAs } from '../reader/resolve.ts';
import { GoList, GoMap, GoStruct, type GoType, type GoValue, type StructType } from '../go/types.ts';
import { textOfBase64 } from './base64.ts';
import { isMergeKey, isText, mapFacts, type MapFacts } from './map-facts.ts';
import { scalarInto } from './scalar-into.ts';

export type DecodeProblem =
  | {
      readonly kind: 'unknown-key';
      readonly span: Span;
      readonly key: string;
      readonly struct: StructType;
      /** The keys of the same map. */
      readonly siblings: ReadonlySet<string>;
    }
  | { readonly kind: 'duplicate-key'; readonly span: Span; readonly key: string; readonly first: Span }
  | {
      readonly kind: 'wrong-type';
      readonly span: Span;
      readonly node: GoNode;
      readonly wanted: GoType;
      /** The key whose block this is, where the block begins on a line of its own: then the key is marked. */
      readonly key: GoNode | null;
    }
  | { readonly kind: 'other'; readonly span: Span; readonly message: string };

export interface Decoded {
  readonly value: GoStruct;
  /** In the order the library finds them; empty exactly where it takes the file. */
  readonly problems: readonly DecodeProblem[];
}

/** More problems than that are not collected, but for the one that ends the reading. */
const MAX_PROBLEMS = 1000;
/** A file itself is never nested that deeply; aliases in aliases could be, and would exhaust the stack. */
const MAX_DEPTH = 2500;

/** What a type holds before a file sets it. */
export function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'pointer':
      return null;
    case 'list':
      return new GoList();
    case 'map':
      return new GoMap();
    case 'struct':
      return new GoStruct(type);
    default:
      return 0n;
  }
}

export function decodeInto(root: GoNode, type: StructType): Decoded {
  const decoder = new Decoder();
  const value = new GoStruct(type);
  decoder.run(() => decoder.document(root, value));
  return { value, problems: decoder.problems };
}

/** The library reads on after most problems; after this one it gives up. */
class GaveUp extends Error {}

const TEXT: GoType = { kind: 'string' };

/** A value that was refused; null is a value. */
const REFUSED = undefined;
type Read = GoValue | typeof REFUSED;

/** Takes one entry, by the text of its key, with the map that it stands in. */
type Take = (name: string, key: GoNode, value: GoNode, map: GoNode) => void;

/**
 * Which share of the nodes may be read by way of aliases: nearly all in a small file, one in ten in a large one. (The
 * library asks only after a hundred of them; fewer never are such a share.)
 */
function aliasShare(nodes: number): number {
  const [small, large] = [400_000, 4_000_000];
  const size = Math.min(Math.max((nodes - small) / (large - small), 0), 1);
  return 0.99 - 0.89 * size;
}

class Decoder {
  readonly problems: DecodeProblem[] = [];
  /** Nodes read, and how many of them by way of an alias: what is read twice counts twice. */
  private nodes = 0;
  private aliased = 0;
  private depth = 0;
  /** The aliases that are being followed, from the outside in. */
  private readonly open = new Set<GoNode>();
  /** The entry that was begun last. */
  private owner: { readonly key: GoNode; readonly value: GoNode } | null = null;
  private readonly facts = new Map<GoNode, MapFacts>();

  run(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof GaveUp)) throw thrown;
    }
  }

  document(root: GoNode, into: GoStruct): void {
    this.count(root);
    this.read(root, into.type, into);
  }

  private report(problem: DecodeProblem): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }

  private giveUp(node: GoNode, message: string): never {
    this.problems.push({ kind: 'other', span: spanOf(node), message });
    throw new GaveUp();
  }

  private refuse(node: GoNode, wanted: GoType): typeof REFUSED {
    // A whole block is too much to be marked: its key stands for it.
    const block = node.kind !== 'scalar' && !node.flow && this.open.size === 0;
    const key = block && this.owner?.value === node ? this.owner.key : null;
    this.report({ kind: 'wrong-type', span: spanOf(key ?? node), node, wanted, key });
    return REFUSED;
  }

  /** The alias that stands outside of all others, or the node itself. */
  private place(node: GoNode): GoNode {
    const [alias = node] = this.open.values();
    return alias;
  }

  private count(node: GoNode): void {
    this.nodes++;
    if (this.open.size === 0) return;
    this.aliased++;
    if (this.aliased > 100 && this.aliased > aliasShare(this.nodes) * this.nodes) {
      this.giveUp(
        this.place(node),
        'Aliases make this file many times larger than it is written. Write it with fewer aliases.',
      );
    }
  }

  /** Read what an alias stands for. */
  private behind<T>(alias: GoNode, read: (target: GoNode) => T): T {
    const { target } = alias;
    const name = JSON.stringify(alias.value);
    if (target === null) return this.giveUp(alias, `No anchor is called ${name}.`);
    if (this.open.has(alias)) {
      return this.giveUp(alias, `What the anchor ${name} names contains itself. Remove this alias.`);
    }
    this.open.add(alias);
    const result = read(target);
    this.open.delete(alias);
    return result;
  }

  /** `into` is filled where the value is a struct; without it a new one is made. */
  private read(node: GoNode, type: GoType, into?: GoStruct): Read {
    this.count(node);
    if (++this.depth > MAX_DEPTH) {
      this.giveUp(this.place(node), `Aliases nest this deeper than ${MAX_DEPTH} levels. Write it with fewer aliases.`);
    }
    const value = this.readAs(node, type, into);
    this.depth--;
    return value;
  }

  private readAs(node: GoNode, type: GoType, into: GoStruct | undefined): Read {
    if (node.kind === 'alias') return this.behind(node, (target) => this.read(target, type, into));
    // Before it is looked at what the map is for.
    if (node.kind === 'map' && this.hasDuplicates(node)) return REFUSED;
    let wanted = type;
    while (wanted.kind === 'pointer') {
      // A tag that says null, and yet there is something: only pointers mind.
      if (node.kind !== 'scalar' && node.tag === '!!null') return this.refuse(node, wanted);
      wanted = wanted.of;
    }
    if (node.kind === 'scalar') return this.readScalar(node, wanted);
    if (node.kind === 'list' && wanted.kind === 'list') return this.readList(node, wanted.of);
    if (node.kind === 'map' && wanted.kind === 'map') return this.readMap(node, wanted.of);
    if (node.kind === 'map' && wanted.kind === 'struct') return this.readStruct(node, into ?? new GoStruct(wanted));
    return this.refuse(node, wanted);
  }

  private readScalar(node: GoNode, wanted: GoType): Read {
    const { tag } = node;
    let text = node.value;
    if (tag === '!!binary') {
      const decoded = textOfBase64(text);
      if (decoded === null) this.giveUp(node, 'This is not base64, as its tag !!binary says. Correct it.');
      text = decoded;
    }
    const resolved = tag === '!!binary' ? { value: text } : resolveAs(tag, text);
    if (resolved === null) {
      const shown = text.length <= 40 ? JSON.stringify(text) : 'This';
      return this.giveUp(node, `${shown} is not what its tag ${tag} says. Correct it, or remove the tag.`);
    }
    if (resolved.value === null) return null;
    return scalarInto(wanted.kind, resolved.value, text) ?? this.refuse(node, wanted);
  }

  /** Refused items are left out, and so is null where it is not a value of its own. */
  private readList(node: GoNode, of: GoType): GoList {
    const list = new GoList();
    const holdsNull = of.kind === 'pointer' || of.kind === 'list' || of.kind === 'map';
    for (const item of node.items) {
      const value = this.read(item, of);
      if (value === REFUSED || (value === null && !holdsNull)) continue;
      list.items.push({ value: value ?? zeroOf(of), key: null, node: item });
    }
    return list;
  }

  private readMap(node: GoNode, of: GoType): GoMap {
    const map = new GoMap();
    this.entries(node, new Set(), false, (name, key, item) => {
      const value = this.read(item, of);
      if (value === REFUSED || (value === null && map.entries.has(name))) return;
      map.entries.set(name, { value: value ?? zeroOf(of), key, node: item });
    });
    return map;
  }

  private readStruct(node: GoNode, into: GoStruct): GoStruct {
    const { type, fields } = into;
    const set = new Map<string, GoNode>();
    this.entries(node, new Set(), false, (name, key, item, map) => {
      const field = type.fields.get(name);
      const first = set.get(name);
      if (field === undefined) {
        const { names } = this.factsOf(map);
        this.report({ kind: 'unknown-key', span: spanOf(key), key: name, struct: type, siblings: names });
      } else if (first !== undefined) {
        // Written differently, or it would have been found before.
        this.report({ kind: 'duplicate-key', span: spanOf(key), key: name, first: spanOf(first) });
      } else {
        set.set(name, key);
        const value = this.read(item, field);
        if (value !== REFUSED) fields.set(name, { value, key, node: item });
      }
    });
    return into;
  }

  /**
   * The entries of a map and then of what it merges. What is merged never changes what is there: `seen` has the keys of
   * the maps before, whether their values were taken or not. But a key of the map itself that looks like a number, a
   * truth value or a date is not among them, and what is merged is read again. Entries without a key are passed over.
   */
  private entries(map: GoNode, seen: Set<string>, merged: boolean, take: Take): void {
    let merges: GoNode | null = null;
    for (let i = 0; i + 1 < map.items.length; i += 2) {
      const [key, value] = [map.items[i], map.items[i + 1]];
      if (key === undefined || value === undefined) continue;
      if (isMergeKey(key)) {
        merges = value;
        seen.add(key.value);
        continue;
      }
      const name = this.read(key, TEXT);
      if (typeof name !== 'string' || (merged && seen.has(name))) continue;
      if (merged || isText(key)) seen.add(name);
      this.owner = { key, value };
      take(name, key, value, map);
    }
    if (merges === null) return;
    // The library has read the keys once more, to know what is there.
    if (!merged) for (let i = 0; i < map.items.length; i += 2) this.count(map);
    for (const each of merges.kind === 'list' ? merges.items : [merges]) {
      this.merge(each, (from) => this.entries(from, seen, true, take));
    }
  }

  private merge(node: GoNode, take: (map: GoNode) => void): void {
    const map = node.kind === 'alias' ? node.target : node;
    if (map?.kind !== 'map') {
      this.giveUp(node, 'Only keys and values can be merged with "<<", or a list of such. Write an alias of them.');
    }
    this.count(node);
    if (node.kind !== 'alias') this.mergeMap(map, take);
    else this.behind(node, (target) => this.mergeMap(target, take));
  }

  private mergeMap(map: GoNode, take: (map: GoNode) => void): void {
    if (++this.depth > MAX_DEPTH) {
      this.giveUp(this.place(map), `Aliases nest this deeper than ${MAX_DEPTH} levels. Write it with fewer aliases.`);
    }
    if (!this.hasDuplicates(map)) take(map);
    this.depth--;
  }

  private factsOf(map: GoNode): MapFacts {
    let facts = this.facts.get(map);
    if (facts === undefined) this.facts.set(map, (facts = mapFacts(map)));
    return facts;
  }

  private hasDuplicates(map: GoNode): boolean {
    const { duplicates } = this.factsOf(map);
    for (const { key, first } of duplicates) {
      if (this.problems.length >= MAX_PROBLEMS) break;
      this.report({ kind: 'duplicate-key', span: spanOf(key), key: key.value, first: spanOf(first) });
    }
    return duplicates.length > 0;
  }
}
