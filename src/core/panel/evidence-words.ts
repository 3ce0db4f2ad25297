// SPDX-License-Identifier: Apache-2.0
// Words and states of evidence, as the page, the tree and the command line say them.
import { shortSigner } from '../attestations/signers.ts';
import type { Evidence, ReportItem } from '../evidence/evidence.ts';
import type { RawPart } from '../model/raw-part.ts';
import type { AnswerState } from '../protocol/answer-state.ts';

export interface ItemState {
  readonly state: AnswerState;
  /** The state in words, lower case: `verified`, `not verified`, `signed`. */
  readonly word: string;
  /** What follows: who signed, or why not; empty where there is nothing to add. */
  readonly note: string;
}

/** Reasons in a few words, where the whole sentence names digests that no row has room for. */
const BRIEFLY: Readonly<Record<string, string>> = { 'subject-mismatch': 'names another image' };

/** The first sentence of a reason as the end of one, without its full stop. */
function brief(reason: string, code: string): string {
  const known = BRIEFLY[code];
  if (known !== undefined) return known;
  const text = reason === '' ? code.replaceAll('-', ' ') : reason;
  return (/^.*?[.!?](?= [A-Z(]|$)/s.exec(text)?.[0] ?? text).replace(/\.$/, '');
}

/** Behind a colon a sentence goes on small; names and abbreviations stay as they are. */
const small = (text: string): string =>
  text.replace(/^(?:Its?|An?|The|No|Nothing|One|Two|What|Somebody)(?= )/, (word) => word.toLowerCase());

/** Who signed, in a few words: a key by its name in the policy, where it has one. */
export function signedBy({ signer, keyName }: Pick<ReportItem, 'signer' | 'keyName'>): string {
  if (signer === null) return '';
  const name = shortSigner(signer);
  return signer.kind === 'key' && keyName !== null && keyName !== name ? `key ${keyName}` : name;
}

/** The reason without the state's own words, which stand before it anyway. */
function after(words: string, text: string): string {
  return text.toLowerCase().startsWith(`${words}: `) ? text.slice(words.length + 2) : text;
}

/** What became of an item. A signature without a policy that asks for its signer is only a signature: no tick. */
export function itemState(item: ReportItem, evidence: Evidence): ItemState {
  const { verdict, allowed } = item;
  const reason = brief(item.reason, item.code);
  switch (verdict) {
    case 'verified': {
      const by = signedBy(item);
      if (allowed === true) return { state: 'verified', word: 'verified', note: by };
      if (allowed === false)
        return { state: 'failed', word: 'not verified', note: `signed by ${by}, whom the policy does not list` };
      return { state: 'notice', word: 'signed', note: by === '' ? '' : `by ${by}` };
    }
    case 'invalid':
      return { state: 'failed', word: 'not verified', note: small(after('not verified', reason)) };
    case 'unsigned': {
      const holder = item.signedBy === null ? null : evidence.items.find(({ digest }) => digest === item.signedBy);
      if (holder?.signer === undefined || holder.signer === null)
        return { state: 'absent', word: 'not signed', note: '' };
      const state = holder.allowed === true ? 'verified' : holder.allowed === false ? 'failed' : 'notice';
      return { state, word: 'signed with its manifest', note: `by ${signedBy(holder)}` };
    }
    case 'unsupported':
      return item.kind === 'notation-signature'
        ? { state: 'notice', word: 'present', note: 'Waybill does not check it' }
        : { state: 'unsupported', word: 'unsupported', note: small(after('unsupported', reason)) };
    case 'could-not-check':
      return { state: 'couldNotCheck', word: 'could not check', note: small(after('could not check', reason)) };
  }
}

/** State and note as one line: `verified, release.yml@refs/tags/v1`, `not verified: names another image`. */
export function itemLine(item: ReportItem, evidence: Evidence): string {
  const { word, note } = itemState(item, evidence);
  if (note === '') return word;
  const joint = word === 'verified' || word === 'present' ? ', ' : word.startsWith('signed') ? ' ' : ': ';
  return `${word}${joint}${note}`;
}

const CHECKS: Readonly<Record<string, string>> = {
  format: 'It is whole, in the form of its kind',
  digest: 'Digest is that of this image',
  payload: 'Payload is an in-toto statement',
  'certificate-usage': 'Certificate is for signing code',
  'certificate-identity': 'Certificate names one identity and its issuer',
  'signer-kind': 'Key or certificate, as expected',
  'trusted-root': 'Trust root is usable',
  'payload-type': 'Payload is an in-toto statement',
  'certificate-chain': 'Certificate chain leads to the trust root',
  'certificate-time': 'Certificate was valid when it signed',
  'certificate-validity': 'Certificate was valid when it signed',
  sct: 'Certificate was logged when it was issued',
  'log-entry': 'Signature is in the log',
  log: 'Signature is in the log',
  timestamp: 'Timestamp is signed',
  time: 'Time of signing is proved',
  signature: 'Signature fits the payload',
  subject: 'Subject is this image',
  identity: 'Signer is the one expected',
  issuer: 'Issuer is the one expected',
  key: 'Key is the one expected',
  root: 'Trust root is usable',
  'policy-signer': 'Signer is allowed by the trust policy',
};

/** A check as a sentence that is true where it passed. */
export function checkTitle(id: string): string {
  const known = CHECKS[id];
  if (known !== undefined) return known;
  const words = id.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

export const CHECK_WORDS: Readonly<Record<ReportItem['checks'][number]['state'], string>> = {
  passed: 'Passed',
  failed: 'Failed',
  skipped: 'Skipped',
  unsupported: 'Unsupported',
};

export const CHECK_STATES: Readonly<Record<ReportItem['checks'][number]['state'], AnswerState>> = {
  passed: 'verified',
  failed: 'failed',
  skipped: 'notChecked',
  unsupported: 'unsupported',
};

const BUNDLE_NAMES: Partial<Readonly<Record<ReportItem['kind'], string>>> = {
  bundle: 'bundle',
  'legacy-signature': 'layer',
  'legacy-attestation': 'layer',
  'in-toto-referrer': 'envelope',
};

/** What a part of an item is called: `bundle`, `payload`, `certificate`. */
export function documentName(kind: ReportItem['kind'], part: RawPart): string {
  if (part === 'bundle') return BUNDLE_NAMES[kind] ?? 'document';
  return part === 'statement' && kind === 'legacy-signature' ? 'payload' : part;
}

const PLACES: Readonly<Record<Evidence['places'][number]['kind'], string>> = {
  referrers: 'Referrers',
  'fallback-tag': 'Fallback tag',
  'cosign-signature-tag': 'Cosign tag .sig',
  'cosign-attestation-tag': 'Cosign tag .att',
  'cosign-sbom-tag': 'Cosign tag .sbom',
  'attestation-manifest': 'BuildKit attestation manifest',
  'github-attestations': 'GitHub attestations API',
};

const ROLES: Readonly<Record<Evidence['subjects'][number]['role'], string>> = {
  index: 'the index',
  platform: 'the platform image',
  'attestation-manifest': 'the attestation manifest',
};

/** `Referrers of the index`. */
export function placeLabel(place: Evidence['places'][number], { subjects }: Evidence): string {
  const role = subjects.find(({ digest }) => digest === place.subject)?.role;
  return `${PLACES[place.kind]}${role === undefined ? '' : ` of ${ROLES[role]}`}`;
}

/** What a place answered: `5 found`, `none`, or why not. */
export function placeNote(place: Evidence['places'][number], { items }: Evidence): string {
  if (place.state === 'absent') return 'none';
  if (place.state !== 'ok') return place.reason ?? place.state;
  const found = items.filter(
    ({ kind, subject, place: at }) => at === place.kind && subject === place.subject && kind !== 'other-referrer',
  ).length;
  const others = items.filter(
    ({ kind, subject, place: at }) => at === place.kind && subject === place.subject && kind === 'other-referrer',
  ).length;
  return `${found} found${others === 0 ? '' : `, ${others} of other kinds`}`;
}

/** Not signed, could not check: the words of a result need every place to have answered. */
export const SLSA_STATES: Readonly<
  Record<Evidence['slsa']['steps'][number]['state'], { state: AnswerState; word: string }>
> = {
  passed: { state: 'verified', word: 'Passed' },
  failed: { state: 'failed', word: 'Failed' },
  'not-met': { state: 'absent', word: 'Not met' },
  unknown: { state: 'unknown', word: 'Unknown' },
  skipped: { state: 'notChecked', word: 'Skipped' },
  'not-reached': { state: 'waiting', word: 'Not reached' },
};
