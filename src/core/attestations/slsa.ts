// SPDX-License-Identifier: Apache-2.0
// The SLSA Build level of an image, by the checklist of the specification's "Verifying artifacts": the level is not in the
// provenance, it follows from who signed it and what that builder is held to reach. Stops at the first no.
import type { SlsaResult, SlsaStep, Story } from '../evidence/evidence.ts';
import type { TrustRule } from '../policy/model.ts';
import { knownBuilder, userBuilder, type RecognisedBuilder } from './builders.ts';
import type { RootUsed, Signer, SubjectRole, Verdict } from './model.ts';
import { compareClaims } from './slsa-claims.ts';
import { publisherKey } from './publisher-keys.ts';
import { isAllowedSigner, shortSigner, unloggedKey } from './signers.ts';
import { expectedSource } from './slsa-source.ts';
import { isCommit, isReleaseTag, readWorkflowIdentity } from './source-location.ts';
import { shortDigest } from './words.ts';

/** One provenance statement with what became of it. */
export interface Provenance {
  /** Of the item. */
  readonly digest: string;
  readonly predicateType: string;
  /** Digests `sha256:…` that it is about. */
  readonly names: readonly string[];
  /** Null where it is of a version that is not read, or malformed; `unreadable` then says why. */
  readonly story: Story | null;
  readonly unreadable: string | null;
  readonly verdict: Verdict;
  /** Why it is not verified; empty where it is. */
  readonly reason: string;
  readonly signer: Signer | null;
  /** True where an entry of a transparency log was proved. */
  readonly logged: boolean;
  readonly root: RootUsed | null;
  /** True where not the statement is signed, but the manifest that it stands in. */
  readonly byManifest: boolean;
}

export interface SlsaSubject {
  readonly role: SubjectRole;
  readonly digest: string;
}

const TITLES = {
  named: 'Provenance names this digest',
  'well-formed': 'Well-formed, builder and build type named',
  signature: 'Signature verifies to a trusted root',
  signer: 'Signer is a recognised builder',
  hosted: 'Hosted build',
  claims: 'Claims agree with the certificate',
  isolated: 'Isolated builder (level 3)',
  source: 'Source is what you expect',
} as const;
type StepId = keyof typeof TITLES;
const STEP_IDS = Object.keys(TITLES) as readonly StepId[];

/** The steps as far as they were taken; what is left is not reached. */
class Steps {
  readonly #taken: SlsaStep[] = [];

  add(id: StepId, state: SlsaStep['state'], detail: string): void {
    this.#taken.push({ id, title: TITLES[id], state, detail });
  }

  end(level: SlsaResult['level'], sentence: string, claimedBy: string | null, provenance: string | null): SlsaResult {
    const steps = STEP_IDS.map(
      (id): SlsaStep =>
        this.#taken.find((step) => step.id === id) ?? {
          id,
          title: TITLES[id],
          state: 'not-reached',
          detail: 'An earlier step ended the list.',
        },
    );
    return { level, claimedBy, sentence, provenance, steps };
  }
}

/** The level of an image: that of the provenance that carries furthest. `rule` is the policy's entry, null without one. */
export function slsaLevel(
  provenances: readonly Provenance[],
  subjects: readonly SlsaSubject[],
  rule: TrustRule | null,
): SlsaResult {
  const about = subjects.filter(({ role }) => role !== 'attestation-manifest');
  const results = provenances.map((each) => judge(each, about, rule));
  const count = ({ steps }: SlsaResult, wanted: SlsaStep['state']): number =>
    steps.filter(({ state }) => state === wanted).length;
  // Of two that end alike, the one that could not be checked leaves the question open.
  const [best] = results.toSorted(
    (a, b) => b.level - a.level || count(b, 'passed') - count(a, 'passed') || count(b, 'unknown') - count(a, 'unknown'),
  );
  if (best !== undefined) return best;
  const steps = new Steps();
  steps.add('named', 'failed', 'No provenance was found.');
  return steps.end(0, 'No SLSA provenance was found, so no level can be told.', null, null);
}

