// SPDX-License-Identifier: Apache-2.0
// Statements as the builders write them, by hand and small: every origin that Waybill knows.

export const IMAGE = 'a'.repeat(64);
export const COMMIT = '3f9c2e1b'.repeat(5);
export const REPOSITORY = 'https://github.com/northwind/payments-api';
export const WORKFLOW = `${REPOSITORY}/.github/workflows/release.yml@refs/tags/v4.7.1`;
export const RUN = `${REPOSITORY}/actions/runs/19284412057/attempts/1`;

type Json = Record<string, unknown>;

export function statement(predicateType: string, predicate: unknown, more: Json = {}): Json {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'ghcr.io/northwind/payments-api', digest: { sha256: IMAGE } }],
    predicateType,
    predicate,
    ...more,
  };
}

export const SLSA_V1 = 'https://slsa.dev/provenance/v1';
export const SLSA_V02 = 'https://slsa.dev/provenance/v0.2';

/** actions/attest. */
export const githubV1 = (more: { builder?: string; workflow?: Json; commit?: string; run?: string } = {}): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: {
        workflow: {
          ref: 'refs/tags/v4.7.1',
          repository: REPOSITORY,
          path: '.github/workflows/release.yml',
          ...more.workflow,
        },
      },
      internalParameters: {
        github: {
          event_name: 'push',
          repository_id: '1',
          repository_owner_id: '2',
          runner_environment: 'github-hosted',
        },
      },
      resolvedDependencies: [
        { uri: `git+${REPOSITORY}@refs/tags/v4.7.1`, digest: { gitCommit: more.commit ?? COMMIT } },
      ],
    },
    runDetails: { builder: { id: more.builder ?? WORKFLOW }, metadata: { invocationId: more.run ?? RUN } },
  });

export const GENERATOR =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.1.0';

/** slsa-github-generator for containers. */
export const generatorV02 = (builder = GENERATOR): Json =>
  statement(
    SLSA_V02,
    {
      builder: { id: builder },
      buildType: 'https://github.com/slsa-framework/slsa-github-generator/container@v1',
      invocation: {
        configSource: {
          uri: `git+${REPOSITORY}@refs/tags/v4.7.1`,
          digest: { sha1: COMMIT },
          entryPoint: '.github/workflows/release.yml',
        },
        parameters: {},
        environment: { github_event_name: 'push', github_ref: 'refs/tags/v4.7.1', github_run_id: '19284412057' },
      },
      metadata: {
        buildInvocationID: '19284412057-1',
        completeness: { parameters: true, environment: false, materials: false },
        reproducible: false,
      },
      materials: [{ uri: `git+${REPOSITORY}@refs/tags/v4.7.1`, digest: { sha1: COMMIT } }],
    },
    { _type: 'https://in-toto.io/Statement/v0.1' },
  );

/** GitLab runner 16.7 and later. */
export const gitlabV1 = (): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v17.5.0/PROVENANCE.md',
      externalParameters: {
        entryPoint: 'build-image',
        source: 'https://gitlab.com/northwind/payments',
        variables: { CI: 'true', CI_COMMIT_REF_NAME: 'main' },
      },
      internalParameters: {
        name: 'saas-linux-small-amd64',
        executor: 'docker+machine',
        architecture: 'amd64',
        job: '42',
      },
      resolvedDependencies: [{ uri: 'https://gitlab.com/northwind/payments', digest: { gitCommit: COMMIT } }],
    },
    runDetails: {
      builder: { id: 'https://gitlab.com/northwind/payments/-/runners/12270831', version: { 'gitlab-runner': '1a2b' } },
      metadata: { invocationId: '42', startedOn: '2026-11-22T16:38:02Z', finishedOn: '2026-11-22T16:41:00Z' },
    },
  });

/** GitLab runner before 16.7. */
export const gitlabV02 = (): Json =>
  statement(SLSA_V02, {
    buildType: 'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/598a7c91/PROVENANCE.md',
    builder: { id: 'https://gitlab.com/northwind/payments/-/runners/12270831' },
    invocation: {
      configSource: {
        uri: 'https://gitlab.com/northwind/payments',
        digest: { sha256: COMMIT },
        entryPoint: 'build-job',
      },
      environment: { name: 'blue-2.shared.runners-manager.gitlab.com/default', executor: 'docker+machine' },
      parameters: { CI: '', CI_COMMIT_SHA: '' },
    },
    metadata: { buildStartedOn: '2026-11-22T16:38:02Z', reproducible: false, completeness: { parameters: true } },
    materials: [],
  });

