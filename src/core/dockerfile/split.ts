// SPDX-License-Identifier: Apache-2.0
import { byteText } from './bytes.ts';
import { isBlank, isByteSpace, isSpace, skipSpaces } from './characters.ts';

/** A stretch of a logical line: offsets in it, not in the file. */
export interface Part {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface SplitLine {
  readonly keyword: Part;
  /** Flags with quotes and escapes taken off, each a string of bytes as BuildKit reads them. */
  readonly flags: readonly Part[];
  readonly args: Part;
}

function part(line: string, start: number, end: number): Part {
  return { text: line.slice(start, end), start, end };
}

/** Keyword, leading `--flags` and the rest of an instruction (BuildKit's splitCommand). */
export function splitInstruction(line: string, escape: string): SplitLine {
  const start = skipSpaces(line, 0, line.length);
  let end = line.length;
  while (end > start && isSpace(line.charAt(end - 1))) end--;
  let at = start;
  while (at < end && !isBlank(line.charAt(at))) at++;
  const keyword = part(line, start, at);
  while (at < end && isBlank(line.charAt(at))) at++;

  const flags: Part[] = [];
  if (line.startsWith('--', at)) at = readFlags(line, at, end, escape, flags);
  return { keyword, flags, args: part(line, skipSpaces(line, at, end), end) };
}

/** BuildKit's extractBuilderFlags: adds the flags from `start` on and answers where the arguments begin. */
function readFlags(line: string, start: number, end: number, escape: string, flags: Part[]): number {
  const { bytes, textOffset } = byteText(line.slice(start, end));
  const length = bytes.length;
  for (let at = 0; ;) {
    while (at < length && isByteSpace(bytes.charAt(at))) at++;
    if (!bytes.startsWith('--', at)) return start + textOffset(at);
    const flagStart = at;
    let text = '';
    let quote = '';
    for (; at < length; at++) {
      let character = bytes.charAt(at);
      if (quote === '') {
        if (isByteSpace(character)) break;
        if (character === "'" || character === '"') {
          quote = character;
          continue;
        }
      } else if (character === quote) {
        quote = '';
        continue;
      }
      if (character === escape) {
        if (at + 1 === length) continue;
        at++;
        character = bytes.charAt(at);
      }
      text += character;
    }
    if (text === '--') return start + textOffset(at);
    flags.push({ text, start: start + textOffset(flagStart), end: start + textOffset(at) });
  }
}

/** Words split at blanks, quotes or not (BuildKit's parseStringsWhitespaceDelimited). */
export function blankSeparated(line: string, args: Part): readonly Part[] {
  const words: Part[] = [];
  let at = args.start;
  while (at < args.end) {
    while (at < args.end && isBlank(line.charAt(at))) at++;
    const start = at;
    while (at < args.end && !isBlank(line.charAt(at))) at++;
    if (at > start) words.push(part(line, start, at));
  }
  return words;
}

/** Words split at unquoted white space; quotes and escapes stay in the text (BuildKit's parseWords). */
export function quotedWords(line: string, args: Part, escape: string): readonly Part[] {
  const words: Part[] = [];
  let at = skipSpaces(line, args.start, args.end);
  while (at < args.end) {
    const start = at;
    let quote = '';
    let text = '';
    for (; at < args.end; at++) {
      const character = line.charAt(at);
      if (quote === '' && isSpace(character)) break;
      if (character === escape && quote !== "'") {
        // An escape character at the very end is dropped; elsewhere it protects the character behind it.
        if (at + 1 === args.end) continue;
        text += character + line.charAt(at + 1);
        at++;
        continue;
      }
      if (quote === '' && (character === '"' || character === "'")) quote = character;
      else if (character === quote) quote = '';
      text += character;
    }
    if (text !== '') words.push({ text, start, end: at });
    at = skipSpaces(line, at, args.end);
  }
  return words;
}

export type JsonForm =
  | { readonly kind: 'array'; readonly values: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'bad' };

/** Deeper arrays are a syntax error to Go's encoding/json. */
const MAX_JSON_DEPTH = 10_000;

/** The exec form: a JSON array of strings; `bad` for an array with anything else in it, which BuildKit refuses. */
export function jsonForm(args: string): JsonForm {
  if (!args.startsWith('[')) return { kind: 'none' };
  let value: unknown;
  try {
    value = JSON.parse(args);
  } catch {
    return { kind: 'none' };
  }
  if (!Array.isArray(value)) return { kind: 'none' };
  if (value.every((each) => typeof each === 'string')) return { kind: 'array', values: value };
  return isGoJson(value) ? { kind: 'bad' } : { kind: 'none' };
}

/** False for what JSON.parse takes and Go's encoding/json does not: numbers out of range, arrays nested too deeply. */
function isGoJson(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (level.some((each) => each === Infinity || each === -Infinity)) return false;
    const nested = level.filter((each) => typeof each === 'object' && each !== null);
    if (depth >= MAX_JSON_DEPTH && nested.length > 0) return false;
    level = nested.flatMap((each) => Object.values(each as object) as unknown[]);
  }
  return true;
}
