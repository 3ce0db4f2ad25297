// SPDX-License-Identifier: Apache-2.0
// The checklist up to the signer: the statement, its signature, and who made it.
import * as from from './statements.ts';
import { certificate, KEY, rule } from './evidence.ts';
import { key, keyBuilt, keySigner, mine, REUSABLE, signer, without, type Row } from './slsa-given.ts';

export const SIGNED_CASES: readonly Row[] = [
  // 1: named
  ['about another image', { names: [`sha256:${'b'.repeat(64)}`] }, 0, 'named', 'failed'],
  ['names nothing', { names: [] }, 0, 'named', 'failed'],
  ['names the attestation manifest only', { names: [`sha256:${'d'.repeat(64)}`] }, 0, 'named', 'failed'],
  // 2: well-formed
  ['of SLSA 0.1', { statement: from.firstV01() }, 0, 'well-formed', 'failed'],
  [
    'of a version nobody knows',
    { statement: from.statement('https://slsa.dev/provenance/v2', {}) },
    0,
    'well-formed',
    'failed',
  ],
  [
    'without a builder',
    { statement: without(from.githubV1(), 'predicate', 'runDetails', 'builder') },
    0,
    'well-formed',
    'failed',
  ],
  ['with an empty builder, as BuildKit writes it', { statement: from.buildkitV1('') }, 0, 'well-formed', 'failed'],
  [
    'without a build type',
    { statement: without(from.githubV1(), 'predicate', 'buildDefinition', 'buildType') },
    0,
    'well-formed',
    'failed',
  ],
  ['with a predicate that is a list', { statement: from.statement(from.SLSA_V1, []) }, 0, 'well-formed', 'failed'],
  ['with a predicate that is null', { statement: from.statement(from.SLSA_V1, null) }, 0, 'well-formed', 'failed'],
  ['that could not be read', { story: null, unreadable: 'it names no predicate type' }, 0, 'well-formed', 'failed'],
  // 3: signature
  ['tampered with', { verdict: 'invalid', reason: 'The signature does not fit.' }, 0, 'signature', 'failed'],
  ['not signed', { verdict: 'unsigned', signer: null }, 1, 'signature', 'failed'],
  [
    'not signed, by BuildKit with a run',
    { statement: from.buildkitV1(from.RUN), verdict: 'unsigned', signer: null },
    1,
    'signature',
    'failed',
  ],
  [
    'with a key that is not supported',
    { verdict: 'unsupported', reason: 'The key is Ed25519.', signer: null },
    1,
    'signature',
    'unknown',
  ],
  [
    'that could not be checked',
    { verdict: 'could-not-check', reason: 'No root.', signer: null },
    1,
    'signature',
    'unknown',
  ],
  ['verified without a signer', { signer: null }, 1, 'signature', 'unknown'],
  // 4: signer
  [
    'signed by a person',
    { signer: { ...signer('dev@northwind.example'), issuer: 'https://accounts.google.com' } },
    1,
    'signer',
    'failed',
  ],
  [
    'signed under another issuer',
    { signer: { ...signer(from.WORKFLOW), issuer: 'https://token.example.invalid' } },
    1,
    'signer',
    'failed',
  ],
  [
    'signed under an issuer that only begins so',
    { signer: { ...signer(from.WORKFLOW), issuer: `${certificate('x').issuer}.example` } },
    1,
    'signer',
    'failed',
  ],
  [
    'signed by a host that only begins so',
    {
      statement: from.githubV1({
        builder: 'https://github.com.evil.example/o/r/.github/workflows/a.yml@refs/tags/v1.0.0',
      }),
      signer: signer('https://github.com.evil.example/o/r/.github/workflows/a.yml@refs/tags/v1.0.0'),
    },
    1,
    'signer',
    'failed',
  ],
  ['signed by no workflow', { signer: signer('https://github.com/northwind') }, 1, 'signer', 'failed'],
  [
    'naming another builder than its signer',
    { statement: from.githubV1({ builder: REUSABLE }) },
    1,
    'signer',
    'failed',
  ],
  [
    'naming a builder that differs in case',
    { statement: from.githubV1({ builder: from.WORKFLOW.toUpperCase() }) },
    1,
    'signer',
    'failed',
  ],
  [
    'with another build signer in the certificate',
    { signer: signer(from.WORKFLOW, { buildSignerUri: REUSABLE }) },
    1,
    'signer',
    'failed',
  ],
  [
    'without a build signer in the certificate',
    { signer: signer(from.WORKFLOW, { buildSignerUri: undefined }) },
    1,
    'signer',
    'failed',
  ],
  ['signed with a key and no policy', { statement: keyBuilt, signer: keySigner }, 1, 'signer', 'failed'],
  [
    'signed with a key that lists another builder',
    {
      statement: keyBuilt,
      signer: keySigner,
      rule: { ...key, builders: [{ id: 'https://other.example', pattern: false, level: 3 }] },
    },
    1,
    'signer',
    'failed',
  ],
  [
    'signed with another key than the listed one',
    { statement: keyBuilt, signer: { ...keySigner, identity: `sha256:${'0'.repeat(64)}` }, rule: key },
    1,
    'signer',
    'failed',
  ],
  [
    "signed by a stranger's workflow, under a policy",
    { statement: from.githubV1({ builder: REUSABLE }), signer: signer(REUSABLE), rule: mine },
    1,
    'signer',
    'failed',
  ],
  [
    'a builder id that the policy lists, by a signer that it does not',
    {
      statement: from.githubV1({ builder: 'https://ci.northwind.example/builder' }),
      rule: rule({
        signers: [KEY],
        builders: [{ id: 'https://ci.northwind.example/builder', pattern: false, level: 3 }],
      }),
    },
    1,
    'signer',
    'failed',
  ],
];
