// SPDX-License-Identifier: Apache-2.0
import type { Evidence, ReportItem, SlsaResult } from '../evidence/evidence.ts';

/** What a policy's entry is held against. */
export interface TrustInput {
  readonly subjects: Evidence['subjects'];
  readonly places: Evidence['places'];
  readonly items: readonly ReportItem[];
  /** Digests that each item names, by its position. */
  readonly names: readonly (readonly string[])[];
  readonly slsa: SlsaResult;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * Places that did not answer and would have to for "none found" to be believed. The API of GitHub is asked only where the
 * user turned it on, and a place that a registry does not have has nothing to hide.
 */
export function unanswered(places: Evidence['places']): Evidence['places'] {
  return places.filter(
    ({ kind, state }) => state === 'failed' || (state === 'skipped' && kind !== 'github-attestations'),
  );
}
