// SPDX-License-Identifier: Apache-2.0
// The lint engine on the shipped catalogue, on a fixed day.
import { catalogueData } from '../../src/core/catalogue/data.ts';
import { Catalogue } from '../../src/core/catalogue/lookup.ts';
import { lint, type LintOptions, type LintResult } from '../../src/core/lint/engine.ts';
import type { Finding } from '../../src/core/model/finding.ts';
import { catalogueFor } from '../../src/core/policy/catalogue.ts';
import { loadPolicy } from '../../src/core/policy/loader.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';

/** The day on which tests judge, two days behind the facts that the rules were written with. */
export const TODAY = '2026-11-25';

export const catalogue = new Catalogue(catalogueData());

export function lintText(text: string, options: Partial<LintOptions> = {}): LintResult {
  return lint(text, 'dockerfile', { catalogue, today: TODAY, ...options });
}

/** The options under which a policy file's text holds. */
export async function underPolicy(text: string): Promise<Required<Pick<LintOptions, 'policy' | 'catalogue'>>> {
  const policy = await loadPolicy('.waybill.yaml', async () => null, text);
  return { policy, catalogue: catalogueFor(catalogue, policy, TODAY) };
}

/** The findings of one rule, switched on where it is off by default. */
export function findingsOf(ruleId: string, text: string, options: Partial<LintOptions> = {}): readonly Finding[] {
  const rule = dockerfileRules.find(({ id }) => id === ruleId);
  const on = rule?.offByDefault === true ? { severities: { [rule.slug]: rule.severity } } : {};
  return lintText(text, { ...on, ...options }).findings.filter((finding) => finding.ruleId === ruleId);
}
