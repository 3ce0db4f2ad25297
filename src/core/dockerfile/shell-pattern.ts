// SPDX-License-Identifier: Apache-2.0
import { err, ok, type Result } from '../model/result.ts';

/**
 * Shell patterns of `${V#p}`, `${V%p}` and `${V/p/r}`: `*` any run, `?` one character, `\` escapes both.
 * Matched without regular expressions: patterns come from hostile files, and stars alone need no backtracking.
 */

/** A literal run between two stars; null stands for `?`. */
type Block = readonly (string | null)[];

/** Characters that a replacement may make; more is refused. */
const MAX_RESULT = 1024 * 1024;

/** Work per match is at most pattern × value; more is refused. */
const MAX_WORK = 4_000_000;

/** Blocks around the stars: one block means no star. */
function blocksOf(pattern: string): Result<readonly Block[], string> {
  const blocks: (string | null)[][] = [[]];
  // Go's text/scanner leaves out a byte order mark at the start.
  const characters = [...pattern.replace(/^\ufeff/, '')];
  for (let i = 0; i < characters.length; i++) {
    let character = characters[i] ?? '';
    if (character === '*') {
      blocks.push([]);
      continue;
    }
    if (character === '?') {
      blocks.at(-1)?.push(null);
      continue;
    }
    if (character === '\\') {
      const next = characters[i + 1];
      if (next === '}' || next === '/') continue;
      if (next !== '*' && next !== '?' && next !== '\\') return err(`invalid escape '\\${next ?? ''}'`);
      character = next;
      i++;
    }
    blocks.at(-1)?.push(character);
  }
  return ok(blocks);
}

function matchesAt(block: Block, value: readonly string[], at: number): boolean {
  if (at < 0 || at + block.length > value.length) return false;
  return block.every((expected, i) => expected === null || expected === value[at + i]);
}

function firstAt(block: Block, value: readonly string[], from: number): number {
  for (let at = from; at + block.length <= value.length; at++) if (matchesAt(block, value, at)) return at;
  return -1;
}

function lastAt(block: Block, value: readonly string[], from: number): number {
  for (let at = value.length - block.length; at >= from; at--) if (matchesAt(block, value, at)) return at;
  return -1;
}

/** Leftmost match from `from`: its start and end in characters, or null. */
function find(
  blocks: readonly Block[],
  value: readonly string[],
  from: number,
  options: { readonly anchored: boolean; readonly greedy: boolean },
): { readonly start: number; readonly end: number } | null {
  const first = blocks[0] ?? [];
  const start = options.anchored ? (matchesAt(first, value, from) ? from : -1) : firstAt(first, value, from);
  if (start < 0) return null;
  let at = start + first.length;
  for (let i = 1; i < blocks.length; i++) {
    const block = blocks[i] ?? [];
    const found = options.greedy && i === blocks.length - 1 ? lastAt(block, value, at) : firstAt(block, value, at);
    if (found < 0) return null;
    at = found + block.length;
  }
  return { start, end: at };
}

function compile(pattern: string, value: string): Result<readonly Block[], string> {
  if (pattern.length * value.length > MAX_WORK) return err('the pattern is too long for the value');
  return blocksOf(pattern);
}

/** `${V#pattern}`, greedy for `##`. */
export function trimPrefix(pattern: string, value: string, greedy: boolean): Result<string, string> {
  const blocks = compile(pattern, value);
  if (!blocks.ok) return blocks;
  const characters = [...value];
  const match = find(blocks.value, characters, 0, { anchored: true, greedy });
  return ok(match === null ? value : characters.slice(match.end).join(''));
}

/** `${V%pattern}`, greedy for `%%`: the same with pattern and value turned round. */
export function trimSuffix(pattern: string, value: string, greedy: boolean): Result<string, string> {
  const reversed = [...value].toReversed().join('');
  const trimmed = trimPrefix(reversePattern(pattern), reversed, greedy);
  return trimmed.ok ? ok([...trimmed.value].toReversed().join('')) : trimmed;
}

function reversePattern(pattern: string): string {
  const characters = [...pattern];
  const tokens: string[] = [];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? '';
    if (character === '\\' && i + 1 < characters.length) {
      tokens.push(character + (characters[i + 1] ?? ''));
      i++;
    } else {
      tokens.push(character);
    }
  }
  return tokens.toReversed().join('');
}

/** `${V/pattern/replacement}`, all matches for `//`. */
export function replacePattern(
  pattern: string,
  replacement: string,
  value: string,
  all: boolean,
): Result<string, string> {
  const blocks = compile(pattern, value);
  if (!blocks.ok) return blocks;
  const characters = [...value];
  const insert = (start: number, end: number): string =>
    all ? template(replacement, characters.slice(start, end).join('')) : replacement;
  let result = '';
  let at = 0;
  let copied = 0;
  let previousEnd = -1;
  while (at <= characters.length) {
    const match = find(blocks.value, characters, at, { anchored: false, greedy: true });
    if (match === null) break;
    const empty = match.end === match.start;
    if (!empty || match.end !== previousEnd) {
      result += characters.slice(copied, match.start).join('') + insert(match.start, match.end);
      if (result.length > MAX_RESULT) return err('the result is too long');
      copied = match.end;
      previousEnd = match.end;
      if (!all) break;
    }
    at = empty ? match.end + 1 : match.end;
  }
  return ok(result + characters.slice(copied).join(''));
}

/** What Go's ReplaceAllString makes of a replacement: `$0` is the match, other names are groups that do not exist. */
function template(replacement: string, match: string): string {
  if (!replacement.includes('$')) return replacement;
  return replacement.replace(
    /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu,
    (_, dollar?: string, plain?: string, braced?: string) =>
      dollar !== undefined ? '$' : (plain ?? braced) === '0' ? match : '',
  );
}
