// SPDX-License-Identifier: Apache-2.0
// Runs a script of the project on its own Node 24: node scripts/with-node.mjs SCRIPT [ARG…]
import { spawn } from 'node:child_process';
import { dirname, delimiter } from 'node:path';
import { findNode24, root } from './lib/node24.mjs';

const node = findNode24();
if (node === null) {
  console.error('Node 24 was not found. Run npm ci, which installs it for this platform, or use Node 24 or later.');
  process.exit(3);
}
const child = spawn(node, process.argv.slice(2), {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code, signal) => {
  process.exitCode = signal === null ? code : 1;
});
