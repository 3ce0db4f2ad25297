// SPDX-License-Identifier: Apache-2.0
// The checklist from the signer on: where it was built, from what, and by whose claim.
import * as from from './statements.ts';
import { KEY } from './evidence.ts';
import { DOCKER, key, keyBuilt, keySigner, mine, REUSABLE, signer, type Row } from './slsa-given.ts';

const AT_COMMIT = REUSABLE.replace('refs/tags/v2.0.1', 'e'.repeat(40));

export const BUILT_CASES: readonly Row[] = [
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
  [
    'with the short name of the ref, as BuildKit has it of a Git address',
    { statement: from.githubV1({ workflow: { ref: 'v4.7.1' } }) },
    2,
    'claims',
    'passed',
  ],
  [
    'with the short name of another ref',
    { statement: from.githubV1({ workflow: { ref: 'v4.7' } }) },
    0,
    'claims',
    'failed',
  ],
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
    'by slsa-github-generator at a commit, which can be of a fork',
    {
      statement: from.generatorV02(from.GENERATOR.replace('refs/tags/v2.1.0', 'e'.repeat(40))),
      signer: signer(from.GENERATOR.replace('refs/tags/v2.1.0', 'e'.repeat(40))),
    },
    2,
    'isolated',
    'not-met',
  ],
  [
    "by Docker's builder at a commit, which can be of a fork",
    {
      statement: from.buildkitV1(from.RUN),
      signer: signer(DOCKER.replace('refs/tags/v1.2.3', 'e'.repeat(40))),
      byManifest: true,
    },
    2,
    'isolated',
    'not-met',
  ],
  [
    'by a reusable workflow at the very commit that the policy names',
    {
      statement: from.githubV1({ builder: AT_COMMIT }),
      signer: signer(AT_COMMIT),
      rule: { ...mine, builders: [{ id: AT_COMMIT, pattern: false, level: 3 }] },
    },
    3,
    'isolated',
    'passed',
  ],
  [
    'by a reusable workflow at any commit',
    {
      statement: from.githubV1({ builder: AT_COMMIT }),
      signer: signer(AT_COMMIT),
      rule: { ...mine, builders: [{ id: REUSABLE.replace('refs/tags/v2.0.1', '*'), pattern: true, level: 3 }] },
    },
    2,
    'isolated',
    'not-met',
  ],
  [
    'by a pattern for tags, at a branch that is called like one',
    {
      statement: from.githubV1({ builder: REUSABLE.replace('refs/tags', 'refs/heads/x@refs/tags') }),
      signer: signer(REUSABLE.replace('refs/tags', 'refs/heads/x@refs/tags')),
      rule: { ...mine, builders: [{ id: 'https://github.com/northwind/**@refs/tags/v*', pattern: true, level: 3 }] },
    },
    1,
    'signer',
    'failed',
  ],
  [
    'with a pinned key, in no log though the policy asks for one',
    {
      statement: keyBuilt,
      signer: keySigner,
      logged: false,
      rule: { ...key, signers: [{ ...KEY, logRequired: true }] },
    },
    1,
    'signer',
    'failed',
  ],
  [
    'with a pinned key, in a log',
    { statement: keyBuilt, signer: keySigner, rule: { ...key, signers: [{ ...KEY, logRequired: true }] } },
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
    'by a name that the policy lists, vouched for by an issuer that it does not',
    {
      statement: from.githubV1({ builder: REUSABLE }),
      signer: { ...signer(REUSABLE), issuer: 'https://token.example.invalid' },
      rule: { ...mine, builders: [{ id: REUSABLE, pattern: false, level: 3 }] },
    },
    1,
    'signer',
    'failed',
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
    'by the workflow of the certificate, whatever the provenance says',
    {
      signer: signer(from.WORKFLOW, {
        buildConfigUri: 'https://github.com/northwind/payments-api/.github/workflows/other.yml@refs/tags/v4.7.1',
      }),
      rule: {
        ...mine,
        source: { repository: null, ref: null, refIsPattern: false, workflow: '.github/workflows/release.yml' },
      },
    },
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
