// SPDX-License-Identifier: Apache-2.0
import type { VulnerabilitySeverity } from '../model/severity.ts';

/** `48,127`: digits for counts, in groups of three from ten thousand on. */
export function number(value: number): string {
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 layer`, `12 layers`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${number(value)} ${value === 1 ? singular : plural}`;
}

/** `84.2 MB`, decimal as registries count. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = value;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${unit === 0 || amount >= 99.95 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}

/** `Critical`. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a, b and c`. */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** `sha256:9f2c41d7…`. */
export function shortDigest(digest: string): string {
  return /^[a-z0-9]+:[0-9a-f]{12,}$/.test(digest) ? `${digest.slice(0, digest.indexOf(':') + 9)}…` : digest;
}

/** Text for one line of the page; what is longer ends in an ellipsis. */
export function clip(text: string, length = 1_000): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Package types as people say them, one and many; Syft's own word where it is not in the list. */
const TYPES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  alpm: ['Arch', 'Arch'],
  apk: ['apk', 'apk'],
  binary: ['binary', 'binaries'],
  bitnami: ['Bitnami', 'Bitnami'],
  conda: ['Conda', 'Conda'],
  deb: ['Debian', 'Debian'],
  dotnet: ['.NET', '.NET'],
  gem: ['Ruby', 'Ruby'],
  'go-module': ['Go module', 'Go modules'],
  'java-archive': ['Java', 'Java'],
  'linux-kernel': ['Linux kernel', 'Linux kernels'],
  npm: ['npm', 'npm'],
  'php-composer': ['PHP', 'PHP'],
  python: ['Python', 'Python'],
  rpm: ['RPM', 'RPM'],
  'rust-crate': ['Rust crate', 'Rust crates'],
};

export function typeLabel(type: string): string {
  return TYPES[type]?.[0] ?? (type === '' ? 'unknown' : type);
}

export function typesLabel(type: string, count: number): string {
  return TYPES[type]?.[count === 1 ? 0 : 1] ?? (type === '' ? 'unknown' : type);
}

/** Distributions by the id of their os-release, as their makers write them. */
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  almalinux: 'AlmaLinux',
  alpine: 'Alpine',
  amzn: 'Amazon Linux',
  centos: 'CentOS',
  chainguard: 'Chainguard',
  debian: 'Debian',
  fedora: 'Fedora',
  ol: 'Oracle Linux',
  photon: 'Photon OS',
  rhel: 'Red Hat Enterprise Linux',
  rocky: 'Rocky Linux',
  sles: 'SUSE Linux Enterprise',
  ubuntu: 'Ubuntu',
  wolfi: 'Wolfi',
};

/** `Debian 13` from `debian 13`. */
export function distributionLabel(distribution: string): string {
  const [id = '', ...version] = distribution.split(' ');
  return [DISTRIBUTIONS[id] ?? id, ...version].join(' ');
}

/** Severity words in the order in which they are counted off: `2 critical, 8 high`. */
export function severityCounts(counts: readonly { severity: VulnerabilitySeverity; count: number }[]): string {
  return list(counts.filter(({ count }) => count > 0).map(({ severity, count }) => `${number(count)} ${severity}`));
}
