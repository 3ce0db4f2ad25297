// SPDX-License-Identifier: Apache-2.0
import { readApko } from '../apko/validate.ts';
import { readMelange } from '../melange/validate.ts';
import type { Finding, RawFinding, Suppression } from '../model/finding.ts';
import { severityOf, waiverOf, waiverSuppression } from '../policy/evaluate.ts';
import { NO_POLICY } from '../policy/model.ts';
import type { ConfigRuleContext, RuleInfo } from '../rules/define.ts';
import { apkoRules, melangeRules } from '../rules/config-index.gen.ts';
import { suppressFix, suppressionAt, type CommentPlace } from '../rules/suppress.ts';
import { SourceText } from '../text/source-text.ts';
import type { YamlLanguage } from '../yaml/detect.ts';
import { entriesOf, resolved, type GoNode } from '../yaml/go/node.ts';
import type { ValidityProblem } from '../yaml/go/problem.ts';
import { GoStruct } from '../yaml/go/types.ts';
import { nothing } from '../yaml/reader/nodes.ts';
import type { LintOptions, LintResult } from './engine.ts';

interface ReadFile {
  readonly root: GoNode | null;
  readonly config: GoStruct | null;
  readonly problems: readonly ValidityProblem[];
  readonly limit: string | null;
}

interface Runnable<File> extends RuleInfo {
  readonly onRefused?: true;
  check(context: ConfigRuleContext<File>): Iterable<RawFinding>;
}

/** What rules see of a file that cannot be read. */
const NO_CONFIG = new GoStruct({ kind: 'struct', name: '', fields: new Map() });
const NO_ROOT: GoNode = nothing(0);

/** Judge an apko or melange file. */
export function lintConfig(text: string, language: YamlLanguage, options: LintOptions): LintResult {
  return language === 'apko'
    ? judge(text, readApko(text, options.beside), apkoRules, options)
    : judge(text, readMelange(text), melangeRules, options);
}

function judge<File extends ReadFile>(
  text: string,
  file: File,
  rules: readonly Runnable<File>[],
  options: LintOptions,
): LintResult {
  const source = new SourceText(text);
  // Where only an include cannot be looked at, what stands in the file itself is judged all the same.
  if (file.limit !== null && file.root === null) {
    const start = { line: 1, column: 1 };
    return { error: { message: `It was not judged: ${file.limit}`, range: { start, end: start } }, findings: [] };
  }
  const { catalogue, today, policy = NO_POLICY, beside = () => undefined, neighbours = null } = options;
  const [config, root] = [file.config ?? NO_CONFIG, file.root ?? NO_ROOT];
  const context = { file, config, root, source, policy, catalogue, today, beside, neighbours };
  const findings: Finding[] = [];
  for (const rule of rules) {
    if (rule.onRefused !== true && file.problems.length > 0) continue;
    const chosen = severityOf(policy, rule) ?? options.severities?.[rule.slug] ?? options.severities?.[rule.id];
    if (chosen === 'off' || (chosen === undefined && rule.offByDefault === true)) continue;
    for (const raw of rule.check(context)) {
      const place = commentPlace(source, file.root, raw.span.start);
      const suppressed = suppressionAt(source, place, rule, today) ?? waived(rule, options);
      // A comment behind a tab would be the next thing that is refused.
      const offered = suppressed === null && !/^ *\t/.test(source.slice(source.lineSpan(place.line)));
      findings.push({
        ...raw,
        ruleId: rule.id,
        slug: rule.slug,
        severity: chosen ?? raw.severity ?? rule.severity,
        range: source.rangeOf(raw.span),
        suppressed,
        fixes: [...(raw.fixes ?? []), ...(offered ? [suppressFix(source, place, rule.slug)] : [])],
      });
    }
  }
  findings.sort(
    (a, b) =>
      a.span.start - b.span.start ||
      a.span.end - b.span.end ||
      (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0),
  );
  const [first] = file.problems;
  return {
    error: first === undefined ? null : { message: first.message, range: source.rangeOf(first.span) },
    findings,
  };
}

function waived({ id, slug }: RuleInfo, { policy = NO_POLICY, path, today }: LintOptions): Suppression | null {
  if (policy.waivers.length === 0) return null;
  const target = { kind: 'rule' as const, ids: [id, slug], ...(path === undefined ? {} : { file: path }) };
  const found = waiverOf(policy, target, today);
  return found === null || found.expired ? null : waiverSuppression(found.waiver);
}

/**
 * A comment stands above the entry or item the finding is in: within a text that spans lines, or brackets that do,
 * there is no place for one.
 */
function commentPlace(source: SourceText, root: GoNode | null, offset: number): CommentPlace {
  let at = offset;
  let node = root;
  while (node !== null) {
    let inside: GoNode | null = null;
    const { kind, items, flow } = resolved(node);
    if (flow) break;
    if (kind === 'map') {
      for (const { key, value } of entriesOf(node)) {
        if (offset < key.start || offset > Math.max(value.end, key.end)) continue;
        at = key.start;
        inside = value;
      }
    } else if (kind === 'list') {
      for (const item of items) {
        if (offset < item.start || offset > item.end) continue;
        at = item.start;
        inside = item;
      }
    }
    node = inside;
  }
  return { line: source.positionAt(at).line, direction: 'up' };
}
