// SPDX-License-Identifier: Apache-2.0
// The rows of the Signatures tab: what was found, what became of it, and where Waybill looked.
import { repeatCommands, type RepeatCommand } from '../attestations/repeat.ts';
import type { Evidence, ReportItem } from '../evidence/evidence.ts';
import { itemDocuments } from '../evidence/raw.ts';
import type { AuditReport } from '../evidence/report.ts';
import { parseImageReference } from '../model/image-reference.ts';
import type { RawPart } from '../model/raw-part.ts';
import type { AnswerState } from '../protocol/answer-state.ts';
import { ago, utc } from '../protocol/relative-time.ts';
import { claimFields } from './evidence-claims.ts';
import {
  CHECK_STATES,
  CHECK_WORDS,
  checkTitle,
  documentName,
  itemLine,
  itemState,
  placeLabel,
  placeNote,
} from './evidence-words.ts';
import { counted, list } from './words.ts';

/** One thing that was found beside the image. */
export interface EvidenceRow {
  /** Stable inside one report: the item's position. */
  readonly id: string;
  readonly state: AnswerState;
  /** `SLSA provenance v1`. */
  readonly title: string;
  /** `verified, release.yml@refs/tags/v4.7.1`. */
  readonly note: string;
}

export interface PlaceRow {
  readonly state: AnswerState;
  readonly label: string;
  /** `5 found`, `none`, or the reason why there is no answer. */
  readonly note: string;
  /** What was asked: for a tooltip. */
  readonly address: string;
}

export interface EvidenceList {
  /** `5 statements, 1 other`. */
  readonly heading: string;
  readonly rows: readonly EvidenceRow[];
  readonly places: readonly PlaceRow[];
}

export interface Field {
  readonly label: string;
  readonly value: string;
  /** Set in the editor's font. */
  readonly mono: boolean;
}

export interface EvidenceDetail {
  readonly id: string;
  readonly state: AnswerState;
  /** `CycloneDX 1.6 SBOM: not verified`. */
  readonly title: string;
  /** What happened, why, what to do; null where there is nothing to explain. */
  readonly explanation: string | null;
  /** `7 passed, 1 failed`. */
  readonly checkSummary: string;
  /** What failed first, then the others in the order in which they were taken. */
  readonly checks: readonly {
    readonly state: AnswerState;
    readonly word: string;
    readonly title: string;
    readonly detail: string;
  }[];
  readonly signer: readonly Field[];
  readonly certificate: readonly Field[];
  /** Log entries and timestamps. */
  readonly times: readonly Field[];
  readonly root: readonly Field[];
  /** What the statement says, by its kind; a claim of its signer. */
  readonly claims: readonly Field[];
  /** JSON of the statement where its type is not read further; text, never markup. */
  readonly raw: string | null;
  /** What can be opened as a document of its own. */
  readonly documents: readonly DocumentLink[];
  readonly commands: readonly RepeatCommand[];
}

/** A part of an item that is opened beside the panel. */
export interface DocumentLink {
  /** Id of the item's row. */
  readonly row: string;
  readonly part: RawPart;
  /** `Open bundle`. */
  readonly label: string;
}

export function documentLinks(item: ReportItem, row: string): readonly DocumentLink[] {
  return itemDocuments(item).map((part) => ({ row, part, label: `Open ${documentName(item.kind, part)}` }));
}

/** A row is worth its place in this order. */
const ORDER: readonly ReportItem['content'][] = ['signature', 'attestation', 'other'];

/** Every item with its position, signatures first. */
function ordered({ items }: Evidence): readonly { readonly item: ReportItem; readonly id: string }[] {
  return items
    .map((item, index) => ({ item, id: String(index) }))
    .toSorted((a, b) => ORDER.indexOf(a.item.content) - ORDER.indexOf(b.item.content));
}

