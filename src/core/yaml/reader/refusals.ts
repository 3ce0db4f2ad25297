// SPDX-License-Identifier: Apache-2.0
// Why the structure of a text is refused, and which place shows it best.
import type { Cursor } from './cursor.ts';
import { GoYamlError } from './errors.ts';

/**
 * Why what stands here cannot follow what was read before. `lastKey` is where the key before begins, `blocks` are the keys
 * and entries that are being read.
 */
export function unexpected(
  cursor: Cursor,
  missing: 'key' | 'entry',
  lastKey: number,
  blocks: readonly number[],
): GoYamlError {
  const { quote } = cursor;
  if (quote !== null && quote.end > cursor.lineStart && !cursor.fresh) {
    return new GoYamlError('the quote that opens here closes where more follows', quote.start, quote.start + 1);
  }
  // A value that goes on over lines has taken in one that was to be a key.
  if (!cursor.fresh && cursor.sign(':') && lastKey >= cursor.lineStart) {
    return cursor.error('a second ":" cannot stand here; put quotes around the value');
  }
  if (!cursor.fresh && cursor.sign('-')) return cursor.error('a list entry cannot stand here');
  if (!cursor.fresh && cursor.sign('?')) return cursor.error('a key cannot begin here');
  return missing === 'key'
    ? cursor.error('a key is missing, or the indentation differs', cursor.pos, blocks)
    : cursor.error('"- " is missing, or the indentation differs', cursor.pos, blocks);
}

export function unclosed({ text }: Cursor, bracket: number): GoYamlError {
  const message = `the bracket ${text.charAt(bracket)} is not closed before the next line that does not belong to it`;
  return new GoYamlError(message, bracket, bracket + 1);
}

/** What began at `start` was to be a key; the part of it on its own line is marked. */
export function noColon({ text }: Cursor, start: number, nodeEnd: number): GoYamlError {
  const lineEnd = /[\r\n]/.exec(text.slice(start, start + 2000))?.index ?? 2000;
  const end = Math.max(start + 1, Math.min(nodeEnd, start + lineEnd, text.length));
  return new GoYamlError('this line has no ":" behind its key', start, end);
}
