// SPDX-License-Identifier: Apache-2.0
import { severityRank, VULNERABILITY_SEVERITIES } from '../model/severity.ts';
import type { DetailSection, PanelCell, PanelDetail } from '../protocol/panel.ts';
import { fixedIn, matchNote, purlOf, section } from './packages.ts';
import { asSeverity, packageTitle, type PanelPackage, type PanelVulnerability } from './rows.ts';
import { panelColumn, type TableModel } from './table.ts';
import { capital, clip, counted, distributionLabel, list, number, typeLabel } from './words.ts';

const MAX_LISTED = 50;

/** `Debian 13` for `debian:distro:debian:13`, `GitHub, go` for `github:language:go`; anything else as it is. */
export function namespaceLabel(namespace: string): string {
  const [provider = '', kind, name, ...version] = namespace.split(':');
  if (kind === 'distro' && name !== undefined) return clip(distributionLabel([name, ...version].join(' ').trim()), 80);
  if (provider === 'govulndb') return 'Go database';
  if (kind === 'language' && name !== undefined)
    return clip(`${provider === 'github' ? 'GitHub' : provider}, ${name}`, 80);
  if (namespace === 'nvd:cpe') return 'NVD';
  return namespace === '' ? 'not named' : clip(namespace, 80);
}

/** Probability as the page writes it: `94.4 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

const FIXES: Readonly<Record<string, string>> = {
  fixed: 'Available',
  'not-fixed': 'None yet',
  'wont-fix': 'Will not be fixed',
  unknown: 'Not known',
};
const NO_FIX: Readonly<Record<string, string>> = { 'not-fixed': 'no fix', 'wont-fix': 'will not fix' };

function fixState({ row }: PanelVulnerability): string {
  return row.fix.state in FIXES ? row.fix.state : 'unknown';
}

function versionCell({ row, package: owner }: PanelVulnerability): PanelCell {
  const installed = clip(owner?.version ?? '', 200);
  const fixed = fixedIn(row.fix.versions, owner?.version ?? '');
  if (row.fix.state === 'fixed' && fixed !== null) {
    return [
      { text: installed, tone: null },
      { text: '→', tone: 'dim' },
      { text: clip(fixed, 200), tone: null },
    ];
  }
  return [
    { text: installed, tone: null },
    { text: `→ ${NO_FIX[row.fix.state] ?? 'not known'}`, tone: 'dim' },
  ];
}

/** Every match, where no waiver accepts one of them. */
export const VULNERABILITIES_TABLE: TableModel<PanelVulnerability> = {
  id: ({ id }) => id,
  defaultSort: [
    { column: 'severity', descending: true },
    { column: 'kev', descending: true },
    { column: 'epss', descending: true },
  ],
  columns: [
    {
      column: panelColumn('severity', 'Severity', 96, { narrow: true, descendingFirst: true }),
      cell: ({ row }) => [{ text: capital(row.severity), tone: row.severity }],
      // Larger is more severe, so that "descending" means the worst first.
      sort: { by: 'number', of: ({ row }) => -severityRank(row.severity) },
    },
    {
      column: panelColumn('id', 'Id', 178, { narrow: true }),
      cell: ({ row }) => clip(row.id, 200),
      sort: { by: 'version', of: ({ row }) => row.id },
    },
    {
      column: panelColumn('package', 'Package', 174, { flexible: true, narrow: true }),
      cell: ({ package: owner, row }) => clip(owner?.name ?? row.packageId),
      sort: { by: 'text', of: ({ package: owner, row }) => owner?.name ?? row.packageId },
    },
    {
      column: panelColumn('version', 'Version', 170, { flexible: true, mono: true }),
      cell: versionCell,
      sort: { by: 'version', of: ({ package: owner }) => owner?.version ?? '' },
    },
    {
      column: panelColumn('epss', 'EPSS', 64, { align: 'end', narrow: true, descendingFirst: true }),
      cell: ({ row }) => (row.epss === null ? [{ text: 'none', tone: 'dim' }] : percent(row.epss.score)),
      sort: { by: 'number', of: ({ row }) => row.epss?.score ?? -1 },
    },
    {
      column: panelColumn('kev', 'KEV', 48, { descendingFirst: true }),
      cell: ({ row }) => (row.kev === null ? '' : [{ text: 'KEV', tone: 'tag' }]),
      sort: { by: 'number', of: ({ row }) => (row.kev === null ? 0 : 1) },
    },
    {
      column: panelColumn('cvss', 'CVSS', 56, { align: 'end', descendingFirst: true, optional: true }),
      cell: ({ row }) => (row.cvss === null ? [{ text: 'none', tone: 'dim' }] : row.cvss.score.toFixed(1)),
      sort: { by: 'number', of: ({ row }) => row.cvss?.score ?? -1 },
    },
    {
      column: panelColumn('type', 'Type', 92, { optional: true }),
      cell: ({ package: owner }) => typeLabel(owner?.type ?? ''),
      sort: { by: 'text', of: ({ package: owner }) => typeLabel(owner?.type ?? '') },
    },
  ],
  facets: [
    {
      key: 'severity',
      title: 'Severity',
      of: ({ row }) => row.severity,
      label: capital,
      tone: asSeverity,
      values: VULNERABILITY_SEVERITIES,
    },
    {
      key: 'fix',
      title: 'Fix',
      of: fixState,
      label: (value) => FIXES[value] ?? value,
      tone: () => null,
      values: ['fixed', 'not-fixed', 'wont-fix', 'unknown'],
    },
    {
      key: 'kev',
      title: 'Exploited',
      of: ({ row }) => (row.kev === null ? 'no' : 'yes'),
      label: (value) => (value === 'yes' ? 'In KEV' : 'Not in KEV'),
      tone: () => null,
      values: ['yes', 'no'],
    },
    {
      key: 'type',
      title: 'Type',
      of: ({ package: owner }) => owner?.type ?? '',
      label: typeLabel,
      tone: () => null,
      values: null,
    },
    {
      key: 'source',
      title: 'Source',
      of: ({ row }) => row.namespace,
      label: namespaceLabel,
      tone: () => null,
      values: null,
    },
  ],
};

