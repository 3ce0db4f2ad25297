// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Stage } from '../dockerfile/model.ts';

/** Longer chains are nobody's work; every stage asks for its own, so that they would add up to the square. */
const MAX_CHAIN = 200;

/** The stages a stage is built from in this file, itself first. A stage can only stand on an earlier one: no loops. */
export function lineage(stage: Stage, facts: DockerfileFacts): readonly Stage[] {
  const chain = [stage];
  for (let at = stage; at.base.kind === 'stage' && chain.length < MAX_CHAIN;) {
    const below = facts.stages[at.base.index];
    if (below === undefined || below.index >= at.index) break;
    chain.push(below);
    at = below;
  }
  return chain;
}

/** The stage that brings the image which a stage stands on in the end. */
export function bottomStage(stage: Stage, facts: DockerfileFacts): Stage {
  return lineage(stage, facts).at(-1) ?? stage;
}
