// SPDX-License-Identifier: Apache-2.0
import type { Span } from '../text/source-text.ts';
import { entriesOf, resolved, type GoNode } from './go/node.ts';
import { parseGoYaml } from './reader/parse.ts';

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
 * Read one YAML document and keep where everything stands. It never throws: what is wrong comes back as problems,
 * together with what could be read. Dates and the like are text, as they are in a policy.
 */
export function parseYaml(text: string, limits: YamlLimits = YAML_LIMITS): YamlResult {
  const refused = (message: string, span: Span = { start: 0, end: text.length }): YamlResult => ({
    root: null,
    problems: [{ message, span }],
  });
  if (text.length > limits.characters) return refused(`The file is longer than ${limits.characters} characters.`);
  const whole = parseGoYaml(text);
  if (whole.limit !== null) return refused(whole.limit);
  const { error } = whole;
  // What stands in the lines above a mistake can still be meant.
  const { root: document } = error === null ? whole : parseGoYaml(text.slice(0, lineStart(text, error.context)));
  const reader = new Reader(text, limits);
  if (error !== null) {
    const span = { start: error.start, end: error.end };
    reader.problems.push({ message: `This cannot be read as YAML: ${error.message}.`, span });
  }
  if (document === null) return { root: null, problems: reader.problems };
  try {
    const root = reader.node(document, 0);
    const second = error === null && /^---(?:[ \t\r\n]|$)/m.exec(text.slice(document.end));
    if (second) {
      const start = document.end + second.index;
      reader.problems.push({
        message: 'A second document begins here: only the first is read.',
        span: { start, end: start + 3 },
      });
    }
    return { root, problems: reader.problems };
  } catch (thrown) {
    if (thrown instanceof LimitReached) return refused(thrown.message);
    throw thrown;
  }
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** What a scalar stands for. */
function scalarValue({ tag, value }: GoNode): string | number | boolean | null {
  switch (tag) {
    case '!!null':
      return null;
    case '!!bool':
      return value.toLowerCase() === 'true';
    case '!!int':
    case '!!float': {
      const number = Number(value);
      return Number.isFinite(number) ? number : value;
    }
    default:
      return value;
  }
}

class Reader {
  readonly problems: YamlProblem[] = [];
  readonly #length: number;
  readonly #limits: YamlLimits;
  #nodes = 0;

  constructor(text: string, limits: YamlLimits) {
    this.#length = text.length;
    this.#limits = limits;
  }

  node(node: GoNode, depth: number): YamlNode {
    if (++this.#nodes > this.#limits.nodes) throw new LimitReached(`It has more than ${this.#limits.nodes} values.`);
    if (depth > this.#limits.depth) throw new LimitReached(`It is nested deeper than ${this.#limits.depth} levels.`);
    if (node.target !== null) return this.node(node.target, depth + 1);
    const span = this.#span(node);
    switch (node.kind) {
      case 'list':
        return { kind: 'list', items: node.items.map((item) => this.node(item, depth + 1)), span };
      case 'map':
        return { kind: 'map', entries: this.#entries(node, depth), span };
      default:
        return { kind: 'scalar', value: scalarValue(node), span };
    }
  }

  #entries(map: GoNode, depth: number): readonly YamlEntry[] {
    const seen = new Set<string>();
    return [...entriesOf(map)].flatMap((entry) => {
      const { kind, value: key } = resolved(entry.key);
      const keySpan = this.#span(entry.key);
      if (kind !== 'scalar') {
        this.problems.push({ message: 'A key has to be a plain word.', span: keySpan });
        return [];
      }
      if (seen.has(key)) this.problems.push({ message: `${key.slice(0, 60)} is given twice.`, span: keySpan });
      seen.add(key);
      const value = this.node(entry.value, depth + 1);
      // Nothing written is marked by its key.
      const empty = value.kind === 'scalar' && value.span.start === value.span.end;
      return [{ key, keySpan, value: empty ? { ...value, span: keySpan } : value }];
    });
  }

  #span({ start, end }: GoNode): Span {
    const from = Math.min(start, this.#length);
    return { start: from, end: Math.min(Math.max(end, from), this.#length) };
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
