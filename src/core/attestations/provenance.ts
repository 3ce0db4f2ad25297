// SPDX-License-Identifier: Apache-2.0
import type { Material, Story } from '../evidence/evidence.ts';
import { MAX_MATERIALS, parametersOf, readMaterials } from './provenance-parts.ts';
import { originOf } from './origins.ts';
import { isCommit, readSource, readWorkflowIdentity } from './source-location.ts';
import type { Statement } from './statement.ts';
import { at, count, digestSet, flag, list, text, time } from './untrusted.ts';

/** Version of the SLSA provenance format by its predicate type; null for one that is not read. */
function formatOf(predicateType: string): Story['format'] | null {
  const version = /\/v?(\d+(?:\.\d+)?)\/?$/.exec(predicateType)?.[1] ?? '';
  if (/^1(?:\.\d+)?$/.test(version)) return '1';
  return version === '0.2' ? '0.2' : version === '0.1' ? '0.1' : null;
}

/**
 * The story that SLSA provenance tells: source and commit, workflow, builder, materials. Everything in it is a claim of
 * whoever wrote it. Null for a version that is not read.
 */
export function readProvenance(statement: Statement): Story | null {
  const { predicate, predicateType } = statement;
  switch (formatOf(predicateType)) {
    case '1':
      return storyOf('1', partsOfV1(predicate));
    case '0.2':
      return storyOf('0.2', partsOfV02(predicate));
    case '0.1':
      return storyOf('0.1', partsOfV01(predicate));
    default:
      return null;
  }
}

/** What the versions say in different places. */
interface Parts {
  readonly builder: string | null;
  readonly buildType: string | null;
  /** Address of the configuration's source as the format names it, with its digests. */
  readonly source: {
    readonly uri: string | null;
    readonly digests: Readonly<Record<string, string>>;
    readonly ref: string | null;
  };
  /** Path of workflow, build file or target. */
  readonly entryPoint: string | null;
  readonly invocation: string | null;
  readonly event: string | null;
  readonly runner: string | null;
  readonly started: string | null;
  readonly finished: string | null;
  /** What was given from outside, in any shape. */
  readonly parameters: unknown;
  readonly materials: readonly Material[];
  readonly materialCount: number;
  readonly hermetic: boolean | null;
  readonly reproducible: boolean | null;
  readonly completeness: Story['completeness'];
  /** Version control as the client told it, not checked by the builder (BuildKit). */
  readonly hint: { readonly source: string | null; readonly revision: string | null };
}

const BUILDKIT_V02 = 'https://mobyproject.org/buildkit@v1#';

function partsOfV1(predicate: unknown): Parts {
  const external = at(predicate, 'buildDefinition', 'externalParameters');
  const internal = at(predicate, 'buildDefinition', 'internalParameters');
  const metadata = at(predicate, 'runDetails', 'metadata');
  const workflow = at(external, 'workflow');
  const config = at(external, 'configSource');
  const cloud = at(external, 'buildConfigSource');
  const plain = at(external, 'source');
  const uri =
    text(workflow, 'repository') ??
    text(cloud, 'repository') ??
    text(config, 'uri') ??
    text(plain) ??
    text(plain, 'uri') ??
    text(plain, 'git', 'url') ??
    text(external, 'sourceUri') ??
    sourceMaterial(at(predicate, 'buildDefinition'));
  const complete = at(metadata, 'buildkit_completeness');
  return {
    builder: text(predicate, 'runDetails', 'builder', 'id'),
    buildType: text(predicate, 'buildDefinition', 'buildType'),
    source: {
      uri,
      digests: { ...digestSet(config, 'digest'), ...digestSet(plain, 'digest') },
      ref: text(workflow, 'ref') ?? text(cloud, 'ref') ?? text(plain, 'git', 'revision'),
    },
    entryPoint:
      text(workflow, 'path') ?? text(cloud, 'path') ?? text(config, 'path') ?? text(external, 'entryPoint') ?? null,
    invocation: text(metadata, 'invocationId') ?? text(metadata, 'invocationID'),
    event: text(internal, 'github', 'event_name') ?? text(internal, 'github_event_name'),
    runner:
      text(internal, 'github', 'runner_environment') ??
      text(internal, 'github_runner_environment') ??
      text(internal, 'name'),
    started: time(metadata, 'startedOn'),
    finished: time(metadata, 'finishedOn'),
    parameters: external,
    materials: readMaterials(at(predicate, 'buildDefinition'), 'resolvedDependencies'),
    materialCount: count(predicate, 'buildDefinition', 'resolvedDependencies'),
    hermetic: flag(metadata, 'buildkit_hermetic'),
    reproducible: flag(metadata, 'buildkit_reproducible'),
    completeness: {
      parameters: flag(complete, 'request'),
      environment: null,
      materials: flag(complete, 'resolvedDependencies'),
    },
    hint: {
      source: text(metadata, 'buildkit_metadata', 'vcs', 'source'),
      revision: text(metadata, 'buildkit_metadata', 'vcs', 'revision'),
    },
  };
}

/** Tekton Chains and kpack name the source among definitions of tasks and builders. */
function sourceMaterial(definition: unknown): string | null {
  const named = list(definition, MAX_MATERIALS, 'resolvedDependencies').find((each) =>
    /^(?:inputs\/result|app-source|source)$/.test(text(each, 'name') ?? ''),
  );
  return text(named, 'uri');
}

