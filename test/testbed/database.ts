// SPDX-License-Identifier: Apache-2.0
// Vulnerability databases for Grype: built from the project's own advisory facts, imported by the real Grype.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advisoriesFolder } from '../../src/build/demo-database/facts.ts';
import { fillDatabaseFolder, fillDemonstrationFolder } from '../../src/build/demo-database/import.ts';
import { cachedPart, inputKey } from './cache.ts';
import { run } from './command.ts';
import { quietToolEnv, toolPath, toolVersion } from './tools.ts';

/**
 * `demonstration` is `fresh` with the marker of `npm start`; `stale` is older than Grype allows, `missing` is an empty
 * folder, `corrupt` was changed after its import.
 */
export type DatabaseVariant = 'fresh' | 'demonstration' | 'stale' | 'missing' | 'corrupt';

const DAY_MS = 24 * 60 * 60 * 1000;
const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

async function importFile(file: string, folder: string): Promise<void> {
  const env = { ...quietToolEnv, GRYPE_DB_CACHE_DIR: folder, GRYPE_DB_VALIDATE_AGE: 'false', TMPDIR: tmpdir() };
  await run(await toolPath('grype'), ['db', 'import', file], { env });
}

/**
 * A folder for GRYPE_DB_CACHE_DIR. `fresh` is built anew each day, because Grype refuses a database of more than five
 * days. `missing` and `corrupt` are made anew in `under` (a folder of the caller), as a test may change them.
 */
export async function databaseFolder(variant: DatabaseVariant, under?: string): Promise<string> {
  if (variant === 'missing' || variant === 'corrupt') {
    if (under === undefined) throw new Error(`The ${variant} database is made for one test: say in which folder.`);
    const folder = join(under, `database-${variant}`);
    mkdirSync(folder, { recursive: true });
    if (variant === 'corrupt') {
      cpSync(await databaseFolder('fresh'), folder, { recursive: true });
      writeFileSync(join(folder, '6', 'vulnerability.db'), 'not a database any more\n');
    }
    return folder;
  }
  const now = Date.now();
  const built = variant === 'stale' ? '2026-01-01' : day(now);
  const fill = variant === 'demonstration' ? fillDemonstrationFolder : fillDatabaseFolder;
  const source = join(advisoriesFolder, '..');
  return cachedPart({
    key: `databases/${variant}-${built}-${toolVersion('grype')}-${inputKey({ paths: [source] })}`,
    label: `vulnerability database (${variant}, built ${built})`,
    make: async (folder) => {
      await fill({ folder, builtAt: `${built}T00:00:00Z`, importFile });
    },
  });
}

/** True for cached `fresh` databases of earlier days, which nothing will ask for again. */
export function isOutdatedDatabase(name: string, now: number = Date.now()): boolean {
  const [, built] = /^(?:fresh|demonstration)-(\d{4}-\d{2}-\d{2})-/.exec(name) ?? [];
  return built !== undefined && Date.parse(built) < now - 2 * DAY_MS;
}
