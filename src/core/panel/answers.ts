// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from '../evidence/report.ts';
import type { StageName, StageState } from '../model/stage.ts';
import { VULNERABILITY_SEVERITIES } from '../model/severity.ts';
import type { AnswerState } from '../protocol/answer-state.ts';
import type { OverviewAnswer } from '../protocol/panel.ts';
import { utc } from '../protocol/relative-time.ts';
import { counted, distributionLabel, list, number } from './words.ts';

/** A stage as the page shows it: while an audit runs also one that has not ended. */
export interface LiveStage {
  readonly state: 'waiting' | 'running' | StageState;
  readonly message: string | null;
  readonly code: string | null;
}
export type LiveStages = Readonly<Record<StageName, LiveStage>>;

const WORDS: Readonly<Record<AnswerState, string>> = {
  verified: 'Answered',
  failed: 'Act here',
  attention: 'Look here',
  notice: 'For your information',
  absent: 'None found',
  couldNotCheck: 'Could not check',
  unsupported: 'Unsupported',
  unknown: 'Unknown',
  notChecked: 'Not checked',
  waiting: 'Waiting',
  running: 'Running',
};

type AnswerParts = Pick<OverviewAnswer, 'id' | 'question' | 'state' | 'sentence'> & Partial<OverviewAnswer>;

export function answer(parts: AnswerParts): OverviewAnswer {
  return { word: WORDS[parts.state], note: null, actions: [], link: null, chart: null, ...parts };
}

/** The first sentence leads; what follows from it, or what to do, is the second line. */
export function splitReason(text: string): { sentence: string; note: string | null } {
  const reason = text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, utc);
  const end = /[.!?](?= [A-Z])/.exec(reason);
  if (end === null) return { sentence: reason, note: null };
  return { sentence: reason.slice(0, end.index + 1), note: reason.slice(end.index + 2) };
}

const LOG = { label: 'Log', tab: null, action: 'showLog' } as const;

/** An answer that has to wait, or whose stage did not end well; null where there is one. */
function withoutAnswer(
  id: string,
  question: string,
  stages: readonly LiveStage[],
  waitsFor: string,
  chart: OverviewAnswer['chart'],
): OverviewAnswer | null {
  const running = stages.findLast(({ state }) => state === 'running');
  const ended = stages.find(({ state }) => !['ok', 'waiting', 'running'].includes(state));
  if (ended === undefined) {
    if (running !== undefined) {
      const sentence = (running.message ?? 'Running').replace(/[.…]*$/, '.');
      return answer({ id, question, state: 'running', sentence, chart });
    }
    if (stages.some(({ state }) => state === 'waiting')) {
      return answer({ id, question, state: 'waiting', sentence: `Waits for ${waitsFor}.` });
    }
    return null;
  }
  const reason = ended.message ?? 'no reason was given.';
  switch (ended.state) {
    case 'cancelled':
      return answer({
        id,
        question,
        state: 'notChecked',
        word: 'Cancelled',
        sentence: 'Cancelled.',
        actions: [{ label: 'Continue', action: 'audit' }],
      });
    case 'skipped':
      return answer({ id, question, state: 'notChecked', word: 'Skipped', ...prefixed('Skipped', reason) });
    case 'unsupported':
      return answer({ id, question, state: 'unsupported', ...prefixed('Unsupported', reason) });
    default:
      return answer({
        id,
        question,
        state: 'couldNotCheck',
        ...prefixed('Could not check', reason),
        actions:
          ended.code === 'database-stale'
            ? [{ label: 'Use it once anyway', action: 'auditStale' }]
            : [{ label: 'Try again', action: 'audit' }],
        link: LOG,
      });
  }
}

/** The reason after the state's words, which lead unless it says them itself. */
function prefixed(words: string, reason: string): { sentence: string; note: string | null } {
  const { sentence, note } = splitReason(reason);
  return { sentence: /^could not /i.test(sentence) ? sentence : `${words}: ${sentence}`, note };
}

/** What is in it? */
export function contentsAnswer(report: AuditReport | null, stages: LiveStages): OverviewAnswer {
  const id = 'contents';
  const question = 'What is in it?';
  const open = withoutAnswer(id, question, [stages.resolve, stages.sbom], 'the image', null);
  if (open !== null) return open;
  if (report === null) return answer({ id, question, state: 'running', sentence: 'Catalogued; the counts follow.' });
  const { packages, image } = report;
  const layers = image.layers === null ? '' : ` in ${counted(image.layers, 'layer')}`;
  const system = image.distribution === null ? '' : `, on ${distributionLabel(image.distribution)}`;
  if (packages.length === 0) {
    return answer({
      id,
      question,
      state: 'attention',
      sentence: `No components were found${layers}${system}.`,
      note: 'Syft found nothing that it knows. What is there is then unknown, not absent.',
    });
  }
  return answer({
    id,
    question,
    state: 'verified',
    sentence: `${counted(packages.length, 'component')}${layers}${system}.`,
    link: { label: 'Packages', tab: 'packages', action: null },
    chart: 'types',
  });
}

