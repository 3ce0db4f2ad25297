// SPDX-License-Identifier: Apache-2.0
import type { Catalogue, CatalogueEntry, Fact } from '../catalogue/lookup.ts';
import type { LifecycleAnswer } from '../catalogue/lifecycle.ts';
import type { Source } from '../catalogue/schema.ts';
import { escapeMarkdown } from '../explorer/markdown.ts';
import { judgeBase } from '../fips/base.ts';
import { certificateUrl, type CertificateState } from '../fips/certificate.ts';
import type { FipsJudgement } from '../fips/model.ts';
import type { ImageReference } from '../model/image-reference.ts';
import { capital, counted, distributionLabel, list, severityCounts } from '../panel/words.ts';
import { ago } from '../protocol/relative-time.ts';
import { productLabel } from '../catalogue/products.ts';
import { kindLabel, supportLabel } from './labels.ts';

/** The last audit of the image that the store has. */
export interface LastAudit {
  readonly key: string;
  /** ISO time. */
  readonly generated: string;
  readonly critical: number;
  readonly high: number;
}

export interface BaseHover {
  readonly reference: ImageReference;
  readonly resolved: string;
  readonly catalogue: Catalogue;
  /** ISO day. */
  readonly today: string;
  /** Milliseconds, for how long ago something was. */
  readonly now: number;
  readonly audit: LastAudit | null;
  /** Command that opens a report by `{ key }`; the only one a hover may hold. */
  readonly openReport: string;
}

/** More than these say nothing more. */
const MOST_CERTIFICATES = 3;

/** What is known of a base, as Markdown with theme icons; null where nothing is. */
export function baseHover(hover: BaseHover): string | null {
  const { reference, resolved, catalogue, today, audit } = hover;
  const entry = catalogue.find(reference);
  const distribution = catalogue.distribution(reference);
  const fips = judgeBase({ reference: catalogue.canonical(reference), distribution }, catalogue.data, today);
  const knowsFips = fips.module.value !== 'unknown' || fips.claims.length > 0;
  if (entry === null && audit === null && !knowsFips) return null;
  const facts = [
    distribution,
    catalogue.user(reference),
    catalogue.shell(reference),
    catalogue.packageManager(reference),
  ];
  const kind = entry === null ? 'Not in the catalogue' : kindLabel(entry.category);
  const paragraphs = [
    `**${escapeMarkdown(resolved)}** ${escapeMarkdown(kind)}`,
    ...(entry === null ? [] : [whatItIs(hover), ...warnings(entry, catalogue.lifecycles(reference, today))]),
    ...(audit === null ? [] : [lastAudit(audit, hover)]),
    '---',
    fipsTable(fips),
    ...(fips.claims.length === 0
      ? []
      : [fips.claims.map(({ title, why }) => `$(warning) ${sentence(claim(title, why))}`).join('  \n')]),
    ...(fips.limits.length === 0 ? [] : [fips.limits.map((limit) => sentence(limit)).join(' ')]),
    '---',
    basis(
      facts.filter((fact) => fact !== null),
      fips,
      catalogue.lifecycles(reference, today),
    ),
  ];
  return paragraphs.join('\n\n');
}

/** `FIPS in the name: a name is no evidence`. */
function claim(title: string, why: string): string {
  return `${title.replace(/^fips\b/, 'FIPS')}: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}

function sentence(text: string): string {
  return escapeMarkdown(`${capital(text.replace(/\.$/, ''))}.`);
}

/** `Go 1.21 (ended 2024-08-13) on Debian. Runs as root. …` */
function whatItIs({ reference, catalogue, today }: BaseHover): string {
  const lifecycles = catalogue.lifecycles(reference, today);
  const named = lifecycles.map((each) => `${productLabel(each)} (${supportLabel(each)})`);
  const distribution = catalogue.distribution(reference)?.value ?? null;
  const family = distribution?.split(/[ -]/)[0] ?? '';
  const alreadyNamed = family !== '' && lifecycles.some(({ product }) => product.startsWith(family));
  const built = distribution === null || alreadyNamed ? [] : [`on ${distributionLabel(distribution)}`];
  const first = capital([list(named), ...built].filter((part) => part !== '').join(' '));
  const user = catalogue.user(reference);
  const userNote = catalogue.userNote(reference);
  return [
    ...(first === '' ? [] : [`${escapeMarkdown(first)}.`]),
    user === null ? 'Its user is not recorded.' : `Runs as \`${code(user.value)}\`.`,
    ...(userNote === null ? [] : [sentence(userNote)]),
    contents(catalogue, reference),
  ].join(' ');
}

/** Text that stands between backticks, where nothing is escaped. */
function code(text: string): string {
  return text.replaceAll(/[^\w.:/=-]/g, ' ').trim();
}

/** What is in it, and so whether it is minimal. */
function contents(catalogue: Catalogue, reference: ImageReference): string {
  const { value, reason } = catalogue.minimal(reference);
  const words = { yes: 'minimal', no: 'not minimal', unknown: 'minimal or not is unknown' } as const;
  const shell = contained('shell', catalogue.shell(reference));
  const manager = contained('package manager', catalogue.packageManager(reference));
  if (shell !== null && manager !== null)
    return escapeMarkdown(`${capital(`${shell} and ${manager}`)}: ${words[value]}.`);
  return escapeMarkdown(`${capital(words[value])}: ${reason}.`);
}

