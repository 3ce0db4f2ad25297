// SPDX-License-Identifier: Apache-2.0
// Where in a file an offset stands, for completion: found by lines, so that the text need not be readable.
import type { Span } from '../text/source-text.ts';
import type { GoType, StructType } from '../yaml/go/types.ts';
import { lineAt, readLoosely, unquoted, type LooseNode } from './loose.ts';

/** A map or list that the place is in, from the outside in. */
export interface Level {
  /** Null where the file has there what no struct knows. */
  readonly type: GoType | null;
  /** The struct and key that this level is the value of; null at the top. */
  readonly owner: StructType | null;
  /** Key in a map, number in a list; '' at the top. */
  readonly name: string | number;
  /** Keys that the map has already, without the one at the place; their values where they are plain. */
  readonly siblings: ReadonlyMap<string, string>;
}

export interface Place {
  /**
   * `key`: the name of an entry is written; `value`: what an entry or item holds; `text`: within a text of several lines,
   * or a comment.
   */
  readonly kind: 'key' | 'value' | 'text';
  /** The last is what the place is in: the map of a key, and the entry or item of a value. */
  readonly levels: readonly Level[];
  /** The word up to the offset that a completion continues, and what it replaces. */
  readonly typed: string;
  readonly span: Span;
  /** True where the place is the beginning of a list's item and its dash is not written yet. */
  readonly needsDash: boolean;
  /** True where a colon stands behind the key already. */
  readonly hasColon: boolean;
  /** Column of the key or item. */
  readonly column: number;
  readonly flow: boolean;
  /** The quote that the value is in, '' for none. */
  readonly quote: string;
  /** True where the text continues on the line of its key, so that a block cannot be begun. */
  readonly inline: boolean;
}

export const unwrapped = (type: GoType | null): GoType | null => {
  let current = type;
  while (current?.kind === 'pointer') current = current.of;
  return current;
};

export function childType(type: GoType | null, name: string | number): GoType | null {
  const outer = unwrapped(type);
  if (outer?.kind === 'struct') return unwrapped(outer.fields.get(String(name)) ?? null);
  return outer?.kind === 'map' || outer?.kind === 'list' ? unwrapped(outer.of) : null;
}

function siblingsOf(parent: LooseNode, without: LooseNode | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const child of parent.children) {
    if (child !== without && child.key !== null) found.set(child.key.text, unquoted(child.text));
  }
  return found;
}

/** The levels down to a node; the node's own last. */
function levelsOf(root: StructType, target: LooseNode): Level[] {
  const chain: LooseNode[] = [];
  for (let at: LooseNode | null = target; at !== null && at.kind !== 'document'; at = at.parent) chain.unshift(at);
  const top = chain[0]?.parent ?? target;
  const levels: Level[] = [{ type: root, owner: null, name: '', siblings: siblingsOf(top, chain[0] ?? null) }];
  chain.forEach((each, depth) => {
    const above = levels.at(-1)?.type ?? null;
    const isItem = each.kind === 'item';
    const name = isItem ? (each.parent?.children.indexOf(each) ?? 0) : (each.key?.text ?? '');
    const fits = isItem === (above?.kind === 'list');
    levels.push({
      type: fits ? childType(above, name) : null,
      owner: above?.kind === 'struct' ? above : null,
      name,
      siblings: siblingsOf(each, chain[depth + 1] ?? null),
    });
  });
  return levels;
}

function findNode(node: LooseNode, offset: number): LooseNode | null {
  let found: LooseNode | null = null;
  for (const child of node.children) {
    if (startOf(child) > offset) break;
    found = child;
  }
  if (found === null) return null;
  return findNode(found, offset) ?? found;
}

const startOf = ({ key, value, kind }: LooseNode): number =>
  key?.span.start ?? (kind === 'item' ? value.start - 1 : value.start);

const isContainer = (type: GoType | null): boolean =>
  type === null || type.kind === 'struct' || type.kind === 'map' || type.kind === 'list';

