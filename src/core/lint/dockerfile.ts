// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { Finding, RawFinding, Suppression } from '../model/finding.ts';
import { parseImageReference, type ImageReference } from '../model/image-reference.ts';
import { severityOf, waiverOf, waiverSuppression } from '../policy/evaluate.ts';
import { NO_POLICY } from '../policy/model.ts';
import { FipsAnswers } from '../rules/fips-answers.ts';
import type { DockerfileRule } from '../rules/define.ts';
import { dockerfileRules } from '../rules/index.gen.ts';
import { bottomStage } from '../rules/lineage.ts';
import { SharedFacts } from '../rules/shared-facts.ts';
import { suppressFix, suppressionAt, type CommentPlace } from '../rules/suppress.ts';
import type { LintOptions, LintResult } from './engine.ts';

/** Judge a Dockerfile. */
export function lintDockerfile(text: string, options: LintOptions): LintResult {
  const facts = parseDockerfile(text, options.dockerfile);
  const { source } = facts;
  const { catalogue, today, policy = NO_POLICY } = options;
  const context = {
    facts,
    shared: new SharedFacts(facts),
    catalogue,
    today,
    policy,
    fips: new FipsAnswers(facts, catalogue, today),
  };
  const starts = instructionStarts(facts);
  const waived = waivers(facts, options);
  const findings: Finding[] = [];
  for (const rule of dockerfileRules) {
    const chosen = severityOf(policy, rule) ?? options.severities?.[rule.slug] ?? options.severities?.[rule.id];
    if (chosen === 'off' || (chosen === undefined && rule.offByDefault === true)) continue;
    for (const raw of rule.check(context)) {
      const place = commentPlace(facts, starts, raw.span.start);
      const suppressed = suppressionAt(source, place, rule, today) ?? waived(rule, raw);
      findings.push({
        ...raw,
        ruleId: rule.id,
        slug: rule.slug,
        severity: chosen ?? raw.severity ?? rule.severity,
        range: source.rangeOf(raw.span),
        suppressed,
        fixes: [...(raw.fixes ?? []), ...(suppressed === null ? [suppressFix(source, place, rule.slug)] : [])],
      });
    }
  }
  findings.sort(
    (a, b) =>
      a.span.start - b.span.start ||
      a.span.end - b.span.end ||
      (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0),
  );
  return {
    error: facts.error === null ? null : { message: facts.error.message, range: source.rangeOf(facts.error.span) },
    findings,
  };
}

/** Finds the waiver that holds for a finding of a rule; one that has ended does not. */
function waivers(
  facts: DockerfileFacts,
  { policy = NO_POLICY, path, today }: LintOptions,
): (rule: DockerfileRule, raw: RawFinding) => Suppression | null {
  if (policy.waivers.length === 0) return () => null;
  return ({ id, slug }, raw) => {
    const base = imageOf(raw, facts);
    const target = {
      kind: 'rule' as const,
      ids: [id, slug],
      ...(path === undefined ? {} : { file: path }),
      ...(base === null ? {} : { base }),
    };
    const found = waiverOf(policy, target, today);
    return found === null || found.expired ? null : waiverSuppression(found.waiver);
  };
}

/** The image that a finding is about: the one it names, else that at the bottom of its stage. */
function imageOf({ data, span }: RawFinding, facts: DockerfileFacts): ImageReference | null {
  if (typeof data?.['image'] === 'string') {
    const named = parseImageReference(data['image']);
    if (named.ok) return named.value;
  }
  const stage = facts.stages.findLast(({ from }) => from.span.start <= span.start);
  const bottom = stage === undefined ? null : bottomStage(stage, facts);
  return bottom?.base.kind === 'image' ? bottom.base.reference : null;
}

/**
 * A comment stands above the whole instruction, however many lines it has before the place of the finding. Above a
 * parser directive it would be the end of the directives, so there it stands below the last.
 */
function commentPlace(
  { source, directives }: DockerfileFacts,
  starts: readonly number[],
  offset: number,
): CommentPlace {
  const directive = directives.at(-1);
  if (directive !== undefined && offset < directive.valueSpan.end) {
    return { line: source.positionAt(directive.valueSpan.end).line + 1, direction: 'down' };
  }
  return { line: source.positionAt(lastAtMost(starts, offset) ?? offset).line, direction: 'up' };
}

/** Where instructions begin, in rising order. */
function instructionStarts({ globals, stages }: DockerfileFacts): readonly number[] {
  return [
    ...globals.map(({ span }) => span.start),
    ...stages.flatMap(({ from, instructions }) => [from.span.start, ...instructions.map(({ span }) => span.start)]),
  ];
}

/** The greatest of the rising numbers that is not over the limit. */
function lastAtMost(rising: readonly number[], limit: number): number | undefined {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return rising[low - 1];
}
