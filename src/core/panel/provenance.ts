// SPDX-License-Identifier: Apache-2.0
// The Provenance tab: source, workflow, builder, image, each with what was checked of it; the level by its steps; materials.
import { repeatCommands, type RepeatCommand } from '../attestations/repeat.ts';
import { claimComparisons, type ClaimComparison } from '../attestations/slsa-claims.ts';
import type { Evidence, ReportItem, Story } from '../evidence/evidence.ts';
import type { AuditReport } from '../evidence/report.ts';
import type { AnswerState } from '../protocol/answer-state.ts';
import { utc } from '../protocol/relative-time.ts';
import { documentLinks, repositoryOf, type DocumentLink } from './evidence.ts';
import { itemLine, itemState, signedBy, SLSA_STATES } from './evidence-words.ts';
import { capital, shortDigest } from './words.ts';

export interface ChainCheck {
  readonly state: AnswerState;
  readonly text: string;
  /** A quieter second line, null where there is none. */
  readonly note: string | null;
}

export interface ChainNode {
  readonly kind: 'source' | 'workflow' | 'builder' | 'image';
  /** `Source`. */
  readonly title: string;
  /** Lines of the box, the first is its name. */
  readonly lines: readonly { readonly text: string; readonly mono: boolean }[];
  /** `https:` address of the first line, null where there is none. */
  readonly link: string | null;
  readonly checks: readonly ChainCheck[];
}

export interface ProvenanceView {
  /** Empty where no provenance can be read: `slsa` then says why. */
  readonly chain: readonly ChainNode[];
  /** The chain in one sentence, for those who cannot see it. */
  readonly description: string;
  readonly slsa: {
    readonly level: 0 | 1 | 2 | 3;
    /** `SLSA Build L2`. */
    readonly title: string;
    /** `by claim of GitHub Actions`, or empty. */
    readonly by: string;
    readonly sentence: string;
    /** The bar: each level in words, and whether it is reached. */
    readonly levels: readonly { readonly label: string; readonly reached: boolean }[];
    readonly steps: readonly {
      readonly state: AnswerState;
      readonly word: string;
      readonly title: string;
      readonly detail: string;
    }[];
  };
  readonly materials: {
    /** `resolvedDependencies, 3`. */
    readonly note: string;
    readonly rows: readonly {
      readonly name: string;
      readonly kind: string;
      readonly digest: string;
      readonly check: ChainCheck | null;
    }[];
  };
  /** Other provenance that was found. */
  readonly also: readonly ChainCheck[];
  /** What can be opened of the provenance that the level rests on. */
  readonly documents: readonly DocumentLink[];
  readonly commands: readonly RepeatCommand[];
}

const LEVELS = ['L1 exists', 'L2 signed, hosted', 'L3 isolated'] as const;

/** Null where the report has no evidence at all. */
export function provenanceView(report: AuditReport): ProvenanceView | null {
  const evidence = report.evidence ?? null;
  if (evidence === null) return null;
  const { slsa } = evidence;
  const item = evidence.items.find(({ digest }) => digest === slsa.provenance) ?? null;
  const story = item?.claim?.kind === 'provenance' ? item.claim.story : null;
  const manifest = item === null ? null : item.signedBy;
  const holder = manifest === null ? item : (evidence.items.find(({ digest }) => digest === manifest) ?? item);
  const chain = item === null || story === null ? [] : chainOf(item, story, holder, evidence);
  return {
    chain,
    description: chain.map(({ title, lines }) => `${title}: ${lines.map(({ text }) => text).join(', ')}`).join('; '),
    slsa: {
      level: slsa.level,
      title: `SLSA Build L${slsa.level}`,
      by: slsa.claimedBy === null ? '' : `by claim of ${slsa.claimedBy}`,
      sentence: slsa.sentence,
      levels: LEVELS.map((label, index) => ({ label, reached: slsa.level > index })),
      steps: slsa.steps.map(({ title, detail, state }) => ({ ...SLSA_STATES[state], title, detail })),
    },
    materials: materialsOf(story, holder),
    also: evidence.items
      .filter((each) => each.type === 'provenance' && each.digest !== slsa.provenance)
      .map((each) => alsoFound(each, evidence)),
    documents: item === null ? [] : documentLinks(item, String(evidence.items.indexOf(item))),
    commands:
      holder === null
        ? []
        : repeatCommands(holder, {
            repository: repositoryOf(report),
            digest: holder.subject,
            policy: evidence.policy.file,
          }),
  };
}

