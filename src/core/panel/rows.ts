// SPDX-License-Identifier: Apache-2.0
import type { AuditReport, PackageRow, VulnerabilityRow } from '../evidence/report.ts';
import { severityRank, VULNERABILITY_SEVERITIES, type VulnerabilitySeverity } from '../model/severity.ts';

/** Ids up to this length are used as they are; a longer one, which only a hostile image has, gives way to a position. */
const MAX_ID = 1_000;

/** A package with what is known against it. */
export interface PanelPackage {
  readonly id: string;
  readonly row: PackageRow;
  /** Most severe first. */
  readonly known: readonly PanelVulnerability[];
  /** Counts by severity, in the order of VULNERABILITY_SEVERITIES. */
  readonly counts: readonly number[];
}

/** A match with the package that it is in; null where the report does not list that package. */
export interface PanelVulnerability {
  readonly id: string;
  readonly row: VulnerabilityRow;
  readonly package: PackageRow | null;
  readonly packageRowId: string | null;
}

export interface PanelRows {
  readonly packages: readonly PanelPackage[];
  readonly vulnerabilities: readonly PanelVulnerability[];
}

/** Id of a package's row in the Packages tab; the tree reveals rows by it. */
export function packageRowId(row: PackageRow, position: number): string {
  return row.id.length <= MAX_ID ? row.id : `#${position}`;
}

/** Id of a match's row in the Vulnerabilities tab: one vulnerability, one package, one source. */
export function vulnerabilityRowId(row: VulnerabilityRow, position: number): string {
  const id = `${row.id} ${row.namespace} ${row.packageId}`;
  return id.length <= MAX_ID ? id : `#${position}`;
}

function worstFirst(a: PanelVulnerability, b: PanelVulnerability): number {
  return (
    severityRank(a.row.severity) - severityRank(b.row.severity) || (b.row.epss?.score ?? 0) - (a.row.epss?.score ?? 0)
  );
}

const NONE: readonly PanelVulnerability[] = [];
const NO_COUNTS = countsOf(NONE);

function countsOf(known: readonly PanelVulnerability[]): readonly number[] {
  const counts = VULNERABILITY_SEVERITIES.map(() => 0);
  for (const { row } of known) {
    const rank = severityRank(row.severity);
    counts[rank] = (counts[rank] ?? 0) + 1;
  }
  return counts;
}

/** Ties packages and vulnerabilities of a report together, once per report. */
export function panelRows(report: AuditReport | null): PanelRows {
  if (report === null) return { packages: [], vulnerabilities: [] };
  const packages = new Map(
    report.packages.map((row, position) => [row.id, { row, id: packageRowId(row, position) }] as const),
  );
  const byPackage = new Map<string, PanelVulnerability[]>();
  const vulnerabilities = report.vulnerabilities.map((row, position): PanelVulnerability => {
    const owner = packages.get(row.packageId);
    const vulnerability = {
      id: vulnerabilityRowId(row, position),
      row,
      package: owner?.row ?? null,
      packageRowId: owner?.id ?? null,
    };
    const siblings = byPackage.get(row.packageId);
    if (siblings === undefined) byPackage.set(row.packageId, [vulnerability]);
    else siblings.push(vulnerability);
    return vulnerability;
  });
  for (const siblings of byPackage.values()) siblings.sort(worstFirst);
  return {
    packages: report.packages.map((row, position): PanelPackage => {
      const known = byPackage.get(row.id);
      // Most packages have none; they share what says so.
      return known === undefined
        ? { id: packageRowId(row, position), row, known: NONE, counts: NO_COUNTS }
        : { id: packageRowId(row, position), row, known, counts: countsOf(known) };
    }),
    vulnerabilities,
  };
}

/** The severity if it is one, else null: facet values are plain text. */
export function asSeverity(value: string): VulnerabilitySeverity | null {
  return VULNERABILITY_SEVERITIES.find((each) => each === value) ?? null;
}

/** Name and version as one title. */
export function packageTitle(row: PackageRow): string {
  return row.version === '' ? row.name : `${row.name} ${row.version}`;
}
