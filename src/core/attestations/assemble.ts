// SPDX-License-Identifier: Apache-2.0
// Puts together what was found, what was proved and what it says: the `evidence` of a report.
import type { Evidence, PolicyResult, ReportItem } from '../evidence/evidence.ts';
import type { Policy, TrustRule } from '../policy/model.ts';
import { knownBuilder } from './builders.ts';
import { understand, type Understood } from './claims.ts';
import type { Discovery, EvidenceItem, Judgement } from './model.ts';
import { namedDigests } from './named-digests.ts';
import { PREDICATE_KINDS } from './predicates.ts';
import { publisherKey } from './publisher-keys.ts';
import { readSbomClaim } from './sbom-claim.ts';
import { allowedSigner, isAllowedSigner, shortAllowed } from './signers.ts';
import { slsaLevel, type Provenance } from './slsa.ts';
import { evaluateTrust, NO_TRUST, withoutRule } from './trust.ts';
import { summaryLevel } from './verification-summary.ts';

/** An item with its judgement, and its bytes as JSON where they are that. */
export interface JudgedItem {
  readonly item: EvidenceItem;
  readonly judgement: Judgement;
  /** Undefined where there are no bytes or they are no JSON. */
  readonly document: unknown;
}

/** An SBOM that was attested or attached, kept whole for comparison. */
export interface AttestedSbom {
  /** Digest of the item that carries it. */
  readonly digest: string;
  readonly document: unknown;
}

export interface Assembled {
  readonly evidence: Evidence;
  /** The items as they were found, in the order of `evidence.items`. */
  readonly found: readonly EvidenceItem[];
  readonly sboms: readonly AttestedSbom[];
}

