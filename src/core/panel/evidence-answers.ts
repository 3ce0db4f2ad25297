// SPDX-License-Identifier: Apache-2.0
// The two answers of the Overview that evidence gives. A tick needs a policy that says what was expected.
import { unanswered } from '../attestations/trust-input.ts';
import { silence } from '../attestations/trust-requirement.ts';
import type { Evidence, ReportItem, Story } from '../evidence/evidence.ts';
import type { OverviewAnswer } from '../protocol/panel.ts';
import { answer, splitReason } from './answers.ts';
import { itemState, signedBy } from './evidence-words.ts';
import { counted, list, shortDigest } from './words.ts';

const TRY_AGAIN = [{ label: 'Try again', action: 'audit' as const }];
/** What a policy asks of the origin, not of signatures. */
const ORIGIN_REQUIREMENTS: readonly string[] = ['provenance', 'level', 'source'];
const SIGNED = { id: 'signature', question: 'Who signed it?' } as const;
const ORIGIN = { id: 'origin', question: 'Where did it come from?' } as const;

/** What is signed: statements of every kind that was read, without those that are only listed. */
function statements({ items }: Evidence): readonly ReportItem[] {
  return items.filter(({ kind }) => kind !== 'other-referrer' && kind !== 'notation-signature');
}

/** A signature that nobody judged is only a signature. */
const goodWord = (all: readonly ReportItem[]): string =>
  all.some(({ allowed }) => allowed !== null) ? 'verified' : 'signed';

/** `3 verified, 1 not`: what holds and what does not, for a line of the tree; null where nothing holds. */
export function signatureBrief(evidence: Evidence): string | null {
  const all = statements(evidence);
  const good = all.filter(({ verdict, allowed }) => verdict === 'verified' && allowed !== false).length;
  const bad = all.filter(({ verdict, allowed }) => verdict === 'invalid' || allowed === false).length;
  if (good === 0) return null;
  return `${good} ${goodWord(all)}${bad === 0 ? '' : `, ${bad} not`}`;
}

