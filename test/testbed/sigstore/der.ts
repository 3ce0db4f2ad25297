// SPDX-License-Identifier: Apache-2.0
// DER as certificates need it (X.690, chapter 10): enough to write what an authority of the tests signs.

export function der(tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)));
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length, ...length]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);
export const octets = (...parts: readonly Uint8Array[]): Buffer => der(0x04, ...parts);
export const utf8 = (text: string): Buffer => der(0x0c, text);
export const bits = (content: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);
export const yes = der(0x01, Buffer.from([0xff]));

/** A positive integer by its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const [first = 0] = bytes;
  return first >= 0x80 ? der(0x02, Buffer.from([0]), bytes) : der(0x02, bytes);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

/** GeneralizedTime, to the second. */
export function generalizedTime(date: Date): Buffer {
  return der(0x18, `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`);
}

/** A certificate's time: UTCTime up to 2049, as RFC 5280 (4.1.2.5) asks. */
export function utcTime(date: Date): Buffer {
  return der(0x17, `${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`);
}
