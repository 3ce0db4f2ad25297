// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir, open, realpath, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { isDiskFull } from '../images/files.ts';

/** The problem of something that could not be written. */
export function writeProblem(path: string, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const what = `${path} could not be written`;
  if (isDiskFull(error))
    return { code: 'disk-full', what, why: 'no space is left', todo: 'Free space, then try again.' };
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return { code: 'access-denied', what, why: 'access is denied', todo: 'Check the permissions of the folder.' };
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return {
      code: 'file-unreadable',
      what,
      why: 'its folder does not exist',
      todo: 'Make the folder, or choose another.',
    };
  if (code === 'EISDIR') return { code: 'bad-input', what, why: 'it is a folder', todo: 'Choose a file.' };
  return { code: 'file-unreadable', what, why: message, todo: 'See the log.' };
}

const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path).slice(0, 80)}.${randomBytes(6).toString('hex')}.tmp`);

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Give `fill` a temporary path beside `path`, then put it in place; nobody ever sees a part of it. `lasting`: also after
 * a power cut; what checks the sizes of its files when it reads them does without.
 */
export async function replaceFile(
  path: string,
  fill: (temporary: string) => Promise<void>,
  lasting = true,
): Promise<Result<null, Problem>> {
  const temporary = temporaryName(path);
  try {
    await fill(temporary);
    if (lasting) await flush(temporary);
    await rename(temporary, path);
    return ok(null);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return err(writeProblem(path, error));
  }
}

export function writeAtomically(
  path: string,
  content: string | Uint8Array,
  lasting = true,
): Promise<Result<null, Problem>> {
  const fill = async (temporary: string): Promise<void> => {
    let file: FileHandle | null = null;
    try {
      file = await open(temporary, 'wx', 0o644);
      await file.writeFile(content);
    } finally {
      await file?.close();
    }
  };
  return replaceFile(path, fill, lasting);
}

/** Where a path that a person named leads: `device` for a terminal, a pipe or /dev/null, which are written to and never replaced. */
interface Destination {
  readonly path: string;
  readonly device: boolean;
  /** Permissions of the file that is replaced, null where there is none. */
  readonly mode: number | null;
}

async function destinationOf(path: string): Promise<Destination> {
  const stats = await stat(path).catch(() => null);
  if (stats === null) return { path, device: false, mode: null };
  if (!stats.isFile() && !stats.isDirectory()) return { path, device: true, mode: null };
  // A link stays what it is; what it leads to is replaced.
  return { path: await realpath(path).catch(() => path), device: false, mode: stats.mode & 0o777 };
}

async function deliver(
  path: string,
  fill: (temporary: string) => Promise<void>,
  stream: (device: string) => Promise<void>,
): Promise<Result<null, Problem>> {
  const destination = await destinationOf(path);
  if (destination.device) {
    try {
      await stream(path);
      return ok(null);
    } catch (error) {
      return err(writeProblem(path, error));
    }
  }
  const { mode } = destination;
  return replaceFile(destination.path, async (temporary) => {
    await fill(temporary);
    if (mode !== null) await chmod(temporary, mode);
  });
}

/** Write a text to where a person wants it. */
export function deliverText(path: string, text: string): Promise<Result<null, Problem>> {
  return deliver(
    path,
    (temporary) => writeFile(temporary, text, { flag: 'wx' }),
    (device) => writeFile(device, text),
  );
}

/** Copy a finished file to where a person wants it. */
export function deliverFile(from: string, to: string): Promise<Result<null, Problem>> {
  return deliver(
    to,
    (temporary) => copyFile(from, temporary),
    (device) => pipeline(createReadStream(from), createWriteStream(device)),
  );
}

/** Step by step: Node's own `recursive` never ends below folders such as /proc, which take none and say ENOENT. */
async function makeFolder(path: string): Promise<void> {
  const make = (): Promise<void> => mkdir(path, { mode: 0o700 });
  try {
    await make();
  } catch (error) {
    if ((await stat(path).catch(() => null))?.isDirectory() === true) return;
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make().catch(async (again: unknown) => {
      if ((await stat(path).catch(() => null))?.isDirectory() !== true) throw again;
    });
  }
}

/** A folder that only its owner may read. */
export async function ensureFolder(path: string): Promise<Result<null, Problem>> {
  try {
    await makeFolder(path);
    return ok(null);
  } catch (error) {
    return err(writeProblem(path, error));
  }
}
