// SPDX-License-Identifier: Apache-2.0
// Who signed, against whom a policy lists: met, unmet or could not be checked, each with its reason.
import assert from 'node:assert/strict';
import { verifyExit } from '../../../src/core/output/verify-document.ts';
import { exampleEvidence } from '../../support/evidence-examples.ts';
import { BRANCH, FAILED, GITHUB, items, OK, policy, SIG, testRows, W, type Row } from './trust-rows.ts';

const ROWS: readonly Row[] = [
  ['the signer that is listed', items(SIG), policy(), [['signature', 'met', 'ok', OK]], 0],
  [
    'nothing',
    items(),
    policy(),
    [
      [
        'signature',
        'unmet',
        'missing',
        /^Not signed\. The trust policy asks for a signature on ghcr\.io\/northwind\/\*\* \(\.waybill\.yaml:2\)\. Sign/,
      ],
    ],
    1,
  ],
  [
    'nothing, and a place that did not answer',
    `${FAILED}items: []\n`,
    policy(),
    [['signature', 'could-not-check', 'place', /answered 401/]],
    3,
  ],
  [
    'the right one, and a place that did not answer',
    `${FAILED}${items(SIG)}`,
    policy(),
    [['signature', 'met', 'ok', OK]],
    0,
  ],
  [
    'a prefix of the identity',
    items(`{what: signature, signer: '${W.slice(0, -1)}'}`),
    policy(),
    [['signature', 'unmet', 'signer', /signed by .*, and the policy asks for release\.yml@refs\/tags\/v4\.7\.1/]],
    1,
  ],
  [
    'more than the identity',
    items(`{what: signature, signer: '${W}0'}`),
    policy(),
    [['signature', 'unmet', 'signer', /signed by/]],
    1,
  ],
  [
    'the identity in capitals',
    items(`{what: signature, signer: '${W.toUpperCase()}'}`),
    policy(),
    [['signature', 'unmet', 'signer', /signed by/]],
    1,
  ],
  [
    'another issuer',
    items(`{what: signature, signer: '${W}', issuer: 'https://token.example.invalid'}`),
    policy(),
    [['signature', 'unmet', 'signer', /token\.example\.invalid/]],
    1,
  ],
  [
    'a dot is a dot',
    items(`{what: signature, signer: '${W.replace('release.yml', 'releaseXyml')}'}`),
    policy(),
    [['signature', 'unmet', 'signer', /signed by/]],
    1,
  ],
  [
    'stars in a literal identity',
    items(SIG),
    policy('', `{issuer: '${GITHUB}', identity: '${W.replace('v4.7.1', 'v*')}'}`),
    [['signature', 'unmet', 'signer', /signed by/]],
    1,
  ],
  [
    'a pattern that fits',
    items(SIG),
    policy('', `{issuer: '${GITHUB}', identityPattern: '${W.replace('v4.7.1', 'v*')}'}`),
    [['signature', 'met', 'ok', OK]],
    0,
  ],
  [
    'a pattern that fits only a part',
    items(`{what: signature, signer: '${W}/more'}`),
    policy('', `{issuer: '${GITHUB}', identityPattern: '${W.replace('v4.7.1', 'v*')}'}`),
    [['signature', 'unmet', 'signer', /signed by/]],
    1,
  ],
  [
    'a pattern for tags, and a branch that is called like one',
    items(`{what: signature, signer: '${W.replace('refs/tags', 'refs/heads/x@refs/tags')}'}`),
    policy('', `{issuer: '${GITHUB}', identityPattern: 'https://github.com/northwind/**@refs/tags/v*'}`),
    [['signature', 'unmet', 'signer', /signed by/]],
    1,
  ],
  [
    'a pattern for tags of an organisation',
    items(SIG),
    policy('', `{issuer: '${GITHUB}', identityPattern: 'https://github.com/northwind/**@refs/tags/v*'}`),
    [['signature', 'met', 'ok', OK]],
    0,
  ],
  [
    'a signature of Notation, which is not checked',
    items('{what: notation, verdict: unsupported, code: kind-unsupported}'),
    policy(),
    [['signature', 'unmet', 'missing', /^A Notation signature is present, and Waybill does not check it\. The trust/]],
    1,
  ],
  [
    'a branch where tags are asked for',
    items(`{what: signature, signer: '${BRANCH}'}`),
    policy(),
    [['signature', 'unmet', 'signer', /refs\/heads\/main/]],
    1,
  ],
  [
    'an invalid signature beside the right one',
    items('{what: signature, verdict: invalid, code: signature-invalid, reason: The signature does not hold.}', SIG),
    policy(),
    [['signature', 'met', 'ok', OK]],
    0,
  ],
  [
    'an invalid signature',
    items('{what: signature, verdict: invalid, code: signature-invalid, reason: The signature does not hold.}'),
    policy(),
    [['signature', 'unmet', 'invalid', /does not hold/]],
    1,
  ],
  [
    'a signature of another image',
    items(
      '{what: signature, about: another, verdict: invalid, code: subject-mismatch, reason: It is about another digest.}',
    ),
    policy(),
    [['signature', 'unmet', 'subject', /names sha256:bbbbbbbb…, not this image/]],
    1,
  ],
  [
    'a signature of the attestation manifest',
    items(`{what: signature, about: attestation-manifest, signer: '${W}'}`),
    policy(),
    [['signature', 'unmet', 'subject', /not this image/]],
    1,
  ],
  [
    'a signature of the platform',
    items(`{what: signature, about: platform, signer: '${W}'}`),
    policy(),
    [['signature', 'met', 'ok', OK]],
    0,
  ],
  [
    'an SBOM by the right signer is no signature',
    items(`{what: spdx, signer: '${W}'}`),
    policy(),
    [['signature', 'unmet', 'missing', /^Not signed/]],
    1,
  ],
  [
    'a key that is not supported',
    items('{what: signature, verdict: unsupported, reason: The key is Ed25519.}'),
    policy(),
    [['signature', 'could-not-check', 'unsupported', /Ed25519/]],
    3,
  ],
  [
    'no root to check by',
    items('{what: signature, verdict: could-not-check, reason: There is no trusted root.}'),
    policy(),
    [['signature', 'could-not-check', 'could-not-check', /no trusted root/]],
    3,
  ],
  [
    'the pinned key, logged',
    items('{what: signature, signer: key}'),
    policy('', '{key: cosign.pub}'),
    [['signature', 'met', 'ok', OK]],
    0,
  ],
  [
    'the pinned key, not logged',
    items('{what: signature, signer: key, signed: none}'),
    policy('', '{key: cosign.pub}'),
    [['signature', 'unmet', 'log', /no entry in a transparency log/]],
    1,
  ],
  [
    'the pinned key, the log optional',
    items('{what: signature, signer: key, signed: none}'),
    policy('', '{key: cosign.pub, log: optional}'),
    [['signature', 'met', 'ok', OK]],
    0,
  ],
  [
    'a key where an identity is asked for',
    items('{what: signature, signer: key}'),
    policy(),
    [['signature', 'unmet', 'signer', /signed by key sha256:99999999…/]],
    1,
  ],
  [
    'a certificate where a key is asked for',
    items(SIG),
    policy('', '{key: cosign.pub}'),
    [['signature', 'unmet', 'signer', /asks for cosign\.pub/]],
    1,
  ],
];

