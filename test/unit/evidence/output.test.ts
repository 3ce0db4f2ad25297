// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import {
  auditDocument,
  isComplete,
  reachesThreshold,
  severityCounts,
} from '../../../src/core/output/audit-document.ts';
import { auditSarif } from '../../../src/core/output/audit-sarif.ts';
import { auditText } from '../../../src/core/output/audit-text.ts';
import { err, ok } from '../../../src/core/model/result.ts';
import { artifact, FRESH, match, reportOf } from './reports.ts';

const TEXT = { colour: false, platformAssumed: true };
const TOOL = { name: 'waybill', version: '0.0.0' };
const identity = (text: string): string => text;

const KEV = [
  { dateAdded: '2023-10-10', dueDate: '2023-10-31', requiredAction: 'Patch.', knownRansomwareCampaignUse: 'Unknown' },
];
const PACKAGES = [artifact('1', 'lodash'), artifact('2', 'axios')];
const MATCHES = [
  match('GHSA-medium', '2', { severity: 'Medium', fix: { state: 'wont-fix', versions: [] } }),
  match('GHSA-risky', '1', { risk: 60 }),
  match('GHSA-kev', '1', { knownExploited: KEV, risk: 1 }),
];

describe('auditDocument', () => {
  it('has the keys of the contract, null where there is nothing, and no durations', async () => {
    const document = auditDocument(await reportOf(PACKAGES, MATCHES));
    assert.deepEqual(Object.keys(document), [
      'schemaVersion',
      'generated',
      'image',
      'tools',
      'database',
      'stages',
      'packages',
      'vulnerabilities',
      'findings',
      'summary',
      'evidence',
    ]);
    for (const stage of Object.values(document.stages)) assert.equal(stage.durationMs, null);
    const [row] = document.vulnerabilities;
    for (const key of ['id', 'aliases', 'namespace', 'severity', 'packageId', 'fix', 'epss', 'kev', 'locations'])
      assert.ok(row !== undefined && key in row, key);
    assert.equal(document.image.indexDigest, null);
    assert.ok(!JSON.stringify(document).includes('undefined'));
  });

  it('counts at or over a threshold, unknown only when that is asked for', async () => {
    const report = await reportOf(PACKAGES, [match('GHSA-x', '1', { severity: 'Unknown' })]);
    assert.equal(reachesThreshold(report, 'negligible'), false);
    assert.equal(reachesThreshold(report, 'unknown'), true);
    const high = await reportOf(PACKAGES, MATCHES);
    assert.equal(reachesThreshold(high, 'critical'), false);
    assert.equal(reachesThreshold(high, 'high'), true);
    assert.equal(severityCounts(high.summary.bySeverity), '2 high, 1 medium');
  });
});

