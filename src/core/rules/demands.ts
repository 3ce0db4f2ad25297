// SPDX-License-Identifier: Apache-2.0
import type { Alternative } from '../catalogue/schema.ts';
import type { Stage } from '../dockerfile/model.ts';
import { formatImageReference, parseImageReference, type ImageReference } from '../model/image-reference.ts';
import type { FindingSeverity } from '../model/severity.ts';
import { offeredAlternatives, organisationImage } from '../policy/evaluate.ts';
import type { Given } from '../policy/parse.ts';
import type { Wish } from '../policy/schema.ts';
import type { DockerfileRuleContext } from './define.ts';

/** What the policy asks of a stage by its role; null where it does not say, or where nothing of the stage is built. */
export function wishFor(
  kind: 'fips' | 'minimal',
  stage: Stage,
  { policy, shared }: Pick<DockerfileRuleContext, 'policy' | 'shared'>,
): Given<Wish> | null {
  const role = shared.roles[stage.index];
  return role === undefined || role === 'unused' ? null : policy[kind][role];
}

/**
 * How loudly a rule speaks of what a policy asks for: an error where it is required, a warning where it is preferred,
 * not at all (null) where it is off, and `otherwise` where no policy says anything. Facts without a source still raise
 * no more than a hint: that is the rule's to see to.
 */
export function demandSeverity<Otherwise extends FindingSeverity | null>(
  wish: Given<Wish> | null,
  otherwise: Otherwise,
): FindingSeverity | Otherwise | null {
  if (wish === null) return otherwise;
  if (wish.value === 'off') return null;
  return wish.value === 'required' ? 'error' : 'warning';
}

/** `.waybill.yaml:4`: where something is asked for, to be named in a message. */
export function askedAt({ path, line }: Given<unknown>): string {
  return `${path}:${line}`;
}

/**
 * The images that may be named instead of one: known ones, free or paid for by this organisation, under the names that
 * it has them by. One with a place to fill in, such as an organisation's name, is no reference that could be used.
 */
export function alternativesFor(
  kind: Alternative['for'],
  reference: ImageReference,
  { policy, catalogue }: Pick<DockerfileRuleContext, 'policy' | 'catalogue'>,
): readonly Alternative[] {
  const known = catalogue.find(reference)?.alternatives.filter((each) => each.for === kind && each.checked) ?? [];
  return offeredAlternatives(policy, known, catalogue.data).flatMap((each) => {
    const parsed = parseImageReference(each.image);
    if (!parsed.ok || growsIntoKit(reference, parsed.value)) return [];
    const own = organisationImage(policy, parsed.value);
    return [own === parsed.value ? each : { ...each, image: formatImageReference(own) }];
  });
}

/** True where a Java runtime would become a development kit, which is more and not less. */
function growsIntoKit({ tag }: ImageReference, { repository }: ImageReference): boolean {
  return /(?:^|-)jre(?:$|-)/.test(tag ?? '') && /(?:^|\/)jdk(?:$|-)/.test(repository);
}

/** A stage with what the policy asks of it. */
export interface Demanded {
  readonly stage: Stage;
  readonly wish: Given<Wish> | null;
}

/**
 * The stages that are held against a demand: the final one, and builders on images of their own where the policy
 * speaks of builders. Those of which it wants nothing are left out.
 */
export function demandedStages(
  kind: 'fips' | 'minimal',
  { facts, policy, shared }: Pick<DockerfileRuleContext, 'facts' | 'policy' | 'shared'>,
): readonly Demanded[] {
  const { final, builder } = policy[kind];
  return facts.stages.flatMap((stage): readonly Demanded[] => {
    if (stage.final) return final?.value === 'off' ? [] : [{ stage, wish: final }];
    const judged = builder !== null && builder.value !== 'off' && stage.base.kind === 'image';
    return judged && shared.roles[stage.index] === 'builder' ? [{ stage, wish: builder }] : [];
  });
}
