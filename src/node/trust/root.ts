// SPDX-License-Identifier: Apache-2.0
// A trusted root: whose certificates, logs and timestamps are believed, and from when.
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial, type TrustMaterial } from '@sigstore/verify';
import type { RootUsed } from '../../core/attestations/model.ts';
import { at, list } from '../../core/attestations/untrusted.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { parseStrictJson } from './strict-json.ts';

/** Bytes; the public-good root has about 7 kB. */
export const MAX_ROOT_BYTES = 1024 * 1024;
export const MAX_AUTHORITIES = 100;

export interface LoadedRoot {
  readonly used: RootUsed;
  /** Without keys of the user's. */
  readonly material: Omit<TrustMaterial, 'publicKey'>;
  /** True where a validity has no beginning, so that anything old would count. */
  readonly undated: boolean;
}

/** Where roots come from; asked only when an item needs one. */
export interface TrustRoots {
  /** For certificates of the public Sigstore, and of whoever a user's own root names. */
  publicGood(): Promise<Result<LoadedRoot, Problem>>;
  /** For certificates of GitHub's own instance. */
  github(): Promise<Result<LoadedRoot, Problem>>;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** True where every log and authority has a beginning, by the JSON itself: the library reads an odd one as 1970. */
function isDated(root: unknown): boolean {
  const all = (...names: readonly string[]): readonly unknown[] =>
    names.flatMap((name) => list(root, MAX_AUTHORITIES, name));
  const starts = [
    ...all('tlogs', 'ctlogs').map((log) => at(log, 'publicKey', 'validFor', 'start')),
    ...all('certificateAuthorities', 'timestampAuthorities').map((authority) => at(authority, 'validFor', 'start')),
  ];
  return starts.every((start) => typeof start === 'string' && TIME.test(start));
}

/** Types of log keys that are read, by the names of `PublicKeyDetails` in Sigstore's protobuf-specs. */
const READ_KEYS = /^(?:PKCS1_RSA|PKIX_RSA|PKIX_ECDSA|PKIX_ED25519)/;

/** The root without logs whose keys are of a type to come: nothing that they sign counts, and the others still do. */
function withoutUnknownLogs(root: object): object {
  const known = (name: string): unknown => {
    const logs = at(root, name);
    if (!Array.isArray(logs)) return logs;
    return logs.filter((log) => {
      const details = at(log, 'publicKey', 'keyDetails');
      return typeof details !== 'string' || READ_KEYS.test(details);
    });
  };
  return { ...root, tlogs: known('tlogs'), ctlogs: known('ctlogs') };
}

/** Read trusted_root.json (`application/vnd.dev.sigstore.trustedroot`, 0.1 and 0.2). */
export function readTrustedRoot(bytes: Uint8Array, used: RootUsed): Result<LoadedRoot, Problem> {
  const refused = (why: string): Result<never, Problem> =>
    err({
      code: 'bad-input',
      what: `The trusted root of ${used.source} cannot be used`,
      why,
      todo: 'Give a trusted_root.json as Sigstore publishes it.',
    });
  if (bytes.length > MAX_ROOT_BYTES) return refused(`it is larger than ${MAX_ROOT_BYTES} bytes`);
  const json = parseStrictJson(bytes);
  if (!json.ok) return refused('it is no plain JSON');
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value))
    return refused('it is no JSON object');
  try {
    const written = withoutUnknownLogs(json.value);
    const root = TrustedRoot.fromJSON(written);
    if (
      !/^application\/vnd\.dev\.sigstore\.trustedroot(?:\+json;version=0\.[12]|\.v0\.[12]\+json)$/.test(root.mediaType)
    )
      return refused('its media type is not that of a trusted root 0.1 or 0.2');
    const logs = [...root.tlogs, ...root.ctlogs];
    const authorities = [...root.certificateAuthorities, ...root.timestampAuthorities];
    if (logs.length + authorities.length > MAX_AUTHORITIES) return refused('it names too many authorities');
    const { publicKey: _, ...material } = toTrustMaterial(root);
    return ok({ used, material, undated: !isDated(written) });
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}
