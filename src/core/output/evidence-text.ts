// SPDX-License-Identifier: Apache-2.0
// What `waybill verify` prints for a person, and the part of it that an audit shows.
import { repeatCommands } from '../attestations/repeat.ts';
import type { Evidence, ReportItem, Requirement } from '../evidence/evidence.ts';
import { itemLine, itemState, placeLabel, placeNote } from '../panel/evidence-words.ts';
import { signatureAnswer } from '../panel/evidence-answers.ts';
import type { AnswerState } from '../protocol/answer-state.ts';
import { utc } from '../protocol/relative-time.ts';
import { visibleText } from '../protocol/visible-text.ts';

/** Items that are listed; the rest is counted, and in the JSON document. */
const MAX_ITEMS = 40;

export interface EvidenceTextOptions {
  readonly colour: boolean;
  /** As asked for. */
  readonly reference: string;
  /** `registry/repository`, null for what is in no registry. */
  readonly repository: string | null;
  /** Path of the trusted root as it was named, null without one. */
  readonly trustedRoot: string | null;
}

const COLOURS: Partial<Readonly<Record<AnswerState, string>>> = {
  verified: '32',
  failed: '31',
  attention: '33',
  couldNotCheck: '33',
  notice: '34',
};

function tinted(text: string, state: AnswerState, colour: boolean): string {
  const code = COLOURS[state];
  return colour && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function clip(text: string, width: number): string {
  const characters = [...visibleText(text)];
  return characters.length <= width ? characters.join('') : `${characters.slice(0, width - 1).join('')}…`;
}

function itemLines(item: ReportItem, evidence: Evidence, width: number, colour: boolean): string {
  const { state } = itemState(item, evidence);
  const line = `  ${clip(item.label, 48).padEnd(width)}  ${tinted(visibleText(itemLine(item, evidence)), state, colour)}\n`;
  const more: string[] = [];
  const { signer, times, logEntries } = item;
  if (signer !== null && signer.kind === 'certificate')
    more.push(`${signer.identity}, issuer ${signer.issuer ?? 'unknown'}`);
  if (signer !== null && signer.kind === 'key') more.push(`${item.keyName ?? 'key'} ${signer.identity}`);
  const [time] = times;
  const [entry] = logEntries;
  if (signer !== null)
    more.push(
      [
        time === undefined ? 'nothing proves when it was signed' : `signed by ${utc(time.time)}`,
        entry === undefined ? null : `log entry ${entry.index} of ${entry.log}`,
        item.root === null
          ? null
          : `root ${item.root.source}${item.root.asOf === null ? '' : ` of ${item.root.asOf.slice(0, 10)}`}`,
      ]
        .filter((each) => each !== null)
        .join(', '),
    );
  for (const { id, state: outcome, detail } of item.checks)
    if (outcome === 'failed' && id !== 'policy-signer') more.push(`${id}: ${detail}`);
  return line + more.map((each) => `    ${clip(each, 220)}\n`).join('');
}

function itemsPart(evidence: Evidence, colour: boolean): string {
  const { items } = evidence;
  if (items.length === 0) return '';
  const shown = items.slice(0, MAX_ITEMS);
  const width = Math.max(...shown.map(({ label }) => [...clip(label, 48)].length));
  const rest = items.length - shown.length;
  const more = rest === 0 ? '' : `  and ${rest} more: --format json lists them all\n`;
  return `\nFound\n${shown.map((item) => itemLines(item, evidence, width, colour)).join('')}${more}`;
}

const WORDS: Readonly<Record<Requirement['state'], readonly [word: string, state: AnswerState]>> = {
  met: ['met', 'verified'],
  unmet: ['not met', 'failed'],
  'could-not-check': ['could not check', 'couldNotCheck'],
};

function policyPart({ policy }: Evidence, colour: boolean): string {
  if (policy.state === 'none') return '';
  const place = `${policy.file ?? ''}${policy.line === null ? '' : `:${policy.line}`}`;
  if (policy.state === 'no-rule')
    return `\nPolicy    ${visibleText(place)}\n  It has no trust entry for this image, so nobody is trusted with it.\n`;
  const lines = policy.requirements.map(({ title, state, reason }) => {
    const [word, tone] = WORDS[state];
    return `  ${tinted(word.padEnd(15), tone, colour)}  ${clip(title, 160)}\n${reason === '' ? '' : `    ${visibleText(reason)}\n`}`;
  });
  return `\nPolicy    ${visibleText(place)}\n${lines.join('')}`;
}

function slsaPart({ slsa }: Evidence): string {
  if (slsa.provenance === null) return '';
  const stopped = slsa.steps.find(({ state }) => state !== 'passed' && state !== 'skipped');
  const why = stopped === undefined ? '' : `  ${stopped.title}: ${visibleText(stopped.detail)}\n`;
  return `\nOrigin    ${visibleText(slsa.sentence)}\n${why}`;
}

function placesPart(evidence: Evidence): string {
  const lines = evidence.places.map(
    (place) => `  ${placeLabel(place, evidence)}: ${visibleText(placeNote(place, evidence))}\n`,
  );
  return `\nLooked at\n${lines.join('')}`;
}

function repeatPart(evidence: Evidence, { repository, trustedRoot }: EvidenceTextOptions): string {
  const lines = evidence.items
    .filter(({ verdict }) => verdict === 'verified')
    .flatMap((item) =>
      repeatCommands(item, { repository, digest: item.subject, policy: evidence.policy.file, trustedRoot }),
    )
    .map(({ command }) => command);
  const unique = [...new Set(lines)].slice(0, 6);
  return unique.length === 0 ? '' : `\nRepeat it with\n${unique.map((each) => `  ${each}\n`).join('')}`;
}

/** What `waybill verify` prints. Text from a registry cannot move the cursor or hide other text. */
export function verifyText(evidence: Evidence, options: EvidenceTextOptions): string {
  const { colour } = options;
  const { state, word, sentence, note } = signatureAnswer(evidence);
  const subjects = evidence.subjects.map(
    ({ role, digest }) =>
      `${role === 'attestation-manifest' ? 'Attested' : role === 'index' ? 'Index' : 'Image'}`.padEnd(10) +
      `${digest}\n`,
  );
  return [
    `${visibleText(options.reference)}\n\n`,
    ...subjects,
    `\n${tinted(word, state, colour)}. ${visibleText(sentence)}${note === null ? '' : ` ${visibleText(note)}`}\n`,
    itemsPart(evidence, colour),
    slsaPart(evidence),
    policyPart(evidence, colour),
    placesPart(evidence),
    repeatPart(evidence, options),
  ].join('');
}

/** What an audit says of evidence: the two answers, and the policy where there is one. */
export function evidenceText(evidence: Evidence, colour: boolean): string {
  const { sentence, note } = signatureAnswer(evidence);
  return [
    `Signed    ${visibleText(sentence)}${note === null ? '' : ` ${visibleText(note)}`}\n`,
    `Origin    ${visibleText(evidence.slsa.sentence)}\n`,
    policyPart(evidence, colour),
  ].join('');
}

/** Requirements that are not met, one line each: for standard error where the document goes elsewhere. */
export function unmetLines({ policy }: Evidence): readonly string[] {
  if (policy.state === 'no-rule') return [`${policy.file ?? 'the policy'} has no trust entry for this image`];
  return policy.requirements.flatMap(({ id, state, reason }) =>
    state === 'met' ? [] : [`${id} ${WORDS[state][0]}: ${visibleText(reason)}`],
  );
}
