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

/** A registry by its one name: hosts have no case, 443 goes without saying, and Docker Hub has three. */
function registryName(registry: string): string {
  const host = registry.toLowerCase().replace(/:443$/, '');
  return host === 'registry-1.docker.io' || host === 'index.docker.io' ? 'docker.io' : host;
}

/** The names under which a policy can speak of an image. */
export function imageNames(source: ImageSource, policy: Policy): readonly string[] {
  const names = [`${source.scheme}:${source.target}`];
  const onDisk = source.scheme.startsWith('oci-') || source.scheme === 'docker-archive';
  const parsed = onDisk ? null : parseImageReference(source.target);
  if (parsed?.ok === true) {
    const written = { ...parsed.value, registry: registryName(parsed.value.registry) };
    for (const reference of [written, canonicalImage(policy, written)]) {
      names.push(formatImageReference({ ...reference, tag: null, digest: null }));
      // Without tag and digest it is the image of that tag which is looked at.
      const tag = reference.tag ?? (reference.digest === null ? 'latest' : null);
      if (tag !== null) names.push(formatImageReference({ ...reference, tag, digest: null }));
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
  if (rule.broken === true) return unreadable(rule);
  const requirements: Requirement[] = rule.require.map((word) => requirementOf(word, rule, input));
  if (rule.minimumLevel !== null) requirements.push(levelRequirement(rule, rule.minimumLevel, input));
  if (rule.source !== null) requirements.push(sourceRequirement(rule, input));
  return { file: rule.path, line: rule.line, state: worst(requirements), requirements };
}

/** An entry with a mistake: what it asks is not known, and what stands behind it was not meant for this image. */
function unreadable({ path, line }: TrustRule): PolicyResult {
  const requirement: Requirement = {
    id: 'policy',
    title: 'The trust entry can be followed',
    state: 'could-not-check',
    code: 'policy',
    reason: `Could not check: the trust entry at ${path}:${line} has a mistake. Correct it; waybill lint and the Problems view say what is wrong.`,
    items: [],
  };
  return { file: path, line, state: 'could-not-check', requirements: [requirement] };
}

/** The result of a policy that has no entry for the image. */
export function withoutRule(policy: Policy): PolicyResult {
  return { file: policy.files[0] ?? null, line: null, state: 'no-rule', requirements: [] };
}

function worst(requirements: readonly Requirement[]): PolicyResult['state'] {
  if (requirements.some(({ state }) => state === 'unmet')) return 'unmet';
  return requirements.some(({ state }) => state === 'could-not-check') ? 'could-not-check' : 'met';
}