/** The left side of the Signatures tab. */
export function evidenceList(evidence: Evidence): EvidenceList {
  const others = evidence.items.filter(({ kind }) => kind === 'notation-signature' || kind === 'other-referrer').length;
  const statements = counted(evidence.items.length - others, 'statement');
  return {
    heading: others === 0 ? statements : `${statements}, ${counted(others, 'other')}`,
    rows: ordered(evidence).map(({ item, id }) => ({
      id,
      state: item.kind === 'other-referrer' ? 'unknown' : itemState(item, evidence).state,
      title: item.label,
      note: item.kind === 'other-referrer' ? 'listed, not read' : itemLine(item, evidence),
    })),
    places: placeRows(evidence),
  };
}

/** Cosign's tags of one subject that answer the same share a row: three of each would say nothing more. */
const TAGS: readonly string[] = ['cosign-signature-tag', 'cosign-attestation-tag', 'cosign-sbom-tag'];

function placeRows(evidence: Evidence): readonly PlaceRow[] {
  const rows: (PlaceRow & { readonly tags: string | null })[] = [];
  for (const place of evidence.places) {
    const note = placeNote(place, evidence);
    const tags = TAGS.includes(place.kind) && place.state !== 'ok' ? `${place.subject} ${note}` : null;
    const before = rows.at(-1);
    const row = {
      state: placeState(place.state),
      label: placeLabel(place, evidence),
      note,
      address: place.address,
      tags,
    };
    if (tags === null || before?.tags !== tags) {
      rows.push(row);
      continue;
    }
    // `Cosign tag .sig of the index` and `Cosign tag .att of the index`.
    const [, tag = ''] = /^Cosign tag (\S+)/.exec(row.label) ?? [];
    const label = before.label.replace(/^Cosign tags? (.*?)(?= of |$)/, `Cosign tags $1 ${tag}`);
    rows[rows.length - 1] = { ...before, label, address: `${before.address}\n${row.address}` };
  }
  return rows.map(({ state, label, note, address }) => ({ state, label, note, address }));
}

function placeState(state: Evidence['places'][number]['state']): AnswerState {
  switch (state) {
    case 'ok':
      return 'verified';
    case 'absent':
      return 'absent';
    case 'failed':
      return 'couldNotCheck';
    case 'unsupported':
      return 'unsupported';
    case 'skipped':
      return 'notChecked';
  }
}

const field = (label: string, value: string | null | undefined, mono = false): Field[] =>
  value === null || value === undefined || value === '' ? [] : [{ label, value, mono }];

