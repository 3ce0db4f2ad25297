// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from '../evidence/report.ts';
import { VULNERABILITY_SEVERITIES } from '../model/severity.ts';
import type { AnswerState } from '../protocol/answer-state.ts';
import type { Overview, OverviewAnswer, PanelChip } from '../protocol/panel.ts';
import { age, utc } from '../protocol/relative-time.ts';
import {
  contentsAnswer,
  evidenceAnswers,
  knownAnswer,
  type LiveStages,
  unaskedAnswers,
  unauditedAnswers,
} from './answers.ts';
import { originAnswer, signatureAnswer } from './evidence-answers.ts';
import { bytes, clip, counted, number, shortDigest, typesLabel } from './words.ts';

const DAY = 24 * 60 * 60 * 1_000;
/** A report older than this says so in a line of its own. */
const OLD_REPORT = 14 * DAY;
/** Parts of the bar of component types that have a name of their own. */
const NAMED_TYPES = 4;
/** Name of the rule that finds ended waivers; the rule itself, with all its prose, stays out of this bundle. */
export const WAIVER_EXPIRED = 'waiver-expired';
/** Ended waivers that are named; the rest are counted. */
const NAMED_WAIVERS = 3;

export interface OverviewInput {
  /** As asked for, with its scheme. */
  readonly reference: string;
  /** What there is to show: the stored report, or what a running audit has found so far. */
  readonly report: AuditReport | null;
  /** True where `report` is the one before the audit that runs now. */
  readonly outdated: boolean;
  readonly running: boolean;
  readonly stages: LiveStages;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const SCHEMES: Readonly<Record<string, string>> = {
  docker: 'Docker',
  podman: 'Podman',
  registry: 'registry',
  'oci-dir': 'OCI layout',
  'oci-archive': 'OCI archive',
  'docker-archive': 'Docker archive',
};

/** `registry:ghcr.io/a/b:1` as scheme, `ghcr.io/a/` and `b:1`. */
export function splitReference(reference: string): { scheme: string; context: string; name: string } {
  const [scheme = ''] = reference.split(':', 1);
  const target = scheme in SCHEMES ? reference.slice(scheme.length + 1) : reference;
  // A digest is no name: the repository before it is.
  const at = target.indexOf('@');
  const slash = target.lastIndexOf('/', at === -1 ? target.length : at);
  return {
    scheme: scheme in SCHEMES ? scheme : '',
    context: clip(target.slice(0, slash + 1)),
    name: clip(target.slice(slash + 1)),
  };
}

function chip(label: string, value: string, more: Partial<PanelChip> = {}): PanelChip {
  return {
    label,
    value: clip(value),
    mono: false,
    copy: null,
    tooltip: null,
    time: null,
    attention: false,
    joins: null,
    ...more,
  };
}

function chips({ report, reference, running, outdated }: OverviewInput): PanelChip[] {
  const { scheme } = splitReference(reference);
  const source = (joins: string | null): PanelChip[] =>
    scheme === '' ? [] : [chip('From', SCHEMES[scheme] ?? scheme, { joins })];
  if (report === null) return source(null);
  const { image, database } = report;
  const digest = image.manifestDigest ?? image.configDigest;
  const built = database?.built ?? null;
  const tooltip = [
    ['Index', image.indexDigest],
    ['Manifest', image.manifestDigest],
    ['Configuration', image.configDigest],
  ]
    .flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]))
    .join('\n');
  const base = image.base === null ? null : (image.base.name ?? image.base.digest);
  return [
    ...(digest === null
      ? []
      : [chip('Digest', shortDigest(digest), { mono: true, copy: clip(digest), tooltip: clip(tooltip) })]),
    ...(image.platform === null ? [] : [chip('Platform', image.platform)]),
    ...(image.size === null
      ? []
      : [
          chip('Size', bytes(image.size), {
            joins: image.platform === null ? null : '',
            tooltip: 'Uncompressed layers',
          }),
        ]),
    ...source(image.platform === null && image.size === null ? null : 'from '),
    ...(base === null
      ? []
      : [chip('Base', shortDigest(base), { mono: true, tooltip: "By the image's own labels; not verified" })]),
    ...(running && !outdated
      ? [chip('Audited', 'now')]
      : [
          chip('Audited', utc(report.generated), {
            time: { at: report.generated, form: 'ago' },
            tooltip: utc(report.generated),
          }),
        ]),
    ...(database === null
      ? []
      : [
          chip('Database', built === null ? 'of an unknown date' : utc(built), {
            time: built === null ? null : { at: clip(built), form: 'old' },
            tooltip: `${database.kind === 'demonstration' ? 'Demonstration database' : 'Vulnerability database'}${built === null ? '' : ` of ${utc(built)}`}`,
            attention: database.stale,
            joins: 'database ',
          }),
        ]),
  ];
}

