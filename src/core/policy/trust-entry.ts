// SPDX-License-Identifier: Apache-2.0
import type { TrustedSigner, TrustRule } from './model.ts';
import type { TrustEntry, TrustSignerEntry } from './schema.ts';
import { suggestion } from './suggest.ts';

/** Words that `require` takes beside predicate types. */
export const REQUIRED_WORDS = [
  'signature',
  'provenance',
  'sbom',
  'spdx',
  'cyclonedx',
  'vex',
  'vulnerabilities',
  'test-result',
  'vsa',
] as const;
export type RequiredWord = (typeof REQUIRED_WORDS)[number];

export interface TrustMistake {
  /** From the entry to the place. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly meant: string | null;
}

/** What the schema cannot say: which settings of an entry go together. Empty where nothing is wrong. */
export function trustMistakes(entry: TrustEntry): readonly TrustMistake[] {
  const found: TrustMistake[] = [];
  const add = (path: TrustMistake['path'], message: string, meant: string | null = null): void => {
    found.push({ path, message, meant });
  };
  entry.signers.forEach((signer, index) => {
    const mistake = signerMistake(signer);
    if (mistake !== null) add(['signers', index], mistake);
  });
  entry.require?.forEach((word, index) => {
    if (REQUIRED_WORDS.some((each) => each === word) || /^https?:\/\/\S+$/.test(word)) return;
    const meant = suggestion(word, REQUIRED_WORDS);
    const shown = word.slice(0, 60);
    add(
      ['require', index],
      meant === null
        ? `"${shown}" is no predicate type and none of ${REQUIRED_WORDS.join(', ')}.`
        : `Unknown word "${shown}". Did you mean ${meant}?`,
      meant,
    );
  });
  entry.builders?.forEach(({ id, idPattern }, index) => {
    if ((id === undefined) === (idPattern === undefined))
      add(['builders', index], 'A builder has an id or an idPattern, one of the two.');
    else if (idPattern !== undefined && /^\*+$/.test(idPattern))
      add(['builders', index, 'idPattern'], 'This pattern fits every builder. Name the one you mean.');
  });
  if (entry.source?.ref !== undefined && entry.source.refPattern !== undefined)
    add(['source', 'refPattern'], 'A source has a ref or a refPattern, not both.');
  if (Array.isArray(entry.images) && entry.images.length === 0) add(['images'], 'This names no image.');
  return found;
}

function signerMistake(signer: TrustSignerEntry): string | null {
  const { issuer, identity, identityPattern, key, log, validFrom, validUntil } = signer;
  if (key !== undefined) {
    if (issuer !== undefined || identity !== undefined || identityPattern !== undefined)
      return 'A signer is a key, or an issuer with an identity, not both.';
    return validFrom !== undefined && validUntil !== undefined && validUntil < validFrom
      ? 'validUntil is before validFrom.'
      : null;
  }
  if (identity === undefined && identityPattern === undefined)
    return 'A signer is an issuer with an identity, or a key.';
  if (identity !== undefined && identityPattern !== undefined)
    return 'A signer has an identity or an identityPattern, not both.';
  if (issuer === undefined) return 'An identity needs its issuer: anybody can have that name at another one.';
  if (identityPattern !== undefined && /^[*?]+$/.test(identityPattern))
    return 'This pattern fits everybody. Say whose signature counts.';
  if (log !== undefined) return 'log is for keys: certificates always need proof of when they signed.';
  return validFrom !== undefined || validUntil !== undefined
    ? 'validFrom and validUntil are for keys: certificates say it themselves.'
    : null;
}

/** Why a text is no public key in PEM; null where it looks like one. What it holds is for the verifier to read. */
export function keyMistake(pem: string): string | null {
  if (/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(pem))
    return 'This is a private key, and it belongs into no policy. Name the public key.';
  if (/-----BEGIN CERTIFICATE-----/.test(pem)) return 'This is a certificate. Name a public key in PEM.';
  return /^\s*-----BEGIN (?:RSA |EC )?PUBLIC KEY-----[\s\w+/=]+-----END (?:RSA |EC )?PUBLIC KEY-----\s*$/.test(pem)
    ? null
    : 'This is no public key in PEM.';
}

function hours(text: string): number {
  const [count = '0', unit = ''] = text.split(' ');
  return Number(count) * (unit.startsWith('day') ? 24 : 1);
}

/** The entry as it is used; `keys` are those of its signers by position, read and checked. */
export function trustRule(
  entry: TrustEntry,
  place: { readonly path: string; readonly line: number },
  keys: ReadonlyMap<number, { readonly name: string; readonly pem: string }>,
): TrustRule {
  const signers = entry.signers.flatMap((signer, index): TrustedSigner[] => {
    const key = keys.get(index);
    if (key !== undefined) {
      const { validFrom = null, validUntil = null } = signer;
      return [
        { kind: 'key', ...key, fingerprint: null, logRequired: signer.log !== 'optional', validFrom, validUntil },
      ];
    }
    const identity = signer.identity ?? signer.identityPattern;
    return identity === undefined || signer.issuer === undefined
      ? []
      : [{ kind: 'identity', issuer: signer.issuer, identity, pattern: signer.identity === undefined }];
  });
  const { source } = entry;
  return {
    ...place,
    images: typeof entry.images === 'string' ? [entry.images] : entry.images,
    signers,
    require: entry.require === undefined || entry.require.length === 0 ? ['signature'] : [...new Set(entry.require)],
    builders: (entry.builders ?? []).map(({ id, idPattern, level }) => ({
      id: id ?? idPattern ?? '',
      pattern: id === undefined,
      level,
    })),
    minimumLevel: entry.minimumLevel ?? null,
    source:
      source === undefined
        ? null
        : {
            repository: source.repository ?? null,
            ref: source.ref ?? source.refPattern ?? null,
            refIsPattern: source.ref === undefined,
            workflow: source.workflow ?? null,
          },
    freshness: entry.freshness === undefined ? null : hours(entry.freshness) * 60 * 60 * 1000,
    verifiers: entry.verifiers ?? [],
  };
}
