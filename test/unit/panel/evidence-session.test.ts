// SPDX-License-Identifier: Apache-2.0
// What the page can ask of evidence, and what it is told: positions and parts, never a path.
import assert from 'node:assert/strict';
import type { ItemKind } from '../../../src/core/attestations/model.ts';
import { itemDocuments } from '../../../src/core/evidence/raw.ts';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import type { RawPart } from '../../../src/core/model/raw-part.ts';
import { documentLinks, evidenceDetail } from '../../../src/core/panel/evidence.ts';
import { provenanceView } from '../../../src/core/panel/provenance.ts';
import { PanelSession } from '../../../src/core/panel/session.ts';
import { hostMessageSchema, pageMessageSchema } from '../../../src/core/protocol/panel.ts';
import { exampleEvidence } from '../../support/evidence-examples.ts';
import * as from from '../attestations/statements.ts';
import { reportOf } from '../evidence/reports.ts';

const SIGNER = `signer: '${from.WORKFLOW}'`;
const FOUND = `items:
  - {what: signature, ${SIGNER}}
  - {what: provenance, ${SIGNER}}
  - {what: spdx, verdict: unsigned}
`;
const PARTS: readonly (readonly RawPart[])[] = [['bundle', 'statement', 'certificate'], ['bundle', 'statement'], []];

async function found(): Promise<AuditReport> {
  const { evidence } = await exampleEvidence(FOUND);
  const items = evidence.items.map((item, index) => ({ ...item, documents: [...(PARTS[index] ?? [])] }));
  return { ...(await reportOf([], [])), evidence: { ...evidence, items } };
}

async function opened(report?: AuditReport) {
  const session = new PanelSession('registry:ghcr.io/a/b:1', { now: () => 0 });
  const shown = report ?? (await found());
  session.show(shown);
  session.receive({ v: 1, type: 'ready' });
  const items = shown.evidence?.items ?? [];
  return { session, items, ask: (message: object) => session.receive({ v: 1, ...message }) };
}

describe('evidence asked for by the page', () => {
  it('opens a part of an item, named by where it stands and by its digest', async () => {
    const { ask, items } = await opened();
    for (const [index, parts] of PARTS.entries())
      for (const part of parts) {
        const { effects, messages, rejected } = ask({ type: 'openEvidence', row: String(index), part });
        assert.deepEqual(effects, [{ type: 'document', item: index, digest: items[index]?.digest, part }]);
        assert.deepEqual([messages, rejected], [[], null]);
      }
  });

  it('opens nothing else, whatever is asked for', async () => {
    const { ask } = await opened();
    const asked: readonly object[] = [
      { row: '1', part: 'certificate' },
      { row: '2', part: 'bundle' },
      { row: '3', part: 'bundle' },
      ...['-1', '1.0', ' 1', '', '0x1', '1e0', '../1', 'file:///etc/passwd', '9999999', 0, null, ['0']].map((row) => ({
        row,
        part: 'bundle',
      })),
      ...['', 'Bundle', 'path', '/etc/passwd', null, 0, ['bundle']].map((part) => ({ row: '0', part })),
      { row: '0' },
      { part: 'bundle' },
    ];
    for (const each of asked) {
      const { effects, messages, rejected } = ask({ type: 'openEvidence', ...each });
      assert.deepEqual([effects, messages], [[], []], JSON.stringify(each));
      assert.notEqual(rejected, null);
    }
    // What a message says beside that is not taken along.
    const [effect] = ask({ type: 'openEvidence', row: '0', part: 'bundle', path: '/etc/passwd' }).effects;
    assert.deepEqual(Object.keys(effect ?? {}), ['type', 'item', 'digest', 'part']);
  });

  it('sends the list once, and for a chosen row its detail alone', async () => {
    const { ask, items } = await opened();
    const [list] = ask({ type: 'evidence', id: 1 }).messages;
    assert.ok(list?.type === 'evidenceOf' && list.list?.rows.length === items.length && list.provenance !== null);
    assert.ok(!('detail' in list));
    const [detail] = ask({ type: 'evidenceItem', id: 2, row: '1' }).messages;
    assert.deepEqual(Object.keys(detail ?? {}).toSorted(), ['detail', 'id', 'type', 'v']);
    assert.ok(detail?.type === 'evidenceItemOf' && detail.detail?.id === '1');
    for (const message of [list, detail]) assert.deepEqual(hostMessageSchema.parse(message), message);
    const [none] = ask({ type: 'evidenceItem', id: 3, row: '99' }).messages;
    assert.ok(none?.type === 'evidenceItemOf' && none.detail === null);
    for (const row of ['x', '-1', 1, null])
      assert.equal(pageMessageSchema.safeParse({ v: 1, type: 'evidenceItem', id: 1, row }).success, false);
  });

  it('has nothing to open before there is a report', () => {
    const session = new PanelSession('registry:ghcr.io/a/b:1', { now: () => 0 });
    for (const type of ['openEvidence', 'copyEvidence'])
      assert.notEqual(session.receive({ v: 1, type, row: '0', part: 'bundle' }).rejected, null);
    const { messages } = session.receive({ v: 1, type: 'evidenceItem', id: 1, row: '0' });
    assert.deepEqual(messages, [{ v: 1, type: 'evidenceItemOf', id: 1, detail: null }]);
  });
});

describe('documents offered on the page', () => {
  it('are those that are there, in words of their kind', async () => {
    const { evidence } = await found();
    const [item] = evidence?.items ?? [];
    assert.ok(item !== undefined);
    const labels = (kind: ItemKind, ...documents: RawPart[]): string[] =>
      documentLinks({ ...item, kind, documents }, '0').map(({ label }) => label);
    assert.deepEqual(labels('bundle', 'bundle', 'statement', 'certificate'), [
      'Open bundle',
      'Open statement',
      'Open certificate',
    ]);
    assert.deepEqual(labels('legacy-signature', 'bundle', 'statement'), ['Open layer', 'Open payload']);
    assert.deepEqual(labels('legacy-attestation', 'bundle', 'statement'), ['Open layer', 'Open statement']);
    assert.deepEqual(labels('in-toto-referrer', 'bundle', 'statement'), ['Open envelope', 'Open statement']);
    assert.deepEqual(labels('buildkit-statement', 'statement'), ['Open statement']);
    assert.deepEqual(labels('unsigned-sbom', 'bundle'), ['Open document']);
    assert.deepEqual(labels('notation-signature'), []);
  });

  it('stand with the detail, and with the provenance that the level rests on', async () => {
    const report = await found();
    assert.deepEqual(
      [0, 1, 2].map((at) => evidenceDetail(report, String(at), 0)?.documents.map(({ part }) => part)),
      PARTS,
    );
    const at = report.evidence?.items.findIndex(({ digest }) => digest === report.evidence?.slsa.provenance) ?? -1;
    assert.deepEqual(
      provenanceView(report)?.documents.map(({ row, part }) => [row, part]),
      PARTS[at]?.map((part) => [String(at), part]),
    );
    assert.ok((PARTS[at]?.length ?? 0) > 0);
  });

  it('lead to a sentence in reports of before, which kept nothing', async () => {
    const { evidence } = await exampleEvidence(FOUND);
    const [item] = evidence.items;
    assert.ok(item !== undefined && !('documents' in item));
    assert.deepEqual(itemDocuments(item), ['bundle']);
    assert.deepEqual(itemDocuments({ ...item, kind: 'notation-signature' }), []);
    assert.deepEqual(itemDocuments({ ...item, kind: 'other-referrer' }), []);
  });
});
