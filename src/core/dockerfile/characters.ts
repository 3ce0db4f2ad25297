// SPDX-License-Identifier: Apache-2.0

/** Unicode's White_Space as BuildKit (Go's unicode.IsSpace) sees it; unlike \s it has U+0085 and lacks U+FEFF. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export function isSpace(character: string): boolean {
  return SPACE.test(character);
}

/** Offset of the first character from `start` that is no white space, at most `end`. */
export function skipSpaces(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charAt(at))) at++;
  return at;
}

export function trimSpaces(text: string): string {
  const start = skipSpaces(text, 0, text.length);
  let end = text.length;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Blanks that separate words on a line: [\t\v\f\r ], BuildKit's reWhitespace. */
export function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\v' || character === '\f' || character === '\r';
}
