// SPDX-License-Identifier: Apache-2.0
// Directives, and what stands before a value: its anchor and its tag.
import type { Cursor } from './cursor.ts';
import { GoYamlError } from './errors.ts';
import { shortTag } from './resolve.ts';

export interface Properties {
  anchor: string | null;
  tag: string | null;
  readonly start: number;
}

/** Whether both name an anchor, or both a tag. */
export const clashes = (outer: Properties | null, own: Properties | null): boolean =>
  (outer?.anchor ?? null) !== null && (own?.anchor ?? null) !== null
    ? true
    : (outer?.tag ?? null) !== null && (own?.tag ?? null) !== null;

const URI = /[-\w;/?:@&=+$,.!~*'()[\]%]*/y;

/** The name behind `&` or `*`. */
export function readName(cursor: Cursor, what: string): string {
  const start = cursor.pos++;
  const from = cursor.pos;
  while (/^[-\w]$/.test(cursor.char)) cursor.pos++;
  if (cursor.pos === from || !(cursor.isSpace(cursor.pos) || '?:,]}%@`'.includes(cursor.char))) {
    throw cursor.error(`the name of ${what} is made of letters, digits, "-" and "_"`, start);
  }
  cursor.fresh = false;
  return cursor.text.slice(from, cursor.pos);
}

function uri(cursor: Cursor): string {
  URI.lastIndex = cursor.pos;
  const found = URI.exec(cursor.text)?.[0] ?? '';
  const bad = /%(?![0-9a-fA-F]{2})/.exec(found);
  if (bad !== null) {
    const at = cursor.pos + bad.index;
    throw new GoYamlError('"%" in a tag needs two hexadecimal digits', at, at + 1);
  }
  cursor.pos += found.length;
  return found;
}

export function readTag(cursor: Cursor, handles: ReadonlyMap<string, string>): string {
  const { text, pos: start } = cursor;
  let tag: string;
  if (text.startsWith('!<', start)) {
    cursor.pos += 2;
    tag = uri(cursor);
    if (tag === '') throw cursor.error('a tag has no name', start);
    if (cursor.char !== '>') throw cursor.error('the tag is not closed by ">"', start);
    cursor.pos++;
  } else {
    const handle = /^![-\w]*!/.exec(text.slice(start, start + 200))?.[0] ?? '!';
    cursor.pos += handle.length;
    const name = uri(cursor);
    if (name === '' && handle !== '!') throw cursor.error('a tag has no name', start);
    const prefix = handles.get(handle) ?? (handle === '!' ? '!' : handle === '!!' ? 'tag:yaml.org,2002:' : null);
    if (prefix === null) throw new GoYamlError(`no %TAG says what ${handle} means`, start, cursor.pos);
    tag = name === '' ? '!' : prefix + name;
  }
  if (!cursor.isSpace(cursor.pos)) throw cursor.error('a space has to follow the tag', start);
  cursor.fresh = false;
  return shortTag(tag);
}

/** The directives before a document; true where there are some. */
export function readDirectives(cursor: Cursor, handles: Map<string, string>): boolean {
  let version = false;
  let any = false;
  for (cursor.skip(false); cursor.column === 0 && cursor.char === '%'; cursor.skip(false)) {
    any = true;
    const start = cursor.pos;
    cursor.toLineEnd();
    const line = cursor.text.slice(start, cursor.pos);
    const fail = (message: string): GoYamlError => new GoYamlError(message, start, cursor.pos);
    const [, name = '', rest = ''] = /^%([-\w]*)(.*)$/s.exec(line) ?? [];
    if (name === 'YAML') {
      if (version) throw fail('%YAML stands twice');
      version = true;
      const [, major, minor] = /^[ \t]+([0-9]{1,9})\.([0-9]{1,9})[ \t]*(?:#.*)?$/.exec(rest) ?? [];
      if (major === undefined || Number(major) !== 1 || Number(minor) !== 1) {
        throw fail('only %YAML 1.1 is read; remove the line');
      }
    } else if (name === 'TAG') {
      const [, handle, prefix] =
        /^[ \t]+(!(?:[-\w]*!)?)[ \t]+([-\w;/?:@&=+$,.!~*'()[\]%]+)[ \t]*(?:#.*)?$/.exec(rest) ?? [];
      if (handle === undefined || prefix === undefined) throw fail('%TAG needs a handle and what it stands for');
      if (handles.has(handle)) throw fail(`%TAG ${handle} stands twice`);
      handles.set(handle, prefix);
    } else throw fail(`%${name} is no directive`);
  }
  return any;
}
