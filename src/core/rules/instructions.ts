// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Instruction, Stage } from '../dockerfile/model.ts';

export interface StageInstruction {
  readonly instruction: Instruction;
  readonly stage: Stage;
}

/** Every instruction behind a FROM; in place of an ONBUILD what it triggers, with the heredocs. */
export function* instructionsOf({ stages }: DockerfileFacts): Generator<StageInstruction> {
  for (const stage of stages) {
    for (const written of stage.instructions) {
      const { trigger, heredocs, span } = written;
      yield {
        instruction:
          trigger === null ? written : { ...trigger, heredocs, span: { start: trigger.span.start, end: span.end } },
        stage,
      };
    }
  }
}
