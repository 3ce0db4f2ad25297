// SPDX-License-Identifier: Apache-2.0

/**
 * BuildKit reads flags byte by byte and takes each byte for a character. ASCII comes out the same; of `\u00e0` (C3 A0)
 * the second byte counts as white space and ends the flag. These turn text into such bytes and back.
 */

export interface ByteText {
  /** One character, U+0000 to U+00FF, for each byte of the UTF-8 form. */
  readonly bytes: string;
  /** Offset in the text for an offset in `bytes`; inside a character, that character's. */
  textOffset(offset: number): number;
}

// eslint-disable-next-line no-control-regex
const ASCII = /^[\0-\x7f]*$/;

export function byteText(text: string): ByteText {
  if (ASCII.test(text)) return { bytes: text, textOffset: (offset) => offset };
  const bytes: number[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const encoded = utf8(code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
    for (const byte of encoded) {
      bytes.push(byte);
      offsets.push(at);
    }
    at += character.length;
  }
  return {
    bytes: bytes.map((byte) => String.fromCharCode(byte)).join(''),
    textOffset: (offset) => offsets[offset] ?? text.length,
  };
}

function utf8(code: number): readonly number[] {
  if (code < 0x80) return [code];
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)];
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
}

/** The text behind bytes; bytes that are no UTF-8 become U+FFFD. */
export function textOfBytes(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes.charCodeAt(at);
    const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    const tail = bytes.slice(at + 1, at + length);
    if (length === 0 || tail.length !== length - 1 || /[^\x80-\xbf]/.test(tail)) {
      text += '\ufffd';
      at++;
      continue;
    }
    let code = length === 1 ? lead : lead & (0xff >> (length + 1));
    for (const byte of tail) code = (code << 6) | (byte.charCodeAt(0) & 0x3f);
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    at += length;
  }
  return text;
}
