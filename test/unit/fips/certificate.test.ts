// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { certificate, certificateText } from '../../../src/core/fips/certificate.ts';

const data = catalogueData();
const state = (number: number, today: string) => {
  const found = certificate(number, data, today);
  assert.ok(found !== null, `#${number} is not in the catalogue`);
  return found;
};

describe('certificate states', () => {
  it('a FIPS 140-2 certificate counts through 21 September 2026 and is Historical after it, by the published rule', () => {
    assert.equal(state(4282, '2026-09-21').state, 'active');
    const after = state(4282, '2026-09-22');
    assert.equal(after.state, 'historical');
    assert.equal(after.basis, 'rule');
    assert.equal(
      certificateText(after, '2026-09-22'),
      'certificate #4282, FIPS 140-2, is Historical since 21 September 2026, by the published rule',
    );
  });

  it('an earlier sunset of a FIPS 140-2 certificate comes first', () => {
    assert.equal(state(3966, '2026-07-06').basis, 'sunset');
    assert.equal(state(3966, '2026-07-05').state, 'active');
  });

  it('interim validations end by their own day', () => {
    const expected = [4746, 4774, 4780, 4846, 4796, 4804, 4823, 4739, 4727];
    for (const number of expected) {
      const found = state(number, '2026-11-25');
      assert.equal(found.state, 'historical', `#${number}`);
      assert.equal(found.basis, 'sunset', `#${number}`);
      assert.equal(found.interim, true, `#${number}`);
    }
    assert.equal(state(4746, '2026-07-30').state, 'active');
  });

  it('one that was replaced by another number is Historical from the day a source says so, and names the other', () => {
    assert.equal(state(4754, '2026-07-29').state, 'active');
    const found = state(4754, '2026-11-25');
    assert.equal(found.state, 'historical');
    assert.match(certificateText(found, '2026-11-25'), /was replaced by #5366$/);
    assert.equal(state(5366, '2026-11-25').state, 'active');
  });

  it('one whose vendor names another number now is not called Historical for that', () => {
    const found = state(4759, '2026-11-25');
    assert.equal(found.state, 'active');
    assert.match(certificateText(found, '2026-11-25'), /; its vendor now names #5429$/);
  });

  it('one seen on the Historical list stays there whatever its dates', () => {
    for (const number of [4616, 3514, 4548, 3678]) assert.equal(state(number, '2026-04-01').state, 'historical');
  });

  it('one about to lapse says when, and how far that is', () => {
    const found = state(4943, '2026-11-25');
    assert.equal(found.lapsing, true);
    assert.equal(found.daysLeft, 52);
    assert.match(certificateText(found, '2026-11-25'), /ends on 2027-01-16, in 52 days \(an interim validation\)$/);
    assert.equal(state(4985, '2026-11-25').lapsing, false);
  });

  it('data older than 120 days says so', () => {
    assert.equal(state(4985, '2026-07-27').stale, false);
    const old = state(4985, '2026-07-28');
    assert.equal(old.stale, true);
    assert.match(certificateText(old, '2026-07-28'), /as last seen 2026-03-29 \(121 days ago\)/);
  });

  it('links the page of the certificate', () => {
    assert.equal(
      state(4985, '2026-11-25').url,
      'https://csrc.nist.gov/projects/cryptographic-module-validation-program/certificate/4985',
    );
    assert.equal(certificate(1, data, '2026-11-25'), null);
  });

  it('agrees with the list that was drawn up by hand for 2026-11-23', () => {
    const historical = data.modules.modules
      .map(({ certificate: number }) => number)
      .filter((number) => state(number, '2026-11-23').state === 'historical');
    assert.equal(data.modules.modules.length, 123);
    assert.deepEqual(
      historical.toSorted((a, b) => a - b),
      [
        3514, 3678, 3902, 3928, 3966, 3980, 3991, 4018, 4046, 4070, 4170, 4171, 4215, 4226, 4229, 4232, 4254, 4271,
        4272, 4277, 4282, 4292, 4366, 4384, 4397, 4407, 4413, 4416, 4428, 4434, 4438, 4458, 4472, 4490, 4496, 4536,
        4548, 4565, 4593, 4616, 4642, 4687, 4727, 4739, 4746, 4754, 4774, 4780, 4796, 4804, 4811, 4823, 4825, 4846,
        4856,
      ],
    );
  });
});
