// SPDX-License-Identifier: Apache-2.0

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text that base64 stands for; null where it is none. Only line breaks may stand in between, and padding is needed. */
export function textOfBase64(written: string): string | null {
  const text = written.replaceAll(/[\r\n]/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  let escaped = '';
  let bytes = '';
  let bits = 0;
  let held = 0;
  for (const digit of text) {
    if (digit === '=') break;
    bits = ((bits << 6) | DIGITS.indexOf(digit)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    const byte = (bits >> held) & 0xff;
    escaped += `%${byte.toString(16).padStart(2, '0')}`;
    bytes += String.fromCharCode(byte);
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    // Go keeps bytes that are no UTF-8; nothing that is known looks like them.
    return bytes;
  }
}
