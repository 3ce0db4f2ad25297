// SPDX-License-Identifier: Apache-2.0
// Holds what was found and proved beside an image against the policy's entry for it. What is not there is unmet; what
// could not be looked at could not be checked; neither is met.
import type { PolicyResult, Requirement } from '../evidence/evidence.ts';
import { formatImageReference, parseImageReference } from '../model/image-reference.ts';
import { canonicalImage } from '../policy/evaluate.ts';
import { anyGlobMatches } from '../policy/glob.ts';
import type { Policy, TrustRule } from '../policy/model.ts';
import type { ImageSource } from '../ports.ts';
import type { TrustInput } from './trust-input.ts';
import { levelRequirement, sourceRequirement } from './trust-level.ts';
import { requirementOf } from './trust-requirement.ts';

/** The names under which a policy can speak of an image. */
export function imageNames(source: ImageSource, policy: Policy): readonly string[] {
  const names = [`${source.scheme}:${source.target}`];
  const onDisk = source.scheme.startsWith('oci-') || source.scheme === 'docker-archive';
  const parsed = onDisk ? null : parseImageReference(source.target);
  if (parsed?.ok === true) {
    for (const reference of [parsed.value, canonicalImage(policy, parsed.value)]) {
      names.push(formatImageReference({ ...reference, tag: null, digest: null }));
      if (reference.tag !== null) names.push(formatImageReference({ ...reference, digest: null }));
    }
  }
  return [...new Set(names)];
}

/** The entry of a policy that holds for an image: the first whose patterns fit one of its names. */
export function trustRuleFor(policy: Policy, source: ImageSource): TrustRule | null {
  const names = imageNames(source, policy);
  return policy.trust.find(({ images }) => names.some((name) => anyGlobMatches(images, name))) ?? null;
}

/** No policy was named. */
export const NO_TRUST: PolicyResult = { file: null, line: null, state: 'none', requirements: [] };

/** Every requirement of an entry, met or why not. */
export function evaluateTrust(rule: TrustRule, input: TrustInput): PolicyResult {
  const requirements: Requirement[] = rule.require.map((word) => requirementOf(word, rule, input));
  if (rule.minimumLevel !== null) requirements.push(levelRequirement(rule, rule.minimumLevel, input));
  if (rule.source !== null) requirements.push(sourceRequirement(rule, input));
  return { file: rule.path, line: rule.line, state: worst(requirements), requirements };
}

/** The result of a policy that has no entry for the image. */
export function withoutRule(policy: Policy): PolicyResult {
  return { file: policy.files[0] ?? null, line: null, state: 'no-rule', requirements: [] };
}

function worst(requirements: readonly Requirement[]): PolicyResult['state'] {
  if (requirements.some(({ state }) => state === 'unmet')) return 'unmet';
  return requirements.some(({ state }) => state === 'could-not-check') ? 'could-not-check' : 'met';
}
