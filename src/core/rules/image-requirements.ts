// SPDX-License-Identifier: Apache-2.0
import type { Evidence, Requirement } from '../evidence/evidence.ts';

/** What the policy asks for and is not met, for one of these reasons. */
export function unmet({ policy }: Evidence, codes: readonly string[]): readonly Requirement[] {
  return policy.requirements.filter(({ state, code }) => state === 'unmet' && codes.includes(code));
}
