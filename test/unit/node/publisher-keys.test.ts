// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { EvidenceItem, Judgement, VerificationRequest } from '../../../src/core/attestations/model.ts';
import { PUBLISHER_KEYS, publisherKey } from '../../../src/core/attestations/publisher-keys.ts';
import { shortSigner } from '../../../src/core/attestations/signers.ts';
import { err } from '../../../src/core/model/result.ts';
import { keyFingerprint } from '../../../src/node/evidence/collect.ts';
import { createVerifier } from '../../../src/node/trust/judge.ts';
import { never } from './support.ts';

const TYPE = 'application/vnd.in-toto+json';
const DIGEST = 'a'.repeat(64);

interface Pair {
  readonly pem: string;
  readonly sign: (message: Buffer) => Buffer;
}

function pair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (message) => sign('sha256', message, privateKey),
  };
}

/** An envelope as Docker Hardened Images have them: without log, timestamp or annotation. */
function envelope(by: Pair): EvidenceItem {
  const payload = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v0.1',
      subject: [{ name: 'image', digest: { sha256: DIGEST } }],
      predicateType: 'https://docker.com/dhi/fips/v0.1',
      predicate: {},
    }),
  );
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `), payload]);
  const bytes = Buffer.from(
    JSON.stringify({
      payload: payload.toString('base64'),
      payloadType: TYPE,
      signatures: [{ sig: by.sign(message).toString('base64') }],
    }),
  );
  return {
    kind: 'in-toto-referrer',
    place: 'referrers',
    subject: `sha256:${DIGEST}`,
    manifestDigest: null,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    mediaType: TYPE,
    annotations: {},
    bytes,
    problem: null,
  };
}

const none = async () =>
  err({ code: 'file-unreadable', what: 'No root', why: 'it is not needed here', todo: '' } as const);

async function judge(item: EvidenceItem, more: Partial<VerificationRequest>): Promise<Judgement> {
  const verifier = createVerifier({ publicGood: none, github: none });
  return verifier.verify(
    {
      item,
      subjects: [{ role: 'platform', digest: `sha256:${DIGEST}` }],
      expected: { kind: 'anyone' },
      keys: [],
      allowNoLog: true,
      ...more,
    },
    never,
  );
}

describe('keys of publishers', () => {
  const publisher = pair();
  const other = pair();
  const publishers = [{ name: 'Publisher', pem: publisher.pem }];

  it('are what they are said to be', () => {
    assert.ok(PUBLISHER_KEYS.length > 0);
    for (const { name, pem, fingerprint, address, level } of PUBLISHER_KEYS) {
      assert.equal(keyFingerprint(pem), fingerprint, name);
      assert.ok(address.startsWith('https://') && level >= 1 && level <= 3, name);
      assert.equal(shortSigner({ kind: 'key', identity: fingerprint }), name);
    }
    assert.equal(publisherKey('sha256:00'), null);
  });

  it('prove who signed where nobody named a key', async () => {
    const { verdict, signer, checks } = await judge(envelope(publisher), { publishers });
    assert.equal(verdict, 'verified');
    assert.equal(signer?.identity, keyFingerprint(publisher.pem));
    assert.deepEqual(
      checks.filter(({ state }) => state === 'failed'),
      [],
    );
  });

  it('accuse nobody: what another key signed is of an unknown key, not invalid', async () => {
    const { verdict, code, checks } = await judge(envelope(other), { publishers });
    assert.deepEqual([verdict, code], ['could-not-check', 'key-unknown']);
    assert.equal(checks.filter(({ id }) => id === 'signature').length, 0);
  });

  it('do not take the place of a key that is named, nor of its limits', async () => {
    const named = { name: 'ours.pub', pem: other.pem };
    const ours = await judge(envelope(other), { publishers, keys: [named] });
    assert.deepEqual([ours.verdict, ours.signer?.identity], ['verified', keyFingerprint(other.pem)]);
    const ended = { name: 'theirs.pub', pem: publisher.pem, validUntil: '2020-01-01T00:00:00Z' };
    const theirs = await judge(envelope(publisher), { publishers, keys: [ended] });
    assert.notEqual(theirs.verdict, 'verified');
    const expected = { kind: 'key', name: 'ours.pub', pem: other.pem } as const;
    assert.equal((await judge(envelope(publisher), { publishers, expected })).code, 'signature-invalid');
  });

  it('do not vouch for another image', async () => {
    const subjects = [{ role: 'platform', digest: `sha256:${'b'.repeat(64)}` }] as const;
    assert.equal((await judge(envelope(publisher), { publishers, subjects })).code, 'subject-mismatch');
  });
});
