// SPDX-License-Identifier: Apache-2.0
// Installs the locked npm packages when they are missing or other than in the lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNode24, root } from './node24.mjs';

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean }>} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** True where node_modules is what package-lock.json says, by npm's own note of what it installed. */
export function dependenciesAreInstalled() {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note) || findNode24() === null) return false;
  const installed = packagesOf(note);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other platforms are optional, and left out.
    return found === undefined ? optional === true : found.version === version;
  });
}

/** Runs `npm ci` where needed. With `offline`, says what is missing and ends instead. */
export function ensureDependencies({ offline = false } = {}) {
  if (dependenciesAreInstalled()) return;
  if (offline) {
    console.error(
      'The npm packages of package-lock.json are not installed, and --offline fetches nothing. Run npm ci first.',
    );
    process.exit(3);
  }
  console.log('fetch   the npm packages of package-lock.json, from the npm registry (npm ci, no install scripts)');
  const started = performance.now();
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed, so nothing else can run. Its own message stands above.');
    process.exit(3);
  }
  console.log(`done    npm packages in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  if (findNode24() === null) {
    console.error(
      `No Node 24 package exists for ${process.platform}-${process.arch}. Install Node 24 or later and try again.`,
    );
    process.exit(3);
  }
}
