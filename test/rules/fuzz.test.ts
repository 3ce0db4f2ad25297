// SPDX-License-Identifier: Apache-2.0
// A slice of what `npm run fuzz` does with other seeds and twenty times as many files.
import assert from 'node:assert/strict';
import { fuzzDockerfiles, fuzzPolicies } from '../support/fuzz.ts';

describe('damaged files', function () {
  this.timeout(120_000);

  it('lints 4,000 Dockerfiles without an exception or a hang, ranges inside them', async () => {
    const { files, findings, fixed, hangs } = await fuzzDockerfiles(4000, 20_261_125);
    assert.equal(files, 4000);
    assert.ok(findings > files && fixed > files / 100, `${findings} ${fixed}`);
    assert.deepEqual(hangs, []);
  });

  it('reads 1,500 policies the same way', async () => {
    const { files, findings, hangs } = await fuzzPolicies(1500, 20_261_125);
    assert.ok(findings > files / 2, String(findings));
    assert.deepEqual(hangs, []);
  });
});
