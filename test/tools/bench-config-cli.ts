// SPDX-License-Identifier: Apache-2.0
// `waybill lint` over as many melange files as Wolfi has, start-up included, against ParseConfiguration on the same files
// one after another in one Go process: for scripts/bench.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { melangeFile } from '../rules/bench-config.ts';
import { projectRoot } from '../testbed/paths.ts';
import { toolPath } from '../testbed/tools.ts';

const FILES = 3400;

export interface LintedConfigs {
  /** Medians of wall times in milliseconds. */
  readonly waybillMs: number;
  readonly goMs: number;
  /** Median of the pairs' ratios. */
  readonly ratio: number;
  readonly lines: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Most of them of 40 to 120 lines, one in twenty of 400. */
const linesOf = (i: number): number => (i % 20 === 0 ? 400 : 40 + (i % 80));

export async function benchConfigCli(pairs: number, cli = join(projectRoot, 'dist', 'cli.js')): Promise<LintedConfigs> {
  const program = await toolPath('config-check');
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  try {
    mkdirSync(join(folder, 'os'));
    let lines = 0;
    const files = Array.from({ length: FILES }, (_, i) => {
      const text = melangeFile(linesOf(i), i);
      lines += text.split('\n').length - 1;
      const name = join('os', `hello${i}.yaml`);
      writeFileSync(join(folder, name), text);
      return name;
    });
    const timed = (command: string, args: readonly string[]): [number, string] => {
      const started = performance.now();
      const { status, stdout, stderr } = spawnSync(command, args, {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 29,
      });
      const took = performance.now() - started;
      assert.ok(status === 0 || status === 1, `${command} ended with ${status}: ${stderr.slice(-1000)}`);
      return [took, stdout];
    };
    const waybill: number[] = [];
    const go: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const [ours, stdout] = timed(process.execPath, [cli, 'lint', '--format', 'json', 'os']);
      const document = JSON.parse(stdout) as { files: { error: unknown }[] };
      assert.equal(document.files.length, FILES);
      assert.ok(document.files.every(({ error }) => error === null));
      waybill.push(ours);
      go.push(timed(program, ['time', ...files])[0]);
    }
    const ratio = median(waybill.map((ours, i) => ours / (go[i] ?? Infinity)));
    return { waybillMs: median(waybill), goMs: median(go), ratio, lines };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
