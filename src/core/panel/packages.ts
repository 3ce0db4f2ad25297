// SPDX-License-Identifier: Apache-2.0
import type { PackageRow } from '../evidence/report.ts';
import { VULNERABILITY_SEVERITIES } from '../model/severity.ts';
import type { DetailSection, PanelCell, PanelDetail } from '../protocol/panel.ts';
import { compareCodes, versionKey } from './natural-order.ts';
import { asSeverity, packageTitle, type PanelPackage, type PanelVulnerability } from './rows.ts';
import { panelColumn, type TableModel } from './table.ts';
import { capital, clip, counted, number, typeLabel } from './words.ts';

const MAX_LISTED = 50;

/** Counts by severity as one number that sorts by the worst first, then by how many. */
function weight({ counts }: PanelPackage): number {
  return counts.reduce((sum, count) => sum * 4_096 + Math.min(count, 4_095), 0);
}

function knownCell({ counts }: PanelPackage): PanelCell {
  const parts = VULNERABILITY_SEVERITIES.flatMap((severity, rank) => {
    const count = counts[rank] ?? 0;
    return count === 0 ? [] : [{ text: number(count), tone: severity }];
  });
  return parts.length === 0 ? [{ text: 'none', tone: 'dim' }] : parts;
}

/** Licences as the SBOM names them; a text that has no name there comes as its digest. */
function licencesText({ licences }: PackageRow): string {
  return clip(licences.map((licence) => (/^sha256:[0-9a-f]{64}$/.test(licence) ? 'unnamed text' : licence)).join(', '));
}

/** `none`, or the worst severity that is known against the package. */
function worst({ known }: PanelPackage): string {
  return known[0]?.row.severity ?? 'none';
}

function fixOf({ known }: PanelPackage): string {
  if (known.length === 0) return 'none';
  return known.some(({ row }) => row.fix.state === 'fixed') ? 'available' : 'missing';
}

const FIX_LABELS: Readonly<Record<string, string>> = {
  available: 'Available',
  missing: 'None yet',
  none: 'Nothing known',
};

export const PACKAGES_TABLE: TableModel<PanelPackage> = {
  id: ({ id }) => id,
  // What is equally bad stays in the report's order: by type, then by name.
  defaultSort: [{ column: 'known', descending: true }],
  columns: [
    {
      column: panelColumn('name', 'Name', 230, { flexible: true, narrow: true }),
      cell: ({ row }) => clip(row.name),
      sort: { by: 'text', of: ({ row }) => row.name },
    },
    {
      column: panelColumn('version', 'Version', 140, { flexible: true, mono: true, narrow: true }),
      cell: ({ row }) => clip(row.version),
      sort: { by: 'version', of: ({ row }) => row.version },
    },
    {
      column: panelColumn('type', 'Type', 88),
      cell: ({ row }) => typeLabel(row.type),
      sort: { by: 'text', of: ({ row }) => typeLabel(row.type) },
    },
    {
      column: panelColumn('licence', 'Licence', 140, { optional: true }),
      cell: ({ row }) => (row.licences.length === 0 ? [{ text: 'not listed', tone: 'dim' }] : licencesText(row)),
      sort: { by: 'text', of: ({ row }) => licencesText(row) },
    },
    {
      column: panelColumn('known', 'Known', 128, { narrow: true, descendingFirst: true }),
      cell: knownCell,
      sort: { by: 'number', of: weight },
    },
    {
      column: panelColumn('path', 'Found in', 190, { flexible: true, mono: true, dim: true, optional: true }),
      cell: ({ row }) => {
        const [first = '', ...others] = row.locations;
        return others.length === 0 ? clip(first) : `${clip(first)} +${others.length}`;
      },
      sort: { by: 'text', of: ({ row }) => row.locations[0] ?? '' },
    },
  ],
  facets: [
    {
      key: 'severity',
      title: 'Known',
      of: worst,
      label: (value) => (value === 'none' ? 'None' : capital(value)),
      tone: asSeverity,
      values: [...VULNERABILITY_SEVERITIES, 'none'],
    },
    {
      key: 'fix',
      title: 'Fix',
      of: fixOf,
      label: (value) => FIX_LABELS[value] ?? value,
      tone: () => null,
      values: ['available', 'missing', 'none'],
    },
    {
      key: 'type',
      title: 'Type',
      of: ({ row }) => row.type,
      label: typeLabel,
      tone: () => null,
      values: null,
    },
  ],
};

