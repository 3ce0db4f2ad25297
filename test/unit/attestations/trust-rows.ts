// SPDX-License-Identifier: Apache-2.0
// What the tests of trust policies are made of: what was found, a policy, and what it comes to.
import assert from 'node:assert/strict';
import type { Requirement } from '../../../src/core/evidence/evidence.ts';
import { verifyExit } from '../../../src/core/output/verify-document.ts';
import { exampleEvidence } from '../../support/evidence-examples.ts';
import * as from from './statements.ts';

export const GITHUB = 'https://token.actions.githubusercontent.com';
export const W = from.WORKFLOW;
export const BRANCH = W.replace('refs/tags/v4.7.1', 'refs/heads/main');
export const policy = (more = '', signer = `{issuer: '${GITHUB}', identity: '${W}'}`): string =>
  `trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - ${signer}\n${more}`;
export const items = (...lines: string[]): string =>
  `items:${lines.length === 0 ? ' []' : ''}\n${lines.map((each) => `  - ${each}\n`).join('')}`;
export const SIG = `{what: signature, signer: '${W}'}`;
export const FAILED = 'places:\n  - {kind: referrers, state: failed, reason: ghcr.io answered 401}\n';

export type Row = readonly [
  name: string,
  found: string,
  policy: string,
  expected: readonly (readonly [id: string, state: Requirement['state'], code: string, reason: RegExp])[],
  exit: 0 | 1 | 3,
];
export const OK = /^$/;

/** One test for each row. */
export function testRows(rows: readonly Row[]): void {
  for (const [name, found, text, expected, exit] of rows) {
    it(`${name}: ${expected.map(([id, state]) => `${id} ${state}`).join(', ')}`, async () => {
      const { evidence } = await exampleEvidence(found, text);
      const { requirements, state } = evidence.policy;
      assert.deepEqual(
        requirements.map(({ id }) => id),
        expected.map(([id]) => id),
      );
      for (const [index, [, wanted, code, reason]] of expected.entries()) {
        const requirement = requirements[index];
        assert.deepEqual([requirement?.state, requirement?.code], [wanted, code], requirement?.reason);
        assert.match(requirement?.reason ?? '', reason);
        assert.equal(requirement?.reason === '', wanted === 'met');
        assert.doesNotMatch(requirement?.reason ?? '', /\.\.|undefined|null/);
      }
      assert.equal(state, exit === 0 ? 'met' : exit === 1 ? 'unmet' : 'could-not-check');
      assert.equal(verifyExit(evidence), exit);
    });
  }
}
