// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from '../catalogue/lookup.ts';
import type { Language } from '../detect.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { DockerfileOptions } from '../dockerfile/model.ts';
import type { Finding } from '../model/finding.ts';
import type { FindingSeverity } from '../model/severity.ts';
import { dockerfileRules } from '../rules/index.gen.ts';
import { suppressFix, suppressionAt } from '../rules/suppress.ts';
import type { Range } from '../text/source-text.ts';

export interface LintOptions {
  readonly catalogue: Catalogue;
  /** ISO date on which the file is judged. */
  readonly today: string;
  /** Severity by slug or id; `off` leaves a rule out. */
  readonly severities?: Readonly<Record<string, FindingSeverity | 'off'>>;
  readonly dockerfile?: Partial<DockerfileOptions>;
}

export interface LintResult {
  /** Set where the builder refuses the file. */
  readonly error: { readonly message: string; readonly range: Range } | null;
  /** By place, then rule; suppressed ones included. */
  readonly findings: readonly Finding[];
}

const NOTHING: LintResult = { error: null, findings: [] };

/** Judge one file. The same engine serves the editor and the CLI; it does no input or output. */
export function lint(text: string, language: Language, options: LintOptions): LintResult {
  return language === 'dockerfile' ? lintDockerfile(text, options) : NOTHING;
}

function lintDockerfile(text: string, options: LintOptions): LintResult {
  const facts = parseDockerfile(text, options.dockerfile);
  const { source } = facts;
  const findings: Finding[] = [];
  for (const rule of dockerfileRules) {
    const chosen = options.severities?.[rule.slug] ?? options.severities?.[rule.id];
    if (chosen === 'off') continue;
    for (const raw of rule.check({ facts, catalogue: options.catalogue, today: options.today })) {
      const range = source.rangeOf(raw.span);
      const stage = facts.stages.findLast(({ from }) => from.span.start <= raw.span.start);
      const instruction =
        stage?.instructions.find(({ span }) => span.start <= raw.span.start && raw.span.end <= span.end) ?? stage?.from;
      const line = instruction === undefined ? range.start.line : source.positionAt(instruction.span.start).line;
      const suppressed = suppressionAt(source, line, rule, options.today);
      findings.push({
        ...raw,
        ruleId: rule.id,
        slug: rule.slug,
        severity: chosen ?? raw.severity ?? rule.severity,
        range,
        suppressed,
        fixes: [...(raw.fixes ?? []), ...(suppressed === null ? [suppressFix(source, line, rule.slug)] : [])],
      });
    }
  }
  findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || a.ruleId.localeCompare(b.ruleId));
  return {
    error: facts.error === null ? null : { message: facts.error.message, range: source.rangeOf(facts.error.span) },
    findings,
  };
}