function contained(name: string, fact: Fact | null): string | null {
  if (fact === null) return null;
  if (fact.value === 'none') return `no ${name}`;
  return fact.value === 'yes' ? `a ${name}` : `${name} ${fact.value.split(/[;,(]/)[0]?.trim() ?? ''}`;
}

function warnings(entry: CatalogueEntry, lifecycles: readonly LifecycleAnswer[]): readonly string[] {
  const past = lifecycles.filter(({ state }) => state === 'ended' || state === 'extended');
  const lines = [
    ...(entry.deprecated === null ? [] : [`$(warning) ${sentence(entry.deprecated)}`]),
    ...past.map((answer) => {
      const next = answer.supported.slice(0, 2).toReversed();
      const advice = next.length === 0 ? '' : ` Supported: ${list(next)}.`;
      return `$(warning) ${escapeMarkdown(`${productLabel(answer)} is past end of life.${advice}`)}`;
    }),
  ];
  return lines.length === 0 ? [] : [lines.join('  \n')];
}

const MODULE = {
  yes: '$(pass)',
  claimed: '$(warning)',
  no: '$(circle-slash)',
  none: '$(circle-slash)',
  unknown: '$(question)',
} as const;
const CERTIFICATE = {
  active: '$(pass)',
  update: '$(info)',
  historical: '$(warning)',
  none: '$(circle-slash)',
  unknown: '$(question)',
} as const;
const ENFORCED = { configured: '$(pass)', host: '$(info)', no: '$(circle-slash)', unknown: '$(question)' } as const;

/** The three answers, in the order in which they are always given. */
function fipsTable({ module, certificate, enforced, certificates }: FipsJudgement): string {
  const more = certificates
    .filter(({ number }) => !certificate.text.includes(`#${number}`))
    .slice(0, MOST_CERTIFICATES)
    .map(({ number, state }) => `#${number} (${state})`);
  const also = more.length === 0 ? '' : ` Also: ${more.join(', ')}.`;
  const linked = withLinks(escapeMarkdown(`${capital(certificate.text)}.${also}`), certificates);
  return [
    '| | |',
    '|:--|:--|',
    // Blanks that do not break: labels stay on one line however long the answers are.
    `| **Module\u00a0present** | ${MODULE[module.value]} ${sentence(module.text)} |`,
    `| **Certificate\u00a0active** | ${CERTIFICATE[certificate.value]} ${linked} |`,
    `| **Enforced** | ${ENFORCED[enforced.value]} ${sentence(enforced.text)} |`,
  ].join('\n');
}

/** Makes the numbers of certificates that are known links to their pages. */
function withLinks(escaped: string, certificates: readonly CertificateState[]): string {
  const known = new Set(certificates.flatMap(({ number, supersededBy }) => [number, supersededBy ?? number]));
  return escaped.replace(/\\#(\d{1,6})/g, (written, digits: string) =>
    known.has(Number(digits)) ? `[${written}](${certificateUrl(Number(digits))})` : written,
  );
}

function lastAudit({ key, generated, critical, high }: LastAudit, { now, openReport }: BaseHover): string {
  const found = severityCounts([
    { severity: 'critical', count: critical },
    { severity: 'high', count: high },
  ]);
  const counts = found === '' ? 'no critical or high vulnerabilities' : found;
  // Brackets would end the link, and the encoding leaves them.
  const argument = encodeURIComponent(JSON.stringify([{ key }]))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
  const link = `[Open report](command:${openReport}?${argument} "Open the report of this audit")`;
  return `$(history) ${escapeMarkdown(`Audited ${ago(generated, now)}: ${counts}.`)} ${link}`;
}

/** Weakest first. */
const CONFIDENCE = [
  ['memory', 'no source but memory'],
  ['convention', 'a naming convention'],
  ['one-source', 'one source'],
  ['two-sources', 'two sources'],
] as const;

/** Where the answers come from: a hover never claims more than what was recorded. */
function basis(facts: readonly Fact[], fips: FipsJudgement, lifecycles: readonly LifecycleAnswer[]): string {
  const recorded = [
    ...facts.map(({ source }) => source),
    ...[fips.module, fips.certificate, fips.enforced].flatMap(({ evidence }) => evidence.map(({ source }) => source)),
  ].filter((source): source is Source => source !== null);
  const days = [...recorded.map(({ asOf }) => asOf), ...lifecycles.map(({ asOf }) => asOf)]
    .filter((day) => day !== '')
    .toSorted();
  const [oldest] = days;
  const newest = days.at(-1);
  const sources = new Set(recorded.map(({ title }) => title)).size;
  const weakest = CONFIDENCE.find(([confidence]) => recorded.some((source) => source.confidence === confidence))?.[1];
  const unsourced = facts.some(({ source }) => source === null) ? ' Part of it has no recorded source.' : '';
  const told =
    oldest === undefined || newest === undefined || weakest === undefined
      ? 'Nothing of it has a recorded source.'
      : `${counted(sources, 'recorded source')}, as of ${oldest === newest ? oldest : `${oldest} to ${newest}`}; the weakest fact has ${weakest}.${unsourced}`;
  return escapeMarkdown(`By the catalogue alone, the image was not looked at: ${told}`);
}
