// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Run `work` with a private temporary folder that is gone afterwards, whatever happened. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-'));
  try {
    return await work(folder);
  } finally {
    // A tool that was ended may leave read-only folders of an unpacked image behind.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
