// SPDX-License-Identifier: Apache-2.0
// What the cases of the SLSA checklist are made of.
import { understand } from '../../../src/core/attestations/claims.ts';
import type { Signer } from '../../../src/core/attestations/model.ts';
import type { Provenance } from '../../../src/core/attestations/slsa.ts';
import { readStatement, subjectDigests } from '../../../src/core/attestations/statement.ts';
import type { SlsaResult, SlsaStep } from '../../../src/core/evidence/evidence.ts';
import type { TrustRule } from '../../../src/core/policy/model.ts';
import * as from from './statements.ts';
import { KEY, certificate, rule } from './evidence.ts';

export const DOCKER = 'https://github.com/docker/github-builder/.github/workflows/build.yml@refs/tags/v1.2.3';
export const REUSABLE = 'https://github.com/northwind/builders/.github/workflows/image.yml@refs/tags/v2.0.1';

export interface Given extends Partial<Provenance> {
  readonly statement?: unknown;
  readonly rule?: TrustRule;
}

export function given(more: Given): Provenance {
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
    logged: true,
    root: { source: 'seed', asOf: '2026-11-21' },
    byManifest: false,
    ...more,
  };
}

export const signer = (identity: string, extensions: Record<string, string | undefined> = {}): Signer =>
  certificate(identity, extensions);
export const without = (object: object, ...path: string[]): unknown => {
  const copy = structuredClone(object) as Record<string, unknown>;
  let here = copy;
  for (const key of path.slice(0, -1)) here = here[key] as Record<string, unknown>;
  delete here[path.at(-1) ?? ''];
  return copy;
};
export const mine = rule({
  signers: [{ kind: 'identity', issuer: certificate('x').issuer ?? '', identity: from.WORKFLOW, pattern: false }],
});
export const key = rule({
  signers: [KEY],
  builders: [{ id: 'https://ci.northwind.example/builder', pattern: false, level: 2 }],
});
export const keySigner: Signer = {
  kind: 'key',
  identity: KEY.fingerprint ?? '',
  issuer: null,
  extensions: {},
  certificate: null,
};
export const keyBuilt = from.statement(from.SLSA_V1, {
  buildDefinition: { buildType: 'https://ci.northwind.example/type', externalParameters: { source: from.REPOSITORY } },
  runDetails: { builder: { id: 'https://ci.northwind.example/builder' } },
});

/** What is given, the level, the step at which it ends, and in which state. */
export type Row = readonly [string, Given, SlsaResult['level'], string, SlsaStep['state']];