/** Where an offset stands; null where nothing of ours can be written. */
export function placeAt(text: string, offset: number, root: StructType): Place | null {
  let lineStart = offset;
  while (lineStart > 0 && !/[\r\n]/.test(text.charAt(lineStart - 1))) lineStart--;
  const document = readLoosely(text, offset);
  const before = text.slice(lineStart, offset);
  const node = findNode(document, offset);
  if (node === null) {
    // At the very top, before anything that is written.
    if (before.trim() !== '') return null;
    return keyPlace(levelsOf(root, document), offset, offset, before.length, text);
  }
  const levels = levelsOf(root, node);
  if (node.block !== null && node.block.start >= 0 && offset >= node.block.start && lineStart <= node.block.end) {
    return { ...valuePlace(levels, offset, offset, '', node, text), kind: 'text' };
  }
  if (node.block !== null && offset > node.value.start) return null;
  // Behind a dash a blank has to come first.
  if (node.kind === 'item' && node.text === '' && text.charAt(offset - 1) === '-') return null;
  if (isComment(text, node, lineStart, offset)) return null;
  const { key } = node;
  if (key !== null && offset <= key.span.end) {
    const above = levelsOf(root, node.parent ?? document);
    const without = siblingsOf(node.parent ?? document, node);
    const last = above.at(-1);
    const levelsAbove = last === undefined ? above : [...above.slice(0, -1), { ...last, siblings: without }];
    const place = keyPlace(levelsAbove, key.span.start, offset, node.column, text);
    return { ...place, span: key.span, hasColon: true };
  }
  if (node.kind === 'entry' && key === null) {
    // A word that is no entry yet.
    if (offset > lineAt(text, node.value.start).end) return null;
    const above = levelsOf(root, node.parent ?? document);
    const last = above.at(-1);
    const place = keyPlace(above, node.value.start, offset, node.column, text);
    const full = {
      ...place,
      span: { start: node.value.start, end: Math.max(offset, node.value.start + node.text.length) },
    };
    return last?.type?.kind === 'list' ? itemPlace(full, last) : full;
  }
  if (offset < node.value.start) return null;
  const level = levels.at(-1);
  const sameLine = lineAt(text, node.value.start).end >= offset;
  if (!sameLine && node.text === '') return null;
  if (key !== null && text.charAt(node.value.start) !== ' ' && offset === node.value.start) return null;
  const from = node.text === '' ? offset : text.indexOf(node.text, node.value.start);
  if (offset > node.value.end && !(sameLine && node.text === '') && !isBehind(text, node, offset)) return null;
  if (/^[[{]/.test(node.text) && offset > from) {
    // Behind its last bracket nothing can stand.
    if (offset >= node.value.end && /[\]}]$/.test(node.text)) return null;
    return flowPlace(text, from, offset, levels, node);
  }
  if (node.kind === 'item' && level?.type?.kind === 'struct') {
    // The first key of an item.
    const place = keyPlace(
      levels,
      Math.min(from, offset),
      offset,
      offset - lineStart - (offset - Math.min(from, offset)),
      text,
    );
    return { ...place, span: { start: place.span.start, end: Math.max(offset, from + node.text.length) } };
  }
  if (node.children.length > 0) return null;
  return valuePlace(levels, Math.min(from, offset), offset, node.text, node, text);
}

/** True where only blanks stand between the value and the offset, which is on the same line. */
function isBehind(text: string, node: LooseNode, offset: number): boolean {
  return (
    offset >= node.value.end &&
    text.slice(node.value.end, offset).trim() === '' &&
    !/[\r\n]/.test(text.slice(node.value.end, offset))
  );
}

