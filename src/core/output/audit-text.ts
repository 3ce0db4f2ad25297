// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '../evidence/evidence.ts';
import type { AuditReport, PackageRow, VulnerabilityRow } from '../evidence/report.ts';
import { severityRank, type VulnerabilitySeverity } from '../model/severity.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { failedStages, severityCounts } from './audit-document.ts';

/** Rows of the table; the rest is counted, and in the JSON document. */
const MAX_ROWS = 20;

export interface AuditTextOptions {
  /** Colour the severities. */
  readonly colour: boolean;
  /** The platform was not asked for: say whose it is. */
  readonly platformAssumed: boolean;
  /** Writes what was found of signatures and provenance; an output of its own holds it. Left out, nothing is written of it. */
  readonly evidence?: (evidence: Evidence, colour: boolean) => string;
}

const COLOURS: Readonly<Record<VulnerabilitySeverity, string>> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '34',
  negligible: '2',
  unknown: '35',
};

function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? noun : nouns}`;
}

const utc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

function bytes(size: number): string {
  if (size < 1e6) return `${Math.max(1, Math.round(size / 1e3))} kB`;
  return size < 1e9 ? `${Math.round(size / 1e6)} MB` : `${(size / 1e9).toFixed(1)} GB`;
}

function clip(text: string, width: number): string {
  const characters = [...visibleText(text)];
  return characters.length <= width ? characters.join('') : `${characters.slice(0, width - 1).join('')}…`;
}

/** Name and value in two columns; lines without a value are left out. */
function facts(lines: readonly (readonly [label: string, value: string | null])[]): string {
  return lines.map(([label, value]) => (value === null ? '' : `${label.padEnd(10)}${value}\n`)).join('');
}

function systemLine({ distribution, layers, size, created, user }: AuditReport['image']): string | null {
  const parts = [
    distribution === null ? null : visibleText(distribution),
    layers === null ? null : plural(layers, 'layer'),
    size === null ? null : bytes(size),
    created === null ? null : `made ${created.slice(0, 10)}`,
    user === null ? null : `runs as ${user === '' ? 'root' : visibleText(user)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

function databaseLine(database: AuditReport['database']): string | null {
  if (database === null) return null;
  const built = database.built === null ? 'of an unknown time' : `built ${utc(database.built)}`;
  const kind =
    database.kind === 'demonstration'
      ? "; the project's demonstration database, which knows a few advisories only"
      : '';
  return `${built}${kind}${database.stale ? '; past its limit, used because that was asked for' : ''}`;
}

interface Row {
  readonly severity: VulnerabilitySeverity;
  readonly cells: readonly string[];
}

/** The worst first: by severity, then known exploited, then Grype's risk, then name. */
function worstFirst(a: VulnerabilityRow, b: VulnerabilityRow): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    Number(b.kev !== null) - Number(a.kev !== null) ||
    (b.risk ?? 0) - (a.risk ?? 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

function fixText({ state, versions }: VulnerabilityRow['fix']): string {
  if (versions.length > 0) return versions.join(', ');
  if (state === 'wont-fix') return "won't fix";
  return state === 'not-fixed' ? 'none yet' : '';
}

/** One row for each vulnerability of a package version, however many copies of it there are. */
function tableRows(report: AuditReport): readonly Row[] {
  const packages = new Map(report.packages.map((each): [string, PackageRow] => [each.id, each]));
  const rows = new Map<string, Row>();
  for (const found of report.vulnerabilities.filter(({ excepted }) => excepted === null).toSorted(worstFirst)) {
    const of = packages.get(found.packageId);
    const key = `${found.id}\n${of?.type}\n${of?.name}\n${of?.version}`;
    if (rows.has(key)) continue;
    rows.set(key, {
      severity: found.severity,
      cells: [
        found.severity,
        clip(found.id, 24),
        clip(of?.name ?? found.packageId, 34),
        clip(of?.version ?? '', 26),
        clip(fixText(found.fix), 26),
        found.kev === null ? '' : 'yes',
        found.epss === null ? '' : `${(found.epss.score * 100).toFixed(1)} %`,
      ],
    });
  }
  return [...rows.values()];
}

function table(rows: readonly Row[], colour: boolean): string {
  const titles = ['severity', 'vulnerability', 'package', 'version', 'fixed in', 'exploited', 'epss'];
  // A column that says nothing in any row is left out.
  const head = titles.map((title, column) => (rows.some(({ cells }) => cells[column] !== '') ? title : ''));
  const lines = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const line = (cells: readonly string[], severity: VulnerabilitySeverity | null): string => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    if (colour && severity !== null) padded[0] = `\u001b[${COLOURS[severity]}m${padded[0]}\u001b[0m`;
    return `  ${padded
      .filter((_, column) => head[column] !== '')
      .join('  ')
      .trimEnd()}\n`;
  };
  return line(head, null) + rows.map(({ cells, severity }) => line(cells, severity)).join('');
}

function packagesLine({ packages, byType }: AuditReport['summary']): string {
  const types = Object.entries(byType).toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const list = types.map(([type, count]) => `${count} ${visibleText(type)}`).join(', ');
  return `${plural(packages, 'package')}${list === '' ? '' : `: ${list}`}\n`;
}

function vulnerabilitiesPart(report: AuditReport, colour: boolean): string {
  const { summary } = report;
  if (summary.vulnerabilities === 0) return `No known vulnerabilities in ${plural(summary.packages, 'package')}.\n`;
  const counts = severityCounts(summary.bySeverity);
  const known = plural(summary.vulnerabilities, 'known vulnerability', 'known vulnerabilities');
  const exploited = summary.knownExploited === 0 ? '' : `, ${summary.knownExploited} known to be exploited`;
  const rows = tableRows(report);
  const shown = rows.slice(0, MAX_ROWS);
  const rest = rows.length - shown.length;
  const more = rest === 0 ? '' : `  and ${rest} more: --format json lists them all\n`;
  const listed = shown.length === 0 ? '' : `\n${table(shown, colour)}${more}`;
  return `${known}: ${counts}. ${summary.fixable} with a fix${exploited}.\n${listed}${exceptions(report)}`;
}

/** What waivers accept: still there, and by whose word. */
function exceptions({ vulnerabilities, packages }: AuditReport): string {
  const of = new Map(packages.map((each): [string, PackageRow] => [each.id, each]));
  const lines = new Set(
    vulnerabilities.toSorted(worstFirst).flatMap(({ id, severity, packageId, excepted }): readonly string[] => {
      if (excepted === null) return [];
      const found = of.get(packageId);
      const name = found === undefined ? packageId : `${found.name} ${found.version}`;
      return [
        `  ${severity}  ${clip(id, 24)}  ${clip(name, 44)}  by ${clip(excepted.owner, 34)} until ${excepted.expires}: ${clip(excepted.reason, 100)}\n`,
      ];
    }),
  );
  if (lines.size === 0) return '';
  const shown = [...lines].slice(0, MAX_ROWS).join('');
  const rest = lines.size - MAX_ROWS;
  return `\nExcepted by waivers, and counted above:\n${shown}${rest > 0 ? `  and ${rest} more: --format json lists them all\n` : ''}`;
}

/** What `waybill audit` prints for a person. Text from the image cannot move the cursor or hide other text. */
export function auditText(report: AuditReport, options: AuditTextOptions): string {
  const { image, tools, stages } = report;
  const platform =
    image.platform === null
      ? null
      : `${visibleText(image.platform)}${options.platformAssumed && image.indexDigest !== null ? ", this machine's; --platform chooses another" : ''}`;
  const by = tools.map(({ name, version }) => visibleText(`${name} ${version}`)).join(' and ');
  const parts = [
    `${visibleText(image.reference)}\n\n`,
    facts([
      ['Platform', platform],
      ['Index', image.indexDigest],
      ['Manifest', image.manifestDigest],
      ['Config', image.configDigest],
      ['Base', image.base === null ? null : visibleText(image.base.name ?? image.base.digest ?? '')],
      ['System', systemLine(image)],
      ['Audited', `${utc(report.generated)}${by === '' ? '' : ` by ${by}`}`],
      ['Database', databaseLine(report.database)],
    ]),
  ];
  if (report.evidence !== null) parts.push(options.evidence?.(report.evidence, options.colour) ?? '');
  else if (stages.evidence.state === 'skipped' && stages.evidence.reason !== null)
    parts.push(`Signed    not looked for: ${visibleText(stages.evidence.reason)}\n`);
  if (stages.sbom.state === 'ok') parts.push(`\n${packagesLine(report.summary)}`);
  if (stages.matching.state === 'ok') parts.push(vulnerabilitiesPart(report, options.colour));
  if (report.findings.length > 0) parts.push('\n');
  for (const { severity, message, ruleId, slug, suppressed } of report.findings)
    parts.push(
      `${suppressed === null ? severity : `excepted by ${visibleText(suppressed.owner)} until ${suppressed.expires}`}: ${visibleText(message)} [${ruleId} ${slug}]\n`,
    );
  const failed = failedStages(report);
  if (failed.length > 0) parts.push('\n');
  for (const { name, stage } of failed)
    parts.push(`${name} ${stage.state}: ${visibleText(stage.reason ?? 'no reason')}\n`);
  return parts.join('');
}
