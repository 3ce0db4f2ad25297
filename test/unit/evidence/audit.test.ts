// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { audit } from '../../../src/core/evidence/audit.ts';
import { auditReportSchema, reportKey } from '../../../src/core/evidence/report.ts';
import type { Problem } from '../../../src/core/model/problem.ts';
import { err, ok } from '../../../src/core/model/result.ts';
import type { AuditEvent } from '../../../src/core/ports.ts';
import {
  artifact,
  digest,
  FRESH,
  match,
  never,
  NOW,
  ports,
  reportOf,
  REQUEST,
  RESOLVED,
  scannerOf,
  sbomDocument,
} from './reports.ts';

const problem = (code: Problem['code'], what = 'It failed'): Problem => ({
  code,
  what,
  why: 'a reason',
  todo: 'Do this.',
});
const PACKAGES = [artifact('1', 'lodash'), artifact('2', 'axios')];
const MATCHES = [match('GHSA-b', '2', { severity: 'Low' }), match('GHSA-a', '1', { severity: 'Critical' })];

describe('audit', () => {
  it('makes one report of what resolver, scanner and matcher say', async () => {
    const report = await reportOf(PACKAGES, MATCHES);
    auditReportSchema.parse(report);
    assert.equal(report.generated, new Date(NOW).toISOString());
    assert.deepEqual(report.image, {
      reference: 'oci-dir:image',
      indexDigest: null,
      manifestDigest: digest('a'),
      configDigest: digest('c'),
      platform: 'linux/amd64',
      distribution: 'debian 12',
      size: 1_500_000,
      layers: 2,
      created: '2025-10-09T08:53:20.000Z',
      user: '',
      base: { name: 'docker.io/library/debian:12', digest: null },
    });
    assert.deepEqual(
      report.packages.map(({ id }) => id),
      ['npm/axios@1.0#/lib/axios', 'npm/lodash@1.0#/lib/lodash'],
    );
    assert.deepEqual(
      report.vulnerabilities.map(({ id, severity, packageId }) => [id, severity, packageId]),
      [
        ['GHSA-a', 'critical', 'npm/lodash@1.0#/lib/lodash'],
        ['GHSA-b', 'low', 'npm/axios@1.0#/lib/axios'],
      ],
    );
    assert.deepEqual(
      report.tools.map(({ name }) => name),
      ['syft', 'grype'],
    );
    assert.equal(report.summary.bySeverity.critical, 1);
    assert.equal(reportKey(report), digest('c'));
  });

  it('gives the same bytes whatever the order in which the tools list things', async () => {
    const twins = [
      artifact('1', 'a', { purl: 'pkg:npm/a@1.0?x=1' }),
      artifact('2', 'a', { purl: 'pkg:npm/a@1.0?x=2' }),
      artifact('3', 'b', { locations: [{ path: '/z' }, { path: '/a' }] }),
    ];
    const matches = [
      match('GHSA-1', '1'),
      match('GHSA-1', '2'),
      match('GHSA-2', '3'),
      match('GHSA-1', '1', { risk: 5 }),
    ];
    const one = JSON.stringify(await reportOf(twins, matches));
    assert.equal(JSON.stringify(await reportOf(twins.toReversed(), matches.toReversed())), one);
  });

  it('tells each stage as it goes, and asks for the database before the scan ends', async () => {
    const events: AuditEvent[] = [];
    await audit(REQUEST, ports(PACKAGES, MATCHES), (event) => events.push(event), never);
    const states = (stage: string): string[] =>
      events.filter((event) => event.stage === stage).map(({ state }) => state);
    for (const stage of ['resolve', 'sbom', 'database', 'matching']) assert.equal(states(stage).at(0), 'waiting');
    for (const stage of ['resolve', 'sbom', 'database', 'matching']) assert.equal(states(stage).at(-1), 'ok');
    const at = (stage: string, state: string): number =>
      events.findIndex((event) => event.stage === stage && event.state === state);
    assert.ok(at('database', 'running') < at('sbom', 'ok'));
  });

  it('keeps the packages when matching failed, and says why in its own stage', async () => {
    const matcher = { database: async () => ok(FRESH), match: async () => err(problem('tool-failed')) };
    const { report, sbomPath } = await audit(REQUEST, ports(PACKAGES, [], { matcher }), () => undefined, never);
    assert.equal(report.packages.length, 2);
    assert.deepEqual(report.stages.matching.state, 'failed');
    assert.equal(report.stages.matching.reason, 'It failed: a reason. Do this.');
    assert.equal(report.stages.matching.code, 'tool-failed');
    assert.equal(sbomPath, '/sbom');
  });

  it('does not match with a database past its limit unless that was asked for, and names it either way', async () => {
    const stale = { ...FRESH, built: '2026-01-01T00:00:00.000Z', stale: true };
    const matcher = { ...ports([], []).matcher, database: async () => ok(stale) };
    const refused = await reportOf(PACKAGES, MATCHES, { matcher });
    assert.equal(refused.stages.database.code, 'database-stale');
    assert.equal(refused.stages.matching.state, 'skipped');
    assert.deepEqual(refused.database, stale);
    const request = { ...REQUEST, allowStaleDatabase: true };
    const { report } = await audit(request, ports(PACKAGES, [], { matcher }), () => undefined, never);
    assert.equal(report.stages.matching.state, 'ok');
    assert.equal(report.database?.stale, true);
  });

  it('scans nothing when the image was not found, and still says how the database is', async () => {
    let scanned = false;
    const { report, sbomPath } = await audit(
      REQUEST,
      ports([], [], {
        resolver: { resolve: async () => err(problem('image-missing')) },
        scanner: { sbom: async () => ((scanned = true), err(problem('internal'))) },
      }),
      () => undefined,
      never,
    );
    assert.equal(scanned, false);
    assert.equal(sbomPath, null);
    assert.deepEqual(
      Object.entries(report.stages).map(([name, { state }]) => `${name} ${state}`),
      ['resolve failed', 'evidence skipped', 'sbom skipped', 'database ok', 'matching skipped'],
    );
    assert.equal(reportKey(report), null);
  });

  it('refuses an SBOM of another image, except from an engine, which may rewrite images', async () => {
    const other = scannerOf(sbomDocument([], digest('d')));
    const { report, sbomPath } = await audit(REQUEST, ports([], [], { scanner: other }), () => undefined, never);
    assert.equal(report.stages.sbom.code, 'tool-output');
    assert.match(report.stages.sbom.reason ?? '', /the scanner read sha256:d+, and sha256:c+ was asked for/);
    assert.equal(sbomPath, null);
    const resolver = { resolve: async () => ok({ ...RESOLVED, source: { scheme: 'docker' as const, target: 'x' } }) };
    const engine = await audit(REQUEST, ports([], [], { scanner: other, resolver }), () => undefined, never);
    assert.equal(engine.report.stages.sbom.state, 'ok');
  });

  it('ends every stage as cancelled once it was asked to stop, whatever the tool answered', async () => {
    const abort = new AbortController();
    const scanner = {
      sbom: async () => {
        abort.abort();
        return err(problem('tool-failed'));
      },
    };
    const { report } = await audit(REQUEST, ports([], [], { scanner }), () => undefined, abort.signal);
    assert.equal(report.stages.sbom.state, 'cancelled');
    assert.equal(report.stages.matching.state, 'cancelled');
    assert.equal(report.stages.matching.reason, 'Cancelled.');
  });

  it('turns what is thrown into a failed stage', async () => {
    const resolver = {
      resolve: async () => {
        throw new Error('a bug');
      },
    };
    const report = await reportOf([], [], { resolver });
    assert.equal(report.stages.resolve.code, 'internal');
    assert.match(report.stages.resolve.reason ?? '', /a bug/);
  });

  it('refuses documents that are no SBOM or no matches, or that do not belong together', async () => {
    const tool = { name: 'x', version: '' };
    for (const document of [null, [], {}, { artifacts: 5, source: {} }, { artifacts: [] }]) {
      assert.equal((await reportOf([], [], { scanner: scannerOf(document) })).stages.sbom.code, 'tool-output');
    }
    for (const document of [null, {}, { matches: [{}] }, { matches: [match('GHSA-x', 'unknown')] }]) {
      const matcher = { database: async () => ok(FRESH), match: async () => ok({ tool, document }) };
      assert.equal((await reportOf(PACKAGES, [], { matcher })).stages.matching.code, 'tool-output');
    }
  });
});
