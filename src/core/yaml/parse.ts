// SPDX-License-Identifier: Apache-2.0
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { Span } from '../text/source-text.ts';

/** A YAML value with the place of everything in it. */
export type YamlNode =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[]; readonly span: Span }
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[]; readonly span: Span };

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

export interface YamlProblem {
  readonly message: string;
  readonly span: Span;
}

export interface YamlResult {
  /** Null where the text is empty, or so wrong that nothing can be read. */
  readonly root: YamlNode | null;
  readonly problems: readonly YamlProblem[];
}

/** What hostile text may cost at most. */
export interface YamlLimits {
  readonly characters: number;
  readonly depth: number;
  /** Nodes after aliases are followed: bounds what a few of them can multiply into. */
  readonly nodes: number;
}

export const YAML_LIMITS: YamlLimits = { characters: 262_144, depth: 32, nodes: 50_000 };

class LimitReached extends Error {}

/**
 * Read one YAML document (version 1.2, core schema) and keep where everything stands. It never throws: what is wrong
 * comes back as problems, together with what could be read.
 */
export function parseYaml(text: string, limits: YamlLimits = YAML_LIMITS): YamlResult {
  const whole = { start: 0, end: text.length };
  const refused = (message: string): YamlResult => ({ root: null, problems: [{ message, span: whole }] });
  if (text.length > limits.characters) return refused(`The file is longer than ${limits.characters} characters.`);
  if (flowDepth(text) > limits.depth) return refused(`It is nested deeper than ${limits.depth} levels.`);
  try {
    // Duplicate keys are found below: the library compares each key with every other.
    const document = parseDocument(text, { version: '1.2', uniqueKeys: false, prettyErrors: false, strict: true });
    const problems: YamlProblem[] = document.errors.map(({ message, pos }) => ({
      message: sentence(message),
      span: within({ start: pos[0], end: pos[1] }, text),
    }));
    const reader = new Reader(document, text, limits, problems);
    const root = document.contents === null ? null : reader.node(document.contents, 0);
    return { root, problems };
  } catch (thrown) {
    if (thrown instanceof LimitReached) return refused(thrown.message);
    // A stack that runs out is the only other way: text that is nested past any use.
    return refused(thrown instanceof RangeError ? 'It is nested too deep.' : 'It cannot be read as YAML.');
  }
}

/** The deepest run of open brackets, quotes not looked at: a bound for the library's recursion, not a parse. */
function flowDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if ((character === ']' || character === '}') && depth > 0) depth--;
  }
  return deepest;
}

function sentence(message: string): string {
  const [first = ''] = message.split('\n');
  return first.endsWith('.') ? first : `${first}.`;
}

/** An empty or overlong place is made one that can be shown. */
function within({ start, end }: Span, text: string): Span {
  const from = Math.min(Math.max(start, 0), text.length);
  const to = Math.min(Math.max(end, from), text.length);
  return { start: from, end: to };
}

class Reader {
  readonly #document: Document;
  readonly #text: string;
  readonly #limits: YamlLimits;
  readonly #problems: YamlProblem[];
  #nodes = 0;

  constructor(document: Document, text: string, limits: YamlLimits, problems: YamlProblem[]) {
    this.#document = document;
    this.#text = text;
    this.#limits = limits;
    this.#problems = problems;
  }

  node(node: unknown, depth: number): YamlNode {
    if (++this.#nodes > this.#limits.nodes) throw new LimitReached(`It has more than ${this.#limits.nodes} values.`);
    if (depth > this.#limits.depth) throw new LimitReached(`It is nested deeper than ${this.#limits.depth} levels.`);
    const span = this.#span(node);
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target !== undefined) return this.node(target, depth + 1);
      this.#problems.push({ message: `No anchor is called ${node.source}.`, span });
      return { kind: 'scalar', value: null, span };
    }
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.node(item, depth + 1)), span };
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node.items, depth), span };
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) {
      return { kind: 'scalar', value, span };
    }
    return { kind: 'scalar', value: String(value), span };
  }

  #entries(items: readonly { key: unknown; value: unknown }[], depth: number): readonly YamlEntry[] {
    const seen = new Set<string>();
    return items.flatMap((pair) => {
      const keySpan = this.#span(pair.key);
      if (!isScalar(pair.key)) {
        this.#problems.push({ message: 'A key has to be a plain word.', span: keySpan });
        return [];
      }
      const key = String(pair.key.value);
      if (seen.has(key)) this.#problems.push({ message: `${key} is given twice.`, span: keySpan });
      seen.add(key);
      const value = pair.value === null ? null : this.node(pair.value, depth + 1);
      return [{ key, keySpan, value: value ?? { kind: 'scalar', value: null, span: keySpan } }];
    });
  }

  #span(node: unknown): Span {
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
    if (!Array.isArray(range)) return { start: 0, end: 0 };
    return within({ start: Number(range[0]), end: Number(range[1]) }, this.#text);
  }
}

/** The plain value: what a schema checks. A key given twice keeps its last value. */
export function plainValue(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  const value: Record<string, unknown> = {};
  for (const entry of node.entries) {
    // Not an assignment: a key called __proto__ is a key like any other.
    Object.defineProperty(value, entry.key, {
      value: plainValue(entry.value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return value;
}

/** The innermost node or key along a path of keys and indexes that exists. */
export function spanAt(root: YamlNode, path: readonly PropertyKey[]): Span {
  let at = root;
  let span = root.span;
  for (const step of path) {
    if (at.kind === 'map') {
      const entry = at.entries.findLast(({ key }) => key === String(step));
      if (entry === undefined) break;
      at = entry.value;
      span = at.kind === 'map' && at.entries.length > 0 ? entry.keySpan : at.span;
    } else if (at.kind === 'list') {
      const item = at.items[Number(step)];
      if (item === undefined) break;
      at = item;
      span = at.span;
    } else break;
  }
  return span;
}
