// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Instruction, Word } from '../dockerfile/model.ts';
import { joinedArguments, jsonStrings } from './shell/placed-text.ts';

/** What COPY or ADD names, in either of its forms, without quotes. */
export interface Copied {
  readonly sources: readonly Word[];
  /** Empty where there is none. */
  readonly destination: string;
}

/** Sources and destination of a COPY or ADD. */
export function copySources(instruction: Instruction, { source, escape }: DockerfileFacts): Copied {
  const words =
    instruction.exec === null
      ? instruction.words.map(({ text, span }) => ({ text: text.replaceAll(/^["']|["']$/g, ''), span }))
      : jsonStrings(joinedArguments(instruction, source, escape)).map(({ value, span }) => ({
          text: value.text,
          span,
        }));
  return { sources: words.slice(0, -1), destination: words.at(-1)?.text ?? '' };
}