describe('signers of a trust policy', () => {
  testRows(ROWS);

  const UNJUDGED: readonly (readonly [string, string, 0 | 1 | 3])[] = [
    ['somebody signed', items(SIG), 0],
    ['nobody signed', items(), 0],
    ['something is invalid', items(SIG, '{what: spdx, verdict: invalid, code: signature-invalid}'), 1],
    ['a place did not answer', `${FAILED}items: []\n`, 3],
    [
      'invalid, and a place did not answer',
      `${FAILED}${items('{what: spdx, verdict: invalid, code: signature-invalid}')}`,
      1,
    ],
    ['there is no root', items('{what: signature, verdict: could-not-check, code: root-missing}'), 3],
    ['a key that nobody named', items('{what: signature, verdict: could-not-check, code: key-unknown}'), 0],
    ['an unsupported kind', items('{what: signature, verdict: unsupported, code: key-type-unsupported}'), 0],
    [
      'the API of GitHub was not asked',
      `places:\n  - {kind: referrers, state: ok}\n  - {kind: github-attestations, state: skipped, reason: off}\n${items(SIG)}`,
      0,
    ],
  ];
  for (const [name, found, exit] of UNJUDGED) {
    it(`without a policy, ${name}: exit ${exit}`, async () => {
      const { evidence } = await exampleEvidence(found);
      assert.equal(evidence.policy.state, 'none');
      assert.equal(verifyExit(evidence), exit);
      // Nobody is judged: no item passes or fails a check of a policy.
      assert.ok(
        evidence.items.every(
          ({ allowed, checks }) => allowed === null && checks.every(({ id }) => id !== 'policy-signer'),
        ),
      );
    });
  }

  it('fails where the policy speaks of other images only', async () => {
    const { evidence } = await exampleEvidence(items(SIG), policy().replace('ghcr.io/northwind', 'ghcr.io/other'));
    assert.equal(evidence.policy.state, 'no-rule');
    assert.equal(verifyExit(evidence), 1);
  });

  it('judges nobody by an entry that has a mistake, and lets no entry behind it count', async () => {
    const lax = `  - images: '**'\n    signers:\n      - {issuer: '${GITHUB}', identity: '${W}'}\n`;
    const broken = 'trust:\n  - images: ghcr.io/northwind/**\n    signers: []\n';
    const { evidence } = await exampleEvidence(items(SIG), `${broken}${lax}`, 1);
    assert.equal(evidence.policy.state, 'could-not-check');
    assert.match(
      evidence.policy.requirements.map(({ reason }) => reason).join('\n'),
      /^Could not check: the trust entry at \.waybill\.yaml:2 has a mistake\. Correct it; [^\n]+$/,
    );
    assert.deepEqual(
      evidence.items.map(({ allowed, checks }) => [allowed, checks.some(({ id }) => id === 'policy-signer')]),
      [[null, false]],
    );
    assert.equal(verifyExit(evidence), 3);
  });

  it('says at each signed item whether its signer is listed, and where', async () => {
    const { evidence } = await exampleEvidence(items(SIG, `{what: signature, signer: '${BRANCH}'}`), policy());
    const listed = evidence.items.toSorted((a, b) => Number(b.allowed) - Number(a.allowed));
    assert.deepEqual(
      listed.map(({ allowed }) => allowed),
      [true, false],
    );
    assert.deepEqual(
      listed.map(({ checks }) => checks.find(({ id }) => id === 'policy-signer')),
      [
        { id: 'policy-signer', state: 'passed', detail: '.waybill.yaml:2 lists the signer.' },
        { id: 'policy-signer', state: 'failed', detail: '.waybill.yaml:2 asks for release.yml@refs/tags/v4.7.1.' },
      ],
    );
  });
});
