// SPDX-License-Identifier: Apache-2.0
// Hands a script over to the project's Node 24 and ends with its exit code.
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { findNode24, root } from './node24.mjs';

/** Run `script` (relative to the project) with Node 24; signals are passed on. */
export function runOnNode24(script, args) {
  const node = findNode24();
  if (node === null) {
    console.error('Node 24 was not found. Run npm ci, which installs it for this platform, or use Node 24 or later.');
    process.exit(3);
  }
  const child = spawn(node, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exitCode = 3;
  });
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
}
