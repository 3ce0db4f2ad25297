// SPDX-License-Identifier: Apache-2.0
// JSON as a verifier reads it: what two readers could understand differently, or what is nested without end, is refused.
import { err, ok, type Result } from '../../core/model/result.ts';

export type JsonFault = 'json-malformed' | 'json-too-deep' | 'json-duplicate-key';

/** Levels of nesting; statements with an SBOM of SPDX or CycloneDX stay under 20. */
const MAX_DEPTH = 100;

/** Parse UTF-8 bytes; a repeated key is refused, because readers differ in which of the two counts. */
export function parseStrictJson(bytes: Uint8Array): Result<unknown, JsonFault> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return err('json-malformed');
  }
  const fault = structureFault(text);
  if (fault !== null) return err(fault);
  try {
    return ok(JSON.parse(text));
  } catch {
    return err('json-malformed');
  }
}

/** Looks at brackets and keys only; everything else is left to the parser that follows. */
function structureFault(text: string): JsonFault | null {
  /** Keys of every open object; null stands for an open array. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
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