describe('auditText', () => {
  it('says who, when, by what, and the worst first', async () => {
    const text = auditText(await reportOf(PACKAGES, MATCHES), TEXT);
    assert.match(
      text,
      /^oci-dir:image\n\nPlatform {2}linux\/amd64\nManifest {2}sha256:a{64}\nConfig {4}sha256:c{64}\n/,
    );
    assert.match(text, /System {4}debian 12, 2 layers, 2 MB, made 2025-10-09, runs as root\n/);
    assert.match(text, /Audited {3}2026-11-23 10:00 UTC by syft 1\.54\.0 and grype 0\.120\.0\n/);
    assert.match(
      text,
      /2 packages: 2 npm\n3 known vulnerabilities: 2 high, 1 medium\. 2 with a fix, 1 known to be exploited\./,
    );
    assert.ok(text.indexOf('GHSA-kev') < text.indexOf('GHSA-risky'));
    assert.ok(text.indexOf('GHSA-risky') < text.indexOf('GHSA-medium'));
    assert.match(text, /GHSA-medium .* won't fix/);
    assert.ok(!text.includes('epss'), 'a column that says nothing is left out');
    assert.ok(!text.includes('\u001b'));
    assert.ok(auditText(await reportOf(PACKAGES, MATCHES), { ...TEXT, colour: true }).includes('\u001b[31mhigh'));
  });

  it('names the demonstration database and a stale one', async () => {
    const database = { ...FRESH, kind: 'demonstration' as const };
    const report = await reportOf(PACKAGES, []);
    assert.match(auditText({ ...report, database }, TEXT), /demonstration database, which knows a few advisories only/);
    assert.match(auditText({ ...report, database: { ...FRESH, stale: true } }, TEXT), /past its limit/);
    assert.match(auditText(report, TEXT), /No known vulnerabilities in 2 packages\.\n$/);
  });

  it('lets no text of the image move the cursor or turn the reading direction', async () => {
    const evil = artifact('1', 'a\u001b[2Jb\u202ec\n');
    const text = auditText(await reportOf([evil], [match('GHSA-\u001b]0;x\u0007', '1')]), TEXT);
    assert.ok([...text].every((each) => each === '\n' || (each >= ' ' && each !== '\u202e')));
  });

  it('says which stage failed and what to do, and shows what there is', async () => {
    const matcher = {
      database: async () => ok(FRESH),
      match: async () =>
        err({ code: 'tool-failed' as const, what: 'Grype stopped', why: 'a fault', todo: 'Try again.' }),
    };
    const report = await reportOf(PACKAGES, [], { matcher });
    assert.match(auditText(report, TEXT), /2 packages.*\n\nmatching failed: Grype stopped: a fault\. Try again\.\n$/);
    assert.equal(isComplete(report), false);
  });
});

interface Log {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string; properties: Record<string, string> }[] } };
    invocations: { executionSuccessful: boolean; toolExecutionNotifications: { message: { text: string } }[] }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
    }[];
  }[];
}

describe('auditSarif', () => {
  it('has one rule a vulnerability, one result a package, and places that are URIs', async () => {
    const packages = [...PACKAGES, artifact('3', 'qs')];
    const matches = [...MATCHES, match('GHSA-risky', '3')];
    const log = JSON.parse(auditSarif(await reportOf(packages, matches), TOOL, identity)) as Log;
    const [run] = log.runs;
    assert.ok(run !== undefined);
    assert.equal(log.version, '2.1.0');
    const { rules } = run.tool.driver;
    assert.equal(new Set(rules.map(({ id }) => id)).size, 3);
    assert.equal(run.results.length, 4);
    for (const { ruleId, ruleIndex, locations } of run.results) {
      assert.equal(rules[ruleIndex]?.id, ruleId);
      for (const { physicalLocation } of locations) assert.match(physicalLocation.artifactLocation.uri, /^[\w.~%/-]+$/);
    }
    assert.equal(run.results.find(({ ruleId }) => ruleId === 'GHSA-medium')?.level, 'warning');
    assert.match(
      run.results[0]?.message.text ?? '',
      /affects lodash 1\.0 \(npm\)\. It is known to be exploited\. Fixed in 1\.1\./,
    );
    assert.equal(run.invocations[0]?.executionSuccessful, true);
  });

  it('encodes hostile paths, and tells of failed stages', async () => {
    const odd = match('GHSA-x', '1');
    odd['artifact'] = { id: '1', name: 'x', version: '1', locations: [{ path: '/a b/\ud800/ü#?.js' }] };
    const log = JSON.parse(auditSarif(await reportOf(PACKAGES, [odd]), TOOL, identity)) as Log;
    const uri = log.runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri;
    assert.equal(uri, 'a%20b/%EF%BF%BD/%C3%BC%23%3F.js');
    const resolver = {
      resolve: async () => err({ code: 'image-missing' as const, what: 'No image', why: 'none', todo: '' }),
    };
    const failed = JSON.parse(auditSarif(await reportOf([], [], { resolver }), TOOL, identity)) as Log;
    const [invocation] = failed.runs[0]?.invocations ?? [];
    assert.equal(invocation?.executionSuccessful, false);
    assert.match(invocation?.toolExecutionNotifications[0]?.message.text ?? '', /resolve failed: No image/);
  });
});