function isComment(text: string, node: LooseNode, lineStart: number, offset: number): boolean {
  const line = text.slice(lineStart, offset);
  if (/^\s*#/.test(line)) return true;
  const from = Math.max(node.value.end, lineStart);
  return offset > from && /(?:^|\s)#/.test(text.slice(from, offset));
}

function keyPlace(levels: readonly Level[], start: number, offset: number, column: number, text: string): Place {
  return {
    kind: 'key',
    levels,
    typed: text.slice(start, offset),
    span: { start, end: offset },
    needsDash: false,
    hasColon: false,
    column,
    flow: false,
    quote: '',
    inline: false,
  };
}

/** A word where a list has its items, without the dash before it. */
function itemPlace(place: Place, list: Level): Place {
  const type = childType(list.type, 0);
  const item: Level = { type, owner: null, name: -1, siblings: new Map() };
  const kind = isContainer(type) ? 'key' : 'value';
  return { ...place, kind, levels: [...place.levels, item], needsDash: true };
}

function valuePlace(
  levels: readonly Level[],
  start: number,
  offset: number,
  written: string,
  node: LooseNode,
  text: string,
): Place {
  const [quote = ''] = /^["']/.exec(written) ?? [];
  const from = Math.min(start + quote.length, offset);
  const lineEnd = lineAt(text, offset).end;
  const end = Math.min(Math.max(start + written.length, offset), lineEnd);
  const closed = quote !== '' && end > offset && text.charAt(end - 1) === quote;
  return {
    kind: 'value',
    levels,
    typed: text.slice(from, offset),
    span: { start: from, end: Math.max(offset, closed ? end - 1 : end) },
    needsDash: false,
    hasColon: false,
    column: node.column,
    flow: false,
    quote,
    inline: node.kind === 'entry',
  };
}

interface Open {
  readonly bracket: string;
  readonly level: Level;
  key: string | null;
  count: number;
  readonly keys: Map<string, string>;
}

/** Within brackets: what is open at the offset, found character by character. */
function flowPlace(text: string, from: number, offset: number, outer: readonly Level[], node: LooseNode): Place | null {
  const open: Open[] = [];
  const level = (): Level => {
    const top = open.at(-1);
    const last = outer.at(-1);
    if (top === undefined) return last ?? { type: null, owner: null, name: '', siblings: new Map() };
    const name = top.bracket === '[' ? top.count : (top.key ?? '');
    const { type } = top.level;
    return {
      type: (type?.kind === 'list') === (top.bracket === '[') ? childType(type, name) : null,
      owner: type?.kind === 'struct' ? type : null,
      name,
      siblings: new Map(),
    };
  };
  let word = from;
  let i = from;
  while (i < offset) {
    const char = text.charAt(i);
    const top = open.at(-1);
    if ((char === '"' || char === "'") && text.slice(word, i).trim() === '') {
      let end = i + 1;
      while (end < offset && text.charAt(end) !== char) end += char === '"' && text.charAt(end) === '\\' ? 2 : 1;
      if (end >= offset) {
        word = i;
        break;
      }
      i = end + 1;
      continue;
    }
    if ((char === '[' || char === '{') && text.slice(word, i).trim() === '') {
      open.push({ bracket: char, level: level(), key: null, count: 0, keys: new Map() });
      word = i + 1;
    } else if (char === ']' || char === '}') {
      open.pop();
      word = i + 1;
    } else if (char === ',' && top !== undefined) {
      if (top.key !== null) top.keys.set(top.key, unquoted(text.slice(word, i).trim()));
      top.key = null;
      top.count++;
      word = i + 1;
    } else if (char === ':' && top?.bracket === '{' && top.key === null && /[\s"'[{]/.test(text.charAt(i + 1) || ' ')) {
      top.key = unquoted(text.slice(word, i).trim());
      word = i + 1;
    } else if (char === '#' && /\s/.test(text.charAt(i - 1))) {
      const { end } = lineAt(text, i);
      if (end >= offset) return null;
      i = end;
    }
    i++;
  }
  const top = open.at(-1);
  if (top === undefined) return null;
  while (word < offset && /\s/.test(text.charAt(word))) word++;
  const [quote = ''] = /^["']/.exec(text.slice(word, offset)) ?? [];
  const start = Math.min(word + quote.length, offset);
  const rest = /^[^\s,\]}:"'#]*/.exec(text.slice(offset, lineAt(text, offset).end))?.[0] ?? '';
  const isKey = top.bracket === '{' && top.key === null;
  // Keys behind the place are there as well.
  const close = /^[^\]}\r\n]*/.exec(text.slice(offset))?.[0] ?? '';
  if (isKey) for (const [, key = ''] of close.matchAll(/,\s*["']?([\w-]+)["']?\s*:/g)) top.keys.set(key, '');
  const inner: Level = { ...top.level, siblings: top.keys };
  const nested = open.slice(0, -1).map((each): Level => ({ ...each.level, siblings: each.keys }));
  const levels = [...outer.slice(0, -1), ...nested, inner, ...(isKey ? [] : [level()])];
  return {
    kind: isKey ? 'key' : 'value',
    levels,
    typed: text.slice(start, offset),
    span: { start, end: offset + rest.length },
    needsDash: false,
    hasColon: isKey && /^\s*:/.test(text.slice(offset + rest.length)),
    column: node.column,
    flow: true,
    quote,
    inline: true,
  };
}
