// SPDX-License-Identifier: Apache-2.0
import { SEVERITY_ICONS } from '../contributions/colours.ts';
import { ITEM } from '../contributions/commands.ts';
import type { AuditReport, PackageRow, VulnerabilityRow } from '../evidence/report.ts';
import { VULNERABILITY_SEVERITIES, type VulnerabilitySeverity } from '../model/severity.ts';
import { packageRowId, vulnerabilityRowId } from '../panel/rows.ts';
import { capital, counted, number, typesLabel } from '../panel/words.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { evidenceNodes, signatureNodes } from './evidence-nodes.ts';
import { escapeMarkdown } from './markdown.ts';
import type { ExplorerNode, PanelTarget } from './node.ts';
import { MAX_CHILDREN, table, trouble, type Draft, type Make } from './parts.ts';

/** Children of any node under an image. */
export function childNodes(parent: ExplorerNode, report: AuditReport): readonly ExplorerNode[] {
  const { branch } = parent;
  const make = (part: string, draft: Draft): ExplorerNode => ({
    id: `${parent.id} > ${part}`,
    description: '',
    tooltip: '',
    collapsible: 'none',
    context: ITEM.plain,
    badge: null,
    reference: parent.reference,
    image: parent.image,
    branch: { kind: 'leaf' },
    target: null,
    ...draft,
  });
  switch (branch.kind) {
    case 'image':
      return [
        vulnerabilitiesNode(report, make),
        packagesNode(report, make),
        evidenceNode(make),
        ...findingsNode(report, make),
      ];
    case 'table':
      return branch.table === 'vulnerabilities' ? severityNodes(report, make) : typeNodes(report, make);
    case 'severity': {
      const rows = report.vulnerabilities
        .map((row, position) => ({ row, id: vulnerabilityRowId(row, position) }))
        .filter(({ row }) => row.severity === branch.value);
      const packages = new Map(report.packages.map((row) => [row.id, row]));
      const nodes = rows
        .toSorted((a, b) => byUrgency(a.row, b.row))
        .slice(0, MAX_CHILDREN)
        .map(({ row, id }) => vulnerabilityNode(id, row, packages.get(row.packageId), make));
      return [...nodes, ...moreNode(rows.length, parent.target, make)];
    }
    case 'type': {
      const rows = report.packages
        .map((row, position) => ({ row, id: packageRowId(row, position) }))
        .filter(({ row }) => row.type === branch.value);
      const nodes = rows
        .toSorted((a, b) => compare(a.row.name, b.row.name) || compare(a.row.version, b.row.version))
        .slice(0, MAX_CHILDREN)
        .map(({ row, id }) => packageNode(id, row, make));
      return [...nodes, ...moreNode(rows.length, parent.target, make)];
    }
    case 'findings':
      return report.findings.slice(0, MAX_CHILDREN).map((finding, at) => findingNode(finding, at, make));
    case 'evidence':
      return evidenceNodes(report, make);
    case 'signatures':
      return signatureNodes(report, make);
    case 'leaf':
      return [];
  }
}

/** By code units: thousands of names are sorted, and a collator would take a hundred times as long. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function vulnerabilitiesNode(report: AuditReport, make: Make): ExplorerNode {
  const { vulnerabilities, fixable, knownExploited, excepted } = report.summary;
  const { sbom, database, matching } = report.stages;
  const failed = trouble(sbom, database, matching);
  if (failed !== null) {
    return make('vulnerabilities', {
      label: 'Vulnerabilities',
      description: visibleText(failed.text),
      icon: failed.icon,
      tooltip: escapeMarkdown(failed.text),
      context: ITEM.group,
      target: table('overview'),
    });
  }
  const parts = [
    number(vulnerabilities),
    ...(fixable > 0 ? [`${number(fixable)} with a fix`] : []),
    ...(excepted > 0 ? [`${number(excepted)} excepted`] : []),
  ];
  return make('vulnerabilities', {
    label: 'Vulnerabilities',
    description: vulnerabilities === 0 ? 'none known' : parts.join(', '),
    icon: { id: 'bug', colour: null },
    tooltip: `${counted(vulnerabilities, 'known vulnerability', 'known vulnerabilities')}, ${fixable} with a fix, ${knownExploited} known to be exploited${excepted > 0 ? `, ${excepted} excepted by waivers` : ''}`,
    collapsible: vulnerabilities === 0 ? 'none' : 'collapsed',
    context: ITEM.group,
    branch: { kind: 'table', table: 'vulnerabilities' },
    target: table('vulnerabilities'),
  });
}

function packagesNode(report: AuditReport, make: Make): ExplorerNode {
  const failed = trouble(report.stages.resolve, report.stages.sbom);
  if (failed !== null) {
    return make('packages', {
      label: 'Packages',
      description: visibleText(failed.text),
      icon: failed.icon,
      tooltip: escapeMarkdown(failed.text),
      context: ITEM.group,
      target: table('overview'),
    });
  }
  const { packages } = report.summary;
  return make('packages', {
    label: 'Packages',
    description: number(packages),
    icon: { id: 'library', colour: null },
    collapsible: packages === 0 ? 'none' : 'collapsed',
    context: ITEM.group,
    branch: { kind: 'table', table: 'packages' },
    target: table('packages'),
  });
}

function severityNodes({ summary, vulnerabilities }: AuditReport, make: Make): readonly ExplorerNode[] {
  return VULNERABILITY_SEVERITIES.filter((severity) => summary.bySeverity[severity] > 0).map((severity) => {
    const rows = vulnerabilities.filter((row) => row.severity === severity);
    const exploited = rows.filter(({ kev }) => kev !== null).length;
    const excepted = rows.filter((row) => row.excepted !== null).length;
    return make(`severity ${severity}`, {
      label: capital(severity),
      description: [
        number(summary.bySeverity[severity]),
        ...(exploited > 0 ? [`${exploited} in KEV`] : []),
        ...(excepted > 0 ? [`${excepted} excepted`] : []),
      ].join(', '),
      icon: severityIcon(severity),
      collapsible: 'collapsed',
      context: ITEM.group,
      branch: { kind: 'severity', value: severity },
      target: table('vulnerabilities', null, { facet: 'severity', value: severity }),
    });
  });
}

function severityIcon(severity: VulnerabilitySeverity): ExplorerNode['icon'] {
  return { id: SEVERITY_ICONS[severity], colour: `waybill.severity.${severity}` };
}

function typeNodes({ summary }: AuditReport, make: Make): readonly ExplorerNode[] {
  return Object.entries(summary.byType)
    .toSorted(([a, countA], [b, countB]) => countB - countA || compare(a, b))
    .map(([type, count]) =>
      make(`type ${type}`, {
        label: visibleText(typesLabel(type, count)),
        description: number(count),
        icon: { id: 'symbol-namespace', colour: null },
        collapsible: 'collapsed',
        context: ITEM.group,
        branch: { kind: 'type', value: type },
        target: table('packages', null, { facet: 'type', value: type }),
      }),
    );
}

/** Excepted last; known to be exploited first, then by Grype's own figure, then by id. */
function byUrgency(a: VulnerabilityRow, b: VulnerabilityRow): number {
  return (
    Number(a.excepted !== null) - Number(b.excepted !== null) ||
    Number(b.kev !== null) - Number(a.kev !== null) ||
    (b.risk ?? 0) - (a.risk ?? 0) ||
    compare(a.id, b.id)
  );
}