/** `none`, `17`, `all`. */
function countOf(part: number, whole: number): string {
  return part === 0 ? 'none' : part === whole && whole > 1 ? 'all' : number(part);
}

/** What is known against it? */
export function knownAnswer(report: AuditReport | null, stages: LiveStages): OverviewAnswer {
  const id = 'known';
  const question = 'What is known against it?';
  const { sbom, database, matching } = stages;
  // A database that cannot be used is the reason worth telling; that matching was skipped follows from it.
  const cause = database.state === 'failed' && matching.state !== 'cancelled' ? [database] : [matching];
  const wait = sbom.state === 'ok' ? 'the vulnerability database' : 'the list of components';
  const open = withoutAnswer(id, question, cause, wait, 'severities');
  if (open !== null) {
    if (database.code !== 'database-stale' || open.state !== 'couldNotCheck') return open;
    // The reason ends in what the link beside it does.
    const todo = open.note?.replace(/, or use it once anyway\.$/, '.');
    return {
      ...open,
      note: ['Findings from an old database can miss new advisories, so none are shown.', todo].join(' ').trim(),
    };
  }
  if (report === null) return answer({ id, question, state: 'running', sentence: 'Matched; the counts follow.' });
  const { vulnerabilities, packages, summary } = report;
  const unwaived = vulnerabilities.filter(({ excepted }) => excepted === null);
  const built = report.database?.built ?? null;
  const by = built === null ? '' : `, by the database of ${utc(built)}`;
  if (vulnerabilities.length === 0) {
    return answer({
      id,
      question,
      state: 'verified',
      word: 'None known',
      sentence: `No known vulnerabilities in ${counted(packages.length, 'component')}${by}.`,
    });
  }
  const parts = [
    ...(summary.knownExploited > 0
      ? [`${number(summary.knownExploited)} ${summary.knownExploited === 1 ? 'is' : 'are'} exploited (KEV)`]
      : []),
    `${countOf(summary.fixable, vulnerabilities.length)} ${summary.fixable < 2 ? 'has' : 'have'} a fix`,
    ...(summary.excepted > 0
      ? [`${countOf(summary.excepted, vulnerabilities.length)} ${summary.excepted < 2 ? 'is' : 'are'} excepted`]
      : []),
  ];
  // What a waiver accepts is counted, and asks for nothing until it ends.
  const worst = VULNERABILITY_SEVERITIES.find((severity) => unwaived.some((each) => each.severity === severity));
  const state =
    unwaived.some(({ kev }) => kev !== null) || worst === 'critical'
      ? 'failed'
      : worst === 'high' || worst === 'unknown'
        ? 'attention'
        : 'notice';
  return answer({
    id,
    question,
    state,
    sentence: `${counted(vulnerabilities.length, 'known vulnerability', 'known vulnerabilities')}: ${list(parts)}.`,
    link: { label: 'Vulnerabilities', tab: 'vulnerabilities', action: null },
    chart: 'severities',
  });
}

/** The two questions about evidence, while it is looked for, and where it was not. */
export function evidenceAnswers(stages: LiveStages, running: boolean): OverviewAnswer[] {
  const found = { state: 'running', sentence: 'Found; the answer follows.' } as const;
  // A report of an older version says nothing of evidence.
  const never = { state: 'notChecked', word: 'Not checked yet', sentence: 'Not checked yet.' } as const;
  return EVIDENCE.map(
    ([id, question]) =>
      withoutAnswer(id, question, [stages.resolve, stages.evidence], 'the image', null) ??
      answer({ id, question, ...(running ? found : never) }),
  );
}

const EVIDENCE: readonly (readonly [id: string, question: string])[] = [
  ['origin', 'Where did it come from?'],
  ['signature', 'Who signed it?'],
];

/** Before any audit: nothing is claimed, and one link starts it. */
export function unauditedAnswers(): OverviewAnswer[] {
  const state = 'notChecked';
  const word = 'Not audited yet';
  const actions = [{ label: 'Audit', action: 'audit' as const }];
  return [
    answer({ id: 'contents', question: 'What is in it?', state, word, sentence: 'Not audited yet.', actions }),
    answer({ id: 'known', question: 'What is known against it?', state, word, sentence: 'Not audited yet.' }),
    ...EVIDENCE.map(([id, question]) => answer({ id, question, state, word, sentence: 'Not audited yet.' })),
  ];
}

const UNASKED: readonly (readonly [id: string, question: string])[] = [
  ['cryptography', 'Is its cryptography validated?'],
  ['drift', 'Does the scan match the build-time SBOM?'],
  ['due', 'What is due when?'],
];

/** Questions that this version does not ask yet: said, so that silence is not taken for an answer. */
export function unaskedAnswers(): OverviewAnswer[] {
  return UNASKED.map(([id, question]) =>
    answer({ id, question, state: 'notChecked', word: 'Not checked yet', sentence: 'Not checked yet.' }),
  );
}