/** The right side of the Signatures tab at `now`, milliseconds since the epoch; null where the report has no such item. */
export function evidenceDetail(report: AuditReport, id: string, now: number): EvidenceDetail | null {
  const evidence = report.evidence ?? null;
  const item = evidence?.items[Number(id)];
  if (evidence === null || item === undefined) return null;
  const { state, word } = itemState(item, evidence);
  return {
    id,
    state,
    title: `${item.label}: ${word}`,
    explanation: explanationOf(item, evidence),
    checkSummary: checkSummary(item),
    checks: item.checks
      .toSorted((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'))
      .map((check) => ({ ...checkState(item, check), title: checkTitle(check.id), detail: check.detail })),
    signer: signerFields(item),
    certificate: certificateFields(item),
    times: timeFields(item),
    root: rootFields(item, now),
    claims: claimFields(item.claim),
    raw: item.claim?.kind === 'raw' ? item.claim.json : null,
    documents: documentLinks(item, id),
    commands: repeatCommands(item, {
      repository: repositoryOf(report),
      digest: item.subject,
      policy: evidence.policy.file,
    }),
  };
}

function explanationOf(item: ReportItem, evidence: Evidence): string | null {
  if (item.reason !== '') return item.reason;
  if (item.allowed === false) {
    const failed = item.checks.find(({ id }) => id === 'policy-signer');
    return `The signature holds, and the signer is not one that the policy lists. ${failed?.detail ?? ''}`.trim();
  }
  const { note } = itemState(item, evidence);
  if (item.verdict === 'verified' && item.allowed === null)
    return 'The signature holds. No trust policy says who may sign this image, so nothing is said about whether its signer should have.';
  return item.verdict === 'unsigned' && note === ''
    ? 'It is not signed, so anybody who can push to the repository can have written it.'
    : null;
}

/** A check that could not be taken to its end is no failed one: nothing was found against the item. */
function checkState(
  { verdict }: ReportItem,
  { state }: ReportItem['checks'][number],
): Pick<EvidenceDetail['checks'][number], 'state' | 'word'> {
  return state === 'failed' && verdict === 'could-not-check'
    ? { state: 'couldNotCheck', word: 'Could not check' }
    : { state: CHECK_STATES[state], word: CHECK_WORDS[state] };
}

function checkSummary(item: ReportItem): string {
  const counts = new Map<string, number>();
  for (const check of item.checks) {
    const word = checkState(item, check).word.toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const order = ['passed', 'failed', 'could not check', 'skipped', 'unsupported'];
  return order
    .flatMap((word) => (counts.has(word) ? [`${counts.get(word)} ${word.replace('not check', 'not be checked')}`] : []))
    .join(', ');
}

const INSTANCES: Readonly<Record<string, string>> = {
  'tuf-repo-cdn.sigstore.dev': 'Public good Sigstore',
  'tuf-repo.github.com': "GitHub's Sigstore",
};

/** Which root was believed, of when it is and how old. A key needs none. */
function rootFields({ root }: ReportItem, now: number): readonly Field[] {
  if (root === null || root.source === 'key') return [];
  const [, kind = '', name = ''] = /^(tuf|file):(.*)$/s.exec(root.source) ?? [];
  const day = root.asOf === null ? null : `${root.asOf.slice(0, 10)}, ${ago(root.asOf, now)}`;
  switch (kind) {
    case 'tuf':
      return [...field('Used', `${INSTANCES[name] ?? name}, by TUF`), ...field('Fetched', day)];
    case 'file':
      return [...field('Used', `${name}, a file of yours`), ...field('Written', day)];
    default:
      return [
        ...field('Used', root.source === 'seed' ? 'Public good Sigstore, as it came with Waybill' : root.source),
        ...field('Of', day),
      ];
  }
}

function signerFields({ signer, keyName }: ReportItem): readonly Field[] {
  if (signer === null) return [];
  const extension = (name: string): string | undefined => signer.extensions[name];
  return [
    ...field('Name', keyName),
    ...field(signer.kind === 'key' ? 'Key' : 'Identity', signer.identity, true),
    ...field('Issuer', signer.issuer, true),
    ...field('Runner', extension('runnerEnvironment')),
    ...field('Repository', extension('sourceRepositoryUri'), true),
    ...field('Commit', extension('sourceRepositoryDigest'), true),
    ...field('Ref', extension('sourceRepositoryRef'), true),
    ...field('Run', extension('runInvocationUri'), true),
  ];
}

function certificateFields({ signer }: ReportItem): readonly Field[] {
  const certificate = signer?.certificate ?? null;
  if (certificate === null) return [];
  return [
    ...field('Issued by', certificate.issuer),
    ...field('Serial', certificate.serial, true),
    ...field('Valid', `${utc(certificate.from)} to ${utc(certificate.until)}`),
  ];
}

function timeFields({ logEntries, times }: ReportItem): readonly Field[] {
  return [
    ...logEntries.flatMap(({ log, index, integrated, kind }) =>
      field(
        'Log entry',
        list(
          [`${log}, index ${index}`, ...(integrated === null ? [] : [utc(integrated)]), kind].filter(
            (each) => each !== '',
          ),
        ),
      ),
    ),
    ...times.flatMap(({ source, time }) => field(source === 'log' ? 'Logged' : 'Timestamp', utc(time))),
  ];
}

/** `registry/repository` of an audited image; null for what is in no registry. */
export function repositoryOf({ image }: AuditReport): string | null {
  const target = /^registry:(.*)$/s.exec(image.reference)?.[1];
  const parsed = target === undefined ? null : parseImageReference(target);
  return parsed?.ok === true ? `${parsed.value.registry}/${parsed.value.repository}` : null;
}
