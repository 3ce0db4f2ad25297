// SPDX-License-Identifier: Apache-2.0

/** Unicode's White_Space as BuildKit (Go's unicode.IsSpace) sees it; unlike \s it has U+0085 and lacks U+FEFF. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export function isSpace(character: string): boolean {
  const code = character.charCodeAt(0);
  // Nearly every character is ASCII, and this is asked of all of them.
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return SPACE.test(character);
}

/** Offset of the first character from `start` that is no white space, at most `end`. */
export function skipSpaces(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charAt(at))) at++;
  return at;
}

/** Blanks that separate words on a line: [\t\v\f\r ], BuildKit's reWhitespace. */
export function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\v' || character === '\f' || character === '\r';
}

/** Lower case as Go's strings.ToLower has it: one character for one, so that U+0130 becomes a plain i. */
export function lowerCase(text: string): string {
  return text.includes('\u0130') ? text.replaceAll('\u0130', 'i').toLowerCase() : text.toLowerCase();
}

/** An instruction's keyword in upper case; BuildKit compares lower case, so only what that gives is raised. */
export function keywordCase(text: string): string {
  if (/^[A-Z]+$/.test(text)) return text;
  return lowerCase(text).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** White space where BuildKit takes bytes for characters: the one-byte part of Unicode's. */
export function isByteSpace(byte: string): boolean {
  return isBlank(byte) || byte === '\n' || byte === '\u0085' || byte === '\u00a0';
}
