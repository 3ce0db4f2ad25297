// SPDX-License-Identifier: Apache-2.0
// A waiver in the panel and in the tree: what it accepts stays where it is, with its owner and its last day.
import assert from 'node:assert/strict';
import { withExceptions } from '../../../src/core/evidence/exceptions.ts';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import { childNodes } from '../../../src/core/explorer/children.ts';
import type { ExplorerNode } from '../../../src/core/explorer/node.ts';
import { WAIVER_EXPIRED } from '../../../src/core/panel/overview.ts';
import { PanelSession } from '../../../src/core/panel/session.ts';
import { cellText } from '../../../src/core/panel/table.ts';
import { loadPolicy } from '../../../src/core/policy/loader.ts';
import { type HostMessage, hostMessageSchema } from '../../../src/core/protocol/panel.ts';
import { waiverExpired } from '../../../src/core/rules/policy.ts';
import { NOW, paymentsReport } from '../../webview/fixtures.ts';

const TODAY = '2026-11-23';
const POLICY = [
  'waivers:',
  '  - vulnerability: CVE-2023-44487',
  '    owner: payments team',
  '    reason: the server sits behind a proxy that limits streams',
  '    expires: 2026-12-31',
  '  - {vulnerability: CVE-2023-45288, owner: platform, reason: r, expires: 2026-11-01}',
  '',
].join('\n');

async function under(text: string, report = paymentsReport()): Promise<AuditReport> {
  const policy = await loadPolicy('.waybill.yaml', () => Promise.resolve(null), text);
  assert.deepEqual(policy.problems, []);
  return withExceptions(report, policy, TODAY);
}

function opened(report: AuditReport): PanelSession {
  const made = new PanelSession('registry:ghcr.io/northwind/payments-api:4.7.1', { now: () => NOW });
  made.show(report);
  made.receive({ v: 1, type: 'ready' });
  return made;
}

function state(made: PanelSession): Extract<HostMessage, { type: 'state' }> {
  const message = made.state();
  assert.ok(message.type === 'state' && hostMessageSchema.safeParse(message).success);
  return message;
}

function rowsOf(made: PanelSession, hidden: Record<string, string[]> = {}) {
  const query = { table: 'vulnerabilities', sort: [], filter: '', hidden };
  const [page] = made.receive({ v: 1, type: 'rows', id: 1, query, from: 0, to: 100 }).messages;
  assert.ok(page?.type === 'rowsPage' && hostMessageSchema.safeParse(page).success);
  return page;
}

