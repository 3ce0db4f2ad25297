// SPDX-License-Identifier: Apache-2.0
// The commands that repeat a check with other tools. They hold names that strangers chose, so every word is quoted, and a
// command with a word that some shell could read otherwise does not exist.
import type { ReportItem } from '../evidence/evidence.ts';
import { folderOf, resolvePath } from '../policy/paths.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { publisherKey } from './publisher-keys.ts';
import { githubName } from './source-location.ts';

export interface RepeatCommand {
  readonly tool: 'cosign' | 'gh';
  /** One line for a POSIX shell, and for PowerShell. */
  readonly command: string;
}

/** What a command is about. */
export interface RepeatImage {
  /** `registry/repository`, null for images that are in no registry. */
  readonly repository: string | null;
  /** Digest of the subject. */
  readonly digest: string;
  /** File of the policy that names keys, by whose folder their paths go. */
  readonly policy?: string | null;
  /** Path of the trusted root that was named, where it is known; a report knows the name of its file alone. */
  readonly trustedRoot?: string | null;
}

const PLAIN = /^[\w@%+=:./-]+$/;
/**
 * What ends a quotation or a command in one of the shells that people paste into: PowerShell takes typographic quotation
 * marks for plain ones, and cmd knows no single quotes.
 */
const BREAKING = /["'&|<>^\u2018-\u201f]/;

/** A word as POSIX shells and PowerShell take it literally; null where it has characters that hide, move or end others. */
export function quoted(word: string): string | null {
  if (word === '' || word.length > 2_048 || BREAKING.test(word) || visibleText(word) !== word) return null;
  return PLAIN.test(word) && !/^[-@%]/.test(word) ? word : `'${word}'`;
}

function line(words: readonly string[]): string | null {
  const all = words.map((word) => {
    // The name of an option is ours, its value is not.
    const option = /^(--[a-z0-9-]+=)(.*)$/s.exec(word);
    if (option === null) return /^--[a-z0-9-]+$/.test(word) ? word : quoted(word);
    const value = quoted(option[2] ?? '');
    return value === null ? null : `${option[1]}${value}`;
  });
  return all.includes(null) ? null : all.join(' ');
}

/** Cosign's own words for predicate types; any other type is given whole. */
const COSIGN_TYPES: Readonly<Record<string, string>> = {
  'https://slsa.dev/provenance/v0.2': 'slsaprovenance02',
  'https://slsa.dev/provenance/v1': 'slsaprovenance1',
  'https://spdx.dev/Document': 'spdxjson',
  'https://cyclonedx.org/bom': 'cyclonedx',
  'https://openvex.dev/ns': 'openvex',
  'https://cosign.sigstore.dev/attestation/vuln/v1': 'vuln',
};

/** Public-good Sigstore, whose root Cosign fetches by itself. */
const COSIGN_ROOTS: readonly string[] = ['key', 'seed', 'tuf:tuf-repo-cdn.sigstore.dev'];
const rootFile = ({ root }: ReportItem, { trustedRoot }: RepeatImage): string | null =>
  root?.source.startsWith('file:') === true ? (trustedRoot ?? root.source.slice('file:'.length)) : null;

/** The public key's file as the policy names it; a key that stands in the policy itself is to be put into one. */
function keyFile({ keyName }: ReportItem, policy: string | null): string {
  return keyName === null || keyName.startsWith('key in ')
    ? 'cosign.pub'
    : resolvePath(folderOf(policy ?? ''), keyName);
}

/** What Cosign is to do without, as Waybill did: each is checked unless it is told otherwise. */
function withoutProofs({ signer, logEntries, checks }: ReportItem): readonly string[] {
  const log = logEntries.length === 0 ? ['--insecure-ignore-tlog'] : [];
  if (signer?.kind !== 'certificate') return log;
  const logged = checks.some(({ id, state }) => id === 'sct' && state === 'passed') ? [] : ['--insecure-ignore-sct'];
  return [...log, ...(log.length > 0 ? ['--use-signed-timestamps'] : []), ...logged];
}

/** Tried with Cosign 3.1.3, which finds in a registry neither bundles before 0.3 nor envelopes as referrers. */
function cosign(item: ReportItem, target: string, image: RepeatImage): string | null {
  const { signer, root, kind, place, mediaType } = item;
  const file = rootFile(item, image);
  if (signer === null || kind === 'in-toto-referrer' || place === 'github-attestations') return null;
  if (kind === 'bundle' && /;version=0\.[12]$/.test(mediaType)) return null;
  if (file === null && root !== null && !COSIGN_ROOTS.includes(root.source)) return null;
  const words = [
    ...(signer.kind === 'key'
      ? [`--key=${publisherKey(signer.identity)?.address ?? keyFile(item, image.policy ?? null)}`]
      : [`--certificate-identity=${signer.identity}`, `--certificate-oidc-issuer=${signer.issuer ?? ''}`]),
    ...withoutProofs(item),
    ...(file === null ? [] : [`--trusted-root=${file}`]),
  ];
  if (item.content === 'signature') {
    // A layer of the older form that is no tag: Cosign's experiment with referrers.
    const referrer = kind === 'legacy-signature' && place !== 'cosign-signature-tag' ? ['--experimental-oci11'] : [];
    return line(['cosign', 'verify', ...words, ...referrer, target]);
  }
  const type = item.predicateType ?? '';
  return line(['cosign', 'verify-attestation', `--type=${COSIGN_TYPES[type] ?? type}`, ...words, target]);
}

/** Its own words for who signed are looser: the whole identity is asked for (pkg/cmd/attestation/verify of cli/cli). */
function gh(item: ReportItem, target: string, image: RepeatImage): string | null {
  const { signer } = item;
  if (signer === null || signer.kind !== 'certificate' || item.kind !== 'bundle' || item.content !== 'attestation')
    return null;
  const repository = githubName(signer.extensions['sourceRepositoryUri'] ?? '');
  if (signer.issuer !== 'https://token.actions.githubusercontent.com' || repository === null) return null;
  const file = rootFile(item, image);
  return line([
    ...['gh', 'attestation', 'verify', `oci://${target}`, `--repo=${repository}`, `--cert-identity=${signer.identity}`],
    ...(item.place === 'github-attestations' ? [] : ['--bundle-from-oci']),
    ...(file === null ? [] : [`--custom-trusted-root=${file}`]),
    `--predicate-type=${item.predicateType ?? ''}`,
  ]);
}

/** Commands for one item, those that apply. Only for signed items in a registry: other tools look there. */
export function repeatCommands(item: ReportItem, image: RepeatImage): readonly RepeatCommand[] {
  const { repository, digest } = image;
  if (repository === null || item.signer === null || item.kind === 'notation-signature') return [];
  if (item.content !== 'signature' && item.predicateType === null) return [];
  const target = `${repository}@${digest}`;
  const found = [
    { tool: 'cosign', command: cosign(item, target, image) },
    { tool: 'gh', command: gh(item, target, image) },
  ] as const;
  return found.flatMap(({ tool, command }) => (command === null ? [] : [{ tool, command }]));
}
