// SPDX-License-Identifier: Apache-2.0
// Anchors, tags and directives as the reader of the Go tools takes them.
import { isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isHex, isWord, type Cursor, type Mark } from './cursor.ts';

function words(cursor: Cursor): string {
  const from = cursor.pos;
  while (isWord(cursor.at(0))) cursor.skipMany(1);
  return cursor.text.slice(from, cursor.pos);
}

/** Name of an anchor or alias; the cursor stands on its `&` or `*`. */
export function scanAnchor(cursor: Cursor): string {
  const start = cursor.mark();
  const what = cursor.at(0) === 38 ? 'an anchor' : 'an alias';
  cursor.skipMany(1);
  const name = words(cursor);
  const code = cursor.at(0);
  if (name === '' || (!isBlankOrEnd(code) && !'?:,]}%@`'.includes(String.fromCharCode(code)))) {
    cursor.fail(`the name of ${what} is made of letters, digits, "-" and "_"`, start);
  }
  return name;
}

function tagHandle(cursor: Cursor, directive: boolean, start: Mark): string {
  if (cursor.at(0) !== 33) cursor.fail('a tag begins with "!"', start);
  const from = cursor.pos;
  cursor.skipMany(1);
  words(cursor);
  if (cursor.at(0) === 33) cursor.skipMany(1);
  else if (directive && cursor.pos > from + 1) cursor.fail('the handle of a tag ends with "!"', start);
  return cursor.text.slice(from, cursor.pos);
}

function utf8Length(octet: number): number {
  if ((octet & 0x80) === 0) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}

/** One character written as %XX octets. */
function uriEscape(cursor: Cursor, start: Mark): void {
  let left = -1;
  while (left !== 0) {
    if (cursor.at(0) !== 37 || !isHex(cursor.at(1)) || !isHex(cursor.at(2))) {
      cursor.fail('"%" in a tag needs two hexadecimal digits', start);
    }
    const octet = Number.parseInt(cursor.text.slice(cursor.pos + 1, cursor.pos + 3), 16);
    if (left === -1) {
      left = utf8Length(octet);
      if (left === 0) cursor.fail('a tag holds octets that are no character', start);
    } else if ((octet & 0xc0) !== 0x80) cursor.fail('a tag holds octets that are no character', start);
    cursor.skipMany(3);
    left--;
  }
}

function tagUri(cursor: Cursor, head: string, start: Mark): string {
  const from = cursor.pos;
  for (;;) {
    const code = cursor.at(0);
    if (code === 37) uriEscape(cursor, start);
    else if (isWord(code) || (code !== 0 && ";/?:@&=+$,.!~*'()[]".includes(String.fromCharCode(code)))) {
      cursor.skipMany(1);
    } else break;
  }
  if (cursor.pos === from && head === '') cursor.fail('a tag has no name', start);
  return head.slice(1) + cursor.text.slice(from, cursor.pos);
}

/** Handle and suffix of a tag; a handle of '' means that the suffix is the whole tag. */
export function scanTag(cursor: Cursor): { readonly handle: string; readonly suffix: string } {
  const start = cursor.mark();
  let handle = '';
  let suffix: string;
  if (cursor.at(1) === 60) {
    cursor.skipMany(2);
    suffix = tagUri(cursor, '', start);
    if (cursor.at(0) !== 62) cursor.fail('the tag is not closed by ">"', start);
    cursor.skipMany(1);
  } else {
    handle = tagHandle(cursor, false, start);
    if (handle.length > 1 && handle.endsWith('!')) suffix = tagUri(cursor, '', start);
    else {
      suffix = tagUri(cursor, handle, start);
      handle = '!';
      if (suffix === '') [handle, suffix] = ['', '!'];
    }
  }
  if (!isBlankOrEnd(cursor.at(0))) cursor.fail('a blank has to follow a tag', start);
  return { handle, suffix };
}

function versionNumber(cursor: Cursor, start: Mark): string {
  const from = cursor.pos;
  while (isDigit(cursor.at(0))) {
    cursor.skipMany(1);
    if (cursor.pos - from > 2) cursor.fail('the version of %YAML is no version', start);
  }
  if (cursor.pos === from) cursor.fail('%YAML needs a version', start);
  return cursor.text.slice(from, cursor.pos);
}

/** A `%YAML` or `%TAG` line; `value` is the version or the handle. */
export function scanDirective(cursor: Cursor): {
  readonly kind: 'version' | 'tag-directive';
  readonly value: string;
  readonly suffix: string;
} {
  const start = cursor.mark();
  cursor.skipMany(1);
  const name = words(cursor);
  if (name === '' || !isBlankOrEnd(cursor.at(0))) cursor.fail('the name of a directive is made of letters', start);
  let value = '';
  let suffix = '';
  if (name === 'YAML') {
    cursor.skipBlanks();
    const major = versionNumber(cursor, start);
    if (cursor.at(0) !== 46) cursor.fail('the version of %YAML is no version', start);
    cursor.skipMany(1);
    value = `${Number(major)}.${Number(versionNumber(cursor, start))}`;
  } else if (name === 'TAG') {
    cursor.skipBlanks();
    value = tagHandle(cursor, true, start);
    if (!isBlank(cursor.at(0))) cursor.fail('%TAG needs a handle and a prefix', start);
    cursor.skipBlanks();
    suffix = tagUri(cursor, '', start);
    if (!isBlankOrEnd(cursor.at(0))) cursor.fail('a blank has to follow the prefix of %TAG', start);
  } else cursor.fail(`%${name} is no directive`, start);
  cursor.skipBlanks();
  if (cursor.at(0) === 35) cursor.skipRestOfLine();
  if (!isBreakOrEnd(cursor.at(0))) cursor.fail('only a comment may follow a directive', start);
  cursor.readBreak();
  return { kind: name === 'YAML' ? 'version' : 'tag-directive', value, suffix };
}
