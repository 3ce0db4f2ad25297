// SPDX-License-Identifier: Apache-2.0

/** Severity of a lint finding, most severe first. */
export const FINDING_SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/** Severity of a vulnerability, most severe first; the names are Grype's in lower case. */
export const VULNERABILITY_SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
export type VulnerabilitySeverity = (typeof VULNERABILITY_SEVERITIES)[number];

/** Position in the severity order: 0 is the most severe. */
export function severityRank(severity: VulnerabilitySeverity): number {
  return VULNERABILITY_SEVERITIES.indexOf(severity);
}

/** True where `severity` is at or over `threshold`. */
export function reachesSeverity(severity: FindingSeverity, threshold: FindingSeverity): boolean {
  return FINDING_SEVERITIES.indexOf(severity) <= FINDING_SEVERITIES.indexOf(threshold);
}
