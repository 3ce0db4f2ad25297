// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import { PanelSession } from '../../../src/core/panel/session.ts';
import { type HostMessage, hostMessageSchema, type StateMessage } from '../../../src/core/protocol/panel.ts';
import { bigReport, hostileReport, NOW, paymentsReport } from '../../webview/fixtures.ts';

const REFERENCE = 'registry:ghcr.io/northwind/payments-api:4.7.1';

function session(report: AuditReport | null = paymentsReport(), reference = REFERENCE, now = NOW): PanelSession {
  const made = new PanelSession(reference, { now: () => now });
  if (report !== null) made.show(report);
  made.receive({ v: 1, type: 'ready' });
  return made;
}
function stateOf(made: PanelSession): StateMessage {
  const message = made.state();
  assert.equal(message.type, 'state');
  return message as StateMessage;
}
const answerOf = (made: PanelSession, id: string) => {
  const found = stateOf(made).overview.answers.find((each) => each.id === id);
  assert.ok(found !== undefined);
  return found;
};
function checked(messages: readonly HostMessage[]): readonly HostMessage[] {
  for (const message of messages) {
    const parsed = hostMessageSchema.safeParse(structuredClone(message));
    assert.ok(
      parsed.success,
      parsed.error?.issues.map(({ path, message: why }) => `${path.join('.')}: ${why}`).join('; '),
    );
  }
  return messages;
}
const rowsQuery = (table: 'packages' | 'vulnerabilities') => ({ table, sort: [], filter: '', hidden: {} });

