// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { FINDING_SEVERITIES } from '../model/severity.ts';

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
