// SPDX-License-Identifier: Apache-2.0
// Entry of dist/verify.js: everything that stands on sigstore's libraries, loaded on first use.
import type { Expected, Judgement, RootUsed } from '../core/attestations/model.ts';
import type { Problem } from '../core/model/problem.ts';
import { ok, type Result } from '../core/model/result.ts';
import { createVerifier } from './trust/judge.ts';
import { noGithubRoot, rootOfFile, seedRoot } from './trust/roots.ts';

export { createVerifier } from './trust/judge.ts';
export { createRoots } from './trust/roots.ts';
// It reads certificates with the same library.
export { rawDocument } from './evidence/raw-document.ts';

export interface BundleCheck {
  /** Bytes of the bundle; null where they are more than is read. */
  readonly bytes: Uint8Array | null;
  /** `sha256:…` of what it has to be about, and other digests of the same; statements may name any of them. */
  readonly digests: readonly string[];
  readonly expected: Expected;
  /** Null takes the root that comes with this version. */
  readonly trustedRoot: string | null;
  readonly allowNoLog: boolean;
}

/** Check one bundle; touches no network. An error means that the trusted root could not be read. */
export async function checkBundle(
  check: BundleCheck,
  cancel: AbortSignal,
): Promise<Result<{ readonly judgement: Judgement; readonly root: RootUsed }, Problem>> {
  const { bytes, digests, expected, trustedRoot, allowNoLog } = check;
  const loaded = trustedRoot === null ? seedRoot() : await rootOfFile(trustedRoot, 'public');
  if (!loaded.ok && loaded.error.code === 'file-unreadable') return loaded;
  const verifier = createVerifier({
    publicGood: async () => loaded,
    github: async () => (trustedRoot === null ? noGithubRoot() : rootOfFile(trustedRoot, 'github')),
  });
  const problem: Problem = { code: 'too-large', what: 'The bundle was not read', why: 'it is too large', todo: '' };
  const judgement = await verifier.verify(
    {
      item: {
        kind: 'bundle',
        place: 'referrers',
        subject: digests[0] ?? '',
        manifestDigest: null,
        digest: '',
        mediaType: '',
        annotations: {},
        bytes,
        problem: bytes === null ? problem : null,
      },
      subjects: digests.map((digest) => ({ role: 'platform', digest })),
      expected,
      keys: [],
      allowNoLog,
    },
    cancel,
  );
  const root = loaded.ok ? loaded.value.used : { source: `file:${trustedRoot ?? ''}`, asOf: null };
  return ok({ judgement, root });
}