function notices({ report, running, outdated, now }: OverviewInput): Overview['notices'] {
  if (report === null) return [];
  const found: Overview['notices'] = [];
  const reportAge = now - Date.parse(report.generated);
  const audit = [{ label: 'Re-audit', action: 'audit' as const }];
  if (running && outdated) {
    const when = age(reportAge);
    found.push({
      kind: 'notice',
      text: `Packages and Vulnerabilities show the audit of ${when === null ? 'a moment' : when} ago until this one has its own.`,
      actions: [],
    });
  }
  if (running) return found;
  found.push(...endedWaivers(report));
  if (Object.values(report.stages).some(({ state }) => state === 'cancelled')) {
    found.push({
      kind: 'attention',
      text: 'Cancelled. Finished answers stay.',
      actions: [{ label: 'Continue', action: 'audit' }],
    });
  }
  if (reportAge >= OLD_REPORT) {
    found.push({
      kind: 'attention',
      text: `Audited ${age(reportAge)} ago. What became known since then is not shown.`,
      actions: audit,
    });
  }
  if (report.database?.kind === 'demonstration') {
    found.push({
      kind: 'attention',
      text: 'Matched with the demonstration database, which holds only a few advisories. What it does not list is unknown, not absent.',
      actions: [],
    });
  } else if (report.database?.stale === true && report.stages.matching.state === 'ok') {
    const built = report.database.built;
    found.push({
      kind: 'attention',
      text: `Matched with a database ${built === null ? 'of an unknown date' : `of ${utc(built)}`}, which was past its limit. Newer advisories are not shown.`,
      actions: audit,
    });
  }
  return found;
}

/** Waivers that have ended are findings: what they accepted is open again. */
function endedWaivers({ findings }: AuditReport): Overview['notices'] {
  const ended = findings.filter(({ slug }) => slug === WAIVER_EXPIRED);
  const shown = ended.slice(0, NAMED_WAIVERS).map(({ message }) => message);
  if (ended.length > shown.length) shown.push(`${counted(ended.length - shown.length, 'other waiver')} ended too.`);
  return shown.map((text) => ({ kind: 'attention', text: clip(text), actions: [] }));
}

function types(report: AuditReport | null): Overview['types'] {
  const all = Object.entries(report?.summary.byType ?? {})
    .filter(([, count]) => count > 0)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const named = all.length > NAMED_TYPES ? all.slice(0, NAMED_TYPES - 1) : all;
  const rest = all.slice(named.length).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...named.map(([type, count]) => ({ label: clip(typesLabel(type, count), 60), count })),
    ...(rest > 0 ? [{ label: rest === 1 ? 'other' : 'others', count: rest }] : []),
  ];
}

function severities(report: AuditReport | null): Overview['severities'] {
  const fixable = new Map<string, number>();
  for (const { severity, fix } of report?.vulnerabilities ?? []) {
    if (fix.state === 'fixed') fixable.set(severity, (fixable.get(severity) ?? 0) + 1);
  }
  return VULNERABILITY_SEVERITIES.map((severity) => ({
    severity,
    count: report?.summary.bySeverity[severity] ?? 0,
    fixable: fixable.get(severity) ?? 0,
  }));
}