describe('panel session: overview', () => {
  it('says what is in the image and what is known, and that the rest was not checked yet', () => {
    const { overview } = stateOf(session());
    assert.equal(`${overview.context}|${overview.name}`, 'ghcr.io/northwind/|payments-api:4.7.1');
    assert.deepEqual(
      overview.answers.map(({ question, sentence }) => [question, sentence]),
      [
        ['What is in it?', '187 components in 12 layers, on Debian 13.'],
        ['What is known against it?', '27 known vulnerabilities: 1 is exploited (KEV) and 17 have a fix.'],
        ['Where did it come from?', 'Not checked yet.'],
        ['Who signed it?', 'Not checked yet.'],
        ['Is its cryptography validated?', 'Not checked yet.'],
        ['Does the scan match the build-time SBOM?', 'Not checked yet.'],
        ['What is due when?', 'Not checked yet.'],
      ],
    );
    assert.deepEqual(
      overview.severities.map(({ severity, count, fixable }) => [severity, count, fixable]),
      [
        ['critical', 2, 2],
        ['high', 8, 8],
        ['medium', 8, 7],
        ['low', 3, 0],
        ['negligible', 6, 0],
        ['unknown', 0, 0],
      ],
    );
    assert.deepEqual(overview.types, [
      { label: 'Go modules', count: 78 },
      { label: 'Python', count: 63 },
      { label: 'Debian', count: 41 },
      { label: 'binaries', count: 5 },
    ]);
    assert.deepEqual(
      overview.tabs.map(({ count }) => count),
      [null, 187, 27, null, null],
    );
    assert.deepEqual(overview.notices, []);
  });

  it('never passes a verdict on the image', () => {
    for (const report of [paymentsReport(), bigReport(10), { ...paymentsReport(), vulnerabilities: [] }]) {
      assert.doesNotMatch(
        JSON.stringify(stateOf(session(report)).overview),
        /compliant|\bsecure\b|\bsafe\b|score|grade/i,
      );
    }
  });

  it('names the database where nothing is known', () => {
    const report = paymentsReport();
    const none = { ...report, vulnerabilities: [], summary: { ...report.summary, vulnerabilities: 0 } };
    const known = answerOf(session(none), 'known');
    assert.equal(known.state, 'verified');
    assert.equal(
      known.sentence,
      'No known vulnerabilities in 187 components, by the database of 2026-11-23 00:12 UTC.',
    );
  });

  it('tells an old report, a demonstration database and a stale one', () => {
    const texts = (more: Partial<AuditReport>) =>
      stateOf(session(paymentsReport(more))).overview.notices.map(({ text }) => text);
    assert.match(texts({ generated: '2026-10-20T09:00:00Z' })[0] ?? '', /^Audited 34 days ago\./);
    const database = { built: '2026-11-01T00:00:00Z', schema: null, stale: false } as const;
    assert.match(texts({ database: { ...database, kind: 'demonstration' } })[0] ?? '', /demonstration database/);
    assert.match(texts({ database: { ...database, kind: 'grype', stale: true } })[0] ?? '', /past its limit/);
  });

  it('tells a database that could not be used by its own reason, and offers to use it once', () => {
    const report = paymentsReport();
    const made = session({
      ...report,
      vulnerabilities: [],
      stages: {
        ...report.stages,
        database: {
          state: 'failed',
          reason:
            'Could not match: the vulnerability database was built 2026-11-14T00:12:00Z, which is past its limit. Update it with grype db update, or use it once anyway.',
          code: 'database-stale',
          durationMs: 1,
        },
        matching: {
          state: 'skipped',
          reason: 'There is no usable vulnerability database.',
          code: null,
          durationMs: null,
        },
      },
    });
    const known = answerOf(made, 'known');
    assert.equal(known.state, 'couldNotCheck');
    assert.equal(
      known.sentence,
      'Could not match: the vulnerability database was built 2026-11-14 00:12 UTC, which is past its limit.',
    );
    assert.match(known.note ?? '', /none are shown\. Update it with grype db update\.$/);
    assert.deepEqual(
      known.actions.map(({ action }) => action),
      ['auditStale'],
    );
    assert.equal(known.link?.action, 'showLog');
    assert.equal(answerOf(made, 'contents').state, 'verified');
    assert.equal(stateOf(made).overview.tabs.at(-1)?.count, null);
    assert.match(stateOf(made).tables.vulnerabilities.empty, /^Vulnerabilities were not matched: Could not match/);
  });

  it('keeps the finished answers of a cancelled audit', () => {
    const report = paymentsReport();
    const cancelled = { state: 'cancelled' as const, reason: 'Cancelled.', code: 'cancelled', durationMs: null };
    const made = session({ ...report, vulnerabilities: [], stages: { ...report.stages, matching: cancelled } });
    assert.equal(answerOf(made, 'contents').state, 'verified');
    const known = answerOf(made, 'known');
    assert.deepEqual(
      [known.word, known.sentence, known.actions],
      ['Cancelled', 'Cancelled.', [{ label: 'Continue', action: 'audit' }]],
    );
    assert.deepEqual(
      stateOf(made).overview.notices.map(({ text }) => text),
      ['Cancelled. Finished answers stay.'],
    );
  });

  it('claims no counts of what was cancelled before there were any', () => {
    const cancelled = { state: 'cancelled' as const, reason: 'Cancelled.', code: 'cancelled', durationMs: null };
    const report = paymentsReport({ tools: [], packages: [], vulnerabilities: [] });
    const { overview } = stateOf(
      session({ ...report, stages: { ...report.stages, sbom: cancelled, matching: cancelled } }),
    );
    assert.deepEqual(
      overview.tabs.map(({ count }) => count),
      [null, null, null, null, null],
    );
    assert.equal(overview.foot, 'Audited 2026-11-23 09:12 UTC; the stages took 0.6 s.');
  });

  it('has an answer also before any audit', () => {
    const made = session(null);
    assert.equal(answerOf(made, 'contents').state, 'notChecked');
    assert.deepEqual(answerOf(made, 'contents').actions, [{ label: 'Audit', action: 'audit' }]);
    assert.equal(stateOf(made).key, null);
  });

  it('reads every kind of reference', () => {
    const named = (reference: string) => {
      const { context, name } = stateOf(session(null, reference)).overview;
      return [context, name];
    };
    assert.deepEqual(named('docker:debian:13'), ['', 'debian:13']);
    assert.deepEqual(named('registry:localhost:5000/a/b@sha256:00'), ['localhost:5000/a/', 'b@sha256:00']);
    assert.deepEqual(named('oci-dir:/tmp/layouts/demo'), ['/tmp/layouts/', 'demo']);
    assert.deepEqual(named('localhost:5000/b'), ['localhost:5000/', 'b']);
  });
});

