// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSampleImage } from '../../../scripts/lib/sample-image.mjs';
import { plannedFetches } from '../../../scripts/lib/start-plan.mjs';
import { shortcomings } from '../../../scripts/start/headless.ts';
import type { AuditReport } from '../../../src/core/evidence/report.ts';

const ok = { state: 'ok', reason: null, code: null, durationMs: 1 } as const;

/** As much of a report as is looked at. */
const report = (over: Partial<AuditReport>): AuditReport =>
  ({
    stages: { resolve: ok, sbom: ok, database: ok, matching: ok },
    packages: [{}],
    vulnerabilities: [{}],
    ...over,
  }) as AuditReport;

describe('npm start', () => {
  it('is content with a whole report only', () => {
    assert.deepEqual(shortcomings(report({})), []);
    assert.match(shortcomings(report({ packages: [] })).join(), /no package/);
    assert.match(shortcomings(report({ vulnerabilities: [] })).join(), /no vulnerability/);
    const failed = { ...ok, state: 'failed', reason: 'why' } as const;
    const stages = { resolve: ok, evidence: ok, sbom: ok, database: ok, matching: failed };
    assert.deepEqual(shortcomings(report({ stages })), ['the stage matching is failed: why']);
  });

  it('writes the sample image once for the same inputs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-sample-'));
    try {
      assert.equal(ensureSampleImage(folder), true);
      const index = readFileSync(join(folder, 'index.json'), 'utf8');
      assert.equal(ensureSampleImage(folder), false);
      assert.equal(readFileSync(join(folder, 'index.json'), 'utf8'), index);
      assert.ok(existsSync(join(folder, 'oci-layout')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lists every fetch with where it comes from', () => {
    const saved = { ...process.env };
    try {
      Object.assign(process.env, { PATH: '', WAYBILL_DATA: join(tmpdir(), 'waybill-nothing-here') });
      for (const name of ['WAYBILL_SYFT', 'WAYBILL_GRYPE', 'DISPLAY', 'WAYLAND_DISPLAY']) delete process.env[name];
      const lines = plannedFetches({ npm: true, headless: false });
      assert.match(lines[0] ?? '', /npm registry/);
      assert.match(lines.at(-1) ?? '', /VS Code/);
      for (const line of lines) assert.match(line, /https:\/\/|, from |registry/, line);
      assert.ok(!plannedFetches({ npm: false, headless: true }).some((line) => /VS Code|npm packages/.test(line)));
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
      Object.assign(process.env, saved);
    }
  });
});
