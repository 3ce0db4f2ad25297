// SPDX-License-Identifier: Apache-2.0
import data from './data/origins.json' with { type: 'json' };
import { readWorkflowIdentity } from './source-location.ts';

export interface Origin {
  readonly id: string;
  /** `GitHub Actions`, `BuildKit`; `Unknown builder` where nothing fits. */
  readonly name: string;
}

const UNKNOWN: Origin = { id: 'unknown', name: 'Unknown builder' };

/**
 * Which build system wrote a provenance, by the type of the build and the id of the builder. A recognition for people,
 * never a reason for trust: both are what the statement itself says.
 */
export function originOf(builder: string | null, buildType: string | null): Origin {
  const starts = (value: string | null, prefixes: readonly string[]): boolean =>
    value !== null && prefixes.some((prefix) => value.startsWith(prefix));
  const found = data.origins.find(
    ({ builders, buildTypes }) => starts(builder, builders) || starts(buildType, buildTypes),
  );
  if (found !== undefined) return { id: found.id, name: found.name };
  if (builder === null) return UNKNOWN;
  if (readWorkflowIdentity(builder) !== null) return { id: 'github-actions', name: 'GitHub Actions' };
  return /^https:\/\/[^/]+\/.+\/-\/runners\/\d+$/.test(builder) ? { id: 'gitlab', name: 'GitLab CI/CD' } : UNKNOWN;
}
