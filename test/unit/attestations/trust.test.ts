// SPDX-License-Identifier: Apache-2.0
// What is found against what a policy asks for: met, unmet or could not be checked, each with its reason.
import assert from 'node:assert/strict';
import type { Requirement } from '../../../src/core/evidence/evidence.ts';
import { verifyExit } from '../../../src/core/output/verify-document.ts';
import { exampleEvidence } from '../../support/evidence-examples.ts';
import * as from from './statements.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const W = from.WORKFLOW;
const BRANCH = W.replace('refs/tags/v4.7.1', 'refs/heads/main');
const policy = (more = '', signer = `{issuer: '${GITHUB}', identity: '${W}'}`): string =>
  `trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - ${signer}\n${more}`;
const items = (...lines: string[]): string =>
  `items:${lines.length === 0 ? ' []' : ''}\n${lines.map((each) => `  - ${each}\n`).join('')}`;
const SIG = `{what: signature, signer: '${W}'}`;
const FAILED = 'places:\n  - {kind: referrers, state: failed, reason: ghcr.io answered 401}\n';

type Row = readonly [
  name: string,
  found: string,
  policy: string,
  expected: readonly (readonly [id: string, state: Requirement['state'], code: string, reason: RegExp])[],
  exit: 0 | 1 | 3,
];
const OK = /^$/;
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
  [
    'an SBOM of either kind',
    items(SIG, `{what: cyclonedx, signer: '${W}'}`),
    policy('    require: [signature, sbom]\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['sbom', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'an SBOM of the wrong kind',
    items(SIG, `{what: cyclonedx, signer: '${W}'}`),
    policy('    require: [signature, spdx]\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['spdx', 'unmet', 'missing', /No SPDX SBOM was found/],
    ],
    1,
  ],
  [
    'an SBOM that nobody signed',
    items(SIG, '{what: spdx, verdict: unsigned}'),
    policy('    require: [sbom]\n'),
    [['sbom', 'unmet', 'unsigned', /is not signed/]],
    1,
  ],
  [
    'a type with its version',
    items(`{what: 'https://docker.com/dhi/fips/v0.1', signer: '${W}'}`),
    policy("    require: ['https://docker.com/dhi/fips/v0.1']\n"),
    [['https://docker.com/dhi/fips/v0.1', 'met', 'ok', OK]],
    0,
  ],
  [
    'a type without its version',
    items(`{what: 'https://docker.com/dhi/fips/v0.1', signer: '${W}'}`),
    policy("    require: ['https://docker.com/dhi/fips']\n"),
    [['https://docker.com/dhi/fips', 'met', 'ok', OK]],
    0,
  ],
  [
    'a type of another version',
    items(`{what: 'https://docker.com/dhi/fips/v0.2', signer: '${W}'}`),
    policy("    require: ['https://docker.com/dhi/fips/v0.1']\n"),
    [['https://docker.com/dhi/fips/v0.1', 'unmet', 'missing', /No https/]],
    1,
  ],
  [
    'a type that only begins so',
    items(`{what: 'https://example.test/a/evil', signer: '${W}'}`),
    policy("    require: ['https://example.test/a']\n"),
    [['https://example.test/a', 'unmet', 'missing', /No https/]],
    1,
  ],
  [
    'signed long ago',
    items(`{what: signature, signer: '${W}', signed: '2026-01-10'}`),
    policy('    freshness: 30 days\n'),
    [['signature', 'unmet', 'stale', /317 days ago, and the policy allows 30 days/]],
    1,
  ],
  [
    'signed a little too long ago',
    items(`{what: signature, signer: '${W}', signed: '2026-11-22'}`),
    policy('    freshness: 12 hours\n'),
    [['signature', 'unmet', 'stale', /43 hours ago, and the policy allows 12 hours/]],
    1,
  ],
  [
    'without a proved time',
    items('{what: signature, signer: key, signed: none}'),
    policy('    freshness: 30 days\n', '{key: cosign.pub, log: optional}'),
    [['signature', 'unmet', 'time', /Nothing proves when/]],
    1,
  ],
  [
    'level 2',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy('    minimumLevel: 2\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'level 3 of a builder at 2',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy('    minimumLevel: 3\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'unmet', 'level', /asks for level 3 .*Isolated builder/],
    ],
    1,
  ],
  [
    'a level without provenance',
    items(SIG),
    policy('    minimumLevel: 2\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'unmet', 'missing', /No SLSA provenance/],
    ],
    1,
  ],
  [
    'a level of provenance that could not be checked',
    items(SIG, '{what: provenance, verdict: could-not-check, reason: There is no trusted root.}'),
    policy('    minimumLevel: 2\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'could-not-check', 'could-not-check', /no trusted root/],
    ],
    3,
  ],
  [
    'the source that is asked for',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy("    source: {repository: 'https://github.com/northwind/payments-api'}\n"),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'another source',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy("    source: {repository: 'https://github.com/northwind/x'}\n"),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'unmet', 'source', /northwind\/x, found/],
    ],
    1,
  ],
];

describe('trust policy', () => {
  for (const [name, found, text, expected, exit] of ROWS) {
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
