// SPDX-License-Identifier: Apache-2.0

/** Values of the 64 signs, of both alphabets (RFC 4648, sections 4 and 5). */
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const valueOf = (sign: string): number =>
  sign === '+' || sign === '-' ? 62 : sign === '/' || sign === '_' ? 63 : SIGNS.indexOf(sign);

/**
 * True for base64 that all readers read alike: one of the two alphabets, padding at the end (all of it or none), nothing
 * between the signs, no bits after the last byte. Node skips whatever it does not know and stops at the first padding,
 * so that a signature could hold a second, hidden text.
 */
export function isBase64(text: string): boolean {
  const signs = text.replace(/={1,2}$/, '');
  if (!/^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)$/.test(signs)) return false;
  const rest = signs.length % 4;
  if (rest === 1 || (signs.length < text.length && text.length % 4 !== 0)) return false;
  const last = valueOf(signs.at(-1) ?? 'A');
  return rest === 0 || (rest === 2 ? last % 16 === 0 : last % 4 === 0);
}
