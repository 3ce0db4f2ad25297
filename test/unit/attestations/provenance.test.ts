// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { understand } from '../../../src/core/attestations/claims.ts';
import { readSource, repositoryKey } from '../../../src/core/attestations/source-location.ts';
import type { Story } from '../../../src/core/evidence/evidence.ts';
import * as from from './statements.ts';

function story(value: unknown): Story {
  const { claim } = understand(value);
  assert.equal(claim.kind, 'provenance', JSON.stringify(claim));
  assert.ok(claim.kind === 'provenance');
  return claim.story;
}

describe('provenance as one story', () => {
  const SOURCE = { repository: from.REPOSITORY, commit: from.COMMIT };
  const cases: readonly (readonly [string, unknown, Partial<Story>])[] = [
    [
      'GitHub Actions',
      from.githubV1(),
      {
        format: '1',
        origin: 'github-actions',
        builder: from.WORKFLOW,
        source: { ...SOURCE, ref: 'refs/tags/v4.7.1', hint: false },
        workflow: '.github/workflows/release.yml',
        invocation: from.RUN,
        event: 'push',
        runner: 'github-hosted',
      },
    ],
    [
      'slsa-github-generator',
      from.generatorV02(),
      {
        format: '0.2',
        origin: 'github-actions',
        source: { ...SOURCE, ref: 'refs/tags/v4.7.1', hint: false },
        workflow: '.github/workflows/release.yml',
        reproducible: false,
        completeness: { parameters: true, environment: false, materials: false },
      },
    ],
    [
      'GitLab',
      from.gitlabV1(),
      {
        origin: 'gitlab',
        source: { repository: 'https://gitlab.com/northwind/payments', commit: from.COMMIT, ref: null, hint: false },
        entryPoint: 'build-image',
        runner: 'saas-linux-small-amd64',
        started: '2026-11-22T16:38:02.000Z',
        finished: '2026-11-22T16:41:00.000Z',
      },
    ],
    [
      'GitLab before 16.7, the commit under sha256',
      from.gitlabV02(),
      {
        origin: 'gitlab',
        format: '0.2',
        source: { repository: 'https://gitlab.com/northwind/payments', commit: from.COMMIT, ref: null, hint: false },
        entryPoint: 'build-job',
      },
    ],
    [
      'BuildKit from a Git context',
      from.buildkitV1(),
      {
        origin: 'buildkit',
        builder: null,
        source: { ...SOURCE, ref: 'refs/tags/v4.7.1', hint: false },
        entryPoint: 'Dockerfile',
        workflow: null,
        hermetic: false,
        reproducible: true,
        materialCount: 2,
        completeness: { parameters: true, environment: null, materials: false },
      },
    ],
    [
      'BuildKit from a folder: the source is what the client told',
      from.buildkitV1('', { local: true }),
      { origin: 'buildkit', source: { ...SOURCE, ref: null, hint: true } },
    ],
    [
      'BuildKit, SLSA 0.2',
      from.buildkitV02(),
      { origin: 'buildkit', format: '0.2', hermetic: true, source: { ...SOURCE, ref: null, hint: true } },
    ],
    [
      'Google Cloud Build',
      from.cloudBuildV1(),
      {
        origin: 'cloud-build',
        source: { ...SOURCE, ref: 'refs/heads/main', hint: false },
        entryPoint: 'cloudbuild.yaml',
        started: '2026-11-22T16:38:02.123Z',
      },
    ],
    [
      'Tekton Chains',
      from.tektonV1(),
      { origin: 'tekton', invocation: 'b6c1b0a2', source: { ...SOURCE, ref: null, hint: false } },
    ],
    ['Tekton Chains, SLSA 0.2', from.tektonV02(), { origin: 'tekton', source: { ...SOURCE, ref: null, hint: false } }],
    ['Buildpacks by kpack', from.buildpacksV1(), { origin: 'buildpacks', materialCount: 2 }],
    ['apko', from.apkoV1(), { origin: 'apko', source: null, materialCount: 0 }],
    ['melange', from.melangeV1(), { origin: 'melange', source: { ...SOURCE, ref: null, hint: false } }],
    ['ko', from.koV1(), { origin: 'ko', source: { ...SOURCE, ref: null, hint: false } }],
    ['Bazel', from.bazelV02(), { origin: 'bazel', source: { ...SOURCE, ref: 'refs/heads/main', hint: false } }],
    [
      'SLSA 0.1',
      from.firstV01(),
      {
        format: '0.1',
        origin: 'github-actions',
        source: { ...SOURCE, ref: 'refs/heads/main', hint: false },
        entryPoint: 'build.yaml:maketgz',
        parameters: [{ name: 'mode', value: 'release' }],
      },
    ],
  ];
  for (const [name, value, expected] of cases) {
    it(name, () => {
      const found = story(value);
      for (const [key, each] of Object.entries(expected)) assert.deepEqual(found[key as keyof Story], each, key);
    });
  }

  it('gives materials the names that people use', () => {
    assert.deepEqual(
      story(from.buildkitV1()).materials.map(({ name, kind }) => [kind, name]),
      [
        ['image', 'golang:1.26'],
        ['other', 'https://example.test/tool.tar.gz'],
      ],
    );
    assert.deepEqual(
      story(from.githubV1()).materials.map(({ name, kind, digests }) => [kind, name, digests]),
      [['source', 'github.com/northwind/payments-api', { gitCommit: from.COMMIT }]],
    );
  });

  it('keeps 500 materials and counts all', () => {
    const materials = Array.from({ length: 2_000 }, (_, index) => ({ uri: `pkg:docker/a@${index}`, digest: {} }));
    const found = story(from.statement(from.SLSA_V02, { builder: { id: 'x' }, buildType: 'y', materials }));
    assert.equal(found.materials.length, 500);
    assert.equal(found.materialCount, 2_000);
  });

  it('opens groups of parameters, bounded in number and length', () => {
    const found = story(from.buildkitV1()).parameters;
    assert.ok(found.some(({ name, value }) => name === 'request.args.build-arg:GO_VERSION' && value === '1.26'));
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`p${index}`, 'x'.repeat(9_000)]));
    const bounded = story(
      from.statement(from.SLSA_V1, { buildDefinition: { externalParameters: many }, runDetails: {} }),
    ).parameters;
    assert.equal(bounded.length, 100);
    assert.ok(bounded.every(({ value }) => value.length <= 201));
  });
});

