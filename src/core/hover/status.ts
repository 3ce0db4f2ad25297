// SPDX-License-Identifier: Apache-2.0
import type { CatalogueData } from '../catalogue/schema.ts';
import type { Finding } from '../model/finding.ts';
import { FINDING_SEVERITIES, type FindingSeverity } from '../model/severity.ts';
import { counted, list } from '../panel/words.ts';
import { daysBetween } from '../fips/certificate.ts';

/** What the status of a document says: how it stands, and by what that was judged. */
export interface LintStatus {
  readonly text: string;
  readonly detail: string;
}

const WORDS: Readonly<Record<FindingSeverity, readonly [one: string, many: string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['notice', 'notices'],
  hint: ['hint', 'hints'],
};

/** The newest day on which a source of the catalogue was looked at; null without any. */
export function catalogueDay(data: CatalogueData): string | null {
  return (
    Object.values(data.sources.sources)
      .map(({ asOf }) => asOf)
      .toSorted()
      .at(-1) ?? null
  );
}

export function lintStatus(
  result: { readonly error: unknown; readonly findings: readonly Finding[] } | null,
  /** Policy files in force, the nearest first. */
  policies: readonly string[],
  data: CatalogueData,
  today: string,
): LintStatus {
  const policy =
    policies.length === 0
      ? 'No policy in force'
      : `Policy ${policies[0] ?? ''}${policies.length === 1 ? '' : `, which builds on ${counted(policies.length - 1, 'more file')}`}`;
  return { text: text(result), detail: `${policy}. Catalogue of ${age(catalogueDay(data), today)}.` };
}

function text(result: Parameters<typeof lintStatus>[0]): string {
  if (result === null) return 'Not judged';
  if (result.error !== null) return 'The builder refuses this file';
  const counting = result.findings.filter(({ suppressed }) => suppressed === null);
  const counts = FINDING_SEVERITIES.flatMap((severity) => {
    const count = counting.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [counted(count, ...WORDS[severity])];
  });
  const ignored = result.findings.length - counting.length;
  const found = counts.length === 0 ? 'No findings' : list(counts);
  return ignored === 0 ? found : `${found}, ${ignored} ignored with a reason`;
}

function age(day: string | null, today: string): string {
  if (day === null) return 'an unknown day';
  const days = daysBetween(day, today);
  return days < 1 ? `${day}` : `${day}, ${counted(days, 'day')} old`;
}
