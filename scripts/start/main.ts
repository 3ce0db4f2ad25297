// SPDX-License-Identifier: Apache-2.0
// The body of `npm start`, on Node 24: build, tools, database, sample image, then VS Code or the same job without it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureSampleImage } from '../lib/sample-image.mjs';
import { root } from '../lib/node24.mjs';
import { defaultDataFolder } from '../../src/node/store/folder.ts';
import { chooseDatabase } from './database.ts';
import { openEditor } from './editor.ts';
import { runHeadless } from './headless.ts';
import { say, withProgress } from './progress.ts';
import { ensureTool } from './tools.ts';

/** Time of the newest file below some paths, in milliseconds. */
function newest(paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths.map((path) => {
      const stats = statSync(path);
      return stats.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stats.mtimeMs;
    }),
  );
}

const SOURCES = ['src', 'webview', 'media', 'package.json', 'package-lock.json', 'esbuild.js'];

/** Builds dist/ unless it is newer than everything that it is made from. */
async function build(): Promise<void> {
  const output = join(root, 'dist', 'cli.js');
  const sources = SOURCES.map((name) => join(root, name)).filter((path) => existsSync(path));
  if (existsSync(output) && statSync(output).mtimeMs > newest(sources)) {
    say('use', 'dist/, which is newer than its sources');
    return;
  }
  await withProgress('the build of dist/', async () => {
    execFileSync(process.execPath, ['esbuild.js', '--minify'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  });
}

async function start(): Promise<number> {
  const off = { type: 'boolean', default: false } as const;
  const { headless, offline } = parseArgs({ options: { headless: off, offline: off } }).values;
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const dataFolder = defaultDataFolder(process.env);
  mkdirSync(dataFolder, { recursive: true });
  const common = { dataFolder, offline, cancel: abort.signal };

  await build();
  const syft = await ensureTool('syft', common);
  const grype = await ensureTool('grype', common);
  const database = await chooseDatabase({ ...common, grype });
  const image = join(root, 'sample', 'image');
  say(ensureSampleImage(image) ? 'make' : 'use', `the sample image, an OCI layout: ${image}`);

  const env = { ...process.env, ...database.env, WAYBILL_SYFT: syft, WAYBILL_GRYPE: grype };
  return headless ? runHeadless({ image, env, database: database.kind }) : openEditor({ image, env, offline, abort });
}

try {
  process.exitCode = await start();
} catch (error) {
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 3;
}
