// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { ITEM } from '../../../src/core/contributions/commands.ts';
import { childNodes } from '../../../src/core/explorer/children.ts';
import { escapeMarkdown } from '../../../src/core/explorer/markdown.ts';
import type { ExplorerNode } from '../../../src/core/explorer/node.ts';
import { rootNodes, viewBadge } from '../../../src/core/explorer/roots.ts';
import { waitingStages, type AuditSession } from '../../../src/core/explorer/session.ts';
import { localSource, sourceOf, typedSource } from '../../../src/core/explorer/source.ts';
import { auditReportSchema, type AuditReport } from '../../../src/core/evidence/report.ts';
import type { StoredReport } from '../../../src/core/ports.ts';
import { exampleEvidence } from '../../support/evidence-examples.ts';
import * as from from '../attestations/statements.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const KEY = `sha256:${'a'.repeat(64)}`;
const none = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };

const stored = (more: Partial<StoredReport> = {}): StoredReport => ({
  key: KEY,
  reference: 'registry:ghcr.io/northwind/payments-api:4.7.1',
  platform: 'linux/amd64',
  generated: '2026-11-25T11:48:00Z',
  packages: 3,
  bySeverity: { ...none, critical: 2, high: 9 },
  knownExploited: 0,
  kevDue: [],
  ...more,
});

const session = (more: Partial<AuditSession> = {}): AuditSession => ({
  id: 1,
  request: {
    source: { scheme: 'oci-dir', target: '/images/reports' },
    platform: null,
    offline: true,
    allowStaleDatabase: false,
  },
  renews: null,
  stages: waitingStages(),
  report: null,
  key: null,
  ...more,
});

function report(packages: number, hostile = 'safe'): AuditReport {
  const ok = { state: 'ok', reason: null, code: null, durationMs: 1 } as const;
  const rows = Array.from({ length: packages }, (_, i) => ({
    id: `npm:${i}`,
    name: i === 0 ? hostile : `package-${i}`,
    version: '1.0.0',
    type: 'npm',
    purl: null,
    licences: [],
    locations: ['/app'],
  }));
  return auditReportSchema.parse({
    schemaVersion: 1,
    generated: '2026-11-25T11:48:00Z',
    image: {
      reference: stored().reference,
      indexDigest: null,
      manifestDigest: null,
      configDigest: KEY,
      platform: null,
      distribution: null,
      size: null,
      layers: null,
      created: null,
      user: null,
      base: null,
    },
    tools: [],
    database: null,
    stages: { resolve: ok, sbom: ok, database: ok, matching: ok },
    packages: rows,
    vulnerabilities: [],
    findings: [],
    summary: {
      packages,
      vulnerabilities: 0,
      bySeverity: none,
      fixable: 0,
      knownExploited: 0,
      byType: { npm: packages },
    },
  });
}

const child = (nodes: readonly ExplorerNode[], label: string): ExplorerNode => {
  const found = nodes.find((node) => node.label === label);
  assert.ok(found, label);
  return found;
};