describe('exceptions in the panel', () => {
  it('go by the name that the rule of ended waivers has', () => assert.equal(WAIVER_EXPIRED, waiverExpired.slug));

  it('stay in the table with owner and last day, and can be filtered either way', async () => {
    const made = opened(await under(POLICY));
    const { columns } = state(made).tables.vulnerabilities;
    const at = columns.findIndex(({ key }) => key === 'status');
    assert.equal(columns[at]?.title, 'Status');
    const all = rowsOf(made);
    assert.equal(all.matching, 27);
    const cells = all.rows.map((row) => cellText(row.cells[at] ?? ''));
    assert.deepEqual(
      cells.filter((text) => text !== 'open'),
      ['excepted until 2026-12-31, by payments team'],
    );
    assert.deepEqual(all.facets.find(({ key }) => key === 'status')?.values, [
      { value: 'open', label: 'Open', count: 26, tone: null },
      { value: 'excepted', label: 'Excepted', count: 1, tone: null },
    ]);
    assert.equal(rowsOf(made, { status: ['excepted'] }).matching, 26);
    const [excepted] = rowsOf(made, { status: ['open'] }).rows;
    const [answer] = made.receive({
      v: 1,
      type: 'detail',
      id: 2,
      table: 'vulnerabilities',
      row: excepted?.id ?? '',
    }).messages;
    assert.ok(answer?.type === 'detailOf' && answer.detail !== null);
    const [first] = answer.detail.sections;
    assert.equal(first?.title, 'Excepted');
    assert.deepEqual(
      first.fields.map(({ label, value }) => `${label}: ${value}`),
      ['Owner: payments team', 'Reason: the server sits behind a proxy that limits streams', 'Until: 2026-12-31'],
    );
  });

  it('add no column and no facet where nothing is excepted', () => {
    const made = opened(paymentsReport());
    assert.ok(state(made).tables.vulnerabilities.columns.every(({ key }) => key !== 'status'));
    assert.ok(rowsOf(made).facets.every(({ key }) => key !== 'status'));
  });

  it('are counted in the answer, which is given by what is open', async () => {
    const known = (report: AuditReport) =>
      state(opened(report)).overview.answers.find(({ id }) => id === 'known') ?? assert.fail();
    const some = known(await under(POLICY));
    assert.equal(some.sentence, '27 known vulnerabilities: 1 is exploited (KEV), 17 have a fix and 1 is excepted.');
    const every = paymentsReport()
      .vulnerabilities.map(({ id }) => `  - {vulnerability: ${id}, owner: a, reason: b, expires: 2026-12-31}\n`)
      .join('');
    const all = known(await under(`waivers:\n${every}`));
    assert.equal(all.state, 'notice');
    assert.match(all.sentence, /^27 known .* and all are excepted\.$/);
    const critical = paymentsReport().vulnerabilities.filter(({ severity }) => severity === 'critical');
    const one = critical.map(({ id }) => `  - {vulnerability: ${id}, owner: a, reason: b, expires: 2026-12-31}\n`);
    // One that is known to be exploited is still open.
    assert.equal(known(await under(`waivers:\n${one.join('')}`)).state, 'failed');
  });

  it('that have ended are told above everything, and their findings are open', async () => {
    const ended = (count: number) =>
      Array.from(
        { length: count },
        (_, i) => `  - {vulnerability: CVE-2026-${i}, owner: a, reason: b, expires: 2026-11-01}\n`,
      ).join('');
    const notices = async (text: string) =>
      state(opened(await under(text))).overview.notices.map(({ kind, text: said }) => `${kind}: ${said}`);
    assert.deepEqual(await notices(POLICY), [
      'attention: Waiver for CVE-2023-45288 ended on 2026-11-01. Renew it with a reason or fix the finding.',
    ]);
    const many = await notices(`waivers:\n${ended(5)}`);
    assert.equal(many.length, 4);
    assert.equal(many[3], 'attention: 2 other waivers ended too.');
  });

  it('come and go with their policy while the panel is open, and leave a running audit alone', async () => {
    const made = opened(paymentsReport());
    const { revision } = state(made);
    made.judgedAnew(await under(POLICY));
    assert.ok(state(made).revision > revision);
    assert.equal(rowsOf(made, { status: ['open'] }).matching, 1);
    made.start();
    made.judgedAnew(paymentsReport());
    assert.equal(made.running, true);
    assert.equal(rowsOf(made).matching, 27);
    made.stage({
      stage: 'sbom',
      state: 'ok',
      message: null,
      code: null,
      soFar: { ...paymentsReport(), vulnerabilities: [] },
    });
    assert.deepEqual(made.judgedAnew(paymentsReport()), []);
    assert.equal(rowsOf(made).matching, 0);
  });

  it('as long as a policy may write them stay within what the page takes', async () => {
    const long = 'x'.repeat(1_024);
    const made = opened(
      await under(
        `waivers:\n  - {vulnerability: CVE-2023-44487, owner: ${long}, reason: ${long}, expires: 2026-12-31}\n`,
      ),
    );
    const [row] = rowsOf(made, { status: ['open'] }).rows;
    const [answer] = made.receive({
      v: 1,
      type: 'detail',
      id: 2,
      table: 'vulnerabilities',
      row: row?.id ?? '',
    }).messages;
    assert.ok(hostMessageSchema.safeParse(answer).success);
  });
});

describe('exceptions in the tree', () => {
  const root: ExplorerNode = {
    id: 'image',
    label: 'payments-api:4.7.1',
    description: '',
    icon: { id: 'package', colour: null },
    tooltip: '',
    collapsible: 'collapsed',
    context: '',
    badge: null,
    reference: 'registry:ghcr.io/northwind/payments-api:4.7.1',
    image: { key: 'sha256:00', session: null },
    branch: { kind: 'image' },
    target: null,
  };
  const named = (nodes: readonly ExplorerNode[], label: string): ExplorerNode =>
    nodes.find((node) => node.label === label) ?? assert.fail(nodes.map((node) => node.label).join(', '));

  it('are counted above, and stand last among their like with owner and last day', async () => {
    const report = await under(POLICY);
    const vulnerabilities = named(childNodes(root, report), 'Vulnerabilities');
    assert.equal(vulnerabilities.description, '27, 17 with a fix, 1 excepted');
    const high = named(childNodes(vulnerabilities, report), 'High');
    assert.equal(high.description, '8, 1 in KEV, 1 excepted');
    const rows = childNodes(high, report);
    assert.equal(rows.length, 8);
    const last = rows.at(-1);
    assert.equal(`${last?.label} ${last?.description}`, 'CVE-2023-44487 golang.org/x/net, excepted until 2026-12-31');
    assert.notEqual(last?.icon.id, rows[0]?.icon.id);
    assert.match(last?.tooltip ?? '', /Excepted until 2026\\-12\\-31 by payments team&#58; the server sits/);
  });

  it('that have ended are findings, and without findings there is no such node', async () => {
    const report = await under(POLICY);
    const findings = named(childNodes(root, report), 'Findings');
    const [finding] = childNodes(findings, report);
    assert.equal(finding?.label, 'waiver-expired');
    assert.match(finding?.description ?? '', /^Waiver for CVE-2023-45288 ended on 2026-11-01\./);
    assert.ok(childNodes(root, paymentsReport()).every(({ label }) => label !== 'Findings'));
  });
});
