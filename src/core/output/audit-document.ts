// SPDX-License-Identifier: Apache-2.0
import { auditReportSchema, type AuditReport, type StageReport } from '../evidence/report.ts';
import { STAGE_NAMES } from '../model/stage.ts';
import { VULNERABILITY_SEVERITIES, severityRank, type VulnerabilitySeverity } from '../model/severity.ts';

/**
 * The report as `waybill audit --format json` prints it. How long a stage took is no fact about the image: it is
 * null here, so that the same image, tools and database give the same bytes but for the time of the audit.
 */
export function auditDocument(report: AuditReport): AuditReport {
  const untimed = (stage: StageReport): StageReport => ({ ...stage, durationMs: null });
  const { resolve, evidence, sbom, database, matching } = report.stages;
  // Parsed once more for the order of its keys, which the schema decides.
  return auditReportSchema.parse({
    ...report,
    stages: {
      resolve: untimed(resolve),
      evidence: untimed(evidence),
      sbom: untimed(sbom),
      database: untimed(database),
      matching: untimed(matching),
    },
  });
}

/** True where both halves of the answer are there. */
export function isComplete({ stages }: AuditReport): boolean {
  return stages.sbom.state === 'ok' && stages.matching.state === 'ok';
}

/** True where a vulnerability that no waiver accepts is at or over the threshold. */
export function reachesThreshold(report: AuditReport, threshold: VulnerabilitySeverity): boolean {
  return report.vulnerabilities.some(
    ({ severity, excepted }) => excepted === null && severityRank(severity) <= severityRank(threshold),
  );
}

/**
 * Stages that did not end well, in the order in which they are shown. Evidence that nobody was to look for is no failure;
 * a line of its own says why there is none.
 */
export function failedStages(report: AuditReport): readonly { readonly name: string; readonly stage: StageReport }[] {
  return STAGE_NAMES.map((name) => ({ name, stage: report.stages[name] })).filter(
    ({ name, stage }) => stage.state !== 'ok' && !(name === 'evidence' && stage.state === 'skipped'),
  );
}

/** `2 critical, 10 high`, severities without any left out. */
export function severityCounts(bySeverity: AuditReport['summary']['bySeverity']): string {
  return VULNERABILITY_SEVERITIES.filter((each) => bySeverity[each] > 0)
    .map((each) => `${bySeverity[each]} ${each}`)
    .join(', ');
}
