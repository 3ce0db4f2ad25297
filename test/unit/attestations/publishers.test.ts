// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { understand } from '../../../src/core/attestations/claims.ts';
import type { Signer } from '../../../src/core/attestations/model.ts';
import { PUBLISHER_KEYS } from '../../../src/core/attestations/publisher-keys.ts';
import { slsaLevel } from '../../../src/core/attestations/slsa.ts';
import type { TrustRule } from '../../../src/core/policy/model.ts';
import { KEY, rule, SUBJECTS } from './evidence.ts';
import * as from from './statements.ts';

const [published] = PUBLISHER_KEYS;
assert.ok(published !== undefined);
const byKey = (identity: string): Signer => ({
  kind: 'key',
  identity,
  issuer: null,
  extensions: {},
  certificate: null,
});

function level(signer: Signer, policy: TrustRule | null) {
  const { claim, predicateType } = understand(from.gitlabV1());
  return slsaLevel(
    [
      {
        digest: `sha256:${'1'.repeat(64)}`,
        predicateType: predicateType ?? '',
        names: [`sha256:${from.IMAGE}`],
        story: claim.kind === 'provenance' ? claim.story : null,
        unreadable: null,
        verdict: 'verified',
        reason: '',
        signer,
        logged: false,
        root: { source: 'key', asOf: null },
        byManifest: false,
      },
    ],
    SUBJECTS,
    policy,
  );
}

describe('the level of what a publisher signed with its key', () => {
  it('is by claim of the publisher, who is named', () => {
    const told = level(byKey(published.fingerprint), null);
    assert.deepEqual([told.level, told.claimedBy], [published.level, published.name]);
    assert.match(told.sentence, new RegExp(`by claim of ${published.name}`));
    const signed = told.steps.find(({ id }) => id === 'signature');
    assert.match(signed?.detail ?? '', new RegExp(`the key of ${published.name}`));
  });

  it('is 1 for any other key', () => assert.equal(level(byKey(`sha256:${'0'.repeat(64)}`), null).level, 1));

  it('is 1 where the policy lists other signers, and told where it lists this one', () => {
    assert.equal(level(byKey(published.fingerprint), rule()).level, 1);
    const signers = [{ ...KEY, pem: published.pem, fingerprint: published.fingerprint }];
    assert.equal(level(byKey(published.fingerprint), rule({ signers })).level, published.level);
  });
});
