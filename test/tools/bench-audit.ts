// SPDX-License-Identifier: Apache-2.0
// Wall time of `waybill audit` against Syft and Grype run by hand on the same image: alternating pairs, the same
// settings and outputs on both sides, warm caches. For `npm run bench`; tests judge no milliseconds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { run } from '../testbed/command.ts';
import { databaseFolder } from '../testbed/database.ts';
import { imagePaths, type ImageName } from '../testbed/images.ts';
import { projectRoot } from '../testbed/paths.ts';
import { quietToolEnv, toolPath } from '../testbed/tools.ts';

export interface AuditBench {
  readonly image: ImageName;
  /** Milliseconds of each run, in the order of the pairs. */
  readonly byHand: readonly number[];
  readonly waybill: readonly number[];
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Measures `pairs` pairs on one image, after one run of each that does not count. */
export async function benchAudit(image: ImageName, pairs: number = 7): Promise<AuditBench> {
  const scratch = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  try {
    const { ociDir } = await imagePaths(image);
    const [syft, grype] = [await toolPath('syft'), await toolPath('grype')];
    const env = {
      ...quietToolEnv,
      SYFT_GOLANG_CAPTURE_SYMBOLS: 'all',
      SYFT_FILE_METADATA_SELECTION: 'all',
      GRYPE_DB_CACHE_DIR: await databaseFolder('fresh'),
      PATH: [dirname(syft), dirname(grype), process.env['PATH'] ?? ''].join(delimiter),
      WAYBILL_DATA: join(scratch, 'data'),
    };
    const out = (name: string): string => join(scratch, name);
    const byHand = (): Promise<number> =>
      milliseconds(async () => {
        await run(syft, ['scan', '-o', `syft-json=${out('sbom.json')}`, `oci-dir:${ociDir}`], { env });
        await run(grype, ['-o', `json=${out('matches.json')}`, `sbom:${out('sbom.json')}`], { env });
      });
    const cli = join(projectRoot, 'dist', 'cli.js');
    const waybill = (): Promise<number> =>
      milliseconds(() =>
        run(process.execPath, [cli, 'audit', `oci-dir:${ociDir}`, '--format', 'json', '--output', out('report.json')], {
          env,
        }),
      );
    await byHand();
    await waybill();
    const times = { byHand: [] as number[], waybill: [] as number[] };
    for (let pair = 0; pair < pairs; pair++) {
      // Whoever comes first finds other caches than whoever comes second, so they take turns.
      if (pair % 2 === 0) times.byHand.push(await byHand());
      times.waybill.push(await waybill());
      if (pair % 2 === 1) times.byHand.push(await byHand());
    }
    return { image, ...times };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
