// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { withExceptions } from '../../../src/core/evidence/exceptions.ts';
import { auditReportSchema, type AuditReport } from '../../../src/core/evidence/report.ts';
import { auditDocument, reachesThreshold } from '../../../src/core/output/audit-document.ts';
import { auditSarif } from '../../../src/core/output/audit-sarif.ts';
import { auditText } from '../../../src/core/output/audit-text.ts';
import { loadPolicy } from '../../../src/core/policy/loader.ts';
import { artifact, digest, match, reportOf } from './reports.ts';

const TODAY = '2026-11-25';
const TOOL = { name: 'waybill', version: '0' };
const TEXT = { colour: false, platformAssumed: false };

const waiver = (more: string, expires = '2027-01-31'): string =>
  `  - {owner: platform, reason: not reached from outside, expires: ${expires}, ${more}}\n`;
const under = async (report: AuditReport, ...waivers: readonly string[]): Promise<AuditReport> =>
  withExceptions(report, await loadPolicy('p.yaml', async () => null, `waivers:\n${waivers.join('')}`), TODAY);
const excepted = ({ vulnerabilities }: AuditReport): readonly string[] =>
  vulnerabilities.filter((row) => row.excepted !== null).map(({ id }) => id);

describe('exceptions in an audit', () => {
  const matches = [match('GHSA-aaaa', '1'), match('CVE-2026-1', '2', { severity: 'Critical' })];
  let report: AuditReport;
  before(async () => {
    report = await reportOf(
      [artifact('1', 'lodash'), artifact('2', 'axios')],
      [{ ...matches[0], relatedVulnerabilities: [{ id: 'CVE-2026-2', dataSource: '' }] }, matches[1]],
    );
    assert.equal(report.vulnerabilities.length, 2);
  });

  it('keep the match, with who, why and until when, and count it', async () => {
    const found = await under(report, waiver('vulnerability: CVE-2026-2'));
    assert.equal(found.vulnerabilities.length, 2);
    assert.deepEqual(found.vulnerabilities.find(({ id }) => id === 'GHSA-aaaa')?.excepted, {
      by: 'waiver',
      owner: 'platform',
      reason: 'not reached from outside',
      expires: '2027-01-31',
    });
    assert.equal(found.summary.vulnerabilities, 2);
    assert.equal(found.summary.excepted, 1);
    assert.deepEqual(
      report.vulnerabilities.filter((row) => row.excepted !== null),
      [],
    );
    assert.deepEqual(auditDocument(found).vulnerabilities, found.vulnerabilities);
  });

  it('hold for the packages, images and digests of their scope', async () => {
    const fits = async (scope: string): Promise<boolean> =>
      excepted(await under(report, waiver(`vulnerability: CVE-2026-1, scope: ${scope}`))).length === 1;
    for (const scope of [
      '{packages: [axios]}',
      '{packages: ["pkg:npm/axios@*"]}',
      '{packages: ["axios@1.0"]}',
      '{images: [image]}',
      '{images: ["docker.io/library/*"]}',
      `{digests: ["${digest('c')}"]}`,
      `{digests: ["${digest('a')}"], packages: [axios]}`,
      '{bases: ["docker.io/library/debian:*"]}',
    ])
      assert.ok(await fits(scope), scope);
    for (const scope of [
      '{packages: [lodash]}',
      '{images: [other]}',
      `{digests: ["${digest('d')}"]}`,
      `{digests: ["${digest('a')}"], packages: [lodash]}`,
      '{files: ["**"]}',
    ])
      assert.ok(!(await fits(scope)), scope);
  });

  it('no longer hold once they have ended: the match counts, and the end is a finding', async () => {
    const found = await under(
      report,
      waiver('vulnerability: CVE-2026-1', '2026-11-24'),
      waiver('rule: WB1003', '2020-01-01'),
    );
    assert.deepEqual(excepted(found), []);
    assert.deepEqual(
      found.findings.map(({ ruleId, message }) => `${ruleId} ${message}`),
      ['WB0002 Waiver for CVE-2026-1 ended on 2026-11-24. Renew it with a reason or fix the finding.'],
    );
    assert.match(auditText(found, TEXT), /warning: Waiver for CVE-2026-1 ended on 2026-11-24/);
    assert.ok(reachesThreshold(found, 'critical'));
  });

  it('do not count for a threshold', async () => {
    const found = await under(report, waiver('vulnerability: CVE-2026-1'));
    assert.ok(reachesThreshold(report, 'critical'));
    assert.ok(!reachesThreshold(found, 'critical'));
    assert.ok(reachesThreshold(found, 'high'));
  });

  it('leave findings of images the same ones tomorrow', () => {
    const printed = (days: number, root = 'seed'): unknown => {
      const message = `The trust root ${root} is of 2026-01-10, ${days} days ago.`;
      const finding = { ruleId: 'WB4009', slug: 'trust-root-or-key-stale', severity: 'warning', message } as const;
      const log = JSON.parse(
        auditSarif({ ...report, findings: [{ ...finding, suppressed: null }] }, TOOL, (each) => each),
      );
      return log.runs[0].results.at(-1).partialFingerprints;
    };
    assert.deepEqual(printed(319), printed(320));
    assert.notDeepEqual(printed(319), printed(319, 'tuf:tuf.example'));
  });

  it('stand in the text with owner and day, and in SARIF as suppressions', async () => {
    const found = await under(report, waiver('vulnerability: CVE-2026-1'));
    const text = auditText(found, TEXT);
    assert.match(text, /^2 known vulnerabilities: 1 critical, 1 high\./m);
    assert.match(
      text,
      /Excepted by waivers, and counted above:\n {2}critical {2}CVE-2026-1 {2}axios 1\.0 {2}by platform until 2027-01-31: not reached from outside\n/,
    );
    const log = JSON.parse(auditSarif(found, TOOL, (each) => each));
    const results: { ruleId: string; suppressions?: unknown }[] = log.runs[0].results;
    assert.deepEqual(
      results.map(({ ruleId, suppressions }) => [ruleId, suppressions ?? null]),
      [
        [
          'CVE-2026-1',
          [
            {
              kind: 'external',
              status: 'accepted',
              justification: 'not reached from outside',
              properties: { owner: 'platform', expires: '2027-01-31' },
            },
          ],
        ],
        ['GHSA-aaaa', null],
      ],
    );
    const all = auditText(
      await under(report, waiver('vulnerability: CVE-2026-1'), waiver('vulnerability: GHSA-aaaa')),
      TEXT,
    );
    assert.ok(all.includes('CVE-2026-1') && all.includes('GHSA-aaaa'));
  });

  it('are null in reports that were stored before there were any', () => {
    const { excepted: _, ...summary } = report.summary;
    const old = {
      ...report,
      summary,
      vulnerabilities: report.vulnerabilities.map(({ excepted: __, ...row }) => row),
    };
    assert.deepEqual(auditReportSchema.parse(JSON.parse(JSON.stringify(old))), report);
  });
});
