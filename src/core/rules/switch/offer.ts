// SPDX-License-Identifier: Apache-2.0
import { BY_POLICY } from '../../catalogue/overlay.ts';
import { exactMatch, type ExactMatch } from '../../catalogue/switches.ts';
import { vendorOf } from '../../catalogue/variants.ts';
import type { Stage } from '../../dockerfile/model.ts';
import type { Fix, RelatedPlace } from '../../model/finding.ts';
import type { ImageReference } from '../../model/image-reference.ts';
import { organisationImage, registryAllowed } from '../../policy/evaluate.ts';
import { list } from '../../panel/words.ts';
import type { DockerfileRuleContext } from '../define.ts';
import { bottomStage, lineage } from '../lineage.ts';
import { baseEdits, shortReference } from './edit.ts';
import { obstacle, type Obstacle } from './needs.ts';

/** The image that is the same software, and either the fix that takes it or the place that says why there is none. */
export interface Switch {
  /** As it would be written. */
  readonly target: string;
  /** What to name for stages whose needs are not known: null where it is for some programs only. */
  readonly example: string | null;
  readonly fix: Fix | null;
  /** Why there is no fix, at the place that is in the way; null where there is one. */
  readonly refusal: RelatedPlace | null;
}

/** What stands beside a finding where no fix takes the image that its message names. */
export function refusals(change: Switch | null, named: string | undefined, stage: Stage): readonly RelatedPlace[] {
  if (change !== null) return change.refusal === null ? [] : [change.refusal];
  if (named === undefined) return [];
  return [
    {
      span: stage.baseSpan,
      message: `Why no fix switches to ${named}: no source calls a tag of it the same software.`,
    },
  ];
}

type Kind = 'minimal' | 'fips';

/** The switch of a stage's base to its minimal or FIPS equivalent; null where no exact match is recorded. */
export function switchOf(kind: Kind, stage: Stage, context: DockerfileRuleContext): Switch | null {
  const bottom = bottomStage(stage, context.facts);
  if (bottom.base.kind !== 'image' || context.facts.error !== null) return null;
  const { reference } = bottom.base;
  // What the organisation names itself goes before whatever others call the same.
  const own = context.catalogue.find(reference)?.alternatives ?? [];
  if (own.some((each) => each.for === kind && each.basis === BY_POLICY)) return null;
  const match = matchOf(kind, reference, context);
  if (match === null) return null;
  const image = match.sameRepository
    ? { ...reference, tag: match.target.tag, digest: null }
    : organisationImage(context.policy, match.target);
  const target = shortReference(image);
  const example = match.row.builds?.includes('static') === true ? null : target;
  const refuse = ({ span, why }: Obstacle): Switch => ({
    target,
    example,
    fix: null,
    refusal: { span, message: `Why no fix switches to ${target}: ${why}.` },
  });
  const why = notToHave(kind, match, reference, image, context) ?? notToCarry(match, bottom, context);
  if (why !== null) return refuse({ span: stage.baseSpan, why });
  const inTheWay = obstacle(match.row, bottom, target, context);
  if (inTheWay !== null) return refuse(inTheWay);
  const edits = baseEdits(context.facts, bottom, image);
  if (edits === null) return refuse({ span: stage.baseSpan, why: 'a variable decides more than this one image' });
  return {
    target,
    example,
    fix: { title: `Switch to ${target}`, caveat: caveat(match, stage, context), edits },
    refusal: null,
  };
}

/** By the name that the catalogue knows, mirrors and aliases followed; else by the name as it is written. */
function matchOf(kind: Kind, reference: ImageReference, { catalogue }: DockerfileRuleContext): ExactMatch | null {
  const canonical = catalogue.canonical(reference);
  const known = catalogue.find(reference)?.repository;
  const slash = known?.indexOf('/') ?? 0;
  const named =
    known === undefined
      ? canonical
      : { ...canonical, registry: known.slice(0, slash), repository: known.slice(slash + 1) };
  return exactMatch(kind, named, catalogue.data) ?? exactMatch(kind, reference, catalogue.data);
}

/** Why the other image is none that may be taken here; null where it is one. */
function notToHave(
  kind: Kind,
  { row, target }: ExactMatch,
  written: ImageReference,
  image: ImageReference,
  { catalogue, fips, policy, today }: DockerfileRuleContext,
): string | null {
  if (!registryAllowed(policy, image)) return 'the policy allows no bases from there';
  const vendor = vendorOf(`${target.registry}/${target.repository}`, catalogue.data);
  const granted: readonly string[] = policy.entitlements;
  if (row.paid === true && !(vendor?.entitlement !== undefined && granted.includes(vendor.entitlement))) {
    return `it is paid, and no policy names ${vendor?.entitlement ?? 'its vendor'} under entitlements`;
  }
  if (row.mirror === true && written.registry === target.registry) {
    return 'it is pulled from a mirror in a namespace of your own, and the policy names none under images';
  }
  if (catalogue.lifecycles(image, today).some(({ state }) => state === 'ended')) return 'it is past its end of life';
  if (kind === 'minimal') {
    const { value, sourced, reason } = catalogue.minimal(image);
    return value === 'yes' && sourced ? null : `that it is minimal is not recorded: ${reason}`;
  }
  const { module, certificate } = fips.base(image);
  if (module.value !== 'yes' && module.value !== 'claimed') return `of its module it is known that ${module.text}`;
  return certificate.value === 'historical' ? certificate.text : null;
}

/** Why what is written cannot be carried over; null where it can. */
function notToCarry(
  { row }: ExactMatch,
  { base, assumed, platform }: Stage,
  { facts }: DockerfileRuleContext,
): string | null {
  // One tag may stand for images of Linux and of Windows.
  if (facts.escape === '`') return 'the file is written for Windows';
  if (base.kind === 'image' && base.reference.digest !== null) {
    return 'a digest names one image and cannot be carried over to another';
  }
  if (assumed.length > 0) return `${assumed[0] ?? 'an ARG'} has no value, so the tag is not known`;
  const { platforms } = row;
  const fixed = platform !== null && !platform.includes('$');
  return fixed && platforms !== undefined && !platforms.includes(platform)
    ? `that it is published for ${platform} is not recorded`
    : null;
}

/** `without shell and package manager; runs as node; …`: all that changes. */
function caveat({ row }: ExactMatch, stage: Stage, { facts }: DockerfileRuleContext): string {
  const { lacks, runsAs, caveat: more } = row;
  const user = lineage(stage, facts).some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'USER'));
  return [
    ...(lacks.length === 0 ? [] : [`without ${list(lacks)}`]),
    ...(runsAs === undefined || user ? [] : [`runs as ${runsAs}, and files stay owned by root`]),
    ...(more === undefined ? [] : [more]),
  ].join('; ');
}
