// SPDX-License-Identifier: Apache-2.0
// How long `waybill audit` takes against Syft and Grype by hand: the same image, database, settings and outputs on both
// sides, warm caches, in alternating pairs, so that what else the machine does weighs on both.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseFolder } from '../testbed/database.ts';
import { imagePaths, type ImageName } from '../testbed/images.ts';
import { projectRoot } from '../testbed/paths.ts';
import { toolPath } from '../testbed/tools.ts';

export interface AuditPair {
  readonly waybillMs: number;
  readonly byHandMs: number;
}

export interface AuditBench {
  readonly image: ImageName;
  readonly pairs: readonly AuditPair[];
  readonly waybillMs: number;
  readonly byHandMs: number;
  /** Median of the pairs' ratios. */
  readonly ratio: number;
  /** Median of what the command takes more, in milliseconds. */
  readonly moreMs: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function timed(file: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(file, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr.slice(-2000)}`);
  return performance.now() - started;
}

/** Both sides write a syft-json and a JSON report of the matches; the built dist/cli.js is what is measured. */
export async function benchAudit(image: ImageName, runs = 7): Promise<AuditBench> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  try {
    const { ociDir } = await imagePaths(image);
    const [syft, grype] = [await toolPath('syft'), await toolPath('grype')];
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: temporary,
      WAYBILL_DATA: join(folder, 'data'),
      WAYBILL_SYFT: syft,
      WAYBILL_GRYPE: grype,
      GRYPE_DB_CACHE_DIR: await databaseFolder('fresh'),
      GRYPE_DB_AUTO_UPDATE: 'false',
      GRYPE_CHECK_FOR_APP_UPDATE: 'false',
      SYFT_CHECK_FOR_APP_UPDATE: 'false',
      SYFT_GOLANG_CAPTURE_SYMBOLS: 'all',
      SYFT_FILE_METADATA_SELECTION: 'all',
    };
    const sbom = join(folder, 'sbom.json');
    const byHand = (): number =>
      timed(syft, ['scan', `oci-dir:${ociDir}`, '-o', `syft-json=${sbom}`], env) +
      timed(grype, [`sbom:${sbom}`, '-o', `json=${join(folder, 'matches.json')}`], env);
    const cli = join(projectRoot, 'dist', 'cli.js');
    const report = join(folder, 'report.json');
    const ours = (): number =>
      timed(process.execPath, [cli, 'audit', `oci-dir:${ociDir}`, '--format', 'json', '--output', report], env);
    byHand();
    ours();
    const pairs = Array.from({ length: runs }, (_, at): AuditPair => {
      // Who goes first changes from pair to pair.
      if (at % 2 === 0) {
        const byHandMs = byHand();
        return { byHandMs, waybillMs: ours() };
      }
      const waybillMs = ours();
      return { waybillMs, byHandMs: byHand() };
    });
    return {
      image,
      pairs,
      waybillMs: median(pairs.map(({ waybillMs }) => waybillMs)),
      byHandMs: median(pairs.map(({ byHandMs }) => byHandMs)),
      ratio: median(pairs.map(({ waybillMs, byHandMs }) => waybillMs / byHandMs)),
      moreMs: median(pairs.map(({ waybillMs, byHandMs }) => waybillMs - byHandMs)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
