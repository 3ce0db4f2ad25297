// SPDX-License-Identifier: Apache-2.0
import type { Base, Flag, Instruction, Stage } from '../dockerfile/model.ts';
import { StageNames } from '../dockerfile/stages.ts';
import type { DockerfileRuleContext } from './define.ts';
import { bottomStage, lineage } from './lineage.ts';

/** A COPY --from into a stage. */
export interface CopyFrom {
  readonly stage: Stage;
  readonly instruction: Instruction;
  readonly flag: Flag;
  readonly source: Base;
  /** The stage it takes from, null where it takes from an image. */
  readonly sourceStage: Stage | null;
}

type Context = Pick<DockerfileRuleContext, 'facts' | 'catalogue'>;

/** The stages of this file that the final image consists of, the last one first. */
export function shippedStages({ facts }: Pick<Context, 'facts'>): readonly Stage[] {
  const final = facts.stages.find((stage) => stage.final);
  return final === undefined ? [] : lineage(final, facts);
}

/** Every COPY --from of what is shipped, those with a variable left out. */
export function* shippedCopies({ facts }: Pick<Context, 'facts'>): Generator<CopyFrom> {
  const names = new StageNames(facts.stages);
  for (const stage of shippedStages({ facts })) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== 'COPY') continue;
      const flag = instruction.flags.find(({ name }) => name === 'from');
      if (flag === undefined || flag.value === null || flag.value === '' || flag.value.includes('$')) continue;
      const source = names.source(flag.value, stage.index);
      const sourceStage = source.kind === 'stage' ? (facts.stages[source.index] ?? null) : null;
      yield { stage, instruction, flag, source, sourceStage };
    }
  }
}

/** The image at the bottom of what a COPY takes from; null where that is none or nobody knows. */
export function imageBehind({ source, sourceStage }: CopyFrom, { facts }: Pick<Context, 'facts'>): Base | null {
  if (source.kind === 'image') return source;
  if (sourceStage === null) return null;
  const { base } = bottomStage(sourceStage, facts);
  return base.kind === 'image' ? base : null;
}

/** The distribution of an image without its release: `debian` of `debian 13`; null where nobody knows. */
export function distributionName(base: Base, { catalogue }: Pick<Context, 'catalogue'>): string | null {
  if (base.kind !== 'image') return null;
  const fact = catalogue.distribution(base.reference);
  return fact === null ? null : (/^[a-z]+/.exec(fact.value.toLowerCase())?.[0] ?? null);
}