function vulnerabilityNode(id: string, row: VulnerabilityRow, found: PackageRow | undefined, make: Make): ExplorerNode {
  const name = found === undefined ? '' : `${found.name} ${found.version}`;
  const { excepted } = row;
  const fix = row.fix.versions.length === 0 ? 'No fixed version' : `Fixed in ${row.fix.versions.join(', ')}`;
  return make(id, {
    label: visibleText(row.id),
    description: [
      visibleText(found?.name ?? ''),
      ...(excepted === null ? [] : [`excepted until ${visibleText(excepted.expires)}`]),
    ]
      .filter((part) => part !== '')
      .join(', '),
    icon: excepted === null ? { id: 'bug', colour: null } : { id: 'debug-step-over', colour: 'descriptionForeground' },
    tooltip: [
      `**${escapeMarkdown(row.id)}** ${capital(row.severity)}, in ${escapeMarkdown(name)}`,
      ...(excepted === null
        ? []
        : [
            escapeMarkdown(
              `Excepted until ${excepted.expires} by ${excepted.owner.slice(0, 200)}: ${excepted.reason.slice(0, 600)}`,
            ),
          ]),
      escapeMarkdown(fix),
      ...(row.kev === null ? [] : [escapeMarkdown(kevText(row.kev))]),
      ...(row.description === '' ? [] : [escapeMarkdown(row.description.slice(0, 600))]),
    ].join('\n\n'),
    context: ITEM.row,
    badge: row.kev === null ? null : { text: 'K', tooltip: kevText(row.kev) },
    target: table('vulnerabilities', id),
  });
}

function kevText({ dateAdded, dueDate }: NonNullable<VulnerabilityRow['kev']>): string {
  const due = dueDate === null ? '' : `, due ${dueDate}`;
  return `Known to be exploited since ${dateAdded}${due}`;
}

function packageNode(id: string, row: PackageRow, make: Make): ExplorerNode {
  return make(id, {
    label: visibleText(row.name),
    description: visibleText(row.version),
    icon: { id: 'package', colour: null },
    tooltip: [
      `**${escapeMarkdown(row.name)}** ${escapeMarkdown(row.version)}`,
      ...(row.licences.length === 0 ? [] : [escapeMarkdown(row.licences.join(', '))]),
      ...row.locations.slice(0, 5).map(escapeMarkdown),
    ].join('\n\n'),
    context: ITEM.row,
    target: table('packages', id),
  });
}

function moreNode(count: number, target: PanelTarget | null, make: Make): readonly ExplorerNode[] {
  if (count <= MAX_CHILDREN) return [];
  return [
    make('more', {
      label: `${number(count - MAX_CHILDREN)} more`,
      description: 'in the panel',
      icon: { id: 'ellipsis', colour: null },
      context: ITEM.row,
      target,
    }),
  ];
}

function evidenceNode(make: Make): ExplorerNode {
  return make('evidence', {
    label: 'Evidence',
    icon: { id: 'checklist', colour: null },
    collapsible: 'collapsed',
    branch: { kind: 'evidence' },
    target: table('overview'),
  });
}

/** Findings about the image as a whole and of waivers that have ended; the node is there only where there are some. */
function findingsNode({ findings }: AuditReport, make: Make): readonly ExplorerNode[] {
  if (findings.length === 0) return [];
  return [
    make('findings', {
      label: 'Findings',
      description: number(findings.length),
      icon: { id: 'warning', colour: 'waybill.state.attention' },
      collapsible: 'collapsed',
      context: ITEM.group,
      branch: { kind: 'findings' },
      target: table('overview'),
    }),
  ];
}

function findingNode({ slug, message }: AuditReport['findings'][number], at: number, make: Make): ExplorerNode {
  return make(`finding ${at}`, {
    label: visibleText(slug),
    description: visibleText(message),
    icon: { id: 'warning', colour: 'waybill.state.attention' },
    tooltip: escapeMarkdown(message),
    context: ITEM.row,
    target: table('overview'),
  });
}
