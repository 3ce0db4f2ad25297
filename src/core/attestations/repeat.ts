// SPDX-License-Identifier: Apache-2.0
// The commands that repeat a check with other tools. They hold names that strangers chose, so every word is quoted for a
// POSIX shell, and a command with a word that cannot be shown as it is does not exist.
import type { ReportItem } from '../evidence/evidence.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { publisherKey } from './publisher-keys.ts';
import { githubName } from './source-location.ts';

export interface RepeatCommand {
  readonly tool: 'cosign' | 'gh';
  /** One line for a POSIX shell. */
  readonly command: string;
}

/** What a command is about. */
export interface RepeatImage {
  /** `registry/repository`, null for images that are in no registry. */
  readonly repository: string | null;
  /** Digest of the subject. */
  readonly digest: string;
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word as a POSIX shell takes it literally; null where it has characters that hide or move others. */
export function quoted(word: string): string | null {
  if (word === '' || word.length > 2_048 || visibleText(word) !== word) return null;
  return PLAIN.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function line(words: readonly string[]): string | null {
  const all = words.map((word) => {
    // The name of an option is ours, its value is not.
    const option = /^(--[a-z-]+=)(.*)$/s.exec(word);
    if (option === null) return /^--?[a-z-]+$/.test(word) ? word : quoted(word);
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

function cosign(item: ReportItem, target: string, keyPath: string): string | null {
  const { signer } = item;
  if (signer === null) return null;
  const who =
    signer.kind === 'key'
      ? [
          `--key=${publisherKey(signer.identity)?.address ?? keyPath}`,
          ...(item.logEntries.length === 0 ? ['--insecure-ignore-tlog'] : []),
        ]
      : [`--certificate-identity=${signer.identity}`, `--certificate-oidc-issuer=${signer.issuer ?? ''}`];
  const file = item.root?.source.startsWith('file:') === true ? [`--trusted-root=${item.root.source.slice(5)}`] : [];
  if (item.content === 'signature') return line(['cosign', 'verify', ...who, ...file, target]);
  const type = item.predicateType ?? '';
  return line(['cosign', 'verify-attestation', `--type=${COSIGN_TYPES[type] ?? type}`, ...who, ...file, target]);
}

function gh(item: ReportItem, target: string): string | null {
  const { signer } = item;
  if (signer === null || signer.kind !== 'certificate' || item.kind !== 'bundle' || item.content !== 'attestation')
    return null;
  const repository = githubName(signer.extensions['sourceRepositoryUri'] ?? '');
  if (signer.issuer !== 'https://token.actions.githubusercontent.com' || repository === null) return null;
  const words = ['gh', 'attestation', 'verify', `oci://${target}`, `--repo=${repository}`];
  if (item.place !== 'github-attestations') words.push('--bundle-from-oci');
  return line([...words, `--predicate-type=${item.predicateType ?? ''}`]);
}

/**
 * Commands for one item, those that apply. Only for signed items in a registry: other tools look there. `keyPath` is the
 * public key's file, where a policy names one; the key of a publisher is where it is served.
 */
export function repeatCommands(item: ReportItem, image: RepeatImage, keyPath = 'cosign.pub'): readonly RepeatCommand[] {
  const { repository, digest } = image;
  if (repository === null || item.signer === null || item.kind === 'notation-signature') return [];
  if (item.content !== 'signature' && item.predicateType === null) return [];
  const target = `${repository}@${digest}`;
  const found = [
    { tool: 'cosign', command: cosign(item, target, keyPath) },
    { tool: 'gh', command: gh(item, target) },
  ] as const;
  return found.flatMap(({ tool, command }) => (command === null ? [] : [{ tool, command }]));
}
