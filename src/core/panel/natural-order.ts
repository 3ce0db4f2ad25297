// SPDX-License-Identifier: Apache-2.0

/** A version cut into what is compared: numbers as numbers, words as words. */
export type VersionKey = readonly (number | string)[];

const PRE_RELEASE = /^(?:alpha|beta|dev|pre|preview|rc|snapshot)$/;
/** More parts than any real version has; the rest of a hostile one is not looked at. */
const MAX_PARTS = 32;

export function versionKey(version: string): VersionKey {
  const parts =
    version
      .slice(0, 256)
      .toLowerCase()
      .replace(/^(?:go|v)(?=\d)/, '')
      .match(/\d+|[a-z]+|~/g) ?? [];
  return parts.slice(0, MAX_PARTS).map((part) => (/^\d/.test(part) ? Number(part) : part));
}

/** Rank of kinds where two versions differ: `~` and pre-release words before the end, the end before words, words before numbers. */
function kind(part: number | string | undefined): number {
  if (part === undefined) return 2;
  if (typeof part === 'number') return 4;
  if (part === '~') return 0;
  return PRE_RELEASE.test(part) ? 1 : 3;
}

/**
 * Order of versions for the eye: numbers by value, pre-releases and Debian's `~` before what they lead to. It is for
 * sorting only; whether a version is affected is the matcher's business.
 */
export function compareVersions(a: VersionKey, b: VersionKey): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a[index];
    const right = b[index];
    if (left === right) continue;
    const kinds = kind(left) - kind(right);
    if (kinds !== 0) return kinds;
    return left !== undefined && right !== undefined && left < right ? -1 : 1;
  }
  return 0;
}

/** Order of text that does not depend on a locale. */
export function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