/** BuildKit v0.27 and later, mode=max from a Git context. */
export const buildkitV1 = (builder = '', more: { local?: boolean } = {}): Json =>
  statement(
    SLSA_V1,
    {
      buildDefinition: {
        buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
        externalParameters: {
          configSource: more.local
            ? { path: 'Dockerfile' }
            : { uri: `${REPOSITORY}.git#refs/tags/v4.7.1`, digest: { sha1: COMMIT }, path: 'Dockerfile' },
          request: { frontend: 'dockerfile.v0', args: { 'build-arg:GO_VERSION': '1.26', target: 'release' } },
        },
        internalParameters: { builderPlatform: 'linux/amd64' },
        resolvedDependencies: [
          { uri: 'pkg:docker/golang@1.26?platform=linux%2Famd64', digest: { sha256: 'd'.repeat(64) } },
          { uri: 'https://example.test/tool.tar.gz', digest: { sha256: 'e'.repeat(64) } },
        ],
      },
      runDetails: {
        builder: { id: builder },
        metadata: {
          invocationID: 'rpv7a389uzil5lqmrgwhijwjz',
          startedOn: '2026-11-22T16:38:02Z',
          finishedOn: '2026-11-22T16:41:00Z',
          buildkit_hermetic: false,
          buildkit_reproducible: true,
          buildkit_completeness: { request: true, resolvedDependencies: false },
          buildkit_metadata: { vcs: { source: `${REPOSITORY}.git`, revision: COMMIT } },
        },
      },
    },
    { _type: 'https://in-toto.io/Statement/v0.1' },
  );

export const buildkitV02 = (builder = ''): Json =>
  statement(SLSA_V02, {
    builder: { id: builder },
    buildType: 'https://mobyproject.org/buildkit@v1',
    materials: [{ uri: 'pkg:docker/docker.io/library/alpine@3.20', digest: { sha256: 'd'.repeat(64) } }],
    invocation: { configSource: { entryPoint: 'Dockerfile' }, parameters: { frontend: 'dockerfile.v0' } },
    metadata: {
      buildInvocationID: 'x1',
      completeness: { parameters: true, environment: true, materials: false },
      reproducible: false,
      'https://mobyproject.org/buildkit@v1#hermetic': true,
      'https://mobyproject.org/buildkit@v1#metadata': { vcs: { source: REPOSITORY, revision: COMMIT } },
    },
  });

export const cloudBuildV1 = (): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://cloud.google.com/build/gcb-buildtypes/google-worker/v1',
      externalParameters: {
        buildConfigSource: { path: 'cloudbuild.yaml', ref: 'refs/heads/main', repository: `git+${REPOSITORY}` },
        substitutions: { _REGION: 'europe-west1' },
      },
      internalParameters: { systemSubstitutions: { PROJECT_ID: 'northwind' } },
      resolvedDependencies: [
        { uri: `git+${REPOSITORY}@refs/heads/main`, digest: { gitCommit: COMMIT } },
        { uri: 'gcr.io/cloud-builders/docker@sha256:12', digest: { sha256: 'f'.repeat(64) } },
      ],
    },
    runDetails: {
      builder: { id: 'https://cloudbuild.googleapis.com/GoogleHostedWorker' },
      metadata: {
        invocationId: 'https://cloudbuild.googleapis.com/v1/projects/northwind/locations/global/builds/1',
        startedOn: '2026-11-22T16:38:02.123456789Z',
        finishedOn: '2026-11-22T16:41:00Z',
      },
    },
  });