function partsOfV02(predicate: unknown): Parts {
  const invocation = at(predicate, 'invocation');
  const environment = at(invocation, 'environment');
  const config = at(invocation, 'configSource');
  const metadata = at(predicate, 'metadata');
  const vcs = at(metadata, `${BUILDKIT_V02}metadata`, 'vcs');
  return {
    builder: text(predicate, 'builder', 'id'),
    buildType: text(predicate, 'buildType'),
    source: { uri: text(config, 'uri'), digests: digestSet(config, 'digest'), ref: text(environment, 'github_ref') },
    entryPoint: text(config, 'entryPoint'),
    invocation: text(metadata, 'buildInvocationId') ?? text(metadata, 'buildInvocationID'),
    event: text(environment, 'github_event_name'),
    runner: text(environment, 'github_runner_environment') ?? text(environment, 'name'),
    started: time(metadata, 'buildStartedOn'),
    finished: time(metadata, 'buildFinishedOn'),
    parameters: at(invocation, 'parameters'),
    materials: readMaterials(predicate, 'materials'),
    materialCount: count(predicate, 'materials'),
    hermetic: flag(metadata, `${BUILDKIT_V02}hermetic`),
    reproducible: flag(metadata, 'reproducible'),
    completeness: {
      parameters: flag(metadata, 'completeness', 'parameters'),
      environment: flag(metadata, 'completeness', 'environment'),
      materials: flag(metadata, 'completeness', 'materials'),
    },
    hint: { source: text(vcs, 'source'), revision: text(vcs, 'revision') },
  };
}

function partsOfV01(predicate: unknown): Parts {
  const recipe = at(predicate, 'recipe');
  const metadata = at(predicate, 'metadata');
  const materials = readMaterials(predicate, 'materials');
  const place = at(recipe, 'definedInMaterial');
  const defined = typeof place === 'number' ? materials[place] : undefined;
  return {
    builder: text(predicate, 'builder', 'id'),
    buildType: text(recipe, 'type'),
    source: { uri: defined?.uri ?? null, digests: defined?.digests ?? {}, ref: null },
    entryPoint: text(recipe, 'entryPoint'),
    invocation: text(metadata, 'buildInvocationId'),
    event: text(recipe, 'environment', 'github_event_name'),
    runner: null,
    started: time(metadata, 'buildStartedOn'),
    finished: time(metadata, 'buildFinishedOn'),
    parameters: at(recipe, 'arguments'),
    materials,
    materialCount: count(predicate, 'materials'),
    hermetic: null,
    reproducible: flag(metadata, 'reproducible'),
    completeness: {
      parameters: flag(metadata, 'completeness', 'arguments'),
      environment: flag(metadata, 'completeness', 'environment'),
      materials: flag(metadata, 'completeness', 'materials'),
    },
    hint: { source: null, revision: null },
  };
}

/** GitLab writes commits of 40 digits under `sha256`; what is longer there is no commit. */
function commitOf(digests: Readonly<Record<string, string>>): string | null {
  const found = ['gitCommit', 'sha1', 'commit', 'sha256'].map((name) => digests[name]?.toLowerCase());
  return found.find((each, index) => each !== undefined && isCommit(each) && (index < 3 || each.length === 40)) ?? null;
}

/** The commit of the material that is the source: by its repository, else nothing. */
function materialCommit(repository: string, materials: readonly Material[]): string | null {
  for (const { uri, digests } of materials) {
    if (uri === null || readSource(uri)?.repository !== repository) continue;
    const commit = commitOf(digests);
    if (commit !== null) return commit;
  }
  return null;
}

function sourceOf({ source, materials, hint }: Parts): Story['source'] {
  const gitMaterial = materials.find(
    ({ uri, digests }) => uri !== null && commitOf(digests) !== null && readSource(uri),
  );
  const uri = source.uri ?? gitMaterial?.uri ?? null;
  const read = uri === null ? null : readSource(uri);
  if (uri !== null) {
    const repository = read?.repository ?? uri;
    const inMaterials = materials.map((each) => (each.uri === null ? null : readSource(each.uri)));
    return {
      repository,
      commit: read?.commit ?? commitOf(source.digests) ?? materialCommit(repository, materials),
      ref:
        source.ref ??
        read?.ref ??
        inMaterials.find((each) => each?.repository === repository && each.ref !== null)?.ref ??
        null,
      hint: false,
    };
  }
  if (hint.source === null) return null;
  const hinted = readSource(hint.source);
  const commit = hint.revision !== null && isCommit(hint.revision.toLowerCase()) ? hint.revision.toLowerCase() : null;
  return { repository: hinted?.repository ?? hint.source, commit, ref: null, hint: true };
}

function storyOf(format: Story['format'], parts: Parts): Story {
  const origin = originOf(parts.builder, parts.buildType);
  const signing = parts.builder === null ? null : readWorkflowIdentity(parts.builder);
  return {
    format,
    origin: origin.id,
    originName: origin.name,
    builder: parts.builder,
    buildType: parts.buildType,
    source: sourceOf(parts),
    entryPoint: parts.entryPoint,
    workflow:
      parts.entryPoint !== null && parts.entryPoint.startsWith('.github/workflows/')
        ? parts.entryPoint
        : (signing?.path ?? null),
    invocation: parts.invocation,
    event: parts.event,
    runner: parts.runner,
    started: parts.started,
    finished: parts.finished,
    parameters: parametersOf(parts.parameters),
    materials: [...parts.materials],
    materialCount: parts.materialCount,
    hermetic: parts.hermetic,
    reproducible: parts.reproducible,
    completeness: parts.completeness,
  };
}
