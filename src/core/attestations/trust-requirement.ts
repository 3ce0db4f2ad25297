// SPDX-License-Identifier: Apache-2.0
import type { ReportItem, Requirement } from '../evidence/evidence.ts';
import type { TrustRule } from '../policy/model.ts';
import { age } from '../protocol/relative-time.ts';
import { classifyPredicate, type PredicateKind } from './predicates.ts';
import { allowedSigner, shortAllowed, shortSigner } from './signers.ts';
import { unanswered, type TrustInput } from './trust-input.ts';
import { shortDigest } from './words.ts';

const KINDS: Readonly<Record<string, readonly PredicateKind[]>> = {
  provenance: ['provenance'],
  sbom: ['spdx', 'cyclonedx'],
  spdx: ['spdx'],
  cyclonedx: ['cyclonedx'],
  vex: ['openvex'],
  vulnerabilities: ['vulnerabilities'],
  'test-result': ['test-result'],
  vsa: ['vsa'],
};

const NOUNS: Readonly<Record<string, string>> = {
  signature: 'signature',
  provenance: 'provenance',
  sbom: 'SBOM',
  spdx: 'SPDX SBOM',
  cyclonedx: 'CycloneDX SBOM',
  vex: 'VEX document',
  vulnerabilities: 'vulnerability scan',
  'test-result': 'test result',
  vsa: 'verification summary',
};

/** What a word of `require` asks for, for people: `SBOM`, or the predicate type. */
export function requiredNoun(word: string): string {
  return NOUNS[word] ?? word;
}

/** True where an item is of the kind that a word of `require` asks for, whatever became of it. */
export function answersTo(word: string, item: ReportItem): boolean {
  if (word === 'signature') return item.content === 'signature' && item.kind !== 'notation-signature';
  const kinds = KINDS[word];
  if (kinds !== undefined) return kinds.includes(item.type);
  if (item.predicateType === word) return true;
  // A type without its version asks for any version of it.
  const asked = classifyPredicate(word);
  if (asked.kind === 'unknown' || asked.version !== '' || item.predicateType === null) return false;
  return item.predicateType.startsWith(`${word}/`) && classifyPredicate(item.predicateType).kind === asked.kind;
}

/** How near an item came to meeting a requirement; the nearest is the one worth telling. */
const NEARNESS = [
  'unsigned',
  'invalid',
  'subject',
  'signer',
  'log',
  'time',
  'stale',
  'unsupported',
  'could-not-check',
  'ok',
] as const;
type Outcome = (typeof NEARNESS)[number];

interface Judged {
  readonly item: ReportItem;
  readonly outcome: Outcome;
  readonly reason: string;
}

/** One word of `require`, held against every item that could answer to it. */
export function requirementOf(word: string, rule: TrustRule, input: TrustInput): Requirement {
  const noun = requiredNoun(word);
  const place = `${rule.path}:${rule.line}`;
  const title =
    word === 'signature'
      ? `Signature by ${shortAllowed(rule)}`
      : `${noun.charAt(0).toUpperCase()}${noun.slice(1)}, signed by ${shortAllowed(rule)}`;
  const done = (
    state: Requirement['state'],
    code: string,
    reason: string,
    items: readonly ReportItem[],
  ): Requirement => ({
    id: word,
    title,
    state,
    code,
    reason,
    items: items.map(({ digest }) => digest),
  });
  const judged = input.items.flatMap((item, index) =>
    answersTo(word, item) ? [judge(item, input.names[index] ?? [], rule, input, noun)] : [],
  );
  const met = judged.filter(({ outcome }) => outcome === 'ok');
  if (met.length > 0)
    return done(
      'met',
      'ok',
      '',
      met.map(({ item }) => item),
    );

  const [nearest] = judged.toSorted((a, b) => NEARNESS.indexOf(b.outcome) - NEARNESS.indexOf(a.outcome));
  const items = judged.map(({ item }) => item);
  if (nearest !== undefined && (nearest.outcome === 'could-not-check' || nearest.outcome === 'unsupported'))
    return done('could-not-check', nearest.outcome, nearest.reason, items);
  const [silent] = unanswered(input.places);
  if (silent !== undefined) {
    return done('could-not-check', 'place', `Could not check: ${silence(silent)}`, items);
  }
  if (nearest !== undefined) return done('unmet', nearest.outcome, `${nearest.reason} (${place}).`, items);
  const asks = `The trust policy asks for ${article(noun)} on ${rule.images.join(', ')} (${place}).`;
  const notation = input.items.filter(({ kind }) => kind === 'notation-signature');
  if (word === 'signature' && notation.length > 0)
    return done(
      'unmet',
      'missing',
      `A Notation signature is present, and Waybill does not check it. ${asks} Sign the digest with cosign sign, too.`,
      notation,
    );
  return word === 'signature'
    ? done('unmet', 'missing', `Not signed. ${asks} Sign the digest with cosign sign.`, [])
    : done('unmet', 'missing', `No ${noun} was found. ${asks} Attest the digest that was pushed.`, []);
}