function judge(provenance: Provenance, subjects: readonly SlsaSubject[], rule: TrustRule | null): SlsaResult {
  const steps = new Steps();
  const { digest, story, signer } = provenance;
  const end = (level: SlsaResult['level'], sentence: string, by: string | null = null): SlsaResult =>
    steps.end(level, sentence, by, digest);

  const subject = subjects.find((each) => provenance.names.includes(each.digest));
  if (subject === undefined) {
    const named = provenance.names[0];
    steps.add(
      'named',
      'failed',
      named === undefined ? 'It names no digest.' : `It names ${shortDigest(named)}, not this image.`,
    );
    return end(0, 'SLSA Build L0: the provenance is about another image.');
  }
  steps.add('named', 'passed', `${shortDigest(subject.digest)}, the subject, is the ${subject.role} digest.`);

  const malformed = malformedReason(provenance);
  if (story === null || malformed !== null) {
    steps.add('well-formed', 'failed', malformed ?? 'It could not be read.');
    return end(0, `SLSA Build L0: ${story === null ? 'the provenance could not be read' : sentenceOf(story)}.`);
  }
  steps.add('well-formed', 'passed', `SLSA v${story.format}, ${withoutScheme(story.buildType ?? '')}`);

  if (provenance.verdict === 'invalid') {
    steps.add('signature', 'failed', provenance.reason === '' ? 'It does not hold.' : provenance.reason);
    return end(0, 'SLSA Build L0: the signature of the provenance does not hold.');
  }
  if (provenance.verdict === 'unsigned') {
    steps.add('signature', 'failed', 'It is not signed, so anybody who can push can have written it.');
    return end(1, 'SLSA Build L1, unverified claim: the provenance is not signed.');
  }
  if (provenance.verdict !== 'verified' || signer === null) {
    steps.add('signature', 'unknown', provenance.reason === '' ? 'Its signer is not known.' : provenance.reason);
    return end(1, 'SLSA Build L1, unverified claim: the signature of the provenance could not be checked.');
  }
  steps.add('signature', 'passed', signatureDetail(provenance));

  const builder = recognise(provenance, story, signer, rule);
  if ('why' in builder) {
    steps.add('signer', 'failed', builder.why);
    return end(1, `SLSA Build L1: signed by ${signerName(signer)}, which is no builder that is recognised.`);
  }
  steps.add('signer', 'passed', builder.detail);
  if (builder.level === 1) {
    steps.add('hosted', 'not-met', 'Your policy holds this builder at level 1.');
    return end(1, `SLSA Build L1, by claim of ${builder.name}.`, builder.name);
  }

  const hosted = hostedStep(builder, signer, story);
  steps.add('hosted', hosted.state, hosted.detail);
  if (hosted.state !== 'passed') {
    return end(1, `SLSA Build L1: ${builder.name} signed it, but it does not prove a hosted build.`, builder.name);
  }
  const claims = signer.kind === 'key' ? null : compareClaims(story, signer);
  steps.add('claims', claims?.state ?? 'skipped', claims?.detail ?? 'A key says nothing of the source or the run.');
  if (claims !== null && claims.state !== 'passed') {
    const why = claims.state === 'failed' ? 'contradicts its certificate' : 'cannot be held against its certificate';
    return end(
      claims.state === 'failed' ? 0 : 1,
      `SLSA Build L${claims.state === 'failed' ? 0 : 1}: the provenance ${why}.`,
    );
  }

  const isolated = isolatedStep(builder, signer);
  steps.add('isolated', isolated.state, isolated.detail);
  const level = isolated.state === 'passed' ? 3 : 2;
  const source = expectedSource(story, signer, rule);
  steps.add('source', source.state, source.detail);
  const caveat =
    source.state === 'skipped'
      ? ' Level only; the source was not checked.'
      : source.state === 'failed'
        ? ' The source is not the one you expect.'
        : '';
  return end(level, `SLSA Build L${level}, by claim of ${builder.name}.${caveat}`, builder.name);
}

function malformedReason({ story, unreadable, predicateType }: Provenance): string | null {
  if (unreadable !== null) return `It could not be read: ${unreadable}.`;
  if (story === null) return `Waybill does not read ${predicateType}.`;
  if (story.format === '0.1') return 'SLSA 0.1 is too old to tell a level by; provenance v0.2 and v1 can.';
  if (story.builder === null) return 'Provenance is present, but its builder is not named.';
  return story.buildType === null ? 'Provenance is present, but its build type is not named.' : null;
}

function sentenceOf(story: Story): string {
  if (story.format === '0.1') return 'the provenance is of SLSA 0.1';
  return story.builder === null
    ? 'provenance is present, its builder is not named'
    : 'provenance is present, its build type is not named';
}

