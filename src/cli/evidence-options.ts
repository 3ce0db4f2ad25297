// SPDX-License-Identifier: Apache-2.0
// What `verify` and `audit` take to look for evidence and to check it, read once for both.
import { resolve } from 'node:path';
import type { EvidenceWish, RootWish, TrustMirror } from '../core/ports.ts';
import { isGithubRepository, isHost, isMirror } from '../node/evidence/wish.ts';
import { cosignRepository } from './image-source.ts';
import { UsageError, type CliIo } from './io.ts';

export const EVIDENCE_OPTIONS = {
  'trusted-root': { type: 'string' },
  'github-repository': { type: 'string' },
  'github-tuf-root': { type: 'string' },
  'tuf-mirror': { type: 'string' },
  'tuf-root': { type: 'string' },
  insecure: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** Lines of the help on these options; who fetches roots unasked is said by each command. */
export const EVIDENCE_HELP = `  --trusted-root FILE           a trusted_root.json instead of the roots that Waybill fetches, keeps or brings
  --tuf-mirror URL              fetch the trusted root from this mirror instead of Sigstore's own
  --tuf-root FILE               the first root.json of that mirror
  --github-tuf-root FILE        a first root.json of GitHub's own Sigstore instead of the one that Waybill brings
  --github-repository OWNER/NAME  ask GitHub's attestation API of that repository, too
  --insecure HOST               speak plain HTTP with this host, which may be HOST:PORT; may be repeated`;

export interface EvidenceValues {
  readonly 'trusted-root'?: string | undefined;
  readonly 'github-repository'?: string | undefined;
  readonly 'github-tuf-root'?: string | undefined;
  readonly 'tuf-mirror'?: string | undefined;
  readonly 'tuf-root'?: string | undefined;
  readonly insecure: readonly string[];
}

export interface EvidenceChoice {
  readonly roots: Omit<RootWish, 'fetchRoots'>;
  readonly where: Pick<EvidenceWish, 'cosignRepository' | 'githubRepository'>;
  readonly insecureHosts: readonly string[];
}

/** The options as they are used; what cannot be used is a usage error. */
export function readEvidenceOptions(values: EvidenceValues, io: Pick<CliIo, 'cwd' | 'env'>): EvidenceChoice {
  const path = (option: 'trusted-root' | 'tuf-root' | 'github-tuf-root'): string | null => {
    const named = values[option];
    if (named === '') throw new UsageError(`--${option} names no file`);
    return named === undefined ? null : resolve(io.cwd, named);
  };
  const github = values['github-repository'] ?? null;
  if (github !== null && !isGithubRepository(github))
    throw new UsageError(`--github-repository takes OWNER/NAME; it was given ${JSON.stringify(github)}`);
  for (const host of values.insecure)
    if (!isHost(host)) throw new UsageError(`--insecure takes HOST or HOST:PORT; it was given ${JSON.stringify(host)}`);
  return {
    roots: {
      trustedRoot: path('trusted-root'),
      tuf: mirrorOf(values['tuf-mirror'], path('tuf-root')),
      githubRoot: path('github-tuf-root'),
    },
    where: { cosignRepository: cosignRepository(io.env), githubRepository: github },
    insecureHosts: values.insecure.map((host) => host.toLowerCase()),
  };
}

/** A mirror of the user's own; both halves are needed, because only the first root says whom to believe. */
function mirrorOf(mirror: string | undefined, rootPath: string | null): TrustMirror | null {
  if (mirror === undefined && rootPath === null) return null;
  if (mirror === undefined || rootPath === null)
    throw new UsageError('--tuf-mirror and --tuf-root belong together: only a first root says whom to believe');
  if (!isMirror(mirror))
    throw new UsageError(`--tuf-mirror takes an https address; it was given ${JSON.stringify(mirror)}`);
  return { mirror, rootPath };
}
