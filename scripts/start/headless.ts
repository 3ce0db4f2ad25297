// SPDX-License-Identifier: Apache-2.0
// `npm start -- --headless`: the main job without a window, by the built command line and nothing else.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { auditReportSchema, type AuditReport } from '../../src/core/evidence/report.ts';
import { auditText } from '../../src/core/output/audit-text.ts';
import { root } from '../lib/node24.mjs';
import { say } from './progress.ts';

export interface HeadlessRequest {
  /** Folder of the sample image's layout. */
  readonly image: string;
  readonly env: NodeJS.ProcessEnv;
  readonly database: 'grype' | 'demonstration';
}

function cli(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 3));
  });
}

/** What keeps the run from being a success; empty for a report that has everything. */
export function shortcomings(report: AuditReport): string[] {
  const wrong = (['sbom', 'matching'] as const).flatMap((name) => {
    const stage = report.stages[name];
    return stage?.state === 'ok' ? [] : [`the stage ${name} is ${stage?.state ?? 'missing'}: ${stage?.reason ?? ''}`];
  });
  if (report.packages.length === 0) wrong.push('no package was found');
  if (report.vulnerabilities.length === 0) wrong.push('no vulnerability was matched');
  return wrong;
}

/** Lints the sample, audits the sample image, prints both; answers the exit code. */
export async function runHeadless({ image, env, database }: HeadlessRequest): Promise<number> {
  console.log('\n== waybill lint sample');
  // Findings are what the sample is for, so exit code 1 is a success here.
  const linted = await cli(['lint', 'sample', '--fail-on', 'never'], env);
  if (linted !== 0) throw new Error(`waybill lint ended with ${linted}.`);

  console.log('\n== waybill audit of the sample image');
  const scratch = mkdtempSync(join(tmpdir(), 'waybill-start-'));
  try {
    const output = join(scratch, 'report.json');
    const source = `oci-dir:${relative(root, image)}`;
    const audited = await cli(
      ['audit', source, '--format', 'json', '--platform', 'linux/amd64', '--output', output],
      env,
    );
    if (audited !== 0) throw new Error(`waybill audit ended with ${audited}; its own message stands above.`);
    const report = auditReportSchema.parse(JSON.parse(readFileSync(output, 'utf8')));
    console.log(auditText(report, { colour: false, platformAssumed: false }));
    const wrong = shortcomings(report);
    if (report.database?.kind !== database)
      wrong.push(
        `the report says the ${report.database?.kind ?? 'missing'} database, and the ${database} one was chosen`,
      );
    for (const text of wrong) console.error(`failed  ${text}`);
    if (wrong.length > 0) return 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  say('done', `with ${database === 'grype' ? "Grype's own database" : 'the demonstration database'}`);
  return 0;
}