/** The same where a waiver accepts some: these stay in their places, and say by whom and until when. */
const WITH_EXCEPTIONS: TableModel<PanelVulnerability> = {
  ...VULNERABILITIES_TABLE,
  columns: [
    ...VULNERABILITIES_TABLE.columns,
    {
      column: panelColumn('status', 'Status', 236, { flexible: true, narrow: true }),
      cell: statusCell,
      sort: {
        by: 'text',
        of: ({ row }) => (row.excepted === null ? '' : `${row.excepted.expires} ${row.excepted.owner}`),
      },
    },
  ],
  facets: [
    {
      key: 'status',
      title: 'Status',
      of: ({ row }) => (row.excepted === null ? 'open' : 'excepted'),
      label: capital,
      tone: () => null,
      values: ['open', 'excepted'],
    },
    ...VULNERABILITIES_TABLE.facets,
  ],
};

/** Columns and facets for a report: of exceptions only where there are some. */
export function vulnerabilitiesTable(excepted: number): TableModel<PanelVulnerability> {
  return excepted === 0 ? VULNERABILITIES_TABLE : WITH_EXCEPTIONS;
}

function statusCell({ row: { excepted } }: PanelVulnerability): PanelCell {
  if (excepted === null) return [{ text: 'open', tone: 'dim' }];
  return [
    { text: 'excepted', tone: null },
    { text: `until ${clip(excepted.expires, 20)}, by ${clip(excepted.owner, 120)}`, tone: 'dim' },
  ];
}

function exception({ row: { excepted } }: PanelVulnerability): DetailSection[] {
  if (excepted === null) return [];
  const { owner, reason, expires } = excepted;
  const field = (label: string, value: string) => ({ label, value: clip(value, 1_000), mono: false });
  return [
    section('Excepted', {
      paragraphs: ['A waiver of the policy accepts this finding. It is counted all the same.'],
      fields: [field('Owner', owner), field('Reason', reason), field('Until', expires)],
    }),
  ];
}

/** The advisory's address where it is an `https:` one of a length that a browser takes. */
function advisoryOf({ advisory }: PanelVulnerability['row']): string | null {
  return advisory !== null && advisory.startsWith('https://') && advisory.length <= 2_000 ? advisory : null;
}

function whatToDo({ row, package: owner }: PanelVulnerability, siblings: number): DetailSection {
  const name = clip(owner?.name ?? row.packageId, 300);
  const fixed = fixedIn(row.fix.versions, owner?.version ?? '');
  const paragraphs: string[] = [];
  if (row.fix.state === 'fixed' && fixed !== null) {
    paragraphs.push(`Update ${name} to ${clip(fixed, 120)} or later.`);
    const others = row.fix.versions.filter((version) => version !== fixed).slice(0, 8);
    if (others.length > 0) paragraphs.push(`Also fixed in ${list(others.map((version) => clip(version, 120)))}.`);
    const available = row.fix.available.find(({ version }) => version === fixed);
    if (available !== undefined && available.date !== '') {
      paragraphs.push(`${clip(fixed, 120)} has been available since ${available.date.slice(0, 10)}.`);
    }
  } else if (row.fix.state === 'wont-fix') {
    paragraphs.push(`Its maintainers do not plan a fix. Replace ${name}, or record why it does not matter here.`);
  } else if (row.fix.state === 'not-fixed') {
    paragraphs.push(`No version with a fix is known. Watch the advisory, or replace ${name}.`);
  } else {
    paragraphs.push('The database does not say whether a fix exists. Read the advisory.');
  }
  if (siblings > 0) {
    paragraphs.push(`${counted(siblings, 'other finding')} ${siblings === 1 ? 'names' : 'name'} the same package.`);
  }
  const url = advisoryOf(row);
  return section('What to do', { paragraphs, link: url === null ? null : { label: 'Advisory', url } });
}

