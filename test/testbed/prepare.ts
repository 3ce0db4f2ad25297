// SPDX-License-Identifier: Apache-2.0
// Everything that the real tests stand on, made before they start, so that a missing part is the failure and no test
// has to wait for a compiler. `node test/testbed/prepare.ts` does the same by hand.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isCached } from './cache.ts';
import { databaseFolder, isOutdatedDatabase } from './database.ts';
import { debianGroups, ensureDebianPackages, missingDebianPackages } from './debian.ts';
import { fetchDebianParts } from './images/debian.ts';
import { imageIsThere, imageNames, imagePaths, type ImageName } from './images.ts';
import { ledgerTable, say } from './ledger.ts';
import { otherNode } from './node.ts';
import { cacheRoot } from './paths.ts';
import { cosignKeyPair, signingAuthority } from './pki.ts';
import { reapServices } from './services.ts';
import { toolIsThere, toolNames, toolPath, toolVersion } from './tools.ts';
import { vsCodeHome, vsCodeIsThere, vsCodeRelease, type VsCodeVersion } from './vscode-install.ts';

const VS_CODES: readonly VsCodeVersion[] = ['newest', 'oldest'];

/** Removes what no run will ask for again: the databases of earlier days and half-made parts of killed runs. */
function tidy(): void {
  const databases = join(cacheRoot(), 'databases');
  if (!isCached('databases')) return;
  for (const name of readdirSync(databases))
    if (isOutdatedDatabase(name)) rmSync(join(databases, name), { recursive: true, force: true });
}

/** Says what is there and what will be made or fetched, and from where. */
async function listParts(): Promise<void> {
  const there: string[] = [];
  const missing: string[] = [];
  const note = (isThere: boolean, what: string): unknown => (isThere ? there : missing).push(what);
  const system = await missingDebianPackages(debianGroups);
  note(
    system.length === 0,
    system.length === 0 ? 'system packages' : `system packages from Debian: ${system.join(' ')}`,
  );
  for (const name of toolNames) {
    const what = `${name} ${toolVersion(name)}`.trim();
    const isThere = await toolIsThere(name);
    note(isThere, isThere ? what : `${what}, built with Go from the module proxy`);
  }
  for (const version of VS_CODES) {
    const what = `VS Code ${vsCodeRelease(version)}`;
    const isThere = vsCodeIsThere(version);
    note(isThere, isThere ? what : `${what}, from the npm registry (code-server)`);
  }
  for (const name of imageNames) note(await imageIsThere(name), `image ${name}`);
  say('cache', cacheRoot());
  say('have', there.length === 0 ? 'nothing yet' : there.join(', '));
  for (const what of missing) say('need', what);
}

const IMAGES_OF_GO: readonly ImageName[] = ['goapp', 'goapp-multi'];

/** Compilers, one after the other: each of them uses every core. */
async function goLane(): Promise<void> {
  for (const name of toolNames) await toolPath(name);
  for (const name of IMAGES_OF_GO) await imagePaths(name);
}

/** What mostly waits for the network and the disk, beside the compilers. */
async function fetchLane(): Promise<void> {
  await ensureDebianPackages(debianGroups);
  await fetchDebianParts();
  for (const version of VS_CODES) await vsCodeHome(version);
  for (const which of ['oldest', 'tooOld'] as const) await otherNode(which);
  await imagePaths('big');
}

/** Makes every part of the test bed; throws where one cannot be had. */
export async function prepareAll(): Promise<void> {
  reapServices();
  tidy();
  await listParts();
  await Promise.all([goLane(), fetchLane()]);
  for (const name of imageNames) await imagePaths(name);
  for (const variant of ['fresh', 'demonstration', 'stale'] as const) await databaseFolder(variant);
  await cosignKeyPair();
  await signingAuthority();
  console.error(`\n${ledgerTable()}\n`);
}

if (import.meta.main) await prepareAll();
