// SPDX-License-Identifier: Apache-2.0

const PRE_RELEASE = /^(?:alpha|beta|dev|pre|preview|rc|snapshot)$/;
/** More parts than any real version has; the rest of a hostile one is not looked at. */
const MAX_PARTS = 32;

// Kinds of parts, in the order in which they stand where two versions differ: Debian's `~` and pre-release words come
// before the end, the end before words, words before numbers.
const TILDE = '\u0001';
const EARLY_WORD = '\u0002';
const END = '\u0003';
const WORD = '\u0004';
const NUMBER = '\u0005';

function encode(part: string): string {
  if (part === '~') return TILDE;
  if (part >= '0' && part <= '9\uffff') {
    const digits = part.replace(/^0+(?=\d)/, '');
    // A longer number is a larger one, so its length leads.
    return `${NUMBER}${String.fromCharCode(digits.length)}${digits}`;
  }
  return `${PRE_RELEASE.test(part) ? EARLY_WORD : WORD}${part}\u0000`;
}

/**
 * A version as text that sorts by its letters as the version does for the eye: numbers by value, pre-releases before what
 * they lead to. It is for sorting only; whether a version is affected is the matcher's business.
 */
export function versionKey(version: string): string {
  const parts =
    version
      .slice(0, 256)
      .toLowerCase()
      .replace(/^(?:go|v)(?=\d)/, '')
      .match(/\d+|[a-z]+|~/g) ?? [];
  return `${parts.slice(0, MAX_PARTS).map(encode).join('')}${END}`;
}

/** Order of text that does not depend on a locale. */
export function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
