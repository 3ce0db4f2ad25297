// SPDX-License-Identifier: Apache-2.0
// The block format of Snappy, by its format description (google/snappy, format_description.txt): a length, then literals
// and copies of what was written before.

/** Decompress; null for what is malformed, or would be larger than `maxBytes`. */
export function decodeSnappy(input: Uint8Array, maxBytes: number): Buffer | null {
  let at = 0;
  const number = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += (input[at + i] ?? Number.NaN) * 256 ** i;
    at += bytes;
    return value;
  };
  let length = 0;
  for (let shift = 0; ; shift++) {
    const byte = input[at++];
    if (byte === undefined || shift > 4) return null;
    length += (byte & 0x7f) * 128 ** shift;
    if (byte < 0x80) break;
  }
  if (length > maxBytes) return null;
  const output = Buffer.alloc(length);
  let written = 0;
  while (at < input.length) {
    const tag = input[at++] ?? 0;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const size = 1 + (short < 60 ? short : number(short - 59));
      if (!(at + size <= input.length && written + size <= length)) return null;
      output.set(input.subarray(at, at + size), written);
      at += size;
      written += size;
      continue;
    }
    const size = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset = kind === 1 ? (tag >> 5) * 256 + number(1) : number(kind === 2 ? 2 : 4);
    if (!(offset >= 1 && offset <= written && written + size <= length)) return null;
    // Byte by byte: a copy may reach into what it is just writing.
    for (let i = 0; i < size; i++, written++) output[written] = output[written - offset] ?? 0;
  }
  return written === length ? output : null;
}
