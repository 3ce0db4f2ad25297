// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import type { Finding } from '../model/finding.ts';
import { FINDING_SEVERITIES, type FindingSeverity } from '../model/severity.ts';
import { ruleDocs } from './rule-docs.ts';

const position = z.object({ line: z.int(), column: z.int() });

/** The JSON document of `waybill lint`; its JSON Schema is docs/schemas/lint.json. */
export const lintDocumentSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }),
  files: z.array(z.object({ path: z.string(), language: z.string(), error: z.nullable(z.string()) })),
  findings: z.array(
    z.object({
      ruleId: z.string(),
      slug: z.string(),
      severity: z.enum(FINDING_SEVERITIES),
      message: z.string(),
      path: z.string(),
      range: z.object({ start: position, end: position }),
      fixable: z.boolean(),
      docs: z.string(),
      controls: z.array(z.string()),
      suppressed: z.nullable(
        z.object({
          by: z.string(),
          owner: z.nullable(z.string()),
          reason: z.string(),
          expires: z.nullable(z.string()),
        }),
      ),
    }),
  ),
  summary: z.object({
    files: z.int(),
    skipped: z.int(),
    error: z.int(),
    warning: z.int(),
    info: z.int(),
    hint: z.int(),
  }),
});
export type LintDocument = z.infer<typeof lintDocumentSchema>;
export type LintDocumentFinding = LintDocument['findings'][number];

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