/** Tekton Chains, slsa/v2. */
export const tektonV1 = (): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://tekton.dev/chains/v2/slsa',
      externalParameters: {
        runSpec: { pipelineRef: { name: 'build-and-push' }, params: [{ name: 'git-url', value: REPOSITORY }] },
      },
      internalParameters: { labels: {} },
      resolvedDependencies: [
        { name: 'pipelineTask', uri: 'git+https://github.com/tektoncd/catalog.git', digest: { sha1: 'b'.repeat(40) } },
        { name: 'inputs/result', uri: `git+${REPOSITORY}.git`, digest: { sha1: COMMIT } },
      ],
    },
    runDetails: {
      builder: { id: 'https://tekton.dev/chains/v2' },
      metadata: { invocationID: 'b6c1b0a2', startedOn: '2026-11-22T16:38:02Z', finishedOn: '2026-11-22T16:41:00Z' },
    },
  });

export const tektonV02 = (): Json =>
  statement(SLSA_V02, {
    builder: { id: 'https://tekton.dev/chains/v2' },
    buildType: 'tekton.dev/v1beta1/TaskRun',
    invocation: { configSource: {}, parameters: { IMAGE: 'x' } },
    metadata: { buildStartedOn: '2026-11-22T16:38:02Z', buildFinishedOn: '2026-11-22T16:41:00Z' },
    materials: [{ uri: `git+${REPOSITORY}.git`, digest: { sha1: COMMIT } }],
  });

/** kpack. */
export const buildpacksV1 = (): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://kpack.io/slsa/signed-build',
      externalParameters: { source: { git: { url: `${REPOSITORY}.git`, revision: COMMIT } } },
      resolvedDependencies: [
        { name: 'app-source', uri: `git+${REPOSITORY}.git@${COMMIT}`, digest: { sha1: COMMIT } },
        { name: 'builder-image', uri: 'paketobuildpacks/builder-jammy-tiny', digest: { sha256: 'f'.repeat(64) } },
      ],
    },
    runDetails: {
      builder: { id: 'https://kpack.io/slsa/signed-build', version: { kpack: 'v0.15.0' } },
      metadata: { invocationID: 'https://kpack.io/default/test-build-1' },
    },
  });

/** Chainguard's Terraform provider for apko. */
export const apkoV1 = (): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://apko.dev/slsa-build-type@v1',
      externalParameters: {},
      internalParameters: { contents: { packages: ['glibc=2.40-r1'] } },
    },
    runDetails: {
      builder: { id: 'https://github.com/chainguard-dev/terraform-provider-apko' },
      metadata: { invocationId: `${REPOSITORY}/actions/runs/1` },
    },
  });

export const melangeV1 = (): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://melange.dev/slsa-build-type@v1',
      externalParameters: { source: `git+${REPOSITORY}@${COMMIT}`, entryPoint: 'openssl.yaml' },
    },
    runDetails: { builder: { id: 'https://github.com/chainguard-dev/melange' } },
  });

export const koV1 = (): Json =>
  statement(SLSA_V1, {
    buildDefinition: {
      buildType: 'https://ko.build/slsa-build-type@v1',
      externalParameters: { source: { uri: `git+${REPOSITORY}`, digest: { gitCommit: COMMIT } } },
    },
    runDetails: { builder: { id: 'https://github.com/ko-build/terraform-provider-ko' } },
  });

/** The generator's Bazel builder. */
export const bazelV02 = (): Json =>
  statement(SLSA_V02, {
    builder: {
      id: 'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_bazel_slsa3.yml@refs/tags/v2.0.0',
    },
    buildType: 'https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0',
    invocation: {
      configSource: { uri: `git+${REPOSITORY}@refs/heads/main`, digest: { sha1: COMMIT }, entryPoint: 'x' },
    },
    materials: [],
  });

/** SLSA 0.1, as the first builders wrote it. */
export const firstV01 = (): Json =>
  statement('https://slsa.dev/provenance/v0.1', {
    builder: { id: 'https://github.com/Attestations/GitHubHostedActions@v1' },
    recipe: {
      type: 'https://github.com/Attestations/GitHubActionsWorkflow@v1',
      definedInMaterial: 0,
      entryPoint: 'build.yaml:maketgz',
      arguments: { mode: 'release' },
    },
    metadata: { buildInvocationId: '1', completeness: { arguments: true, environment: false, materials: true } },
    materials: [{ uri: `git+${REPOSITORY}@refs/heads/main`, digest: { sha1: COMMIT } }],
  });
