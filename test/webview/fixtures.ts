// SPDX-License-Identifier: Apache-2.0
// Reports made by code: one as a person meets them, one far too big, one out to harm.
import type { AuditReport, PackageRow, VulnerabilityRow } from '../../src/core/evidence/report.ts';
import { VULNERABILITY_SEVERITIES, type VulnerabilitySeverity } from '../../src/core/model/severity.ts';

/** The clock of these reports. */
export const NOW = Date.parse('2026-11-23T09:24:00Z');

const MIGRATE = '/usr/local/bin/migrate';
const SITE = '/opt/app/lib/python3.13/site-packages';
const DPKG = '/var/lib/dpkg/status.d';

type Listed = readonly [name: string, version: string, type: string, licence: string, path: string];
const LISTED: readonly Listed[] = [
  ['golang.org/x/crypto', 'v0.12.0', 'go-module', 'BSD-3-Clause', MIGRATE],
  ['golang.org/x/net', 'v0.14.0', 'go-module', 'BSD-3-Clause', MIGRATE],
  ['stdlib', 'go1.21.1', 'go-module', 'BSD-3-Clause', MIGRATE],
  ['google.golang.org/protobuf', 'v1.31.0', 'go-module', 'BSD-3-Clause', MIGRATE],
  ['github.com/golang-migrate/migrate/v4', 'v4.16.2', 'go-module', 'MIT', MIGRATE],
  ['github.com/jackc/pgx/v5', 'v5.4.3', 'go-module', 'MIT', MIGRATE],
  ['github.com/lib/pq', 'v1.10.9', 'go-module', 'MIT', MIGRATE],
  ['setuptools', '75.8.0', 'python', 'MIT', SITE],
  ['urllib3', '2.5.0', 'python', 'MIT', SITE],
  ['requests', '2.32.3', 'python', 'Apache-2.0', SITE],
  ['pip', '25.2', 'python', 'MIT', SITE],
  ['cryptography', '46.0.3', 'python', 'Apache-2.0 OR BSD-3-Clause', SITE],
  ['fastapi', '0.121.2', 'python', 'MIT', SITE],
  ['pydantic', '2.12.4', 'python', 'MIT', SITE],
  ['sqlalchemy', '2.0.44', 'python', 'MIT', SITE],
  ['psycopg', '3.2.12', 'python', 'LGPL-3.0-only', SITE],
  ['uvicorn', '0.38.0', 'python', 'BSD-3-Clause', SITE],
  ['libssl3t64', '3.5.4-1~deb13u1', 'deb', 'Apache-2.0', DPKG],
  ['libsqlite3-0', '3.46.1-7', 'deb', 'public-domain', DPKG],
  ['libexpat1', '2.7.1-2', 'deb', 'MIT', DPKG],
  ['libuuid1', '2.41-5', 'deb', 'BSD-3-Clause', DPKG],
  ['libc6', '2.41-12', 'deb', 'LGPL-2.1-or-later', DPKG],
  ['zlib1g', '1:1.3.dfsg+really1.3.1-1', 'deb', 'Zlib', DPKG],
  ['libffi8', '3.4.8-2', 'deb', 'MIT', DPKG],
  ['ca-certificates', '20250419', 'deb', 'MPL-2.0', DPKG],
  ['tzdata', '2026b-0+deb13u1', 'deb', 'public-domain', DPKG],
  ['openssl-provider-fips', '3.1.2', 'binary', 'Apache-2.0', '/usr/lib/x86_64-linux-gnu/ossl-modules/fips.so'],
  ['python', '3.13.9', 'binary', 'PSF-2.0', '/opt/python/bin/python3.13'],
];

type Known = readonly [
  severity: VulnerabilitySeverity,
  id: string,
  pack: string,
  fix: string,
  epss: number,
  kev?: true,
];
const KNOWN: readonly Known[] = [
  ['critical', 'CVE-2024-24790', 'stdlib', '1.21.11', 0.4],
  ['critical', 'CVE-2024-45337', 'golang.org/x/crypto', '0.31.0', 38.7],
  ['high', 'CVE-2023-44487', 'golang.org/x/net', '0.17.0', 94.4, true],
  ['high', 'CVE-2025-47273', 'setuptools', '78.1.1', 0.5],
  ['high', 'CVE-2023-45288', 'golang.org/x/net', '0.23.0', 66.1],
  ['high', 'CVE-2024-34156', 'stdlib', '1.22.7', 0.2],
  ['high', 'CVE-2025-61729', 'stdlib', '1.24.11', 0.1],
  ['high', 'CVE-2025-66418', 'urllib3', '2.6.0', 0.1],
  ['high', 'CVE-2025-66471', 'urllib3', '2.6.0', 0.1],
  ['high', 'CVE-2025-15467', 'libssl3t64', '3.5.4-1~deb13u2', 0.6],
  ['medium', 'CVE-2024-47081', 'requests', '2.32.4', 0.2],
  ['medium', 'CVE-2025-8869', 'pip', '25.3', 0.1],
  ['medium', 'CVE-2025-7709', 'libsqlite3-0', '', 0.1],
  ['medium', 'CVE-2023-48795', 'golang.org/x/crypto', '0.17.0', 57.9],
  ['medium', 'CVE-2025-58181', 'golang.org/x/crypto', '0.45.0', 0.1],
  ['medium', 'CVE-2025-22870', 'golang.org/x/net', '0.36.0', 0.1],
  ['medium', 'CVE-2025-22872', 'golang.org/x/net', '0.38.0', 0.1],
  ['medium', 'CVE-2024-24786', 'google.golang.org/protobuf', '1.33.0', 0.2],
  ['low', 'CVE-2025-66382', 'libexpat1', '', 0.1],
  ['low', 'CVE-2025-14104', 'libuuid1', '', 0.1],
  ['low', 'CVE-2025-27587', 'libssl3t64', '', 0.1],
  ['negligible', 'CVE-2010-4756', 'libc6', '', 0.4],
  ['negligible', 'CVE-2018-20796', 'libc6', '', 1.6],
  ['negligible', 'CVE-2019-1010022', 'libc6', '', 0.2],
  ['negligible', 'CVE-2019-9192', 'libc6', '', 0.9],
  ['negligible', 'CVE-2021-45346', 'libsqlite3-0', '', 0.3],
  ['negligible', 'CVE-2022-0563', 'libuuid1', '', 0.1],
];

