// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { Judgement } from '../../../src/core/attestations/model.ts';
import { bundleDocument, bundleDocumentSchema, bundleText } from '../../../src/core/output/verify-bundle.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const refused: Judgement = {
  verdict: 'invalid',
  code: 'identity-mismatch',
  reason: 'Somebody else signed it: evil\u001b[2Jname.',
  checks: [{ id: 'identity', state: 'failed', detail: 'It is evil\u001b[2Jname\nverified' }],
  signer: null,
  logEntries: [],
  times: [{ source: 'log', time: '2026-11-24T01:02:03.000Z' }],
  root: null,
  content: 'other',
  predicateType: null,
  statement: null,
};
const textOf = (source: string, asOf: string | null): string =>
  bundleText(bundleDocument(refused, { source, asOf }), NOW);

describe('the document of verify-bundle', () => {
  it('is what its schema says, with null for what is not there', () => {
    const document = bundleDocument(refused, { source: 'seed', asOf: null });
    assert.deepEqual(bundleDocumentSchema.parse(document), document);
    assert.deepEqual([document.verified, document.signer, document.root.asOf], [false, null, null]);
    const verified = bundleDocument(
      { ...refused, verdict: 'verified', code: 'ok', reason: '' },
      { source: 'key', asOf: null },
    );
    assert.deepEqual([verified.verified, verified.reason], [true, null]);
  });

  it('lets nothing of the bundle draw on a terminal or pass for a line of ours', () => {
    const text = textOf('seed', '2026-11-05');
    assert.ok(!text.includes('\u001b'));
    assert.ok(!/^verified/m.test(text));
    assert.match(text, /^not verified: .*\[identity-mismatch\]$/m);
    const turned = bundleText(
      bundleDocument({ ...refused, reason: 'a\u202eb\u009b2Jc' }, { source: 'file:\u200bx', asOf: null }),
      NOW,
    );
    assert.doesNotMatch(turned, /[\u0080-\u009f\u200b\u202e]/);
    assert.match(turned, /a\[U\+202E\]b\[U\+009B\]2Jc/);
  });

  it("tells a root that is old, unless it is the user's own", () => {
    assert.match(textOf('seed', '2026-11-05'), /root {7}seed, as of 2026-11-05$/m);
    assert.match(textOf('seed', '2026-05-01'), /as of 2026-05-01, which is 208 days ago: give a newer one/);
    assert.match(textOf('file:mine.json', '2020-05-01T00:00:00Z'), /root {7}file:mine.json, as of 2020-05-01$/m);
    assert.match(textOf('key', null), /root {7}key$/m);
  });
});
