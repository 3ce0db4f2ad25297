// SPDX-License-Identifier: Apache-2.0
// Parts that are made once and kept under a key that names everything they depend on.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { noteMake, noteReuse } from './ledger.ts';
import { withLock } from './lock.ts';
import { cacheRoot } from './paths.ts';

export interface Part {
  /** Folder below the cache, for example 'tools/syft-1.54.0'; it must name every input that can change. */
  readonly key: string;
  /** How the run speaks of it, for example 'syft 1.54.0'. */
  readonly label: string;
  /** Fills the empty folder. It becomes the part only when this succeeds. */
  readonly make: (folder: string) => Promise<void>;
}

const started = new Map<string, Promise<string>>();

async function provide({ key, label, make }: Part): Promise<string> {
  const folder = join(cacheRoot(), key);
  if (existsSync(folder)) {
    noteReuse(label);
    return folder;
  }
  const lock = join(cacheRoot(), 'locks', `${key.replaceAll('/', '_')}.lock`);
  return withLock(lock, label, async () => {
    if (existsSync(folder)) {
      noteReuse(label);
      return folder;
    }
    const work = join(cacheRoot(), 'unfinished', key);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    await noteMake(label, () => make(work));
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(work, folder);
    return folder;
  });
}

/** The folder of a part, made now if it is not in the cache; one call at a time makes it, also across processes. */
export function cachedPart(part: Part): Promise<string> {
  const id = join(cacheRoot(), part.key);
  const known = started.get(id);
  if (known !== undefined) return known;
  const promise = provide(part);
  started.set(id, promise);
  // A failure is reported to whoever asked; the next one tries again.
  promise.catch(() => started.delete(id));
  return promise;
}

/** True where the part of this key is in the cache already. */
export const isCached = (key: string): boolean => existsSync(join(cacheRoot(), key));

/** Twelve hexadecimal digits over texts, files and folders (names and bytes): the part of a key that inputs decide. */
export function inputKey(inputs: { readonly texts?: readonly string[]; readonly paths?: readonly string[] }): string {
  const hash = createHash('sha256');
  for (const text of inputs.texts ?? []) hash.update(`text ${text.length}\n${text}\n`);
  const add = (base: string, path: string): void => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).toSorted()) add(base, join(path, name));
      return;
    }
    const bytes = readFileSync(path);
    hash.update(`file ${relative(base, path)} ${bytes.length}\n`);
    hash.update(bytes);
  };
  for (const path of inputs.paths ?? []) add(join(path, '..'), path);
  return hash.digest('hex').slice(0, 12);
}
