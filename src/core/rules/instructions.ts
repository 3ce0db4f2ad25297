// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Instruction, Stage } from '../dockerfile/model.ts';

export interface PlacedInstruction {
  readonly instruction: Instruction;
  readonly stage: Stage;
}

/** Every instruction behind a FROM, what ONBUILD triggers in place of the ONBUILD. */
export function* instructionsOf(facts: DockerfileFacts): Generator<PlacedInstruction> {
  for (const stage of facts.stages) {
    for (const written of stage.instructions) {
      const { trigger, heredocs } = written;
      yield { instruction: trigger === null ? written : { ...trigger, heredocs }, stage };
    }
  }
}
