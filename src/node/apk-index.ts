// SPDX-License-Identifier: Apache-2.0
import { gunzipSync } from 'node:zlib';

/** The index of a whole distribution has some tens of megabytes. */
const MAX_BYTES = 256 * 2 ** 20;
const BLOCK = 512;

/** The text of the entry `APKINDEX` of an `APKINDEX.tar.gz`, which may hold a signature before it; null where there is none. */
export function apkIndexText(bytes: Uint8Array): string | null {
  let tar: Buffer;
  try {
    tar = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch {
    return null;
  }
  const field = (at: number, from: number, to: number): string =>
    tar.toString('latin1', at + from, at + to).split('\0')[0] ?? '';
  for (let at = 0; at + BLOCK <= tar.length;) {
    const name = field(at, 0, 100);
    const size = Number.parseInt(field(at, 124, 136).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0) return null;
    if (name === 'APKINDEX') return tar.toString('utf8', at + BLOCK, Math.min(at + BLOCK + size, tar.length));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return null;
}