describe('panel session: a running audit', () => {
  it('waits, runs and answers stage by stage, and shows rows as soon as there are some', () => {
    const made = session(null);
    checked(made.start());
    assert.deepEqual(
      [answerOf(made, 'contents').sentence, answerOf(made, 'known').sentence],
      ['Waits for the image.', 'Waits for the list of components.'],
    );
    checked(made.stage({ stage: 'sbom', state: 'running', message: 'Cataloguing packages', code: null }));
    assert.deepEqual(
      [answerOf(made, 'contents').state, answerOf(made, 'contents').sentence],
      ['running', 'Cataloguing packages.'],
    );
    for (const stage of ['resolve', 'database'] as const) made.stage({ stage, state: 'ok', message: null, code: null });
    const soFar = { ...paymentsReport(), vulnerabilities: [] };
    checked(made.stage({ stage: 'sbom', state: 'ok', message: null, code: null, soFar }));
    checked(made.stage({ stage: 'matching', state: 'running', message: 'Matching 187 components', code: null }));
    assert.equal(answerOf(made, 'contents').state, 'verified');
    assert.equal(answerOf(made, 'known').sentence, 'Matching 187 components.');
    assert.deepEqual(
      stateOf(made).overview.tabs.map(({ count }) => count),
      [null, 187, null, null, null],
    );
    assert.match(stateOf(made).overview.foot ?? '', /Nothing leaves this machine except requests to ghcr\.io\.$/);
    const before = stateOf(made).revision;
    checked(made.show(paymentsReport()));
    assert.equal(made.running, false);
    assert.ok(stateOf(made).revision > before);
  });

  it('keeps the rows of the report before, and says so', () => {
    const made = session();
    made.start();
    const { overview, revision } = stateOf(made);
    assert.match(overview.notices[0]?.text ?? '', /show the audit of 12 minutes ago/);
    assert.equal(overview.answers[0]?.state, 'waiting');
    made.stage({ stage: 'resolve', state: 'running', message: 'Looking', code: null });
    assert.equal(stateOf(made).revision, revision);
  });

  it('says the end of a stage once', () => {
    const made = session(null);
    made.start();
    const event = { stage: 'matching', state: 'failed', message: 'Grype stopped.', code: 'tool-failed' } as const;
    const said = (messages: HostMessage[]) => messages.flatMap((each) => (each.type === 'announce' ? [each.text] : []));
    assert.deepEqual(said(made.stage(event)), ['Grype stopped.']);
    assert.deepEqual(said(made.stage(event)), []);
  });

  it('posts nothing before the page is ready, and then everything, with what was to be revealed', () => {
    const made = new PanelSession(REFERENCE, { now: () => NOW });
    assert.deepEqual(made.show(paymentsReport()), []);
    assert.deepEqual(made.reveal('packages', 'some row'), []);
    const { messages } = made.receive({ v: 1, type: 'ready' });
    assert.deepEqual(
      checked(messages).map(({ type }) => type),
      ['state', 'reveal'],
    );
    assert.deepEqual(
      made.receive({ v: 1, type: 'ready' }).messages.map(({ type }) => type),
      ['state'],
    );
    assert.deepEqual(
      made.reveal('overview').map(({ type }) => type),
      ['reveal'],
    );
  });
});

