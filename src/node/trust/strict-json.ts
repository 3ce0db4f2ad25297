// SPDX-License-Identifier: Apache-2.0
// JSON as a verifier reads it: what two readers could understand differently, or what is nested without end, is refused.
import { err, ok, type Result } from '../../core/model/result.ts';
import { exactText } from '../exact-text.ts';

export type JsonFault = 'json-malformed' | 'json-too-deep' | 'json-duplicate-key' | 'too-large';

/** Levels of nesting; statements with an SBOM of SPDX or CycloneDX stay under 20. */
const MAX_DEPTH = 100;
/** Values of a document: an SBOM of SPDX or CycloneDX has one in every 30 to 50 bytes. Fifty million would need gigabytes. */
const MAX_VALUES = 2_000_000;
/** Keys of one object: large documents hold lists. */
const MAX_KEYS = 100_000;

/**
 * Parse UTF-8 bytes; a repeated key is refused, because readers differ in which of the two counts, and so is a mark of
 * byte order, which some readers skip and others refuse.
 */
export function parseStrictJson(bytes: Uint8Array, maxValues = MAX_VALUES): Result<unknown, JsonFault> {
  const text = exactText(bytes);
  if (text === null) return err('json-malformed');
  const fault = structureFault(text, maxValues);
  if (fault !== null) return err(fault);
  try {
    return ok(JSON.parse(text));
  } catch {
    return err('json-malformed');
  }
}

/** Looks at brackets, commas and keys only; everything else is left to the parser that follows. */
function structureFault(text: string, maxValues: number): JsonFault | null {
  /** Keys of every open object; null stands for an open array. */
  const open: (Set<string> | null)[] = [];
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if ((character === '{' || character === '[' || character === ',') && ++values > maxValues) return 'too-large';
    if (character === '{' || character === '[') {
      if (open.length >= MAX_DEPTH) return 'json-too-deep';
      open.push(character === '{' ? new Set() : null);
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const start = at;
      at = stringEnd(text, at);
      if (at < 0) return 'json-malformed';
      const keys = open.at(-1);
      if (keys === undefined || keys === null || !isKey(text, at + 1)) continue;
      const key = keyOf(text.slice(start, at + 1));
      if (key === null) return 'json-malformed';
      if (keys.has(key)) return 'json-duplicate-key';
      keys.add(key);
      if (keys.size > MAX_KEYS) return 'too-large';
    }
  }
  return null;
}

/** Where the string that starts at `start` has its closing quote; negative where it has none. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return at;
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at++;
  return text[at] === ':';
}

function keyOf(quoted: string): string | null {
  try {
    const key: unknown = JSON.parse(quoted);
    return typeof key === 'string' ? key : null;
  } catch {
    return null;
  }
}
