// SPDX-License-Identifier: Apache-2.0
// Finds the members of a tar by their headers alone: nothing is unpacked, nothing is written, layers are skipped over.
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { fileProblem } from './files.ts';

const BLOCK = 512;
/** Members of one archive; an image has a few hundred at most. */
const MAX_MEMBERS = 100_000;
/** Bytes of one extended header: a path, nothing more. */
const MAX_EXTENSION = 64 * 1024;

interface Member {
  readonly offset: number;
  readonly size: number;
}

export interface TarIndex {
  readonly names: () => Iterable<string>;
  /** Bytes of a member; refuses more than `maxBytes`, what is no plain file, and a name that stands there twice. */
  readonly read: (name: string, maxBytes: number) => Promise<Result<Buffer, Problem>>;
  readonly close: () => Promise<void>;
}

const malformed = (path: string, why: string): Problem => ({
  code: 'file-unreadable',
  what: `${path} could not be read`,
  why,
  todo: 'Save the image again, then audit the new file.',
});

/** A number field: octal text, or base 256 where the first bit is set; -1 where it is neither. */
function numberField(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let i = 1; i < length; i++) {
      value = value * 256 + (block[at + i] ?? 0);
      if (value > Number.MAX_SAFE_INTEGER) return -1;
    }
    return value;
  }
  const text = block
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : -1;
}

function textField(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}

function checksumHolds(block: Buffer): boolean {
  let sum = 8 * 0x20;
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte;
  return sum === numberField(block, 148, 8);
}

/** The name as it is asked for: without a leading `./`. */
const plainName = (name: string): string => name.replace(/^(?:\.\/)+/, '');

/** `key=value` records of a PAX header. */
function paxRecords(body: Buffer): ReadonlyMap<string, string> | null {
  const records = new Map<string, string>();
  let at = 0;
  while (at < body.length) {
    const space = body.indexOf(0x20, at);
    if (space < 0 || space - at > 8) return null;
    const length = Number(body.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= space - at + 1 || at + length > body.length) return null;
    const record = body.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals < 1) return null;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** By their first bytes: what `docker save` is often piped through. */
function compressed(block: Buffer): string | null {
  const start = block.readUInt32BE();
  const by = start >>> 16 === 0x1f8b ? 'gzip' : start === 0x28b52ffd ? 'zstd' : start === 0xfd377a58 ? 'xz' : null;
  return by === null ? null : `it is compressed with ${by}, and has to be decompressed first`;
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return buffer;
}

/** Members by name; null marks a name that must not be read: it stands there twice, or is no plain file. */
async function indexMembers(
  file: FileHandle,
  fileSize: number,
  shown: string,
): Promise<Result<ReadonlyMap<string, Member | null>, Problem>> {
  const members = new Map<string, Member | null>();
  let at = 0;
  let count = 0;
  let longName: string | null = null;
  let longSize: number | null = null;
  while (at + BLOCK <= fileSize) {
    const block = await readExactly(file, at, BLOCK);
    if (block === null) return err(malformed(shown, 'it changed while it was read'));
    at += BLOCK;
    if (block.every((byte) => byte === 0)) return ok(members);
    if (!checksumHolds(block)) {
      return err(
        malformed(shown, count === 0 ? (compressed(block) ?? 'it is no tar archive') : 'a tar header in it is damaged'),
      );
    }
    if (++count > MAX_MEMBERS) return err(malformed(shown, `it has more than ${MAX_MEMBERS} members`));
    const type = String.fromCharCode(block[156] ?? 0);
    const size: number = (type === 'x' || type === 'L' ? null : longSize) ?? numberField(block, 124, 12);
    if (size < 0 || at + size > fileSize)
      return err(malformed(shown, 'it ends before its last member does, or a size in it is wrong'));
    const next = at + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x' || type === 'L') {
      if (size > MAX_EXTENSION) return err(malformed(shown, 'a name in it is too long'));
      const body = await readExactly(file, at, size);
      if (body === null) return err(malformed(shown, 'it changed while it was read'));
      if (type === 'L') longName = body.toString('utf8').replace(/\0+$/, '');
      else {
        const records = paxRecords(body);
        if (records === null) return err(malformed(shown, 'an extended header in it is damaged'));
        longName = records.get('path') ?? longName;
        const written = records.get('size');
        if (written !== undefined) {
          if (!/^\d{1,15}$/.test(written)) return err(malformed(shown, 'a size in it is wrong'));
          longSize = Number(written);
        }
      }
    } else {
      const prefix = block.toString('latin1', 257, 262) === 'ustar' ? textField(block, 345, 155) : '';
      const short = textField(block, 0, 100);
      const name = plainName(longName ?? (prefix === '' ? short : `${prefix}/${short}`));
      const plain = type === '0' || type === '\0' || type === '7';
      if (type !== 'g' && type !== 'K') members.set(name, plain && !members.has(name) ? { offset: at, size } : null);
      longName = null;
      longSize = null;
    }
    at = next;
  }
  // Some writers leave the end mark out; a cut inside a member was found above.
  return at >= fileSize && count > 0 ? ok(members) : err(malformed(shown, 'it is empty or cut off'));
}

/** Open a tar file and index it; the caller closes it. */
export async function openTar(path: string): Promise<Result<TarIndex, Problem>> {
  let file: FileHandle;
  let size: number;
  try {
    const stats = await stat(path);
    if (!stats.isFile())
      return err(malformed(path, stats.isDirectory() ? 'it is a folder, not an archive' : 'it is no plain file'));
    size = stats.size;
    file = await open(path, 'r');
  } catch (error) {
    return err(fileProblem(path, error));
  }
  let handedOver = false;
  try {
    const indexed = await indexMembers(file, size, path);
    if (!indexed.ok) return indexed;
    const members = indexed.value;
    handedOver = true;
    return ok({
      names: () => members.keys(),
      read: async (name, maxBytes) => {
        const member = members.get(name);
        if (member === undefined) return err(malformed(path, `it has no ${name}`));
        if (member === null) return err(malformed(path, `${name} in it is no plain file, or stands there twice`));
        if (member.size > maxBytes) return err(malformed(path, `${name} in it is too large`));
        try {
          const bytes = await readExactly(file, member.offset, member.size);
          return bytes === null ? err(malformed(path, 'it changed while it was read')) : ok(bytes);
        } catch (error) {
          return err(fileProblem(path, error));
        }
      },
      close: () => file.close(),
    });
  } catch (error) {
    return err(fileProblem(path, error));
  } finally {
    if (!handedOver) await file.close();
  }
}