/** The nearest fixed version above the one installed; where none is above, the last that is named. */
export function fixedIn(versions: readonly string[], installed: string): string | null {
  const key = versionKey(installed);
  const above = versions
    .map((version) => ({ version, key: versionKey(version) }))
    .filter((each) => each.key > key)
    .toSorted((x, y) => compareCodes(x.key, y.key));
  return above[0]?.version ?? versions.at(-1) ?? null;
}

/** `High, fixed in 0.17.0, KEV`. */
export function matchNote({ row, package: owner }: PanelVulnerability): string {
  const version = fixedIn(row.fix.versions, owner?.version ?? '');
  const fix = row.fix.state === 'fixed' && version !== null ? `fixed in ${clip(version, 80)}` : 'no fix';
  const excepted = row.excepted === null ? [] : [`excepted until ${clip(row.excepted.expires, 20)}`];
  return [capital(row.severity), fix, ...(row.kev === null ? [] : ['KEV']), ...excepted].join(', ');
}

/** What `Copy purl` copies; an overlong one is not offered. */
export function purlOf({ purl }: PackageRow): string | null {
  return purl === null || purl.length > 4_000 ? null : purl;
}

export function section(title: string, more: Partial<DetailSection>): DetailSection {
  return { title, paragraphs: [], items: [], numbered: false, fields: [], related: [], link: null, ...more };
}

/** Everything about one package, with the vulnerabilities known against it. */
export function packageDetail({ row, known }: PanelPackage, matched: boolean): PanelDetail {
  const places = row.locations.slice(0, MAX_LISTED);
  const more = row.locations.length - places.length;
  const shown = known.slice(0, MAX_LISTED);
  return {
    title: clip(packageTitle(row), 500),
    tone: null,
    lead: null,
    sections: [
      section('Why is this here', {
        paragraphs: [
          row.locations.length === 0
            ? `Syft lists this ${typeLabel(row.type)} package without a place.`
            : `Found in ${counted(row.locations.length, 'place')}, as the SBOM says:`,
        ],
        items: [
          ...places.map((path) => ({ code: clip(path), text: '' })),
          ...(more > 0 ? [{ code: null, text: `and ${number(more)} more` }] : []),
        ],
      }),
      section('Known against it', {
        paragraphs: [
          ...(matched ? [] : ['Not checked: vulnerabilities were not matched.']),
          ...(matched && known.length === 0 ? ['No known vulnerabilities.'] : []),
          ...(known.length > shown.length
            ? [`The first ${shown.length} of ${number(known.length)}, most severe first.`]
            : []),
        ],
        related: shown.map((each) => ({
          table: 'vulnerabilities' as const,
          row: each.id,
          label: clip(each.row.id, 200),
          note: matchNote(each),
          tone: each.row.severity,
        })),
      }),
      section('Identity', {
        fields: [
          { label: 'Type', value: typeLabel(row.type), mono: false },
          { label: 'purl', value: row.purl === null ? 'none' : clip(row.purl), mono: row.purl !== null },
          {
            label: 'Licence',
            value: row.licences.length === 0 ? 'not listed' : licencesText(row),
            mono: false,
          },
        ],
      }),
    ],
    copyId: clip(packageTitle(row), 500),
    copyPurl: purlOf(row),
    advisory: null,
  };
}
