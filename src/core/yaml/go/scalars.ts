// SPDX-License-Identifier: Apache-2.0
// The values of scalars, folded and chomped as the reader of the Go tools does it.
import {
  GoYamlError,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isDigit,
  isHex,
  type Cursor,
  type Mark,
} from './cursor.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScannedScalar {
  readonly value: string;
  readonly style: ScalarStyle;
  readonly end: number;
}

/** Text behind a line break: folded to a space, unless more breaks follow or the break is a separator that stays. */
function folded(leading: string, trailing: string): string {
  return leading.startsWith('\n') ? (trailing === '' ? ' ' : trailing) : leading + trailing;
}

/** A plain scalar; `crossedLine` where a simple key may follow because a line ended behind it. */
export function scanPlain(
  cursor: Cursor,
  indent: number,
  inFlow: boolean,
): ScannedScalar & { readonly crossedLine: boolean } {
  const start = cursor.mark();
  const { text } = cursor;
  let value = '';
  let end = cursor.pos;
  let crossedLine = false;
  let leading = '';
  let trailing = '';
  let blanks = '';
  for (;;) {
    if (cursor.isDocumentIndicator() || cursor.at(0) === 35) break;
    const from = cursor.pos;
    for (;;) {
      const code = cursor.at(0);
      if (isBlankOrEnd(code)) break;
      if (code === 58 && isBlankOrEnd(cursor.at(1))) break;
      // , ? [ ] { }
      if (inFlow && (code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125)) {
        break;
      }
      cursor.skip();
    }
    if (cursor.pos > from) {
      if (crossedLine) {
        value += folded(leading, trailing);
        leading = trailing = '';
        crossedLine = false;
      } else value += blanks;
      blanks = '';
      value += text.slice(from, cursor.pos);
      end = cursor.pos;
    }
    if (!isBlank(cursor.at(0)) && !isBreak(cursor.at(0))) break;
    for (;;) {
      const code = cursor.at(0);
      if (isBlank(code)) {
        if (crossedLine && cursor.column < indent && code === 9) {
          cursor.fail('a tab cannot stand where spaces indent', start);
        }
        if (!crossedLine) blanks += String.fromCharCode(code);
        cursor.skipMany(1);
      } else if (isBreak(code)) {
        if (crossedLine) trailing += cursor.readBreak();
        else {
          blanks = '';
          leading = cursor.readBreak();
          crossedLine = true;
        }
      } else break;
    }
    if (!inFlow && cursor.column < indent) break;
  }
  return { value, style: 'plain', end, crossedLine };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function readEscape(cursor: Cursor, start: Mark): string {
  const letter = String.fromCharCode(cursor.at(1));
  const length = CODE_LENGTHS[letter];
  const plain = ESCAPES[letter];
  if (length === undefined) {
    if (plain === undefined) cursor.fail(`\\${letter} is no escape of a double-quoted text`, start);
    cursor.skipMany(2);
    return plain;
  }
  cursor.skipMany(2);
  for (let i = 0; i < length; i++) {
    if (!isHex(cursor.at(i))) cursor.fail(`\\${letter} needs ${length} hexadecimal digits`, start);
  }
  const code = Number.parseInt(cursor.text.slice(cursor.pos, cursor.pos + length), 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) cursor.fail('the escape names no character', start);
  cursor.skipMany(length);
  return String.fromCodePoint(code);
}

/** A quoted scalar, from quote to quote. */
export function scanQuoted(cursor: Cursor, single: boolean): ScannedScalar {
  const start = cursor.mark();
  const quote = single ? 39 : 34;
  let value = '';
  cursor.skipMany(1);
  for (;;) {
    if (cursor.isDocumentIndicator()) cursor.fail('a document marker stands inside quotes', start);
    if (cursor.at(0) === 0) throw new GoYamlError('the quote that opens here is not closed', start.pos, start.pos + 1);
    let crossedLine = false;
    let leading = '';
    let trailing = '';
    let from = cursor.pos;
    for (;;) {
      const code = cursor.at(0);
      if (isBlankOrEnd(code) || (code === quote && (!single || cursor.at(1) !== 39))) break;
      if (code !== quote && (code !== 92 || single)) {
        cursor.skip();
        continue;
      }
      value += cursor.text.slice(from, cursor.pos);
      if (code === quote) {
        value += "'";
        cursor.skipMany(2);
      } else if (isBreak(cursor.at(1))) {
        cursor.skipMany(1);
        cursor.readBreak();
        crossedLine = true;
        from = cursor.pos;
        break;
      } else value += readEscape(cursor, start);
      from = cursor.pos;
    }
    value += cursor.text.slice(from, cursor.pos);
    if (cursor.at(0) === quote) break;
    let blanks = '';
    for (;;) {
      const code = cursor.at(0);
      if (isBlank(code)) {
        if (!crossedLine) blanks += String.fromCharCode(code);
        cursor.skipMany(1);
      } else if (isBreak(code)) {
        if (crossedLine) trailing += cursor.readBreak();
        else {
          blanks = '';
          leading = cursor.readBreak();
          crossedLine = true;
        }
      } else break;
    }
    if (!crossedLine) value += blanks;
    else value += leading === '' ? trailing : folded(leading, trailing);
  }
  cursor.skipMany(1);
  return { value, style: single ? 'single' : 'double', end: cursor.pos };
}

/** A block scalar, from its `|` or `>` to the last line that belongs to it. */
export function scanBlock(cursor: Cursor, parentIndent: number, literal: boolean): ScannedScalar {
  const start = cursor.mark();
  cursor.skipMany(1);
  let chomping = 0;
  let increment = 0;
  const chomp = (): void => {
    const code = cursor.at(0);
    if (code !== 43 && code !== 45) return;
    chomping = code === 43 ? 1 : -1;
    cursor.skipMany(1);
  };
  chomp();
  if (isDigit(cursor.at(0))) {
    if (cursor.at(0) === 48) cursor.fail('the indentation of a block cannot be 0', start);
    increment = cursor.at(0) - 48;
    cursor.skipMany(1);
    if (chomping === 0) chomp();
  }
  cursor.skipBlanks();
  if (cursor.at(0) === 35) cursor.skipRestOfLine();
  if (!isBreakOrEnd(cursor.at(0))) cursor.fail('only a comment may follow the sign that begins a block', start);
  let end = cursor.pos;
  cursor.readBreak();

  let indent = increment > 0 ? Math.max(parentIndent, 0) + increment : 0;
  const eatBreaks = (): string => {
    let breaks = '';
    let widest = 0;
    for (;;) {
      const limit = indent === 0 ? Number.POSITIVE_INFINITY : indent;
      while (cursor.column < limit && cursor.at(0) === 32) cursor.skipMany(1);
      widest = Math.max(widest, cursor.column);
      if (cursor.column < limit && cursor.at(0) === 9) {
        cursor.fail('a tab stands where spaces indent', start);
      }
      if (!isBreak(cursor.at(0))) break;
      breaks += cursor.readBreak();
    }
    if (indent === 0) indent = Math.max(widest, parentIndent + 1, 1);
    return breaks;
  };
  let value = '';
  let leading = '';
  let leadingBlank = false;
  let trailing = eatBreaks();
  while (cursor.column === indent && cursor.at(0) !== 0) {
    const blank = isBlank(cursor.at(0));
    if (!literal && !leadingBlank && !blank && leading.startsWith('\n')) {
      if (trailing === '') value += ' ';
    } else value += leading;
    value += trailing;
    leadingBlank = blank;
    const from = cursor.pos;
    cursor.skipRestOfLine();
    value += cursor.text.slice(from, cursor.pos);
    end = cursor.pos;
    leading = cursor.readBreak();
    trailing = eatBreaks();
  }
  if (chomping !== -1) value += leading;
  if (chomping === 1) value += trailing;
  return { value, style: literal ? 'literal' : 'folded', end };
}