function whyMatched({ row, package: owner }: PanelVulnerability): DetailSection {
  const name = owner === null ? clip(row.packageId) : packageTitle(owner);
  const [place, ...others] = row.locations.length > 0 ? row.locations : (owner?.locations ?? []);
  const also = others.length === 0 ? '' : `, and in ${counted(others.length, 'other place')}`;
  const items = [
    place === undefined
      ? { code: null, text: `The SBOM lists ${clip(name, 300)}.` }
      : { code: clip(place), text: `holds ${clip(name, 300)}, as the SBOM says${also}.` },
    {
      code: null,
      text: `${clip(row.id, 200)} covers this version${row.namespace === '' ? '' : `, by ${namespaceLabel(row.namespace)} (${clip(row.namespace, 200)})`}.`,
    },
    ...(row.aliases.length === 0
      ? []
      : [
          {
            code: null,
            text: `It is also known as ${list(row.aliases.slice(0, 8).map((alias) => clip(alias, 120)))}.`,
          },
        ]),
  ];
  return section('Why this matched', { items, numbered: true });
}

function exploited({ row }: PanelVulnerability): DetailSection[] {
  if (row.kev === null) return [];
  const { dateAdded, dueDate, requiredAction, ransomware } = row.kev;
  const field = (label: string, value: string | null) =>
    value === null || value === '' ? [] : [{ label, value: clip(value), mono: false }];
  return [
    section('Known to be exploited', {
      fields: [
        ...field('In KEV since', dateAdded.slice(0, 10)),
        ...field('Due', dueDate === null ? null : `${dueDate.slice(0, 10)}, by CISA's catalogue`),
        ...field('Action', requiredAction),
        ...field('Ransomware', ransomware),
      ],
    }),
  ];
}

function likelihood({ row }: PanelVulnerability): DetailSection {
  const { epss, cvss, risk } = row;
  return section('Likelihood and severity', {
    fields: [
      {
        label: 'EPSS',
        value:
          epss === null
            ? 'no figure'
            : `${percent(epss.score)} within 30 days, more than ${Math.floor(epss.percentile * 100)} of 100 others, as of ${epss.date.slice(0, 10)}`,
        mono: false,
      },
      {
        label: 'CVSS',
        value: cvss === null ? 'not rated' : `${cvss.score.toFixed(1)}, version ${clip(cvss.version, 20)}`,
        mono: false,
      },
      ...(cvss === null || cvss.vector === '' ? [] : [{ label: 'Vector', value: clip(cvss.vector, 300), mono: true }]),
      ...(risk === null ? [] : [{ label: 'Grype risk', value: `${risk.toFixed(1)} of 100`, mono: false }]),
    ],
  });
}

/** Everything about one match: what to do first, then why it is here and how bad it is. */
export function vulnerabilityDetail(match: PanelVulnerability, owner: PanelPackage | null): PanelDetail {
  const { row, package: pack } = match;
  const siblings = (owner?.known ?? []).filter(({ id }) => id !== match.id);
  const shown = siblings.slice(0, MAX_LISTED);
  const rating =
    row.cvss === null ? capital(row.severity) : `${capital(row.severity)}, CVSS ${row.cvss.score.toFixed(1)}`;
  const description = row.description.trim();
  return {
    title: clip(`${row.id} in ${pack === null ? row.packageId : packageTitle(pack)}`, 500),
    tone: row.severity,
    lead: clip(
      description === ''
        ? `${rating}. The database has no description.`
        : `${description.replace(/\.?$/, '.')} ${rating}.`,
      4_000,
    ),
    sections: [
      ...exception(match),
      whatToDo(match, siblings.length),
      whyMatched(match),
      ...exploited(match),
      likelihood(match),
      section('Package', {
        paragraphs:
          shown.length < siblings.length
            ? [`Its first ${shown.length} of ${number(siblings.length)} other findings.`]
            : [],
        related: [
          ...(match.packageRowId === null || pack === null
            ? []
            : [
                {
                  table: 'packages' as const,
                  row: match.packageRowId,
                  label: clip(packageTitle(pack), 300),
                  note: typeLabel(pack.type),
                  tone: null,
                },
              ]),
          ...shown.map((each) => ({
            table: 'vulnerabilities' as const,
            row: each.id,
            label: clip(each.row.id, 200),
            note: matchNote(each),
            tone: each.row.severity,
          })),
        ],
        fields: pack?.purl === null || pack === null ? [] : [{ label: 'purl', value: clip(pack.purl), mono: true }],
      }),
    ],
    copyId: clip(row.id, 500),
    copyPurl: pack === null ? null : purlOf(pack),
    advisory: advisoryOf(row),
  };
}
