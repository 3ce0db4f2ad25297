// SPDX-License-Identifier: Apache-2.0
import { ITEM } from '../contributions/commands.ts';
import { splitReference } from '../panel/overview.ts';
import { counted } from '../panel/words.ts';
import type { StoredReport } from '../ports.ts';
import { ago, utc } from '../protocol/relative-time.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { shortDigest } from './labels.ts';
import { escapeMarkdown } from './markdown.ts';
import type { ExplorerNode } from './node.ts';
import { currentWork, firstFailure, type AuditSession } from './session.ts';

/** Running and failed audits of this window, then the stored reports, newest first. */
export function rootNodes(
  sessions: readonly AuditSession[],
  stored: readonly StoredReport[],
  now: number,
): readonly ExplorerNode[] {
  const known = new Set(stored.map(({ key }) => key));
  const renewing = new Map(sessions.flatMap((each) => (each.renews === null ? [] : [[each.renews, each] as const])));
  const own = sessions.filter(
    ({ renews, key }) => (renews === null || !known.has(renews)) && (key === null || !known.has(key)),
  );
  return [
    ...own.toReversed().map(sessionNode),
    ...stored.map((report) => storedNode(report, renewing.get(report.key), now)),
  ];
}

function sessionNode(session: AuditSession): ExplorerNode {
  const { source, platform } = session.request;
  const reference = `${source.scheme}:${source.target}`;
  const where = [escapeMarkdown(reference), ...(platform === null ? [] : [escapeMarkdown(platform)])].join('  \n');
  const base = {
    id: `session ${session.id}`,
    label: visibleText(splitReference(reference).name),
    reference,
    collapsible: 'none',
    badge: null,
    image: { key: null, session: session.id },
    branch: { kind: 'leaf' },
    target: { tab: 'overview', row: null, only: null },
  } as const;
  if (session.report === null) {
    const work = currentWork(session.stages);
    return {
      ...base,
      description: visibleText(work),
      icon: { id: 'loading~spin', colour: null },
      tooltip: `${where}\n\n${escapeMarkdown(work)}`,
      context: ITEM.running,
    };
  }
  const failure = firstFailure(session.report);
  const cancelled = failure?.code === 'cancelled';
  const reason = cancelled ? 'cancelled' : (failure?.reason ?? 'its report could not be stored');
  return {
    ...base,
    description: visibleText(reason),
    icon: cancelled ? { id: 'circle-slash', colour: null } : { id: 'error', colour: 'waybill.state.notVerified' },
    tooltip: `${where}\n\n${escapeMarkdown(reason)}`,
    context: ITEM.failed,
  };
}

function storedNode(report: StoredReport, renewal: AuditSession | undefined, now: number): ExplorerNode {
  const running = renewal !== undefined && renewal.report === null;
  const failure = renewal === undefined || renewal.report === null ? null : firstFailure(renewal.report);
  const { critical, high } = report.bySeverity;
  const state = running
    ? currentWork(renewal.stages)
    : failure === null
      ? ago(report.generated, now)
      : `last try: ${failure.reason}`;
  return {
    id: `image ${report.key}`,
    label: visibleText(splitReference(report.reference).name),
    reference: report.reference,
    description: visibleText([shortDigest(report.key), state].join(', ')),
    icon: { id: running ? 'loading~spin' : 'package', colour: null },
    tooltip: [
      escapeMarkdown(report.reference),
      '',
      `${escapeMarkdown(report.key)}  `,
      ...(report.platform === null ? [] : [`${escapeMarkdown(report.platform)}  `]),
      `${report.packages} packages, ${critical} critical and ${high} high vulnerabilities  `,
      `Audited ${escapeMarkdown(utc(report.generated))}`,
    ].join('\n'),
    collapsible: 'collapsed',
    context: running ? ITEM.running : ITEM.image,
    badge: storedBadge(report, now),
    image: { key: report.key, session: running ? renewal.id : null },
    branch: { kind: 'image' },
    target: { tab: 'overview', row: null, only: null },
  };
}

/** What is most pressing, in two characters: past due, known to be exploited, else how many are critical or high. */
function storedBadge(report: StoredReport, now: number): ExplorerNode['badge'] {
  const overdue = overdueOf(report, now);
  if (overdue > 0) return { text: '!', tooltip: overdueText(overdue) };
  if (report.knownExploited > 0) {
    return {
      text: 'K',
      tooltip: `${counted(report.knownExploited, 'vulnerability', 'vulnerabilities')} known to be exploited`,
    };
  }
  const { critical, high } = report.bySeverity;
  const urgent = critical + high;
  return urgent === 0
    ? null
    : { text: urgent > 9 ? '9+' : String(urgent), tooltip: `${critical} critical, ${high} high` };
}

/** Known to be exploited and past the due date that the database gives; the date itself is not past due. */
function overdueOf({ kevDue }: StoredReport, now: number): number {
  const today = new Date(now).toISOString().slice(0, 10);
  return kevDue.filter((date) => date < today).length;
}

const overdueText = (count: number): string =>
  `${counted(count, 'vulnerability', 'vulnerabilities')} known to be exploited, past the due date of the KEV catalogue`;

/** The badge of the whole view; none where nothing is past due. */
export function viewBadge(
  stored: readonly StoredReport[],
  now: number,
): { readonly value: number; readonly tooltip: string } | undefined {
  const value = stored.reduce((sum, report) => sum + overdueOf(report, now), 0);
  return value === 0 ? undefined : { value, tooltip: overdueText(value) };
}
