// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';

const REASONS: Readonly<Record<string, readonly [why: string, todo: string]>> = {
  ENOENT: ['it does not exist', 'Check the path.'],
  ENOTDIR: ['a part of its path is no folder', 'Check the path.'],
  EACCES: ['access is denied', 'Check its permissions.'],
  EPERM: ['access is denied', 'Check its permissions.'],
  EISDIR: ['it is a folder', 'Check the path.'],
};

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
}

/** The problem of a file that could not be read. */
export function fileProblem(path: string, error: unknown): Problem {
  const code = codeOf(error);
  const [why, todo] = REASONS[code] ?? [error instanceof Error ? error.message : String(error), 'See the log.'];
  return {
    code:
      code === 'ENOENT' ? 'image-missing' : code === 'EACCES' || code === 'EPERM' ? 'access-denied' : 'file-unreadable',
    what: `${path} could not be read`,
    why,
    todo,
  };
}

/** Bytes of a plain file of at most `maxBytes`; pipes, devices and folders are refused. */
export async function readPlainFile(path: string, maxBytes: number): Promise<Result<Buffer, Problem>> {
  try {
    // Looked at before it is opened: opening a named pipe would wait for a writer.
    const stats = await stat(path);
    const refuse = (why: string): Result<Buffer, Problem> =>
      err({ code: 'file-unreadable', what: `${path} could not be read`, why, todo: 'Check the path.' });
    if (!stats.isFile()) return refuse('it is no plain file');
    if (stats.size > maxBytes) return refuse(`it is larger than ${maxBytes} bytes`);
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(stats.size);
      let done = 0;
      while (done < buffer.length) {
        const { bytesRead } = await file.read(buffer, done, buffer.length - done, done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return ok(buffer.subarray(0, done));
    } finally {
      await file.close();
    }
  } catch (error) {
    return err(fileProblem(path, error));
  }
}

/** True where `bytes` are what `digest` (`sha256:…` or `sha512:…`) names. */
export function digestHolds(bytes: Uint8Array, digest: string): boolean {
  const [algorithm = '', hex = ''] = digest.split(':');
  return (
    (algorithm === 'sha256' || algorithm === 'sha512') && createHash(algorithm).update(bytes).digest('hex') === hex
  );
}

/** Parse JSON that somebody else wrote. */
export function parseJson(bytes: Buffer): Result<unknown, string> {
  try {
    return ok(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}
