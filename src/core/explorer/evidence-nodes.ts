// SPDX-License-Identifier: Apache-2.0
// Evidence in the tree: the two answers, and under Signatures every statement that was found.
import { ITEM } from '../contributions/commands.ts';
import type { Evidence, ReportItem } from '../evidence/evidence.ts';
import { itemDocuments } from '../evidence/raw.ts';
import type { AuditReport } from '../evidence/report.ts';
import { originAnswer, signatureAnswer, signatureBrief } from '../panel/evidence-answers.ts';
import { evidenceList } from '../panel/evidence.ts';
import type { AnswerState } from '../protocol/answer-state.ts';
import type { OverviewAnswer } from '../protocol/panel.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { escapeMarkdown } from './markdown.ts';
import type { ExplorerNode, PanelTarget } from './node.ts';
import { MAX_CHILDREN, table, trouble, type Draft, type Make } from './parts.ts';

const STATE_ICONS: Readonly<Record<AnswerState, ExplorerNode['icon']>> = {
  verified: { id: 'pass', colour: 'waybill.state.verified' },
  failed: { id: 'error', colour: 'waybill.state.notVerified' },
  attention: { id: 'warning', colour: 'waybill.state.attention' },
  notice: { id: 'info', colour: 'waybill.state.notice' },
  absent: { id: 'circle-slash', colour: null },
  couldNotCheck: { id: 'debug-disconnect', colour: 'waybill.state.attention' },
  unsupported: { id: 'remove', colour: null },
  unknown: { id: 'question', colour: null },
  notChecked: { id: 'debug-step-over', colour: null },
  waiting: { id: 'circle-outline', colour: null },
  running: { id: 'loading', colour: null },
};

const contextOf = (item: ReportItem): string => (itemDocuments(item).length === 0 ? ITEM.row : ITEM.evidence);

/** Every statement that was found, in the order of the panel. */
export function signatureNodes({ evidence }: AuditReport, make: Make): readonly ExplorerNode[] {
  if (evidence === null) return [];
  return evidenceList(evidence)
    .rows.slice(0, MAX_CHILDREN)
    .flatMap(({ id, state, title, note }) => {
      const item = evidence.items[Number(id)];
      if (item === undefined) return [];
      const reason = item.reason === '' ? [] : [escapeMarkdown(item.reason)];
      return make(`item ${id}`, {
        label: visibleText(title),
        description: visibleText(note),
        icon: STATE_ICONS[state],
        tooltip: [`**${escapeMarkdown(title)}** ${escapeMarkdown(note)}`, ...reason, escapeMarkdown(item.digest)].join(
          '\n\n',
        ),
        context: contextOf(item),
        target: table('signatures', id),
      });
    });
}

export function evidenceNodes(report: AuditReport, make: Make): readonly ExplorerNode[] {
  const { evidence } = report;
  const failed = trouble(report.stages.evidence);
  const unanswered = (label: string, tab: PanelTarget['tab']): ExplorerNode =>
    make(label, {
      label,
      description: visibleText(failed?.text ?? 'not checked'),
      icon: failed?.icon ?? { id: 'question', colour: null },
      tooltip: escapeMarkdown(failed?.text ?? 'The audit that made this report did not look for it.'),
      context: ITEM.group,
      target: table(tab),
    });
  return [
    ...(evidence === null
      ? [unanswered('Provenance', 'provenance'), unanswered('Signatures', 'signatures')]
      : [provenanceNode(evidence, make), signaturesNode(evidence, make)]),
    ...['FIPS', 'Drift'].map((label) =>
      make(label, {
        label,
        description: 'not checked yet',
        icon: { id: 'question', colour: null },
        tooltip: 'This version of Waybill does not check it yet.',
      }),
    ),
  ];
}

/** Answers that a few words carry, as a line of the tree has no room for more; what is to be done needs its sentence. */
const GOOD: readonly AnswerState[] = ['verified', 'attention', 'notice'];

function answered(
  { state, word, sentence, note }: OverviewAnswer,
  brief: string | null,
): Pick<Draft, 'description' | 'icon' | 'tooltip'> {
  return {
    description: visibleText(GOOD.includes(state) ? (brief ?? sentence) : sentence),
    icon: STATE_ICONS[state],
    tooltip: escapeMarkdown([`${word}: ${sentence}`, note ?? ''].join(' ').trim()),
  };
}

function provenanceNode(evidence: Evidence, make: Make): ExplorerNode {
  const at = evidence.items.findIndex(({ digest }) => digest === evidence.slsa.provenance);
  const item = evidence.items[at];
  return make('Provenance', {
    label: 'Provenance',
    ...answered(originAnswer(evidence), evidence.slsa.level >= 2 ? `SLSA L${evidence.slsa.level}, by claim` : null),
    context: item === undefined ? ITEM.group : contextOf(item),
    target: table('provenance', item === undefined ? null : String(at)),
  });
}

function signaturesNode(evidence: Evidence, make: Make): ExplorerNode {
  return make('Signatures', {
    label: 'Signatures',
    ...answered(signatureAnswer(evidence), signatureBrief(evidence)),
    collapsible: evidence.items.length === 0 ? 'none' : 'collapsed',
    branch: { kind: 'signatures' },
    context: ITEM.group,
    target: table('signatures'),
  });
}
