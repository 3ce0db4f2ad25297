// SPDX-License-Identifier: Apache-2.0
// Reading of JSON that anybody may have written: own properties only, everything bounded, nothing ever throws.
import { visibleText } from '../protocol/visible-text.ts';

/** Characters of a text that is read; a longer one is treated as absent, so that no comparison sees half of it. */
export const MAX_TEXT = 8_192;

/** A JSON object, null for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** What stands at a path of keys; undefined where a step is missing. Inherited properties are not looked at. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    const object = record(here);
    if (object === null || !Object.hasOwn(object, key)) return undefined;
    here = object[key];
  }
  return here;
}

/** The text at a path; null where there is none, where it is empty, and where it is longer than `MAX_TEXT`. */
export function text(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' && found.length <= MAX_TEXT ? found : null;
}

/** True, false, or null where it is not stated. */
export function flag(value: unknown, ...path: readonly string[]): boolean | null {
  const found = at(value, ...path);
  return typeof found === 'boolean' ? found : null;
}

/** At most `limit` items of the list at a path. */
export function list(value: unknown, limit: number, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.slice(0, limit) : [];
}

/** How many items the list at a path has. */
export function count(value: unknown, ...path: readonly string[]): number {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.length : 0;
}

/** At most `limit` entries of the object at a path. */
export function entries(
  value: unknown,
  limit: number,
  ...path: readonly string[]
): readonly (readonly [string, unknown])[] {
  const found = record(at(value, ...path));
  if (found === null) return [];
  const taken: [string, unknown][] = [];
  for (const key of Object.keys(found)) {
    if (taken.length >= limit) break;
    taken.push([key, found[key]]);
  }
  return taken;
}

/** An ISO time normalised, null for what is no time between the years 2000 and 2199. */
export function time(value: unknown, ...path: readonly string[]): string | null {
  const written = text(value, ...path);
  if (written === null || !/^2[01]\d{2}-\d{2}-\d{2}T\d{2}:\d{2}/.test(written) || written.length > 40) return null;
  const parsed = Date.parse(written);
  return Number.isNaN(parsed) ? null : new Date(parsed).toISOString();
}

/** The digests of a digest set, algorithm to value; bounded, in the order of the algorithms. */
export function digestSet(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = entries(value, 16, ...path).flatMap(([algorithm, digest]): [string, string][] =>
    typeof digest === 'string' && digest !== '' && digest.length <= 512 && algorithm.length <= 64
      ? [[algorithm, digest]]
      : [],
  );
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A value of any type as one short line for people. */
export function shown(value: unknown, limit = 200): string {
  const written = typeof value === 'string' ? value : (boundedJson(value, limit * 4) ?? '');
  // Cut before it is made visible: the characters that are written out take more room.
  const line = visibleText(written.slice(0, limit * 4));
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}

/**
 * Null where a JSON value is at most this deep and has at most this many values; otherwise what it is too much of.
 * Walks without recursion: depth is the writer's choice.
 */
export function excess(value: unknown, maxDepth: number, maxValues: number): string | null {
  let level: unknown[] = [value];
  let values = 1;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return `it is nested more than ${maxDepth} deep`;
    const next: unknown[] = [];
    for (const each of level) {
      if (typeof each !== 'object' || each === null) continue;
      const inner: readonly unknown[] = Array.isArray(each) ? each : Object.values(each);
      values += inner.length;
      if (values > maxValues) return `it has more than ${maxValues.toLocaleString('en-GB')} values`;
      for (const child of inner) next.push(child);
    }
    level = next;
  }
  return null;
}

/** JSON of a value, cut off at `limit` characters; null for what JSON cannot say. Deep values are not written. */
export function boundedJson(value: unknown, limit: number): string | null {
  if (value === undefined) return null;
  if (excess(value, 64, 200_000) !== null) return '… (too deep or too large to show)';
  const written = JSON.stringify(value, null, 2) as string | undefined;
  if (written === undefined) return null;
  return written.length > limit ? `${written.slice(0, limit)}\n… (cut off)` : written;
}