/** `Grype 0.120.0, database of 2026-11-23 00:12 UTC`; null where nothing was matched. */
export function matchedBy({ tools, database }: AuditReport): string | null {
  if (database === null) return null;
  const grype = tools.find(({ name }) => name.toLowerCase() === 'grype');
  const kind = database.kind === 'demonstration' ? 'demonstration database' : 'database';
  return [
    ...(grype === undefined ? [] : [toolLabel(grype)]),
    `${kind} of ${database.built === null ? 'an unknown date' : utc(database.built)}`,
  ].join(', ');
}

export function toolLabel({ name, version }: AuditReport['tools'][number]): string {
  return clip(`${name.charAt(0).toUpperCase()}${name.slice(1)} ${version}`, 80);
}

function foot({ report, running, reference, outdated }: OverviewInput): string | null {
  if (running) {
    const { scheme } = splitReference(reference);
    const host = scheme === 'registry' ? registryHost(reference) : null;
    return `Finished answers stay if you cancel. Nothing leaves this machine${host === null ? '' : ` except requests to ${host}`}.`;
  }
  if (report === null || outdated) return null;
  const tools = report.tools.map(toolLabel);
  const took = Object.values(report.stages).reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  // A database that nothing was matched with has no part in the report.
  const database = report.stages.matching.state === 'ok' ? [matchedBy({ ...report, tools: [] }) ?? ''] : [];
  const by = [...tools, ...database].filter((part) => part !== '');
  const seconds = took < 950 ? (took / 1_000).toFixed(1) : number(Math.round(took / 1_000));
  return `${by.length === 0 ? '' : `By ${by.join(', ')}. `}Audited ${utc(report.generated)}${took === 0 ? '' : `; the stages took ${seconds} s`}.`;
}

/** The registry that a reference names; Docker Hub where it names none. */
function registryHost(reference: string): string {
  const [first = '', ...rest] = reference.slice('registry:'.length).split('/');
  return clip(rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io', 200);
}

/** Everything that the Overview tab, the header and the tabs show. */
export function makeOverview(input: OverviewInput): Overview {
  const { report, reference, stages } = input;
  const { context, name } = splitReference(reference);
  const listed = report !== null && (input.outdated || stages.sbom.state === 'ok');
  const matched = report !== null && (input.outdated || stages.matching.state === 'ok');
  const answers = [
    ...(report === null && !input.running
      ? unauditedAnswers()
      : [
          contentsAnswer(input.outdated ? null : report, stages),
          knownAnswer(input.outdated ? null : report, stages),
          ...foundAnswers(input),
        ]),
    ...unaskedAnswers(),
  ];
  return {
    context,
    name,
    chips: chips(input),
    notices: notices(input),
    answers,
    severities: severities(report),
    types: types(report),
    foot: foot(input),
    tabs: [
      { tab: 'overview', label: 'Overview', count: null, state: null },
      { tab: 'packages', label: 'Packages', count: listed ? report.packages.length : null, state: null },
      {
        tab: 'vulnerabilities',
        label: 'Vulnerabilities',
        count: matched ? report.vulnerabilities.length : null,
        state: null,
      },
      { tab: 'provenance', label: 'Provenance', count: null, state: tabState(answers, 'origin') },
      { tab: 'signatures', label: 'Signatures', count: null, state: tabState(answers, 'signature') },
    ],
  };
}

/** Where it came from and who signed it: what was found, else how far the looking is. */
function foundAnswers({ report, outdated, running, stages }: OverviewInput): OverviewAnswer[] {
  const evidence = outdated ? null : (report?.evidence ?? null);
  if (evidence === null) return evidenceAnswers(stages, running);
  return [
    { ...originAnswer(evidence), link: { label: 'Provenance', tab: 'provenance', action: null } },
    { ...signatureAnswer(evidence), link: { label: 'Signatures', tab: 'signatures', action: null } },
  ];
}

/** An icon only where somebody has to look. */
function tabState(answers: readonly OverviewAnswer[], id: string): AnswerState | null {
  const state = answers.find((each) => each.id === id)?.state ?? null;
  return state === 'failed' || state === 'attention' || state === 'couldNotCheck' ? state : null;
}