const COMPARED: Readonly<Record<ClaimComparison['id'], readonly [equal: string, different: string]>> = {
  repository: ['Repository equals certificate', 'Repository is another in the certificate'],
  commit: ['Commit equals certificate', 'Commit is another in the certificate'],
  ref: ['Ref equals certificate', 'Ref is another in the certificate'],
  run: ['Run id equals certificate', 'Run id is another in the certificate'],
};

function comparison(found: readonly ClaimComparison[], id: ClaimComparison['id']): ChainCheck[] {
  const each = found.find((one) => one.id === id);
  if (each === undefined || each.state === 'not-stated') return [];
  const equal = each.state === 'equal';
  return [
    {
      state: equal ? 'verified' : 'failed',
      text: COMPARED[id][equal ? 0 : 1],
      note: equal ? null : `${each.certificate ?? ''}, not ${each.provenance ?? ''}`,
    },
  ];
}

/** A step of the checklist as a short line under a node; not shown where it was not reached. */
function step(evidence: Evidence, id: string, texts: Partial<Record<AnswerState, string>>): ChainCheck[] {
  const found = evidence.slsa.steps.find((each) => each.id === id);
  if (found === undefined || found.state === 'not-reached') return [];
  const { state } = SLSA_STATES[found.state];
  const text = texts[state];
  return text === undefined ? [] : [{ state, text, note: state === 'verified' ? null : found.detail }];
}

const mono = (text: string): { text: string; mono: boolean } => ({ text, mono: true });
const plain = (text: string): { text: string; mono: boolean } => ({ text, mono: false });
const some = <T>(
  value: T | null,
  make: (value: T) => { text: string; mono: boolean },
): { text: string; mono: boolean }[] => (value === null ? [] : [make(value)]);

function webAddress(repository: string): string | null {
  return /^https:\/\/(?:github|gitlab)\.com\/[\w.-]+(?:\/[\w.-]+)+$/.test(repository) ? repository : null;
}

