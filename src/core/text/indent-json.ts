// SPDX-License-Identifier: Apache-2.0
import { escapeHidden } from '../protocol/visible-text.ts';

/** Deeper levels are not set apart: every line would begin with more blanks than it has text. */
const MAX_INDENT = 100;
/** Pieces that are put together at once, so that millions of small ones need no memory of their own. */
const PIECES = 10_000;

/**
 * JSON set out in lines, every token as it stands: repeated keys, long numbers and the order stay, which a parser would
 * lose. Characters that show nothing or turn the direction of text are written as escapes, which are the same value.
 * Null where the text is no JSON, or the result would have more than `limit` characters. Depth is no matter.
 */
export function indentJson(text: string, limit: number): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const done: string[] = [];
  let pieces: string[] = [];
  let size = 0;
  let depth = 0;
  const line = (): string => (depth > MAX_INDENT ? '' : `\n${'  '.repeat(depth)}`);
  const put = (piece: string): void => {
    size += piece.length;
    pieces.push(piece);
    if (pieces.length < PIECES) return;
    done.push(pieces.join(''));
    pieces = [];
  };
  for (let at = 0; at < text.length; at++) {
    if (size > limit) return null;
    const character = text.charAt(at);
    switch (character) {
      case ' ':
      case '\t':
      case '\n':
      case '\r':
        break;
      case '{':
      case '[': {
        const next = afterBlanks(text, at + 1);
        const end = text.charAt(next);
        if (end === '}' || end === ']') {
          put(character + end);
          at = next;
        } else {
          depth++;
          put(character + line());
        }
        break;
      }
      case '}':
      case ']':
        // What was not set apart when it began is not when it ends.
        put(depth > MAX_INDENT ? character : `\n${'  '.repeat(depth - 1)}${character}`);
        depth--;
        break;
      case ',':
        put(`,${line()}`);
        break;
      case ':':
        put(': ');
        break;
      case '"': {
        const end = stringEnd(text, at);
        put(escapeHidden(text.slice(at, end + 1)));
        at = end;
        break;
      }
      default: {
        let end = at + 1;
        while (end < text.length && !' \t\n\r,]}'.includes(text.charAt(end))) end++;
        put(text.slice(at, end));
        at = end - 1;
      }
    }
  }
  if (size > limit) return null;
  return `${[...done, ...pieces].join('')}\n`;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at++;
  return at;
}

/** Where the string that begins at `start` has its closing quote; it has one, for the text is JSON. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); ; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charAt(at - 1 - escapes) === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
}
