// SPDX-License-Identifier: Apache-2.0
// Checks each layer with its own tsconfig: what a layer may touch is proved by its `lib`, `types` and `paths`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
let failed = 0;
for (const { path } of references) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, path)], { stdio: 'inherit' });
  if (status !== 0) {
    failed++;
    console.error(`typecheck: ${path} does not compile`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