describe('addresses of source code', () => {
  const REPO = 'https://github.com/o/r';
  const cases: readonly (readonly [string, string | null, string | null, string | null])[] = [
    ['git+https://github.com/o/r@refs/tags/v1', REPO, 'refs/tags/v1', null],
    ['https://github.com/o/r.git#refs/heads/main', REPO, 'refs/heads/main', null],
    ['https://github.com/o/r.git#main:sub/dir', REPO, 'main', null],
    [`https://github.com/o/r.git#${from.COMMIT}`, REPO, null, from.COMMIT],
    ['git@github.com:o/r.git', REPO, null, null],
    ['ssh://git@github.com/o/r.git', REPO, null, null],
    ['https://user:secret@github.com/o/r', REPO, null, null],
    ['https://GitHub.com/o/r/', REPO, null, null],
    ['pkg:docker/alpine@3.20', null, null, null],
    ['Dockerfile', null, null, null],
    ['https://github.com', null, null, null],
    ['', null, null, null],
  ];
  for (const [uri, repository, ref, commit] of cases) {
    it(JSON.stringify(uri), () => {
      const found = readSource(uri);
      assert.deepEqual(found, repository === null ? null : { repository, ref, commit });
    });
  }

  it('compares names on github.com without case, elsewhere with it', () => {
    assert.equal(repositoryKey('https://github.com/North/App.git'), repositoryKey('git+https://github.com/north/app'));
    assert.notEqual(repositoryKey('https://gitlab.com/North/app'), repositoryKey('https://gitlab.com/north/app'));
  });
});
