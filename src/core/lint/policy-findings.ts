// SPDX-License-Identifier: Apache-2.0
import { unknownModels } from '../catalogue/overlay.ts';
import type { CatalogueData } from '../catalogue/schema.ts';
import type { Finding, Fix } from '../model/finding.ts';
import type { FindingSeverity } from '../model/severity.ts';
import { expiredWaivers, severityOf, unknownRules } from '../policy/evaluate.ts';
import type { Policy } from '../policy/model.ts';
import type { PolicyProblem } from '../policy/parse.ts';
import { ruleNames } from '../rules/names.gen.ts';
import { policyMistake, waiverExpired } from '../rules/policy.ts';

/** A finding with the policy file in which it stands. */
export interface PolicyFinding extends Finding {
  readonly path: string;
}

/**
 * What is to be said of a policy's own files, by path and place: mistakes, and waivers that have ended. That a file has
 * mistakes is an error whatever the file says about it.
 */
export function policyFindings(policy: Policy, data: CatalogueData, today: string): readonly PolicyFinding[] {
  if (policy.files.length === 0) return [];
  const expired = severityOf(policy, waiverExpired) ?? waiverExpired.severity;
  const models = unknownModels(data, policy.catalogue).map(({ value, ...place }) => ({
    ...place,
    message: `The catalogue does not know ${value.like?.slice(0, 80) ?? ''}, so nothing is taken over from it.`,
  }));
  return [
    ...[...policy.problems, ...unknownRules(policy, ruleNames), ...models].map((each) =>
      finding(each, policyMistake, policyMistake.severity),
    ),
    ...(expired === 'off' ? [] : expiredWaivers(policy, today).map((each) => finding(each, waiverExpired, expired))),
  ].toSorted((a, b) =>
    a.path === b.path ? a.span.start - b.span.start || a.span.end - b.span.end : a.path < b.path ? -1 : 1,
  );
}

function finding(
  { path, message, span, range, meant }: PolicyProblem,
  { id, slug }: { readonly id: string; readonly slug: string },
  severity: FindingSeverity,
): PolicyFinding {
  const fixes: readonly Fix[] =
    meant === undefined ? [] : [{ title: `Change to ${meant}`, edits: [{ span, newText: meant }] }];
  return { path, ruleId: id, slug, severity, message, span, range, suppressed: null, fixes };
}
