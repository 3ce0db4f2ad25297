// SPDX-License-Identifier: Apache-2.0
import type { GoNode } from '../yaml/go/node.ts';

/** How text has to be written to stand in its place. */
export type Writing =
  | { readonly how: 'block'; readonly indent: string; readonly newline: string }
  | { readonly how: 'quoted' }
  | { readonly how: 'plain' };

/** The text of a scalar with the place of each of its characters in the file, and one more for its end. */
export interface PlacedText {
  readonly text: string;
  readonly places: readonly number[];
  readonly writing: Writing;
}

/** The value with its places; null for a way of writing in which characters have no place of their own. */
export function placedScalar(file: string, node: GoNode): PlacedText | null {
  if (node.kind !== 'scalar') return null;
  const found = read(file, node);
  // The reader's own value is the measure: in doubt nothing is said about the text at all.
  return found !== null && found.text === node.value && found.places.length === found.text.length + 1 ? found : null;
}

function read(file: string, node: GoNode): PlacedText | null {
  switch (node.style) {
    case 'literal':
      return literal(file, node);
    case 'double':
      return doubleQuoted(file, node);
    case 'single':
      return singleQuoted(file, node);
    case 'plain':
      return {
        text: file.slice(node.start, node.start + node.value.length),
        places: Array.from({ length: node.value.length + 1 }, (_, i) => node.start + i),
        writing: { how: 'plain' },
      };
    case 'folded':
      return null;
  }
}

function literal(file: string, node: GoNode): PlacedText | null {
  const header = /^\|([+-]?)([1-9]?)[^\r\n]*(\r\n|\r|\n)/.exec(file.slice(node.start, node.start + 1_000));
  if (header === null) return null;
  const [whole, , digit, newline = '\n'] = header;
  const first = node.start + whole.length;
  const lead = /^(?:[ ]*(?:\r\n|\r|\n))*([ ]*)/.exec(file.slice(first))?.[1]?.length ?? 0;
  // With a number in its header the first line may stand further in than the text does.
  for (let indent = lead; indent >= (digit === '' ? lead : 1); indent--) {
    const found = unindented(file, first, indent, node.value);
    if (found !== null) {
      return { text: node.value, places: found, writing: { how: 'block', indent: ' '.repeat(indent), newline } };
    }
  }
  return null;
}

/** Places of the characters of `value`, which stands in lines from `at` on; null where it does not. */
function unindented(file: string, at: number, indent: number, value: string): readonly number[] | null {
  const places: number[] = [];
  let start = at;
  while (places.length < value.length) {
    const line = /^[^\r\n]*/.exec(file.slice(start, start + value.length + indent + 2))?.[0] ?? '';
    const blank = line.length <= indent && line.trim() === '';
    const skipped = blank ? line.length : indent;
    const content = line.slice(skipped);
    if (!blank && line.slice(0, indent).trim() !== '') return null;
    if (!value.startsWith(content, places.length)) return null;
    for (let i = 0; i < content.length; i++) places.push(start + skipped + i);
    const end = start + line.length;
    if (places.length < value.length) {
      if (value[places.length] !== '\n') return null;
      places.push(end);
    }
    const lineBreak = /^(?:\r\n|\r|\n)?/.exec(file.slice(end, end + 2))?.[0] ?? '';
    start = end + lineBreak.length;
    if (places.length === value.length) {
      places.push(value.endsWith('\n') ? start : end);
      return places;
    }
    if (lineBreak === '') return null;
  }
  return [...places, at];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function doubleQuoted(file: string, node: GoNode): PlacedText | null {
  if (file[node.start] !== '"') return null;
  let text = '';
  const places: number[] = [];
  for (let at = node.start + 1; at < file.length;) {
    const character = file.charAt(at);
    if (character === '"') return { text, places: [...places, at], writing: { how: 'quoted' } };
    if (character === '\n' || character === '\r') return null;
    places.push(at);
    if (character !== '\\') {
      text += character;
      at++;
      continue;
    }
    const code = /^(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(file.slice(at + 1, at + 6));
    const plain = ESCAPES[file.charAt(at + 1)];
    if (code === null && plain === undefined) return null;
    text += code === null ? plain : String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? '', 16));
    at += 1 + (code?.[0].length ?? 1);
  }
  return null;
}

function singleQuoted(file: string, node: GoNode): PlacedText | null {
  if (file[node.start] !== "'") return null;
  let text = '';
  const places: number[] = [];
  for (let at = node.start + 1; at < file.length; at++) {
    const character = file.charAt(at);
    if (character === '\n' || character === '\r') return null;
    if (character === "'" && file[at + 1] !== "'") return { text, places: [...places, at], writing: { how: 'plain' } };
    text += character;
    places.push(at);
    if (character === "'") at++;
  }
  return null;
}

/** Text as it has to be written in a place; null where it cannot be. */
export function written(text: string, writing: Writing): string | null {
  switch (writing.how) {
    case 'block':
      return text.replaceAll(/\r\n|\r|\n/g, `${writing.newline}${writing.indent}`);
    case 'quoted':
      return JSON.stringify(text).slice(1, -1);
    case 'plain':
      // What could end such a text, or give it another meaning, is not written into it.
      return /^[\w./:@-]*$/.test(text) ? text : null;
  }
}
