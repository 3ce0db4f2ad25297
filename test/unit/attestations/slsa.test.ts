// SPDX-License-Identifier: Apache-2.0
// The checklist as a table; the cases stand beside it.
import assert from 'node:assert/strict';
import { slsaLevel } from '../../../src/core/attestations/slsa.ts';
import { INDEX, SUBJECTS } from './evidence.ts';
import { BUILT_CASES } from './slsa-cases-built.ts';
import { SIGNED_CASES } from './slsa-cases-signed.ts';
import { given } from './slsa-given.ts';

const CASES = [...SIGNED_CASES, ...BUILT_CASES];

describe('SLSA Build level', () => {
  for (const [name, more, level, id, state] of CASES) {
    it(`provenance ${name}: level ${level}, ${id} ${state}`, () => {
      const { rule: policy, statement: _statement, ...rest } = more;
      const result = slsaLevel([given({ ...more, ...rest })], SUBJECTS, policy ?? null);
      const step = result.steps.find((each) => each.id === id);
      assert.equal(step?.state, state, JSON.stringify(result.steps, null, 2));
      assert.equal(result.level, level, result.sentence);
      assert.equal(result.steps.length, 8);
      assert.match(result.sentence, /^SLSA Build L[0-3]\b.*\.$/);
      assert.ok(result.sentence.includes(`L${level}`), result.sentence);
      for (const { detail } of result.steps) assert.match(detail, /\S/);
      // What ends the list leaves the rest unreached.
      const ends = result.steps.findIndex((each) => each.state === 'failed' || each.state === 'unknown');
      if (ends >= 0 && ends < 6) assert.ok(result.steps.slice(ends + 1).every((each) => each.state === 'not-reached'));
      // A level over 1 is always somebody's word.
      if (level >= 2)
        assert.ok(result.claimedBy !== null && result.sentence.includes(`by claim of ${result.claimedBy}`));
    });
  }

  it('has at least 40 cases, of every level', () => {
    assert.ok(CASES.length >= 40);
    assert.deepEqual(new Set(CASES.map(([, , level]) => level)), new Set([0, 1, 2, 3]));
  });

  it('says so where there is no provenance at all', () => {
    const { level, sentence, steps } = slsaLevel([], SUBJECTS, null);
    assert.equal(level, 0);
    assert.equal(sentence, 'No SLSA provenance was found, so no level can be told.');
    assert.equal(steps[0]?.state, 'failed');
  });

  it('takes the provenance that carries furthest', () => {
    const plain = given({ digest: 'sha256:unsigned', verdict: 'unsigned', signer: null });
    const best = given({ digest: 'sha256:signed' });
    for (const order of [
      [plain, best],
      [best, plain],
    ])
      assert.equal(slsaLevel(order, SUBJECTS, null).provenance, 'sha256:signed');
  });

  it('of two that end alike, tells the one that could not be checked', () => {
    const plain = given({ digest: 'sha256:unsigned', verdict: 'unsigned', signer: null });
    const open = given({ digest: 'sha256:open', verdict: 'could-not-check', reason: 'No root.', signer: null });
    for (const order of [
      [plain, open],
      [open, plain],
    ])
      assert.equal(slsaLevel(order, SUBJECTS, null).provenance, 'sha256:open');
  });

  it('words the level by claim of its builder', () => {
    assert.equal(
      slsaLevel([given({})], SUBJECTS, null).sentence,
      'SLSA Build L2, by claim of GitHub Actions. Level only; the source was not checked.',
    );
    assert.equal(INDEX, SUBJECTS[0]?.digest);
  });
});