describe('explorer', () => {
  it('shows a stored report by name, digest, age and a badge of two characters', () => {
    const [node] = rootNodes([], [stored()], NOW);
    assert.ok(node);
    assert.equal(node.label, 'payments-api:4.7.1');
    assert.equal(node.description, 'aaaaaaaa, 12 minutes ago');
    assert.deepEqual(node.badge, { text: '9+', tooltip: '2 critical, 9 high' });
    assert.equal(rootNodes([], [stored({ bySeverity: none })], NOW)[0]?.badge, null);
  });

  it('says first what is past its due date, then what is known to be exploited; the view counts the former', () => {
    const badge = (more: Partial<StoredReport>): string | undefined =>
      rootNodes([], [stored(more)], NOW)[0]?.badge?.text;
    assert.equal(badge({ knownExploited: 2 }), 'K');
    assert.equal(badge({ knownExploited: 1, kevDue: ['2026-11-25'] }), 'K', 'due today is not past due');
    assert.equal(badge({ knownExploited: 1, kevDue: ['2026-11-24'] }), '!');
    assert.equal(viewBadge([stored({ knownExploited: 3, kevDue: ['2026-11-25'] })], NOW), undefined);
    const several = [
      stored({ kevDue: ['2026-01-01', '2026-11-24', '2027-01-01'] }),
      stored({ kevDue: ['2025-01-01'] }),
    ];
    assert.deepEqual(viewBadge(several, NOW), {
      value: 3,
      tooltip: '3 vulnerabilities known to be exploited, past the due date of the KEV catalogue',
    });
  });

  it('shows an audit on the report that it renews, and only there', () => {
    const nodes = rootNodes([session({ renews: KEY })], [stored()], NOW);
    assert.equal(nodes.length, 1);
    assert.equal(nodes[0]?.context, 'waybill.image.running');
    assert.equal(nodes[0]?.icon.id, 'loading~spin');
  });

  it('keeps a failed audit with its reason', () => {
    const failed = report(0);
    const broken = {
      ...failed,
      stages: {
        ...failed.stages,
        resolve: { state: 'failed', reason: 'No image is there.', code: 'image-missing', durationMs: 1 },
      },
    } as const;
    const [node] = rootNodes([session({ report: broken })], [], NOW);
    assert.equal(node?.label, 'reports');
    assert.equal(node?.context, 'waybill.image.failed');
    assert.equal(node?.description, 'No image is there.');
  });

  it('bounds what one node shows, and says how many are left', () => {
    const [root] = rootNodes([], [stored()], NOW);
    assert.ok(root);
    const large = report(1_500);
    const packages = child(childNodes(root, large), 'Packages');
    const npm = child(childNodes(packages, large), 'npm');
    const rows = childNodes(npm, large);
    assert.equal(rows.length, 1_001);
    assert.equal(rows.at(-1)?.label, '500 more');
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  });

  it('makes nothing of a hostile name: no link, no command, no hidden direction', () => {
    const [root] = rootNodes([], [stored()], NOW);
    assert.ok(root);
    const hostile = '[x](command:evil)<img src=x>\u202e$(error)';
    const bad = report(1, hostile);
    const npm = child(childNodes(child(childNodes(root, bad), 'Packages'), bad), 'npm');
    const [row] = childNodes(npm, bad);
    assert.ok(row);
    assert.ok(!row.label.includes('\u202e'));
    assert.ok(!/[^\\]\[x|[^\\]<img|command:|\u202e|[^\\]\$\(/.test(row.tooltip), row.tooltip);
  });

  it('says why vulnerabilities could not be matched', () => {
    const [root] = rootNodes([], [stored()], NOW);
    assert.ok(root);
    const made = report(2);
    const broken: AuditReport = {
      ...made,
      stages: {
        ...made.stages,
        database: { state: 'failed', reason: 'The database is 9 days old.', code: 'database-stale', durationMs: 1 },
        matching: { state: 'skipped', reason: 'There is no database.', code: null, durationMs: null },
      },
    };
    const node = child(childNodes(root, broken), 'Vulnerabilities');
    assert.equal(node.description, 'The database is 9 days old.');
    assert.equal(node.icon.id, 'debug-disconnect');
    assert.equal(node.collapsible, 'none');
  });
});

describe('evidence in the tree', () => {
  const lines = (of: AuditReport): readonly (readonly string[])[] => {
    const [image] = rootNodes([], [stored()], NOW);
    assert.ok(image !== undefined);
    const evidence = childNodes(image, of).find(({ label }) => label === 'Evidence');
    assert.ok(evidence !== undefined);
    return childNodes(evidence, of).map(({ label, description, icon }) => [label, description, icon.id]);
  };

  it('answers as the Overview does, and leads to the tab', async () => {
    const found = await exampleEvidence('items: []\n');
    assert.deepEqual(lines({ ...report(1), evidence: found.evidence }).slice(0, 2), [
      ['Provenance', 'No provenance was found.', 'circle-slash'],
      ['Signatures', 'Not signed. 1 place answered, and none held a signature.', 'circle-slash'],
    ]);
  });

  it('says in a few words what holds, and in a sentence what is to be done', async () => {
    const signer = `signer: '${from.WORKFLOW}'`;
    const found = `items:\n  - {what: signature, ${signer}}\n  - {what: provenance, ${signer}}\n  - {what: spdx, about: another, verdict: invalid, code: subject-mismatch}\n`;
    const policy = (identity: string, images: string): string =>
      `trust:\n  - images: ${images}\n    signers:\n      - {issuer: https://token.actions.githubusercontent.com, identity: '${identity}'}\n`;
    const said = async (text?: string): Promise<readonly (readonly string[])[]> =>
      lines({ ...report(1), evidence: (await exampleEvidence(found, text)).evidence }).slice(0, 2);
    assert.deepEqual(await said(policy(from.WORKFLOW, 'ghcr.io/northwind/**')), [
      ['Provenance', 'SLSA L2, by claim', 'info'],
      ['Signatures', '2 verified, 1 not', 'warning'],
    ]);
    for (const nobody of [undefined, policy(from.WORKFLOW, 'registry.example/**')])
      assert.deepEqual((await said(nobody))[1], ['Signatures', '2 signed, 1 not', 'warning']);
    const [, other] = await said(policy('https://example.test/other', 'ghcr.io/northwind/**'));
    assert.match(other?.[1] ?? '', /^Not verified: /);
  });

  it('lists every statement under Signatures, each with what can be opened of it', async () => {
    const signer = `signer: '${from.WORKFLOW}'`;
    const { evidence } = await exampleEvidence(
      `items:\n  - {what: signature, ${signer}}\n  - {what: provenance, ${signer}}\n  - {what: spdx, verdict: unsigned}\n`,
    );
    const [signature, ...others] = evidence.items;
    assert.ok(signature !== undefined);
    const hostile = { ...signature, label: 'a\u202Eb](command:x)', documents: [] };
    const made = { ...report(1), evidence: { ...evidence, items: [hostile, ...others] } };
    const [image] = rootNodes([], [stored()], NOW);
    assert.ok(image !== undefined);
    const [provenance, signatures] = childNodes(child(childNodes(image, made), 'Evidence'), made);
    assert.ok(provenance !== undefined && signatures !== undefined);
    const at = evidence.items.findIndex(({ digest }) => digest === evidence.slsa.provenance);
    assert.deepEqual([provenance.context, provenance.target?.row], [ITEM.evidence, String(at)]);
    assert.equal(signatures.collapsible, 'collapsed');
    const nodes = childNodes(signatures, made);
    assert.deepEqual(
      nodes.map(({ label, context, target }) => [label, context, target?.tab, target?.row]),
      [
        ['a[U+202E]b](command:x)', ITEM.row, 'signatures', '0'],
        ...others.map(({ label }, index) => [label, ITEM.evidence, 'signatures', String(index + 1)]),
      ],
    );
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
    assert.ok(nodes.every(({ tooltip }) => !/\]\(command:|\u202E/.test(tooltip)));
  });

  it('tells why it was not looked for', () => {
    const made = report(1);
    const reason = 'The audit is offline, and signatures are in the registry.';
    const evidence = { state: 'skipped', reason, code: null, durationMs: null } as const;
    const [provenance] = lines({ ...made, evidence: null, stages: { ...made.stages, evidence } });
    assert.deepEqual(provenance?.slice(0, 2), ['Provenance', reason]);
  });
});

describe('image sources', () => {
  it('reads what a person types', () => {
    assert.deepEqual(typedSource('node:24'), {
      ok: true,
      value: { scheme: 'registry', target: 'docker.io/library/node:24' },
    });
    assert.deepEqual(typedSource(' podman:x '), { ok: true, value: { scheme: 'podman', target: 'x' } });
    for (const bad of ['', '-o', 'docker:-o', 'registry:', 'upper/Case', 'a b']) {
      assert.equal(typedSource(bad).ok, false, bad);
    }
  });

  it('knows a scheme from a registry with a port', () => {
    assert.equal(sourceOf('localhost:5000/x'), null);
    assert.deepEqual(sourceOf('registry:localhost:5000/x'), { scheme: 'registry', target: 'localhost:5000/x' });
  });

  it('finds a name of a file in an engine that answers', () => {
    const image = {
      engine: 'podman',
      id: 'f00',
      reference: 'docker.io/library/node:24',
      createdAt: null,
      size: null,
    } as const;
    const listings = [{ engine: 'podman', result: { ok: true, value: [image] } }] as const;
    assert.deepEqual(localSource('docker.io/library/node:24', listings), {
      scheme: 'podman',
      target: 'docker.io/library/node:24',
    });
    assert.equal(localSource('docker.io/library/node:26', listings), null);
  });
});

describe('escapeMarkdown', () => {
  it('leaves no character that Markdown or VS Code would act on', () => {
    const text = '`*_{}[]()#+-.!~|<>$&:@\\';
    const escaped = escapeMarkdown(text);
    assert.equal(escaped.replace(/\\.|&#\d+;/g, ''), '');
  });
});
