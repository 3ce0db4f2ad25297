// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A tool that was ended may leave read-only folders of an unpacked image behind. */
async function makeWritable(folder: string, depth: number): Promise<void> {
  await chmod(folder, 0o700);
  if (depth > 64) return;
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name), depth + 1);
}

async function removeFolder(folder: string): Promise<void> {
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch {
    await makeWritable(folder, 0);
    await remove();
  }
}

/** Run `work` with a private temporary folder that is gone afterwards, whatever happened. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-'));
  try {
    return await work(folder);
  } finally {
    await removeFolder(folder);
  }
}
