// SPDX-License-Identifier: Apache-2.0
// Why an item is not verified: stable codes, each with what it means. docs/evidence.md lists them.
import type { Verdict } from './model.ts';

/** Every code of a judgement but `ok`; the text is what happened and what to do, without the item's own particulars. */
export const JUDGEMENT_CODES = {
  'too-large': 'It is larger than what is read.',
  'json-malformed': 'It is no JSON in UTF-8.',
  'json-too-deep': 'Its JSON is nested too deep.',
  'json-duplicate-key': 'A key of its JSON stands twice, so that two readers could understand it differently.',
  'bundle-malformed': 'It is no whole sigstore bundle of its version.',
  'bundle-version-unsupported': 'It is a sigstore bundle of a version that is not read.',
  'envelope-malformed': 'It is no whole DSSE envelope.',
  'annotations-malformed': 'The annotations that hold its signature are not whole.',
  'signature-count': 'An envelope has to have exactly one signature.',
  'certificate-malformed': 'Its certificate cannot be read.',
  'chain-holds-root': 'It brings a root of its own; roots come from the trusted root alone.',
  'certificate-usage': 'Its certificate is not for signing code.',
  'certificate-identity': 'Its certificate does not name one identity and one issuer.',
  'certificate-signed': 'It was signed with a certificate, and a key was expected.',
  'key-signed': 'It was signed with a key, and an identity was expected.',
  'key-unknown': 'It was signed with a key that nobody named.',
  'key-type-unsupported': 'Its key is of a type that cannot be checked here; P-256 and RSA can.',
  'key-not-valid': 'The key was not valid when it was signed.',
  'key-unreadable': 'The key is no public key in PEM.',
  'root-missing': 'There is no trusted root to check it against.',
  'root-invalid': 'The trusted root cannot be read.',
  'root-incomplete': 'A key or an authority of the trusted root does not say from when it is valid.',
  'timestamp-missing': 'Nothing proves when it was signed.',
  'timestamp-invalid': 'Its timestamp does not hold.',
  'certificate-chain': 'Its certificate does not lead to the trusted root, or was not valid at the time of signing.',
  'sct-missing': 'No certificate log of the trusted root vouches for its certificate.',
  'sct-invalid': 'The proof that its certificate was logged does not hold.',
  'log-missing': 'It has no entry in a transparency log, and needs one.',
  'log-inclusion': 'The proof that it is in the transparency log does not hold.',
  'log-body': 'The entry of the transparency log is about something else.',
  'log-not-valid': 'The key of the transparency log was not valid when it was signed.',
  'log-duplicate': 'One entry of the transparency log stands twice.',
  'log-entry-unsupported': 'Its log entry is of a kind or version that is not read.',
  'signature-invalid': 'The signature does not hold.',
  'digest-algorithm-unsupported': 'It signs a digest other than SHA-256.',
  'subject-mismatch': 'It is about another digest.',
  'subject-missing': 'It does not say what it is about.',
  'payload-type': 'Its payload is not an in-toto statement.',
  'statement-malformed': 'Its payload cannot be read as an in-toto statement.',
  'payload-malformed': 'What was signed cannot be read as a signature of an image.',
  'expectation-empty': 'No identity or no issuer was given to compare with; an empty one is met by nobody.',
  'identity-mismatch': 'Somebody else signed it.',
  'issuer-mismatch': 'The identity was vouched for by another issuer.',
  unsigned: 'It has no signature.',
  'kind-unsupported': 'Its kind is listed, not checked.',
  'bytes-missing': 'Its content could not be fetched.',
  internal: 'The check failed in a way that was not foreseen, and counts as not verified.',
} as const;

export type JudgementCode = keyof typeof JUDGEMENT_CODES;

/** Honest limits of ours: it is there, and may well be good. */
const UNSUPPORTED: ReadonlySet<JudgementCode> = new Set([
  'bundle-version-unsupported',
  'digest-algorithm-unsupported',
  'key-type-unsupported',
  'kind-unsupported',
  'log-entry-unsupported',
]);
/** Reasons that say nothing against the item: what was asked, or what it is held against, is at fault. */
const NOT_CHECKED: ReadonlySet<JudgementCode> = new Set([
  'bytes-missing',
  'expectation-empty',
  'key-unknown',
  'key-unreadable',
  'root-incomplete',
  'root-invalid',
  'root-missing',
  'too-large',
]);

/** The verdict that a code stands for. */
export function verdictOf(code: JudgementCode): Verdict {
  if (code === 'unsigned') return 'unsigned';
  if (UNSUPPORTED.has(code)) return 'unsupported';
  return NOT_CHECKED.has(code) ? 'could-not-check' : 'invalid';
}

/** What to do, where there is something to be done. */
export const JUDGEMENT_ADVICE: Partial<Readonly<Record<JudgementCode, string>>> = {
  'bundle-version-unsupported': 'Check it with a newer Waybill or with Cosign.',
  'bytes-missing': 'Check the network and sign in to the registry, then try again.',
  'certificate-signed': 'Expect its identity and issuer instead.',
  'expectation-empty': 'Give both.',
  'digest-algorithm-unsupported': 'Check it with Cosign.',
  'identity-mismatch': 'Do not trust it, or correct who is expected.',
  internal: 'Report this with the log.',
  'issuer-mismatch': 'Do not trust it, or correct which issuer is expected.',
  'key-signed': 'Expect its key instead.',
  'key-type-unsupported': 'Check it with the tool that signed it.',
  'key-unknown': 'Name its key in the policy, or with --key.',
  'key-unreadable': 'Give a public key in PEM, as cosign.pub is.',
  'log-entry-unsupported': 'Check it with Cosign.',
  'log-missing': 'Sign it with a log; for a key, --allow-no-log does without.',
  'root-incomplete': 'Give a root as Sigstore publishes it.',
  'root-invalid': 'Give a root as Sigstore publishes it.',
  'root-missing': 'Give the root of whoever signed it with --trusted-root.',
  'subject-mismatch': 'Do not take it for this image.',
  'timestamp-missing': 'Sign it with a log or a timestamp authority.',
  unsigned: 'Take it for a claim.',
};

/** The sentences that say why, and what to do; `detail` is the end of a sentence, empty for none. */
export function reasonOf(code: JudgementCode, detail: string): string {
  const meaning = JUDGEMENT_CODES[code];
  const why = detail === '' ? meaning : `${meaning.slice(0, -1)}: ${detail.replace(/\.$/, '').slice(0, 300)}.`;
  return [why, JUDGEMENT_ADVICE[code] ?? ''].filter((part) => part !== '').join(' ');
}
