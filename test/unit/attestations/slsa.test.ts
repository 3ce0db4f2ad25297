// SPDX-License-Identifier: Apache-2.0
// The checklist as a table: what is given, the level, the step at which it ends, and in which state.
import assert from 'node:assert/strict';
import { understand } from '../../../src/core/attestations/claims.ts';
import type { Signer } from '../../../src/core/attestations/model.ts';
import { slsaLevel, type Provenance } from '../../../src/core/attestations/slsa.ts';
import { readStatement, subjectDigests } from '../../../src/core/attestations/statement.ts';
import type { SlsaResult, SlsaStep } from '../../../src/core/evidence/evidence.ts';
import type { TrustRule } from '../../../src/core/policy/model.ts';
import * as from from './statements.ts';
import { INDEX, KEY, SUBJECTS, certificate, rule } from './evidence.ts';

const DOCKER = 'https://github.com/docker/github-builder/.github/workflows/build.yml@refs/tags/v1.2.3';
const REUSABLE = 'https://github.com/northwind/builders/.github/workflows/image.yml@refs/tags/v2.0.1';

interface Given extends Partial<Provenance> {
  readonly statement?: unknown;
  readonly rule?: TrustRule;
}

function given(more: Given): Provenance {
  const value = more.statement ?? from.githubV1();
  const read = readStatement(value);
  const { claim, predicateType } = understand(value);
  return {
    digest: `sha256:${'1'.repeat(64)}`,
    predicateType: predicateType ?? '',
    names: read.ok ? subjectDigests(read.value) : [],
    story: claim.kind === 'provenance' ? claim.story : null,
    unreadable: claim.kind === 'unreadable' ? claim.reason : null,
    verdict: 'verified',
    reason: '',
    signer: certificate(from.WORKFLOW),
    root: { source: 'seed', asOf: '2026-11-21' },
    byManifest: false,
    ...more,
  };
}

const signer = (identity: string, extensions: Record<string, string | undefined> = {}): Signer =>
  certificate(identity, extensions);
const without = (object: object, ...path: string[]): unknown => {
  const copy = structuredClone(object) as Record<string, unknown>;
  let here = copy;
  for (const key of path.slice(0, -1)) here = here[key] as Record<string, unknown>;
  delete here[path.at(-1) ?? ''];
  return copy;
};
const mine = rule({
  signers: [{ kind: 'identity', issuer: certificate('x').issuer ?? '', identity: from.WORKFLOW, pattern: false }],
});
const key = rule({
  signers: [KEY],
  builders: [{ id: 'https://ci.northwind.example/builder', pattern: false, level: 2 }],
});
const keySigner: Signer = {
  kind: 'key',
  identity: KEY.fingerprint ?? '',
  issuer: null,
  extensions: {},
  certificate: null,
};
const keyBuilt = from.statement(from.SLSA_V1, {
  buildDefinition: { buildType: 'https://ci.northwind.example/type', externalParameters: { source: from.REPOSITORY } },
  runDetails: { builder: { id: 'https://ci.northwind.example/builder' } },
});