describe('panel session: answers', () => {
  it('answers rows, details and places with the id that was asked', () => {
    const made = session();
    const [page] = checked(
      made.receive({ v: 1, type: 'rows', id: 7, query: rowsQuery('vulnerabilities'), from: 0, to: 10 }).messages,
    );
    assert.ok(page?.type === 'rowsPage');
    assert.deepEqual([page.id, page.matching, page.total, page.rows.length], [7, 27, 27, 10]);
    const row = page.rows[2]?.id ?? '';
    const [detail] = checked(made.receive({ v: 1, type: 'detail', id: 8, table: 'vulnerabilities', row }).messages);
    assert.ok(detail?.type === 'detailOf' && detail.detail !== null);
    assert.equal(detail.detail.title, 'CVE-2023-44487 in golang.org/x/net v0.14.0');
    assert.deepEqual(
      detail.detail.sections.map(({ title }) => title),
      ['What to do', 'Why this matched', 'Known to be exploited', 'Likelihood and severity', 'Package'],
    );
    assert.equal(detail.detail.sections[0]?.paragraphs[0], 'Update golang.org/x/net to 0.17.0 or later.');
    const [place] = checked(
      made.receive({ v: 1, type: 'locate', id: 9, query: rowsQuery('vulnerabilities'), row, prefix: null, after: 0 })
        .messages,
    );
    assert.ok(place?.type === 'located');
    assert.equal(place.index, 2);
  });

  it('links a package and what is known against it, both ways', () => {
    const made = session();
    const detailOf = (table: 'packages' | 'vulnerabilities', row: string) => {
      const [message] = checked(made.receive({ v: 1, type: 'detail', id: 1, table, row }).messages);
      assert.ok(message?.type === 'detailOf' && message.detail !== null);
      return message.detail;
    };
    const net = paymentsReport().packages.find(({ name }) => name === 'golang.org/x/net')?.id ?? '';
    const related = detailOf('packages', net).sections.flatMap((each) => each.related);
    assert.deepEqual(
      related.map(({ label, note }) => `${label} ${note}`),
      [
        'CVE-2023-44487 High, fixed in 0.17.0, KEV',
        'CVE-2023-45288 High, fixed in 0.23.0',
        'CVE-2025-22870 Medium, fixed in 0.36.0',
        'CVE-2025-22872 Medium, fixed in 0.38.0',
      ],
    );
    const back = detailOf('vulnerabilities', related[0]?.row ?? '').sections.flatMap((each) => each.related);
    assert.equal(back[0]?.row, net);
    assert.equal(back.length, 4);
  });

  it('answers null for a row that is not there', () => {
    const [message] = session().receive({ v: 1, type: 'detail', id: 1, table: 'packages', row: 'gone' }).messages;
    assert.ok(message?.type === 'detailOf');
    assert.equal(message.detail, null);
  });

  it('drops what is no message, with a reason', () => {
    const made = session();
    const bad: unknown[] = [
      null,
      'rows',
      { v: 2, type: 'ready' },
      { v: 1, type: 'eval', code: '1' },
      { v: 1, type: 'rows', id: -1, query: rowsQuery('packages'), from: 0, to: 1 },
      { v: 1, type: 'rows', id: 1, query: { ...rowsQuery('packages'), table: 'secrets' }, from: 0, to: 1 },
      { v: 1, type: 'rows', id: 1, query: { ...rowsQuery('packages'), filter: 'x'.repeat(5_000) }, from: 0, to: 1 },
      { v: 1, type: 'action', action: 'delete' },
    ];
    for (const message of bad) {
      const outcome = made.receive(message);
      assert.deepEqual([outcome.messages, outcome.effects], [[], []]);
      assert.ok(outcome.rejected !== null && outcome.rejected !== '', JSON.stringify(message));
    }
  });

  it('opens only https addresses of the report itself', () => {
    const made = session();
    const open = (url: string) => made.receive({ v: 1, type: 'openLink', url });
    assert.deepEqual(open('https://nvd.nist.gov/vuln/detail/CVE-2023-44487').effects, [
      { type: 'open', url: 'https://nvd.nist.gov/vuln/detail/CVE-2023-44487' },
    ]);
    for (const url of [
      'https://example.com/',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'command:workbench.action.quit',
    ]) {
      assert.deepEqual(open(url).effects, []);
      assert.equal(open(url).rejected, 'openLink: not part of the report');
    }
    const hostile = session(hostileReport());
    assert.deepEqual(hostile.receive({ v: 1, type: 'openLink', url: 'javascript:window.hacked = true' }).effects, []);
  });

  it('copies rows as text with tabs', () => {
    const { effects, messages } = session().receive({
      v: 1,
      type: 'copyRows',
      query: rowsQuery('vulnerabilities'),
      ranges: [[0, 2]],
    });
    const [effect] = effects;
    assert.ok(effect?.type === 'copy');
    assert.deepEqual(effect.text.trimEnd().split('\n')[1]?.split('\t'), [
      'Critical',
      'CVE-2024-45337',
      'golang.org/x/crypto',
      'v0.12.0 → 0.31.0',
      '38.7 %',
      '',
      '9.8',
      'Go module',
    ]);
    assert.deepEqual(
      messages.map((each) => (each.type === 'announce' ? each.text : '')),
      ['2 rows copied.'],
    );
  });

  it('sends only messages that the page accepts, whatever the image holds', () => {
    const made = session(hostileReport());
    checked([made.state()]);
    for (const table of ['packages', 'vulnerabilities'] as const) {
      const [page] = checked(
        made.receive({ v: 1, type: 'rows', id: 1, query: rowsQuery(table), from: 0, to: 100 }).messages,
      );
      assert.ok(page?.type === 'rowsPage' && page.rows.length === 7);
      for (const { id } of page.rows) {
        const [message] = checked(made.receive({ v: 1, type: 'detail', id: 2, table, row: id }).messages);
        assert.ok(message?.type === 'detailOf' && message.detail !== null);
        const links = message.detail.sections.flatMap(({ link }) => (link === null ? [] : [link.url]));
        for (const url of [...links, message.detail.advisory ?? 'https://']) assert.ok(url.startsWith('https://'));
      }
    }
  });
});