const withoutScheme = (address: string): string => address.replace(/^https?:\/\//, '');

function signatureDetail({ root, byManifest, signer }: Provenance): string {
  const publisher = signer?.kind === 'key' ? publisherKey(signer.identity) : null;
  const by =
    publisher !== null
      ? `the key of ${publisher.name}`
      : signer?.kind === 'key'
        ? 'a key that your policy pins'
        : 'a certificate';
  const used = root === null ? '' : `, root ${root.source}${root.asOf === null ? '' : ` of ${root.asOf.slice(0, 10)}`}`;
  return byManifest
    ? `The attestation manifest that it stands in is signed with ${by}${used}.`
    : `Signed with ${by}${used}.`;
}

function signerName(signer: Signer): string {
  return signer.kind === 'key' ? shortSigner(signer) : signer.identity;
}

type Recognition = RecognisedBuilder | { readonly why: string };

function recognise(provenance: Provenance, story: Story, signer: Signer, rule: TrustRule | null): Recognition {
  const own = userBuilder(story, signer, rule);
  const unlogged = unloggedKey(rule, signer, provenance.logged);
  if (unlogged !== null)
    return { why: `The signature by ${unlogged} has no entry in a transparency log, and the policy asks for one.` };
  if (signer.kind === 'key') {
    const publisher = own ?? knownBuilder(signer);
    if (publisher === null)
      return {
        why: 'A key alone names no builder: only a policy that lists this builder with its key gives it a level.',
      };
    return rule !== null && own === null && !isAllowedSigner(rule, signer)
      ? { why: `${signerName(signer)} is neither a signer nor a builder of ${rule.path}:${rule.line}.` }
      : publisher;
  }
  const buildSigner = signer.extensions['buildSignerUri'];
  if (buildSigner !== undefined && buildSigner !== signer.identity)
    return { why: `The certificate names ${buildSigner} as build signer and ${signer.identity} as identity.` };
  const builder = own ?? knownBuilder(signer);
  if (builder === null)
    return {
      why: `${signer.identity} by ${signer.issuer ?? 'no issuer'} is in no list of builders, neither yours nor Waybill's.`,
    };
  // Anybody can have a workflow on GitHub, and anybody can call a shared one: under a policy it says whose counts.
  if (rule !== null && own === null && !isAllowedSigner(rule, signer))
    return { why: `${signer.identity} is neither a signer nor a builder of ${rule.path}:${rule.line}.` };
  if (builder.byUser && builder.matched === 'builder-id') return builder;
  if (buildSigner === undefined) return { why: 'The certificate names no build signer.' };
  // BuildKit writes any text there, or the address of a run: its certificate is what counts.
  const free = provenance.byManifest && story.origin === 'buildkit';
  if (!free && story.builder !== signer.identity)
    return { why: `The provenance names ${story.builder} as its builder, and ${signer.identity} signed it.` };
  return builder;
}

interface StepResult {
  readonly state: SlsaStep['state'];
  readonly detail: string;
}

function hostedStep(builder: RecognisedBuilder, signer: Signer, story: Story): StepResult {
  const runner = signer.extensions['runnerEnvironment'];
  if (runner === 'github-hosted') return { state: 'passed', detail: 'Certificate says github-hosted.' };
  if (runner !== undefined && (builder.onGithub || runner === 'self-hosted'))
    return { state: 'failed', detail: `Certificate says ${runner}: whoever owns the machine can change the build.` };
  if (!builder.onGithub && (builder.byUser || builder.matched === 'key'))
    return { state: 'passed', detail: `Hosted, by ${builder.place}.` };
  const hint = story.runner === 'github-hosted' ? ' The provenance says github-hosted, which is a hint only.' : '';
  return { state: 'unknown', detail: `The certificate does not say where the build ran.${hint}` };
}

function isolatedStep(builder: RecognisedBuilder, signer: Signer): StepResult {
  const where = builder.byUser ? builder.place : "Waybill's list";
  if (builder.level < 3) {
    const name = readWorkflowIdentity(signer.identity)?.path.split('/').at(-1) ?? signerName(signer);
    return {
      state: 'not-met',
      detail: `${name} is not in your list of isolated builders. Move the build to a reviewed reusable workflow to reach it.`,
    };
  }
  const workflow = readWorkflowIdentity(signer.identity);
  if (workflow !== null && !isReleaseTag(workflow.ref) && !(builder.exact && isCommit(workflow.ref))) {
    return {
      state: 'not-met',
      // GitHub finds the commits of every fork under the name of the repository.
      detail: isCommit(workflow.ref)
        ? 'The builder is used at a commit, which can be of anybody’s fork; a release tag cannot, nor a commit that your policy names.'
        : `The builder is used at ${workflow.ref}, which moves; a release tag does not.`,
    };
  }
  return {
    state: 'passed',
    detail: `${builder.name} is isolated by ${where}.${builder.note === '' ? '' : ` ${builder.note}`}`,
  };
}
