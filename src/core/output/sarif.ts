// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '../model/severity.ts';
import type { LintDocument } from './lint-schema.ts';
import { ruleDocs } from './rule-docs.ts';
import { sarifLog, TOOL_ADDRESS } from './sarif-log.ts';

const LEVELS: Record<FindingSeverity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

export interface SarifRule {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly why: string;
  readonly severity: FindingSeverity;
  readonly controls: readonly { readonly id: string }[];
}

/** SARIF 2.1.0 of a lint document; columns count UTF-16 code units, as everywhere in Waybill. */
export function lintSarif(document: LintDocument, rules: readonly SarifRule[], hash: (text: string) => string): string {
  const index = new Map(rules.map((rule, i) => [rule.id, i]));
  const uri = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  const results = document.findings.map((finding) => ({
    ruleId: finding.ruleId,
    ruleIndex: index.get(finding.ruleId) ?? -1,
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(finding.path), uriBaseId: '%SRCROOT%' },
          region: {
            startLine: finding.range.start.line,
            startColumn: finding.range.start.column,
            endLine: finding.range.end.line,
            endColumn: finding.range.end.column,
          },
        },
      },
    ],
    partialFingerprints: { 'waybillFinding/v1': hash(`${finding.ruleId}\n${finding.path}\n${finding.message}`) },
    ...(finding.suppressed === null
      ? {}
      : {
          suppressions: [
            {
              kind: finding.suppressed.by === 'waiver' ? 'external' : 'inSource',
              status: 'accepted',
              justification: finding.suppressed.reason,
              properties: { owner: finding.suppressed.owner, expires: finding.suppressed.expires },
            },
          ],
        }),
  }));
  const run = {
    tool: {
      driver: {
        name: document.tool.name,
        version: document.tool.version,
        informationUri: TOOL_ADDRESS,
        rules: rules.map((rule) => ({
          id: rule.id,
          name: rule.slug,
          shortDescription: { text: rule.title },
          fullDescription: { text: rule.why },
          helpUri: ruleDocs(rule.id),
          defaultConfiguration: { level: LEVELS[rule.severity] },
          properties: { tags: ['container', 'supply-chain', ...rule.controls.map(({ id }) => `NIST-800-53:${id}`)] },
        })),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder in which waybill ran.' } } },
    artifacts: document.files.map(({ path }) => ({ location: { uri: uri(path), uriBaseId: '%SRCROOT%' } })),
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: document.files.flatMap(({ path, error }) =>
          error === null
            ? []
            : [
                {
                  level: 'error',
                  message: { text: error },
                  locations: [{ physicalLocation: { artifactLocation: { uri: uri(path), uriBaseId: '%SRCROOT%' } } }],
                },
              ],
        ),
      },
    ],
    results,
  };
  return sarifLog(run);
}
