// SPDX-License-Identifier: Apache-2.0
import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageScheme } from '../core/ports.ts';

const BLOCK = 512;
/** An archive names its kind near its start; nobody waits for a scan of gigabytes. */
const MAX_ENTRIES = 5_000;

/** What kind of image a path is, by what is in it: null where it is none. */
export async function schemeOf(path: string): Promise<ImageScheme | null> {
  try {
    if ((await stat(path)).isDirectory()) {
      return (await stat(join(path, 'oci-layout'))).isFile() ? 'oci-dir' : null;
    }
    const file = await open(path, 'r');
    try {
      return await archiveScheme(file);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** `docker save` writes manifest.json, with newer engines beside an OCI layout, so that name decides. */
async function archiveScheme(file: FileHandle): Promise<ImageScheme | null> {
  const header = Buffer.alloc(BLOCK);
  let offset = 0;
  let layout = false;
  for (let entry = 0; entry < MAX_ENTRIES; entry++) {
    const { bytesRead } = await file.read(header, 0, BLOCK, offset);
    if (bytesRead < BLOCK || header[0] === 0 || header.toString('latin1', 257, 262) !== 'ustar') break;
    const end = header.indexOf(0);
    const name = header.toString('utf8', 0, end < 0 || end > 100 ? 100 : end).replace(/^\.\//, '');
    if (name === 'manifest.json') return 'docker-archive';
    if (name === 'oci-layout') layout = true;
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
    if (!Number.isSafeInteger(size) || size < 0) break;
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return layout ? 'oci-archive' : null;
}
