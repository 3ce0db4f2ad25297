// SPDX-License-Identifier: Apache-2.0
// Makes a database folder that Grype uses, from the advisory facts beside this file.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMONSTRATION_MARKER } from '../../node/scanners/grype.ts';
import { writeGrypeDatabase } from './build.ts';
import { readAdvisoryFacts, type AdvisoryFacts } from './facts.ts';

export interface DatabaseFolder {
  /** For GRYPE_DB_CACHE_DIR; made where it is missing. */
  readonly folder: string;
  /** RFC 3339, UTC. */
  readonly builtAt: string;
  /** Runs `grype db import FILE` with GRYPE_DB_CACHE_DIR at `folder`. */
  readonly importFile: (file: string, folder: string) => Promise<void>;
}

/** Fills the folder by the real Grype's import. */
export async function fillDatabaseFolder({ folder, builtAt, importFile }: DatabaseFolder): Promise<AdvisoryFacts> {
  mkdirSync(folder, { recursive: true });
  const advisories = readAdvisoryFacts();
  const file = join(folder, 'source.db');
  writeGrypeDatabase({ advisories, builtAt, path: file });
  await importFile(file, folder);
  rmSync(file);
  return advisories;
}

/** The same, marked as what it is, so that every report made with it says so: it is far too small to judge an image by. */
export async function fillDemonstrationFolder(database: DatabaseFolder): Promise<void> {
  const { files, kev } = await fillDatabaseFolder(database);
  const marker = {
    schemaVersion: 1,
    kind: 'demonstration',
    built: database.builtAt,
    advisories: files.reduce((sum, file) => sum + file.advisories.length, 0),
    sources: [...files, kev].map(({ source, asOf }) => ({ source, asOf })),
  };
  writeFileSync(join(database.folder, DEMONSTRATION_MARKER), `${JSON.stringify(marker, null, 2)}\n`);
}