function chainOf(item: ReportItem, story: Story, holder: ReportItem | null, evidence: Evidence): readonly ChainNode[] {
  const signer = holder?.verdict === 'verified' ? holder.signer : null;
  const compared = signer === null ? [] : claimComparisons(story, signer);
  const { source } = story;
  const repository = source?.repository ?? null;
  const unproved: ChainCheck[] = signer === null ? [unprovedClaim(holder, evidence)] : [];
  // Without a certificate nothing is left to hold the story against, and an empty column would say nothing.
  const uncompared = (text: string): ChainCheck[] =>
    signer?.kind === 'certificate' ? [] : [{ state: 'notChecked', text, note: null }];
  const run = story.invocation;
  const runNumber = run === null ? null : (/\/runs\/(\d+)(?:\/attempts\/(\d+))?$/.exec(run) ?? null);
  const timed =
    story.started === null && story.finished === null
      ? []
      : [plain([story.started, story.finished].flatMap((each) => (each === null ? [] : [utc(each)])).join(' to '))];
  const subject = evidence.subjects.find(({ digest }) => digest === item.subject);
  const runner = signer?.extensions['runnerEnvironment'] ?? null;
  return [
    {
      kind: 'source',
      title: 'Source',
      lines: [
        plain(repository === null ? 'not stated' : repository.replace(/^https:\/\/(?:github\.com\/)?/, '')),
        ...some(source?.commit ?? null, (commit) => mono(`commit ${commit.slice(0, 8)}`)),
        ...some(source?.ref ?? null, (ref) =>
          plain(ref.replace(/^refs\/tags\//, 'tag ').replace(/^refs\/heads\//, 'branch ')),
        ),
      ],
      link: repository === null ? null : webAddress(repository),
      checks: [
        ...unproved,
        ...comparison(compared, 'repository'),
        ...comparison(compared, 'commit'),
        ...comparison(compared, 'ref'),
        ...step(evidence, 'source', {
          verified: 'Source is what the policy expects',
          failed: 'Source is not what the policy expects',
          notChecked: 'Source not checked',
        }),
        { state: 'notChecked', text: 'Commit signature not checked', note: 'Waybill does not fetch source.' },
      ],
    },
    {
      kind: 'workflow',
      title: story.workflow === null ? 'Build' : 'Workflow',
      lines: [
        plain(story.workflow ?? story.entryPoint ?? 'not stated'),
        ...some(story.event, (event) => plain(`on ${event}`)),
        ...some(run, (id) =>
          runNumber === null
            ? mono(`run ${id}`)
            : plain(`run ${runNumber[1]}${runNumber[2] === undefined ? '' : `, try ${runNumber[2]}`}`),
        ),
      ],
      link: run !== null && runNumber !== null && run.startsWith('https://github.com/') ? run : null,
      checks: [
        ...(signer === null || story.builder === null || story.builder !== signer.identity
          ? []
          : [{ state: 'verified', text: 'Workflow equals signer identity', note: null } as const]),
        ...comparison(compared, 'run'),
        ...uncompared('No certificate to hold it against'),
      ],
    },
    {
      kind: 'builder',
      title: 'Builder',
      lines: [
        plain(story.originName),
        ...some(runner, (name) => plain(name === 'github-hosted' ? 'GitHub-hosted runner' : `${name} runner`)),
        ...timed,
      ],
      link: null,
      checks: [
        ...step(evidence, 'signer', { verified: 'Recognised builder', failed: 'Signer is no recognised builder' }),
        ...step(evidence, 'hosted', {
          verified: 'Hosted, says certificate',
          failed: 'Not hosted',
          unknown: 'Not known where it ran',
          absent: 'Not hosted, by your policy',
        }),
        ...step(evidence, 'isolated', { verified: 'Isolated builder', absent: 'Not in the isolated list' }),
        ...(signer === null ? uncompared('No signature to tell it by') : []),
      ],
    },
    {
      kind: 'image',
      title: 'Image',
      lines: [
        mono(shortDigest(subject?.digest ?? item.subject)),
        ...(subject === undefined ? [] : [plain(`${subject.role} digest`)]),
      ],
      link: null,
      checks: [
        ...step(evidence, 'named', { verified: 'Digest is the subject', failed: 'Another digest is the subject' }),
        ...(holder?.times ?? []).slice(0, 1).map(({ source: by, time }): ChainCheck => ({
          state: 'verified',
          text: `Signed by ${utc(time)}, ${by === 'log' ? 'in the log' : 'by a timestamp'}`,
          note: null,
        })),
      ],
    },
  ];
}

/** Why the story is only a claim: nobody signed it, or the signature was not found to hold. */
function unprovedClaim(holder: ReportItem | null, evidence: Evidence): ChainCheck {
  if (holder === null || holder.verdict === 'unsigned')
    return { state: 'unknown', text: 'A claim that nobody signed', note: null };
  const { state, note } = itemState(holder, evidence);
  return { state, text: UNPROVED[holder.verdict], note: note === '' ? null : `${capital(note)}.` };
}

const UNPROVED: Readonly<Record<Exclude<ReportItem['verdict'], 'unsigned'>, string>> = {
  verified: 'A claim whose signer is not known',
  invalid: 'A claim whose signature does not hold',
  unsupported: 'A claim whose signature is unsupported',
  'could-not-check': 'A claim whose signature could not be checked',
};

function materialsOf(story: Story | null, holder: ReportItem | null): ProvenanceView['materials'] {
  if (story === null) return { note: '', rows: [] };
  const name = story.format === '1' ? 'resolvedDependencies' : 'materials';
  const shown = story.materials.length < story.materialCount ? `, the first ${story.materials.length}` : '';
  const certified =
    holder?.verdict === 'verified' ? (holder.signer?.extensions['sourceRepositoryDigest'] ?? null) : null;
  return {
    note: `${name}, ${story.materialCount}${shown}`,
    rows: story.materials.map((material) => {
      const [[algorithm, value] = ['', '']] = Object.entries(material.digests);
      const git = algorithm === 'gitCommit' || algorithm === 'sha1';
      const agrees = certified !== null && git && value === certified;
      return {
        name: material.name,
        kind: material.kind === 'other' ? '' : material.kind,
        digest: value === '' ? '' : git ? `git ${value.slice(0, 8)}` : shortDigest(`${algorithm}:${value}`),
        check: agrees ? { state: 'verified', text: 'Agrees with the certificate', note: null } : null,
      };
    }),
  };
}

function alsoFound(item: ReportItem, evidence: Evidence): ChainCheck {
  const story = item.claim?.kind === 'provenance' ? item.claim.story : null;
  const { state } = itemState(item, evidence);
  const by = item.signer === null ? '' : `, signed by ${signedBy(item)}`;
  const builder =
    story === null
      ? 'could not be read'
      : story.builder === null
        ? 'its builder is not named'
        : `builder ${story.builder}`;
  const place = shortDigest(item.manifestDigest ?? item.digest);
  const manifest = item.kind === 'buildkit-statement' ? `Attestation manifest ${place}` : place;
  return {
    state: item.verdict === 'unsigned' && item.signedBy === null ? 'unknown' : state,
    text: `${story?.originName ?? item.label} provenance${by}: ${itemLine(item, evidence)}`,
    note: `${manifest}, ${builder}.`,
  };
}