type Row = readonly [string, Given, SlsaResult['level'], string, SlsaStep['state']];
const CASES: readonly Row[] = [
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
  // 5: hosted
  [
    'on a machine of its own',
    { signer: signer(from.WORKFLOW, { runnerEnvironment: 'self-hosted' }) },
    1,
    'hosted',
    'failed',
  ],
  [
    'on a runner nobody knows',
    { signer: signer(from.WORKFLOW, { runnerEnvironment: 'other' }) },
    1,
    'hosted',
    'failed',
  ],
  [
    'hosted by the word of the provenance alone',
    { signer: signer(from.WORKFLOW, { runnerEnvironment: undefined }) },
    1,
    'hosted',
    'unknown',
  ],
  [
    'by a builder that the policy holds at level 1',
    { rule: { ...mine, builders: [{ id: from.WORKFLOW, pattern: false, level: 1 }] } },
    1,
    'hosted',
    'not-met',
  ],
  // 6: claims
  [
    'with another repository in the certificate',
    { signer: signer(from.WORKFLOW, { sourceRepositoryUri: 'https://github.com/mallory/app' }) },
    0,
    'claims',
    'failed',
  ],
  ['with another commit', { statement: from.githubV1({ commit: '0'.repeat(40) }) }, 0, 'claims', 'failed'],
  ['with another ref', { statement: from.githubV1({ workflow: { ref: 'refs/heads/main' } }) }, 0, 'claims', 'failed'],
  [
    'with another run',
    { statement: from.githubV1({ run: `${from.REPOSITORY}/actions/runs/1/attempts/1` }) },
    0,
    'claims',
    'failed',
  ],
  [
    'with no repository in the certificate',
    { signer: signer(from.WORKFLOW, { sourceRepositoryUri: undefined }) },
    1,
    'claims',
    'unknown',
  ],
  [
    'with no repository in the provenance',
    {
      statement: from.githubV1({ workflow: { repository: '' } }),
      signer: signer(from.WORKFLOW, { sourceRepositoryUri: undefined }),
    },
    1,
    'claims',
    'unknown',
  ],
  // 7: level 2, or isolated
  ['by a workflow on GitHub', {}, 2, 'isolated', 'not-met'],
  [
    'by slsa-github-generator',
    { statement: from.generatorV02(), signer: signer(from.GENERATOR) },
    3,
    'isolated',
    'passed',
  ],
  [
    'by slsa-github-generator at a branch',
    {
      statement: from.generatorV02(from.GENERATOR.replace('tags/v2.1.0', 'heads/main')),
      signer: signer(from.GENERATOR.replace('tags/v2.1.0', 'heads/main')),
    },
    2,
    'isolated',
    'not-met',
  ],
  [
    'by slsa-github-generator at a prerelease',
    { statement: from.generatorV02(`${from.GENERATOR}-rc.1`), signer: signer(`${from.GENERATOR}-rc.1`) },
    2,
    'isolated',
    'not-met',
  ],
  [
    'by slsa-github-generator at a tag that moves',
    {
      statement: from.generatorV02(from.GENERATOR.replace('v2.1.0', 'v2')),
      signer: signer(from.GENERATOR.replace('v2.1.0', 'v2')),
    },
    2,
    'isolated',
    'not-met',
  ],
  [
    "by another workflow of the generator's repository",
    {
      statement: from.generatorV02(from.GENERATOR.replace('generator_container_slsa3', 'release')),
      signer: signer(from.GENERATOR.replace('generator_container_slsa3', 'release')),
    },
    2,
    'isolated',
    'not-met',
  ],
  [
    "by Docker's builder, through the manifest",
    { statement: from.buildkitV1(from.RUN), signer: signer(DOCKER), byManifest: true },
    3,
    'isolated',
    'passed',
  ],
  [
    'by BuildKit in a workflow that signs the manifest',
    { statement: from.buildkitV1(from.RUN), byManifest: true },
    2,
    'isolated',
    'not-met',
  ],
  [
    'by a reusable workflow that the policy lists',
    {
      statement: from.githubV1({ builder: REUSABLE }),
      signer: signer(REUSABLE),
      rule: { ...mine, builders: [{ id: REUSABLE, pattern: false, level: 3 }] },
    },
    3,
    'isolated',
    'passed',
  ],
  [
    'by a pattern that the policy lists',
    {
      statement: from.githubV1({ builder: REUSABLE }),
      signer: signer(REUSABLE),
      rule: { ...mine, builders: [{ id: REUSABLE.replace('v2.0.1', 'v*'), pattern: true, level: 3 }] },
    },
    3,
    'isolated',
    'passed',
  ],
  [
    'with a key and a builder that the policy lists at level 2',
    { statement: keyBuilt, signer: keySigner, rule: key },
    2,
    'isolated',
    'not-met',
  ],
  [
    'with a key and a builder that the policy lists at level 3',
    {
      statement: keyBuilt,
      signer: keySigner,
      rule: { ...key, builders: [{ id: 'https://ci.northwind.example/builder', pattern: false, level: 3 }] },
    },
    3,
    'isolated',
    'passed',
  ],
  // 8: source
  ['with no policy on its source', {}, 2, 'source', 'skipped'],
  [
    'from the source that the policy expects',
    {
      rule: {
        ...mine,
        source: {
          repository: 'https://github.com/Northwind/payments-api',
          ref: 'refs/tags/v*',
          refIsPattern: true,
          workflow: '.github/workflows/release.yml',
        },
      },
    },
    2,
    'source',
    'passed',
  ],
  [
    'from another repository',
    {
      rule: {
        ...mine,
        source: { repository: 'https://github.com/northwind/other', ref: null, refIsPattern: false, workflow: null },
      },
    },
    2,
    'source',
    'failed',
  ],
  [
    'from another ref',
    { rule: { ...mine, source: { repository: null, ref: 'refs/heads/main', refIsPattern: false, workflow: null } } },
    2,
    'source',
    'failed',
  ],
  [
    'by another workflow',
    {
      rule: {
        ...mine,
        source: { repository: null, ref: null, refIsPattern: false, workflow: '.github/workflows/other.yml' },
      },
    },
    2,
    'source',
    'failed',
  ],
];

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

  it('words the level by claim of its builder', () => {
    assert.equal(
      slsaLevel([given({})], SUBJECTS, null).sentence,
      'SLSA Build L2, by claim of GitHub Actions. Level only; the source was not checked.',
    );
    assert.equal(INDEX, SUBJECTS[0]?.digest);
  });
});