const PURL_TYPES: Readonly<Record<string, string>> = {
  'go-module': 'golang',
  python: 'pypi',
  deb: 'deb/debian',
  binary: 'generic',
};
const CVSS: Readonly<Record<VulnerabilitySeverity, number>> = {
  critical: 9.8,
  high: 7.5,
  medium: 5.9,
  low: 3.1,
  negligible: 0,
  unknown: 0,
};

function pack([name, version, type, licence, path]: Listed): PackageRow {
  return {
    id: `${type}/${name}@${version}#${path}`,
    name,
    version,
    type,
    purl: `pkg:${PURL_TYPES[type] ?? type}/${name}@${version}`,
    licences: licence === '' ? [] : [licence],
    locations: [path],
  };
}

function match([severity, id, name, fix, epss, kev]: Known, owner: PackageRow): VulnerabilityRow {
  const rapidReset = id === 'CVE-2023-44487';
  return {
    id,
    aliases: rapidReset ? ['GHSA-4374-p667-p6c8'] : [],
    namespace:
      owner.type === 'deb' ? 'debian:distro:debian:13' : `github:language:${owner.type === 'python' ? 'python' : 'go'}`,
    severity,
    packageId: owner.id,
    fix: {
      state: fix === '' ? 'not-fixed' : 'fixed',
      versions: fix === '' ? [] : [fix],
      available: rapidReset ? [{ version: fix, date: '2023-10-10' }] : [],
    },
    epss: { score: epss / 100, percentile: rapidReset ? 0.999 : 0.5, date: '2026-11-22' },
    kev:
      kev === true
        ? {
            dateAdded: '2023-10-10',
            dueDate: '2023-10-31',
            requiredAction: 'Apply mitigations as the vendor says, or stop using the product.',
            ransomware: 'Unknown',
          }
        : null,
    cvss:
      severity === 'negligible'
        ? null
        : { score: CVSS[severity], vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', version: '3.1' },
    risk: epss,
    description: rapidReset
      ? 'HTTP/2 rapid reset: a client can exhaust the server by opening and cancelling streams.'
      : `A flaw in ${name} that a request can reach.`,
    advisory: `https://nvd.nist.gov/vuln/detail/${id}`,
    locations: owner.locations,
    excepted: null,
  };
}

const ended = (durationMs: number) => ({ state: 'ok' as const, reason: null, code: null, durationMs });

/** A whole report around packages and matches, with the counts that belong to them. */
export function reportOf(
  packages: PackageRow[],
  vulnerabilities: VulnerabilityRow[],
  more: Partial<AuditReport> = {},
): AuditReport {
  const byType: Record<string, number> = {};
  for (const { type } of packages) byType[type] = (byType[type] ?? 0) + 1;
  const count = (severity: VulnerabilitySeverity) =>
    vulnerabilities.filter((each) => each.severity === severity).length;
  return {
    schemaVersion: 1,
    generated: '2026-11-23T09:12:00.000Z',
    image: {
      reference: 'registry:ghcr.io/northwind/payments-api:4.7.1',
      indexDigest: null,
      manifestDigest: 'sha256:9f2c41d7a5e04bb1c7f1f0c3d9b8a7e65d4c3b2a190807060504030201ff00ee',
      configDigest: 'sha256:11aa41d7a5e04bb1c7f1f0c3d9b8a7e65d4c3b2a190807060504030201ff00ee',
      platform: 'linux/amd64',
      distribution: 'debian 13',
      size: 84_200_000,
      layers: 12,
      created: '2026-11-20T08:00:00Z',
      user: 'nonroot',
      base: { name: 'dhi.io/python:3.13-debian13-fips', digest: null },
    },
    tools: [
      { name: 'syft', version: '1.54.0' },
      { name: 'grype', version: '0.120.0' },
    ],
    database: { built: '2026-11-23T00:12:00Z', schema: 'v6.1.3', kind: 'grype', stale: false },
    stages: {
      resolve: ended(420),
      evidence: ended(0),
      sbom: ended(9_800),
      database: ended(160),
      matching: ended(2_900),
    },
    packages,
    vulnerabilities,
    evidence: null,
    findings: [],
    summary: {
      packages: packages.length,
      vulnerabilities: vulnerabilities.length,
      bySeverity: {
        critical: count('critical'),
        high: count('high'),
        medium: count('medium'),
        low: count('low'),
        negligible: count('negligible'),
        unknown: count('unknown'),
      },
      fixable: vulnerabilities.filter(({ fix }) => fix.state === 'fixed').length,
      knownExploited: vulnerabilities.filter(({ kev }) => kev !== null).length,
      excepted: 0,
      byType,
    },
    ...more,
  };
}

/** 187 components and 27 known vulnerabilities, as on the design's pictures. */
export function paymentsReport(more: Partial<AuditReport> = {}): AuditReport {
  const packages = LISTED.map(pack);
  const fill = (type: string, upTo: number, name: (index: number) => Listed): void => {
    const have = packages.filter((each) => each.type === type).length;
    for (let index = have; index < upTo; index++) packages.push(pack(name(index)));
  };
  fill('go-module', 78, (index) => [
    `github.com/northwind/module-${index}`,
    `v1.${index}.0`,
    'go-module',
    'MIT',
    MIGRATE,
  ]);
  fill('python', 63, (index) => [`northwind-part-${index}`, `0.${index}.1`, 'python', '', SITE]);
  fill('deb', 41, (index) => [`libpart${index}`, `1.${index}-2+deb13u1`, 'deb', 'GPL-2.0-only', DPKG]);
  fill('binary', 5, (index) => [`tool-${index}`, `${index}.0.0`, 'binary', 'Apache-2.0', `/usr/bin/tool-${index}`]);
  const byName = new Map(packages.map((each) => [each.name, each]));
  const vulnerabilities = KNOWN.map((known) => {
    const owner = byName.get(known[2]);
    if (owner === undefined) throw new Error(`no package ${known[2]}`);
    return match(known, owner);
  });
  return reportOf(packages, vulnerabilities, more);
}

/** As many packages as asked for, every tenth with a match. */
export function bigReport(count: number): AuditReport {
  const types = ['npm', 'deb', 'go-module', 'python'];
  const packages: PackageRow[] = [];
  const vulnerabilities: VulnerabilityRow[] = [];
  for (let index = 0; index < count; index++) {
    const type = types[index % types.length] ?? 'npm';
    const row = pack([
      `package-${String((index * 7_919) % count).padStart(6, '0')}`,
      `${index % 13}.${index % 7}.${index}`,
      type,
      index % 3 === 0 ? 'MIT' : 'Apache-2.0',
      `/srv/app/node_modules/${index}`,
    ]);
    packages.push(row);
    if (index % 10 === 0) {
      const severity = VULNERABILITY_SEVERITIES[(index / 10) % VULNERABILITY_SEVERITIES.length] ?? 'unknown';
      vulnerabilities.push(
        match([severity, `CVE-2026-${10_000 + index}`, row.name, index % 20 === 0 ? '9.9.9' : '', index % 100], row),
      );
    }
  }
  return reportOf(packages, vulnerabilities);
}

export const HOSTILE_NAME = '<img src=x onerror="window.hacked = true">';
export const BIDI_NAME = 'evil\u202Egnp.exe\u2066x\u0007';
export const LONG_NAME = `long-${'x'.repeat(20_000)}`;

/** Names, versions, paths and advisory texts that try to be something other than text. */
export function hostileReport(): AuditReport {
  const packages = [
    HOSTILE_NAME,
    BIDI_NAME,
    LONG_NAME,
    '${7*7}',
    '" onmouseover="window.hacked = true',
    '=HYPERLINK("https://example.com")',
    'tab\tand\nline',
  ].map((name) => pack([name, `1.0${name.slice(0, 40)}`, 'npm', `<b>${name}</b>`, `/x/${name}`]));
  const [first] = packages;
  if (first === undefined) throw new Error('no package');
  const vulnerabilities = packages.map((owner, index) => ({
    ...match(
      ['critical', `CVE-2026-${index}<script>window.hacked = true</script>`, owner.name, `2${HOSTILE_NAME}`, 1],
      owner,
    ),
    description: `<script>window.hacked = true</script>${BIDI_NAME} ${'y'.repeat(1_900)}`,
    advisory: index === 0 ? 'javascript:window.hacked = true' : 'https://example.com/advisory',
    aliases: [HOSTILE_NAME],
  }));
  return reportOf(packages, vulnerabilities, {
    image: {
      ...reportOf([], []).image,
      reference: `registry:ghcr.io/${HOSTILE_NAME}/${BIDI_NAME}`,
      base: { name: HOSTILE_NAME, digest: null },
      distribution: `${HOSTILE_NAME} 1`,
    },
    tools: [{ name: HOSTILE_NAME, version: BIDI_NAME }],
  });
}