export interface AssembleInput {
  readonly discovery: Discovery;
  readonly judged: readonly JudgedItem[];
  /** Null where no policy was named. */
  readonly policy: Policy | null;
  /** The policy's entry for this image, its keys with fingerprints. */
  readonly rule: TrustRule | null;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** Items of one image that are looked at; where there are more, whoever collects them says so at their place. */
export const MAX_ITEMS = 500;

interface Read extends JudgedItem {
  readonly meaning: Understood | null;
}

/** Signatures first, then by what they are. A registry lists them in any order, and the same image is to give the same. */
function byMeaning(a: Read, b: Read): number {
  const rank = ({ meaning }: Read): number => PREDICATE_KINDS.indexOf(meaning?.type.kind ?? 'unknown');
  return rank(a) - rank(b) || (a.item.digest < b.item.digest ? -1 : a.item.digest > b.item.digest ? 1 : 0);
}

export function assemble(input: AssembleInput): Assembled {
  const { discovery, policy, now } = input;
  // Nobody is judged by an entry that cannot be followed.
  const rule = input.rule?.broken === true ? null : input.rule;
  const judged = input.judged
    .slice(0, MAX_ITEMS)
    .map((each): Read => ({ ...each, meaning: meaningOf(each.item, each.judgement, each.document) }))
    .toSorted(byMeaning);
  const names = judged.map(({ item, judgement, document }) => namedDigests(item, judgement, document));
  const items = judged.map(({ item, judgement, meaning }, index): ReportItem => {
    const named = names[index] ?? [];
    const aboutOther =
      named.length > 0
        ? !discovery.subjects.some(({ digest }) => named.includes(digest))
        : judgement.verdict === 'invalid' && judgement.code.startsWith('subject');
    return {
      ...reportItem(item, judgement, meaning, signerOfManifest(item, judgement.verdict, judged, names, rule), rule),
      aboutOther,
    };
  });
  const subjects = [...discovery.subjects];
  const places = [...discovery.places];
  const provenances = items.flatMap((item, index): Provenance[] =>
    item.type === 'provenance' ? [provenanceOf(item, names[index] ?? [], items)] : [],
  );
  const slsa = summaryLevel(slsaLevel(provenances, subjects, rule), items, names, subjects, rule);
  const trust = { subjects, places, items, names, slsa, now };
  const result: PolicyResult =
    policy === null || policy.trust.length === 0
      ? NO_TRUST
      : input.rule === null
        ? withoutRule(policy)
        : evaluateTrust(input.rule, trust);
  return {
    evidence: {
      subjects,
      places,
      items,
      slsa,
      policy: result,
    },
    found: judged.map(({ item }) => item),
    sboms: judged.flatMap(({ item, meaning }): AttestedSbom[] =>
      meaning?.sbom === undefined ? [] : [{ digest: item.digest, document: meaning.sbom }],
    ),
  };
}

const NOTHING: Understood['type'] = { kind: 'unknown', version: '', label: '' };

/** What an item says; null where it says nothing that is read: its kind is then all there is to show. */
function meaningOf(item: EvidenceItem, judgement: Judgement, document: unknown): Understood | null {
  if (item.kind === 'notation-signature' || item.kind === 'other-referrer') return null;
  if (item.kind === 'unsigned-sbom') {
    const { claim, document: sbom } = readSbomClaim(null, document);
    const kind = claim.kind === 'sbom' && claim.format === 'CycloneDX' ? 'cyclonedx' : 'spdx';
    return { predicateType: null, type: { ...NOTHING, kind: claim.kind === 'sbom' ? kind : 'unknown' }, claim, sbom };
  }
  const statement = judgement.statement ?? (item.kind === 'buildkit-statement' ? document : undefined);
  if (statement !== undefined && statement !== null) return understand(statement);
  if (judgement.content !== 'signature') return null;
  const type = { kind: 'signature', version: '', label: 'Image signature' } as const;
  return { predicateType: null, type, claim: { kind: 'signature', annotations: [] }, sbom: undefined };
}

const KIND_LABELS: Readonly<Record<EvidenceItem['kind'], string>> = {
  bundle: 'Sigstore bundle',
  'legacy-signature': 'Image signature',
  'legacy-attestation': 'Attestation',
  'in-toto-referrer': 'Attestation',
  'buildkit-statement': 'Statement of BuildKit',
  'unsigned-sbom': 'Attached SBOM',
  'notation-signature': 'Notation signature',
  'other-referrer': 'Other referrer',
};

function labelOf(item: EvidenceItem, meaning: Understood | null): string {
  if (meaning === null)
    return item.kind === 'other-referrer' ? `${KIND_LABELS[item.kind]} ${item.mediaType}` : KIND_LABELS[item.kind];
  const { claim, type } = meaning;
  if (claim.kind === 'sbom')
    return `${claim.format}${claim.version === null ? '' : ` ${claim.version}`} SBOM${item.kind === 'unsigned-sbom' ? ', attached' : ''}`;
  return type.label === '' ? KIND_LABELS[item.kind] : type.label;
}

function reportItem(
  item: EvidenceItem,
  judgement: Judgement,
  meaning: Understood | null,
  signedBy: string | null,
  rule: TrustRule | null,
): Omit<ReportItem, 'aboutOther'> {
  const { verdict, code, reason, checks, signer, logEntries, times, root, content } = judgement;
  const proved = rule !== null && signer !== null && verdict === 'verified';
  const listed = proved ? allowedSigner(rule, signer) : null;
  const allowed = proved ? listed !== null : null;
  return {
    kind: item.kind,
    place: item.place,
    subject: item.subject,
    manifestDigest: item.manifestDigest,
    digest: item.digest,
    mediaType: item.mediaType,
    verdict,
    code,
    reason,
    checks: allowed === null || rule === null ? [...checks] : [...checks, policyCheck(rule, allowed)],
    signer: signer === null ? null : { ...signer, extensions: { ...signer.extensions } },
    logEntries: [...logEntries],
    times: [...times],
    root,
    content,
    predicateType: meaning?.predicateType ?? judgement.predicateType,
    label: labelOf(item, meaning),
    type: meaning?.type.kind ?? 'unknown',
    signedBy,
    allowed,
    keyName:
      listed?.kind === 'key'
        ? listed.name
        : signer?.kind === 'key'
          ? (publisherKey(signer.identity)?.name ?? null)
          : null,
    claim: meaning?.claim ?? null,
  };
}

function policyCheck(rule: TrustRule, allowed: boolean): ReportItem['checks'][number] {
  const place = `${rule.path}:${rule.line}`;
  return allowed
    ? { id: 'policy-signer', state: 'passed', detail: `${place} lists the signer.` }
    : { id: 'policy-signer', state: 'failed', detail: `${place} asks for ${shortAllowed(rule)}.` };
}

/** The verified signature of the attestation manifest in which an unsigned statement stands. */
function signerOfManifest(
  item: EvidenceItem,
  verdict: Judgement['verdict'],
  judged: readonly Read[],
  names: readonly (readonly string[])[],
  rule: TrustRule | null,
): string | null {
  const { manifestDigest, kind } = item;
  const bare = kind === 'buildkit-statement' || (kind === 'in-toto-referrer' && verdict === 'unsigned');
  if (!bare || manifestDigest === null) return null;
  const signatures = judged.filter(
    ({ judgement }, at) =>
      judgement.verdict === 'verified' &&
      judgement.content === 'signature' &&
      names[at]?.includes(manifestDigest) === true,
  );
  // Anybody who can push can sign the manifest, too: a signer that somebody listed comes before others.
  const rank = ({ judgement: { signer } }: Read): number =>
    signer === null ? 3 : rule !== null && isAllowedSigner(rule, signer) ? 0 : knownBuilder(signer) === null ? 2 : 1;
  return signatures.toSorted((x, y) => rank(x) - rank(y))[0]?.item.digest ?? null;
}

function provenanceOf(item: ReportItem, names: readonly string[], items: readonly ReportItem[]): Provenance {
  const holder = item.signedBy === null ? null : (items.find(({ digest }) => digest === item.signedBy) ?? null);
  const from = holder ?? item;
  return {
    digest: item.digest,
    predicateType: item.predicateType ?? '',
    names,
    story: item.claim?.kind === 'provenance' ? item.claim.story : null,
    unreadable: item.claim?.kind === 'unreadable' ? item.claim.reason : null,
    verdict: from.verdict,
    reason: from.reason,
    signer: from.signer,
    logged: from.logEntries.length > 0,
    root: from.root,
    byManifest: holder !== null,
  };
}
