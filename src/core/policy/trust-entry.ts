// SPDX-License-Identifier: Apache-2.0
import { visibleText } from '../protocol/visible-text.ts';
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

/** What others call the same: Cosign's words for `--type`, and what comes to mind. */
const OTHER_WORDS: Readonly<Record<string, RequiredWord>> = {
  slsaprovenance: 'provenance',
  slsaprovenance02: 'provenance',
  slsaprovenance1: 'provenance',
  slsa: 'provenance',
  spdxjson: 'spdx',
  openvex: 'vex',
  vuln: 'vulnerabilities',
  scan: 'vulnerabilities',
  test: 'test-result',
  tests: 'test-result',
  signed: 'signature',
};

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
  const images = typeof entry.images === 'string' ? [entry.images] : entry.images;
  images.forEach((pattern, index) => {
    const mistake = imagesMistake(pattern);
    if (mistake !== null) add(typeof entry.images === 'string' ? ['images'] : ['images', index], ...mistake);
  });
  entry.signers.forEach((signer, index) => {
    const mistake = signerMistake(signer);
    if (mistake !== null) add(['signers', index, ...mistake.at], mistake.message);
  });
  entry.require?.forEach((word, index) => {
    if (REQUIRED_WORDS.some((each) => each === word) || /^https?:\/\/\S+$/.test(word)) return;
    const other = word.toLowerCase();
    const meant = Object.hasOwn(OTHER_WORDS, other) ? (OTHER_WORDS[other] ?? null) : suggestion(word, REQUIRED_WORDS);
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
    else if (idPattern !== undefined && fitsEverybody(idPattern))
      add(['builders', index, 'idPattern'], 'This pattern fits builders of everybody. Name the one you mean.');
    else {
      const [name, value] = id === undefined ? ['idPattern', idPattern ?? ''] : ['id', id];
      const mistake = textMistake(value, name === 'idPattern');
      if (mistake !== null) add(['builders', index, name], mistake);
    }
  });
  if (entry.source !== undefined && Object.keys(entry.source).length === 0)
    add(['source'], 'This names no source: give a repository, a ref or a workflow.');
  if (entry.source?.ref !== undefined && entry.source.refPattern !== undefined)
    add(['source', 'refPattern'], 'A source has a ref or a refPattern, not both.');
  if (Array.isArray(entry.images) && entry.images.length === 0) add(['images'], 'This names no image.');
  return found;
}

/** Hosts on which anybody can have a name. */
const PUBLIC_HOSTS: readonly string[] = ['github.com', 'gitlab.com'];

/** True for a pattern that strangers fit: without a word, open at the host or at whose name stands there. */
function fitsEverybody(pattern: string): boolean {
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/)?[*?/@:.-]*$/i.test(pattern)) return true;
  const [, host, owner = ''] = /^https?:\/\/([^/]*)(?:\/([^/]*))?/.exec(pattern) ?? [];
  // Anything can stand behind the first slash of an address, also the rest of such a pattern.
  if (host === undefined) return /^[*?]/.test(pattern) && pattern.includes('/');
  const open = /[*?]/.test(host) && !/^\*(?:\.[a-z0-9-]+){2,}$/.test(host);
  return open || (PUBLIC_HOSTS.includes(host) && (owner === '' || /[*?]/.test(owner)));
}

/** What can only be a slip in a text that is compared whole; null where there is none. */
function textMistake(text: string, pattern: boolean): string | null {
  if (visibleText(text) !== text)
    return 'This has characters that cannot be seen, so it fits nothing. Write it by hand.';
  if (text.trim() !== text) return 'This begins or ends with a blank, so it fits nothing.';
  return pattern && /[\\^$]/.test(text)
    ? 'This is a pattern and no regular expression: * is any text without a slash, ** any text.'
    : null;
}

/** Why a pattern of images fits none, with what was meant; null where it may fit. */
export function imagesMistake(pattern: string): readonly [message: string, meant: string | null] | null {
  const slip = textMistake(pattern, true);
  if (slip !== null) return [slip, null];
  // On disk and in engines images have paths and names of any kind.
  if (pattern.startsWith('**') || /^(?:registry|docker|podman|oci-dir|oci-archive|docker-archive):/.test(pattern))
    return null;
  if (/^[a-z]+:\/\//i.test(pattern)) {
    const meant = pattern.replace(/^[a-z]+:\/\//i, '');
    return [`Images have no scheme before their registry. Write ${meant}.`, meant];
  }
  if (pattern.includes('@')) return ['Patterns are for repositories and tags, not for digests.', null];
  if (/^[*?]+$/.test(pattern)) return ['This fits no image of a registry; ** fits every one.', '**'];
  const slash = pattern.indexOf('/');
  const registry = slash < 0 ? '' : pattern.slice(0, slash);
  if (registry === 'index.docker.io' || registry === 'registry-1.docker.io') {
    const meant = `docker.io${pattern.slice(slash)}`;
    return [`Docker Hub is docker.io here. Write ${meant}.`, meant];
  }
  if (!/[*?.:]/.test(registry) && registry !== 'localhost') {
    const meant = `docker.io/${slash < 0 ? 'library/' : ''}${pattern}`;
    return [`Patterns begin with the registry, so this fits no image. Did you mean ${meant}?`, meant];
  }
  const tag = pattern.indexOf(':', slash);
  return /[A-Z]/.test(tag < 0 ? pattern : pattern.slice(0, tag))
    ? ['Registries and repositories have no capitals here, so this fits no image.', pattern.toLowerCase()]
    : null;
}

interface SignerMistake {
  readonly at: readonly string[];
  readonly message: string;
}

function signerMistake(signer: TrustSignerEntry): SignerMistake | null {
  const { issuer, identity, identityPattern, key, log, validFrom, validUntil } = signer;
  const whole = (message: string): SignerMistake => ({ at: [], message });
  if (key !== undefined) {
    if (issuer !== undefined || identity !== undefined || identityPattern !== undefined)
      return whole('A signer is a key, or an issuer with an identity, not both.');
    return validFrom !== undefined && validUntil !== undefined && validUntil < validFrom
      ? whole('validUntil is before validFrom.')
      : null;
  }
  if (identity === undefined && identityPattern === undefined)
    return whole('A signer is an issuer with an identity, or a key.');
  if (identity !== undefined && identityPattern !== undefined)
    return whole('A signer has an identity or an identityPattern, not both.');
  if (issuer === undefined) return whole('An identity needs its issuer: anybody can have that name at another one.');
  for (const [name, value] of Object.entries({ issuer, identity, identityPattern })) {
    const message = value === undefined ? null : textMistake(value, name === 'identityPattern');
    if (message !== null) return { at: [name], message };
  }
  if (identityPattern !== undefined && fitsEverybody(identityPattern))
    return { at: ['identityPattern'], message: 'This pattern fits everybody. Say whose signature counts.' };
  if (log !== undefined) return whole('log is for keys: certificates always need proof of when they signed.');
  return validFrom !== undefined || validUntil !== undefined
    ? whole('validFrom and validUntil are for keys: certificates say it themselves.')
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
