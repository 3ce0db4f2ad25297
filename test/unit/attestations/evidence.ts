// SPDX-License-Identifier: Apache-2.0
// Signers, policies and judgements for tests of what follows from them.
import type { Signer } from '../../../src/core/attestations/model.ts';
import type { TrustedSigner, TrustRule } from '../../../src/core/policy/model.ts';
import * as from from './statements.ts';

export const GITHUB = 'https://token.actions.githubusercontent.com';
export const INDEX = `sha256:${from.IMAGE}`;
export const SUBJECTS = [
  { role: 'index', digest: INDEX },
  { role: 'platform', digest: `sha256:${'c'.repeat(64)}` },
  { role: 'attestation-manifest', digest: `sha256:${'d'.repeat(64)}` },
] as const;

/** A certificate of Fulcio's as GitHub Actions gets it; an extension that is undefined is left out. */
export function certificate(identity: string, extensions: Record<string, string | undefined> = {}): Signer {
  const all: Record<string, string | undefined> = {
    buildSignerUri: identity,
    runnerEnvironment: 'github-hosted',
    sourceRepositoryUri: from.REPOSITORY,
    sourceRepositoryDigest: from.COMMIT,
    sourceRepositoryRef: 'refs/tags/v4.7.1',
    runInvocationUri: from.RUN,
    ...extensions,
  };
  return {
    kind: 'certificate',
    identity,
    issuer: GITHUB,
    extensions: Object.fromEntries(
      Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined),
    ),
    certificate: {
      issuer: 'CN=sigstore-intermediate,O=sigstore.dev',
      serial: '4b197e02',
      from: '2026-11-22T16:41:00Z',
      until: '2026-11-22T16:51:00Z',
    },
  };
}

export const KEY: Extract<TrustedSigner, { kind: 'key' }> = {
  kind: 'key',
  name: 'keys/cosign.pub',
  pem: '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n',
  fingerprint: `sha256:${'9'.repeat(64)}`,
  logRequired: false,
  validFrom: null,
  validUntil: null,
};

export function rule(more: Partial<TrustRule> = {}): TrustRule {
  return {
    path: '.waybill.yaml',
    line: 8,
    images: ['ghcr.io/northwind/**'],
    signers: [{ kind: 'identity', issuer: GITHUB, identity: from.WORKFLOW, pattern: false }],
    require: ['signature'],
    builders: [],
    minimumLevel: null,
    source: null,
    freshness: null,
    verifiers: [],
    ...more,
  };
}
