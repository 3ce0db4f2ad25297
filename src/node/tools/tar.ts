// SPDX-License-Identifier: Apache-2.0
// Takes one program out of a .tar.gz. Nothing is unpacked to a path that the archive chooses, and an archive that plays
// tricks with paths is refused as a whole.
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;
/** Bytes after decompression; the largest known release has 130 MB. */
const MAX_UNPACKED = 512 * 1024 * 1024;
const MAX_MEMBERS = 1000;

/** An archive that is not what a release's archive is. */
export class ArchiveError extends Error {}

const text = (header: Uint8Array, start: number, end: number): string => {
  const field = Buffer.from(header.subarray(start, end)).toString('latin1');
  const zero = field.indexOf('\0');
  return zero === -1 ? field : field.slice(0, zero);
};

function octal(header: Uint8Array, start: number, end: number): number {
  const digits = text(header, start, end).trim();
  if (!/^[0-7]+$/.test(digits)) throw new ArchiveError('a number in a header is not octal');
  return Number.parseInt(digits, 8);
}

function checkHeader(header: Uint8Array): void {
  const wanted = octal(header, 148, 156);
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  if (sum !== wanted) throw new ArchiveError('a header does not have the checksum that it names');
}

function checkName(name: string): void {
  if (name === '' || name.startsWith('/') || name.includes('\\') || /^[a-z]:/i.test(name))
    throw new ArchiveError(`the member ${JSON.stringify(name)} has no path below the archive`);
  if (name.split('/').includes('..'))
    throw new ArchiveError(`the member ${JSON.stringify(name)} points out of the archive`);
}

function unzipped(archive: Uint8Array): Uint8Array {
  try {
    return gunzipSync(archive, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    throw new ArchiveError('it is no complete gzip file, or is too large', { cause: error });
  }
}

/** Bytes of the regular file `wanted` at the top of the archive; throws an ArchiveError for anything out of order. */
export function programInArchive(archive: Uint8Array, wanted: string): Uint8Array {
  const tar = unzipped(archive);
  let found: Uint8Array | undefined;
  let at = 0;
  for (let members = 0; ; members++) {
    if (members > MAX_MEMBERS) throw new ArchiveError(`it has more than ${MAX_MEMBERS} members`);
    const header = tar.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw new ArchiveError('it ends in the middle');
    if (header.every((byte) => byte === 0)) break;
    checkHeader(header);
    const prefix = text(header, 345, 500);
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(header, 0, 100)}`;
    const size = octal(header, 124, 136);
    const type = text(header, 156, 157);
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (body.length < size) throw new ArchiveError('it ends in the middle');
    checkName(name);
    if (name === wanted || name === `./${wanted}`) {
      if (type !== '0' && type !== '') throw new ArchiveError(`${wanted} is not a regular file in it`);
      if (found !== undefined) throw new ArchiveError(`it holds ${wanted} twice`);
      found = body;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  if (found === undefined) throw new ArchiveError(`it holds no ${wanted}`);
  return found;
}
