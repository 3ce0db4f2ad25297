// SPDX-License-Identifier: Apache-2.0
// Installs the locked npm packages when they are missing or older than the lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findNode24, root } from './node24.mjs';

/** True where node_modules is what package-lock.json says. */
export function dependenciesAreInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || findNode24() === null) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
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