/** `Of 5 statements, 3 are verified, 1 is not, 1 is unsupported.`; empty where all are of one kind. */
function tally(evidence: Evidence): string {
  const all = statements(evidence);
  const count = (test: (item: ReportItem) => boolean): number => all.filter(test).length;
  const is = (number: number): string => `${number} ${number === 1 ? 'is' : 'are'}`;
  const verified = count(({ verdict, allowed }) => verdict === 'verified' && allowed !== false);
  const parts: readonly (readonly [number, string])[] = [
    [verified, goodWord(all)],
    [count(({ verdict }) => verdict === 'invalid'), 'not verified'],
    [count(({ allowed }) => allowed === false), 'signed by others'],
    [count(({ verdict }) => verdict === 'unsigned'), 'not signed'],
    [count(({ verdict }) => verdict === 'unsupported'), 'unsupported'],
    [count(({ verdict }) => verdict === 'could-not-check'), 'not checked'],
  ];
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${is(number)} ${word}`);
  return all.length < 2 || said.length < 2 ? '' : ` Of ${all.length} statements, ${list(said)}.`;
}

function invalidNote(evidence: Evidence): string | null {
  const invalid = statements(evidence).filter(({ verdict }) => verdict === 'invalid');
  const [first] = invalid;
  if (first === undefined) return null;
  const { note } = itemState(first, evidence);
  const says = first.code === 'subject-mismatch' ? `The ${first.label} ${note}.` : `${first.label}: ${note}.`;
  return invalid.length === 1
    ? `${says} It is left out of every answer here.`
    : `${counted(invalid.length, 'statement')} do not hold. They are left out of every answer here.`;
}

/** Who signed it? */
export function signatureAnswer(evidence: Evidence): OverviewAnswer {
  const { policy } = evidence;
  const invalid = invalidNote(evidence);
  const signers = [
    ...new Set(
      statements(evidence).flatMap((item) =>
        item.verdict === 'verified' && item.signer !== null && item.allowed !== false ? [signedBy(item)] : [],
      ),
    ),
  ];
  const by = signers.length > 3 ? `${list(signers.slice(0, 3))} and ${signers.length - 3} more` : list(signers);
  // Where it comes from is the other question.
  const asked = policy.requirements.filter(({ id }) => !ORIGIN_REQUIREMENTS.includes(id));
  const wanted = asked.find(({ state }) => state === 'unmet') ?? asked.find(({ state }) => state !== 'met');
  if (wanted !== undefined) {
    const { sentence, note } = splitReason(wanted.reason);
    return wanted.state === 'unmet'
      ? answer({ ...SIGNED, state: 'failed', sentence, note })
      : answer({ ...SIGNED, state: 'couldNotCheck', sentence, note, actions: TRY_AGAIN });
  }
  if (asked.length > 0) {
    return answer({
      ...SIGNED,
      state: invalid === null ? 'verified' : 'attention',
      word: invalid === null ? 'Verified' : 'Look here',
      sentence: `Signed by ${by}, as the trust policy asks.${tally(evidence)}`,
      note: invalid,
    });
  }
  const unjudged =
    policy.state === 'no-rule'
      ? `${policy.file ?? 'The policy'} has no trust entry for this image, so nobody is judged.`
      : policy.state === 'none'
        ? 'No trust policy says who may sign it.'
        : 'The trust policy asks for no signature of the image.';
  if (signers.length > 0) {
    return answer({
      ...SIGNED,
      state: invalid === null ? 'notice' : 'attention',
      word: invalid === null ? 'Signed' : 'Look here',
      sentence: `Signed by ${by}.${tally(evidence)}`,
      note: invalid ?? unjudged,
    });
  }
  if (invalid !== null)
    return answer({ ...SIGNED, state: 'failed', sentence: `No signature holds.${tally(evidence)}`, note: invalid });
  return notSigned(evidence);
}

function notSigned(evidence: Evidence): OverviewAnswer {
  const unsure = statements(evidence).find(({ verdict }) => verdict === 'could-not-check' || verdict === 'unsupported');
  if (unsure !== undefined) {
    const state = unsure.verdict === 'unsupported' ? 'unsupported' : 'couldNotCheck';
    const { sentence, note } = splitReason(
      unsure.reason === '' ? `${unsure.label} could not be checked.` : unsure.reason,
    );
    return answer({ ...SIGNED, state, sentence, note, ...(state === 'couldNotCheck' ? { actions: TRY_AGAIN } : {}) });
  }
  const [silent] = unanswered(evidence.places);
  if (silent !== undefined) {
    return answer({
      ...SIGNED,
      state: 'couldNotCheck',
      sentence: `Could not check: ${silence(silent)}`,
      actions: TRY_AGAIN,
    });
  }
  if (evidence.items.some(({ kind }) => kind === 'notation-signature'))
    return answer({
      ...SIGNED,
      state: 'unsupported',
      sentence: 'A Notation signature is present, and Waybill does not check it.',
    });
  const unsigned = statements(evidence).length;
  // What was not asked, or is not there to be asked, has not answered.
  const answered = evidence.places.filter(({ state }) => state === 'ok' || state === 'absent');
  const looked = `${counted(answered.length, 'place')} answered`;
  return answer({
    ...SIGNED,
    state: 'absent',
    word: 'Not signed',
    sentence:
      unsigned === 0
        ? `Not signed. ${looked}, and none held a signature.`
        : `Not signed. ${counted(unsigned, 'statement')} beside it ${unsigned === 1 ? 'has' : 'have'} no signature.`,
  });
}

/** `northwind/payments-api 3f9c2e1 → release.yml → GitHub-hosted runner → sha256:9f2c41d7…`. */
export function originLine(story: Story, item: ReportItem): string {
  const source =
    story.source === null
      ? null
      : `${story.source.repository.replace(/^https:\/\/(?:github\.com\/)?/, '')}${story.source.commit === null ? '' : ` ${story.source.commit.slice(0, 7)}`}`;
  const build = (story.workflow ?? story.entryPoint)?.split('/').at(-1) ?? null;
  const runner = item.signer?.extensions['runnerEnvironment'] ?? null;
  const builder = runner === 'github-hosted' ? 'GitHub-hosted runner' : story.originName;
  return [source, build, builder, shortDigest(item.subject)].filter((each) => each !== null).join(' → ');
}

/** Where did it come from? */
export function originAnswer(evidence: Evidence): OverviewAnswer {
  const { slsa, policy } = evidence;
  const item = evidence.items.find(({ digest }) => digest === slsa.provenance);
  const story = item?.claim?.kind === 'provenance' ? item.claim.story : null;
  const note = item === undefined || story === null ? null : originLine(story, item);
  const wanted = policy.requirements.find(({ id, state }) => ORIGIN_REQUIREMENTS.includes(id) && state !== 'met');
  if (wanted !== undefined) {
    const { sentence, note: more } = splitReason(wanted.reason);
    return wanted.state === 'unmet'
      ? answer({ ...ORIGIN, state: 'failed', sentence, note: more ?? note })
      : answer({ ...ORIGIN, state: 'couldNotCheck', sentence, note: more, actions: TRY_AGAIN });
  }
  if (item === undefined) {
    const [silent] = unanswered(evidence.places);
    return silent === undefined
      ? answer({ ...ORIGIN, state: 'absent', word: 'None found', sentence: 'No provenance was found.' })
      : answer({
          ...ORIGIN,
          state: 'couldNotCheck',
          sentence: `Could not check: ${silence(silent)}`,
          actions: TRY_AGAIN,
        });
  }
  const agrees = slsa.steps.some(({ id, state }) => id === 'claims' && state === 'passed');
  const sentence = `${slsa.sentence}${agrees ? ' The provenance agrees with its certificate.' : ''}`;
  if (slsa.level >= 2) {
    const source = slsa.steps.find(({ id }) => id === 'source')?.state;
    if (source === 'failed') return answer({ ...ORIGIN, state: 'attention', sentence, note });
    return answer({ ...ORIGIN, state: source === 'passed' ? 'verified' : 'notice', sentence, note });
  }
  const signature = slsa.steps.find(({ id }) => id === 'signature')?.state;
  if (signature === 'unknown') return answer({ ...ORIGIN, state: 'couldNotCheck', sentence, note, actions: TRY_AGAIN });
  return answer({ ...ORIGIN, state: slsa.level === 1 ? 'unknown' : 'attention', sentence, note });
}