function article(noun: string): string {
  if (noun.includes('://') || noun === 'provenance') return noun;
  return `${/^(?:[aeiou]|SBOM|SPDX)/.test(noun) ? 'an' : 'a'} ${noun}`;
}

const PLACES: Readonly<Record<string, string>> = {
  referrers: 'the referrers of the image',
  'fallback-tag': 'the fallback tag',
  'cosign-signature-tag': 'the tag of cosign signatures',
  'cosign-attestation-tag': 'the tag of cosign attestations',
  'cosign-sbom-tag': 'the tag of attached SBOMs',
  'attestation-manifest': 'the attestation manifest',
  'github-attestations': "GitHub's attestations",
};

/** Which place did not answer, and why, as the end of a message. */
export function silence({ kind, reason }: TrustInput['places'][number]): string {
  return `${PLACES[kind] ?? kind} did not answer${reason === null ? '' : `: ${reason.replace(/\.$/, '')}`}.`;
}

function judge(item: ReportItem, names: readonly string[], rule: TrustRule, input: TrustInput, noun: string): Judged {
  const outcome = (kind: Outcome, reason: string): Judged => ({ item, outcome: kind, reason });
  // An unsigned statement in a manifest that is signed has that signer and those times.
  const holder = item.signedBy === null ? item : (input.items.find(({ digest }) => digest === item.signedBy) ?? item);
  const about = input.subjects.filter(({ role }) => role !== 'attestation-manifest').map(({ digest }) => digest);
  switch (holder.verdict) {
    case 'unsigned':
      return outcome(
        'unsigned',
        `The ${noun} is not signed, and the policy asks for one signed by ${shortAllowed(rule)}`,
      );
    case 'invalid':
      return holder.code.startsWith('subject')
        ? outcome('subject', otherSubject(noun, names))
        : outcome('invalid', `The ${noun} is not verified: ${sentence(holder.reason, holder.code)}`);
    case 'unsupported':
      return outcome('unsupported', `Could not check the ${noun}: ${sentence(holder.reason, holder.code)}.`);
    case 'could-not-check':
      return outcome('could-not-check', `Could not check the ${noun}: ${sentence(holder.reason, holder.code)}.`);
    case 'verified':
  }
  if (!names.some((each) => about.includes(each))) return outcome('subject', otherSubject(noun, names));
  const { signer } = holder;
  const allowed = signer === null ? null : allowedSigner(rule, signer);
  if (signer === null || allowed === null) {
    const by = signer === null ? 'nobody that is named' : fullSigner(signer);
    return outcome('signer', `Not verified: signed by ${by}, and the policy asks for ${shortAllowed(rule)}`);
  }
  if (allowed.kind === 'key' && allowed.logRequired && holder.logEntries.length === 0)
    return outcome(
      'log',
      `The ${noun} by ${allowed.name} has no entry in a transparency log, and the policy asks for one`,
    );
  return ageOf(rule, holder, input.now, noun, outcome);
}

function ageOf(
  rule: TrustRule,
  holder: ReportItem,
  now: number,
  noun: string,
  outcome: (kind: Outcome, reason: string) => Judged,
): Judged {
  if (rule.freshness === null) return outcome('ok', '');
  // The earliest time that is proved: a later one can be added to an old signature.
  const [proved] = holder.times
    .map(({ time }) => Date.parse(time))
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);
  if (proved === undefined)
    return outcome('time', `Nothing proves when the ${noun} was signed, and the policy limits its age`);
  return now - proved <= rule.freshness
    ? outcome('ok', '')
    : outcome(
        'stale',
        `The ${noun} was signed ${age(now - proved) ?? 'a moment'} ago, and the policy allows ${age(rule.freshness) ?? 'nothing'}`,
      );
}

function otherSubject(noun: string, names: readonly string[]): string {
  const [named] = names;
  return named === undefined
    ? `Not verified: the ${noun} names no digest. Attest again with the digest that was pushed`
    : `Not verified: the ${noun} names ${shortDigest(named)}, not this image. Attest again with the digest that was pushed`;
}

function fullSigner(signer: NonNullable<ReportItem['signer']>): string {
  return signer.kind === 'key' ? shortSigner(signer) : `${signer.identity} (issuer ${signer.issuer ?? 'unknown'})`;
}

/** A reason as the end of a sentence. */
function sentence(reason: string, code: string): string {
  return reason === '' ? code : reason.replace(/\.$/, '');
}
