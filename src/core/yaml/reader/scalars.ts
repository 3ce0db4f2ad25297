// SPDX-License-Identifier: Apache-2.0
// Plain, quoted and block scalars: from a place in the text to a value.
import type { ScalarStyle } from '../go/node.ts';
import type { Cursor } from './cursor.ts';
import { GoYamlError } from './errors.ts';

export interface ScalarText {
  readonly value: string;
  readonly style: ScalarStyle;
  readonly start: number;
  readonly end: number;
}

/** What stands between two lines of a value: one break is a space, of more all but the first stay. */
function folded(breaks: readonly string[]): string {
  const [first = '', ...others] = breaks;
  if (first !== '\n') return breaks.join('');
  return others.length === 0 ? ' ' : others.join('');
}

export function plainScalar(cursor: Cursor, indent: number, flow: boolean): ScalarText {
  const { text, pos: start } = cursor;
  const parts: string[] = [];
  let between = '';
  let end = start;
  for (;;) {
    if (cursor.atMarker() || cursor.char === '#') break;
    const from = cursor.pos;
    while (!cursor.isSpace(cursor.pos)) {
      if (cursor.char === ':' && cursor.isSpace(cursor.pos + 1)) break;
      if (flow && ',?[]{}'.includes(cursor.char)) break;
      cursor.pos++;
    }
    if (cursor.pos === from) break;
    parts.push(between, text.slice(from, cursor.pos));
    end = cursor.pos;
    if (!cursor.isSpace(cursor.pos) || cursor.atEnd) break;
    const blanks = cursor.pos;
    const breaks: string[] = [];
    for (;;) {
      if (cursor.isBlank()) {
        if (breaks.length > 0 && cursor.char === '\t' && cursor.column <= indent)
          throw cursor.error('a tab cannot stand where spaces indent', start);
        cursor.pos++;
      } else if (!cursor.atEnd && cursor.isBreak()) breaks.push(cursor.newline());
      else break;
    }
    between = breaks.length === 0 ? text.slice(blanks, cursor.pos) : folded(breaks);
    cursor.fresh = breaks.length > 0 && !flow;
    if (cursor.atEnd || (!flow && cursor.column <= indent))
      return { value: parts.join(''), style: 'plain', start, end };
  }
  if (cursor.pos === end) cursor.fresh = false;
  return { value: parts.join(''), style: 'plain', start, end };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const WIDTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function escaped(cursor: Cursor): string {
  const { text, pos } = cursor;
  const letter = text.charAt(pos + 1);
  const known = ESCAPES[letter];
  if (known !== undefined) {
    cursor.pos += 2;
    return known;
  }
  const width = WIDTHS[letter];
  if (width === undefined) {
    throw new GoYamlError(`\\${letter} is no escape of a double-quoted text`, pos, pos + 1);
  }
  const digits = text.slice(pos + 2, pos + 2 + width);
  if (digits.length < width || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw new GoYamlError(`\\${letter} needs ${width} hexadecimal digits`, pos, pos + 2);
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw new GoYamlError('the escape names no character', pos, pos + 2 + width);
  }
  cursor.pos += 2 + width;
  return String.fromCodePoint(code);
}

export function quotedScalar(cursor: Cursor): ScalarText {
  const { text, pos: start, lineStart } = cursor;
  const quote = cursor.char;
  const double = quote === '"';
  const signs = double ? '"\\' : "'";
  const parts: string[] = [];
  cursor.pos++;
  for (;;) {
    if (cursor.atMarker()) throw cursor.error('a document marker stands inside quotes', start);
    const from = cursor.pos;
    while (!cursor.isSpace(cursor.pos) && !signs.includes(cursor.char)) cursor.pos++;
    if (cursor.pos > from) parts.push(text.slice(from, cursor.pos));
    if (cursor.atEnd) throw new GoYamlError('the quote that opens here is never closed', start, start + 1);
    let continued = false;
    if (cursor.char === quote) {
      cursor.pos++;
      if (double || cursor.char !== quote) break;
      parts.push(quote);
      cursor.pos++;
      continue;
    }
    if (double && cursor.char === '\\') {
      if (!cursor.isBreak(cursor.pos + 1) || cursor.pos + 1 >= text.length) {
        parts.push(escaped(cursor));
        continue;
      }
      cursor.pos++;
      continued = true;
    }
    const blanks = cursor.pos;
    const breaks: string[] = [];
    while (!cursor.atEnd && (cursor.isBlank() || cursor.isBreak())) {
      if (cursor.isBlank()) cursor.pos++;
      else breaks.push(cursor.newline());
    }
    if (breaks.length === 0) parts.push(text.slice(blanks, cursor.pos));
    else parts.push(continued ? breaks.slice(1).join('') : folded(breaks));
  }
  cursor.fresh = false;
  const end = cursor.pos;
  if (cursor.lineStart !== lineStart) cursor.quote = { start, end };
  return { value: parts.join(''), style: double ? 'double' : 'single', start, end };
}

interface Header {
  readonly chomping: string;
  readonly digit: number;
}

function header(cursor: Cursor, start: number): Header {
  let chomping = '';
  let digit = 0;
  for (let at = 0; at < 2; at++) {
    const { char } = cursor;
    if (chomping === '' && (char === '+' || char === '-')) chomping = char;
    else if (digit === 0 && /^[0-9]$/.test(char)) {
      if (char === '0') throw cursor.error('the indentation of a block cannot be 0', start);
      digit = Number(char);
    } else break;
    cursor.pos++;
  }
  while (cursor.isBlank()) cursor.pos++;
  if (cursor.char === '#') cursor.toLineEnd();
  if (!cursor.atEnd && !cursor.isBreak()) {
    throw cursor.error('only a comment may follow the sign that begins a block', start);
  }
  return { chomping, digit };
}

export function blockScalar(cursor: Cursor, indent: number): ScalarText {
  const { text, pos: start } = cursor;
  const style = cursor.char === '|' ? 'literal' : 'folded';
  cursor.pos++;
  const { chomping, digit } = header(cursor, start);
  if (!cursor.atEnd) cursor.newline();
  let inner = digit === 0 ? 0 : Math.max(indent, 0) + digit;
  let deepest = 0;
  const indenting = (): boolean => inner === 0 || cursor.column < inner;
  /** Empty lines; as long as the indentation is not known they count for it. */
  const emptyLines = (): string[] => {
    const breaks: string[] = [];
    for (;;) {
      while (cursor.char === ' ' && indenting()) cursor.pos++;
      deepest = Math.max(deepest, cursor.column);
      if (cursor.char === '\t' && indenting()) {
        throw cursor.error('a tab stands where spaces indent', start);
      }
      if (cursor.atEnd || !cursor.isBreak()) return breaks;
      breaks.push(cursor.newline());
    }
  };
  let empty = emptyLines();
  if (inner === 0) inner = Math.max(deepest, indent + 1, 1);
  const parts: string[] = [];
  let lead = '';
  let wasBlank = false;
  let end = cursor.pos;
  while (cursor.column === inner && !cursor.atEnd) {
    const blank = cursor.isBlank();
    if (style === 'folded' && lead === '\n' && !wasBlank && !blank) {
      if (empty.length === 0) parts.push(' ');
    } else parts.push(lead);
    parts.push(...empty);
    wasBlank = blank;
    const from = cursor.pos;
    cursor.toLineEnd();
    parts.push(text.slice(from, cursor.pos));
    end = cursor.pos;
    lead = cursor.atEnd ? '' : cursor.newline();
    empty = emptyLines();
  }
  if (chomping !== '-') parts.push(lead);
  if (chomping === '+') parts.push(...empty);
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  cursor.fresh = true;
  return { value: parts.join(''), style, start, end };
}
