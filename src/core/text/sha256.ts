// SPDX-License-Identifier: Apache-2.0

const ROUNDS = 64;
const BLOCK = 64;

/** The first 32 bits of the fractional part of a root of each of the first primes, as FIPS 180-4 defines its constants. */
function primeRoots(count: number, root: (prime: number) => number): Int32Array {
  const found = new Int32Array(count);
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.some((prime) => candidate % prime === 0)) continue;
    found[primes.length] = Math.floor((root(candidate) % 1) * 2 ** 32);
    primes.push(candidate);
  }
  return found;
}

const START = primeRoots(8, Math.sqrt);
const CONSTANTS = primeRoots(ROUNDS, Math.cbrt);

/** The bytes of a text in UTF-8. A half of a pair becomes the replacement character, as encoders have it. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      // Not by codePointAt: of a text that was cut out of another, Node 24 reads behind its end.
      const low = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      const pair = code < 0xdc00 && low >= 0xdc00 && low <= 0xdfff;
      code = pair ? 0x1_0000 + ((code - 0xd800) << 10) + low - 0xdc00 : 0xfffd;
      if (pair) i++;
    }
    if (code < 0x80) bytes[size++] = code;
    else {
      const more = code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3;
      bytes[size++] = ((0xf00 >> (more + 1)) & 0xff) | (code >> (6 * more));
      for (let rest = more - 1; rest >= 0; rest--) bytes[size++] = 0x80 | ((code >> (6 * rest)) & 0x3f);
    }
  }
  return bytes.subarray(0, size);
}

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** SHA-256 by FIPS 180-4: core has no library of its host's. The result is 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil((bytes.length + 9) / BLOCK);
  const padded = new Uint8Array(blocks * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor((bytes.length * 8) / 2 ** 32));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const state = Int32Array.from(START);
  const words = new Int32Array(ROUNDS);
  const word = (i: number): number => words[i] ?? 0;
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(block * BLOCK + i * 4);
    for (let i = 16; i < ROUNDS; i++) {
      const [a, b] = [word(i - 15), word(i - 2)];
      const small = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
      const large = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
      words[i] = word(i - 16) + small + word(i - 7) + large;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < ROUNDS; i++) {
      const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const first = (h + mixed + ((e & f) ^ (~e & g)) + (CONSTANTS[i] ?? 0) + word(i)) | 0;
      const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = (state[i] ?? 0) + value));
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((value, i) => out.setInt32(i * 4, value));
  return digest;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const three = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let digit = 0; digit < 4; digit++) {
      text += i + digit > bytes.length ? '=' : DIGITS.charAt((three >> (18 - 6 * digit)) & 0x3f);
    }
  }
  return text;
}
