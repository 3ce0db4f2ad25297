// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../model/finding.ts';
import type { FindingSeverity } from '../model/severity.ts';
import type { LintDocument } from './lint-schema.ts';
import { ruleDocs } from './rule-docs.ts';

export interface LintedFile {
  readonly path: string;
  readonly language: string;
  readonly error: { readonly message: string; readonly line: number } | null;
  readonly findings: readonly Finding[];
}

export interface RuleFacts {
  readonly id: string;
  readonly controls: readonly { readonly id: string }[];
}

/** Put the files' findings into one document, ordered by path, place and rule. Suppressed ones do not count in the summary. */
export function lintDocument(
  files: readonly LintedFile[],
  skipped: number,
  tool: { readonly name: string; readonly version: string },
  rules: readonly RuleFacts[],
): LintDocument {
  const controls = new Map(rules.map((rule) => [rule.id, rule.controls.map(({ id }) => id)]));
  const ordered = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const findings = ordered.flatMap(({ path, findings: found }) =>
    found.map((finding) => ({
      ruleId: finding.ruleId,
      slug: finding.slug,
      severity: finding.severity,
      message: finding.message,
      path,
      range: finding.range,
      fixable: (finding.fixes ?? []).some(({ preferred }) => preferred === true),
      docs: ruleDocs(finding.ruleId),
      controls: controls.get(finding.ruleId) ?? [],
      suppressed: finding.suppressed,
    })),
  );
  const count = (severity: FindingSeverity): number =>
    findings.filter((finding) => finding.severity === severity && finding.suppressed === null).length;
  return {
    schemaVersion: 1,
    tool,
    files: ordered.map(({ path, language, error }) => ({
      path,
      language,
      error: error === null ? null : `line ${error.line}: ${error.message}`,
    })),
    findings,
    summary: {
      files: files.length,
      skipped,
      error: count('error'),
      warning: count('warning'),
      info: count('info'),
      hint: count('hint'),
    },
  };
}
