// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Instruction, Stage } from '../dockerfile/model.ts';
import { commandOf } from '../fips/settings.ts';
import { settingsOf } from './environment.ts';
import { lineage } from './lineage.ts';
import type { RunCommand, Script } from './shell/scripts.ts';

/** A variable as a command sees it: its text, `unknown` where another variable decides it, null where it is not set. */
export type SeenVariable = string | null;
export const UNKNOWN = '\0unknown';

/** Experiments of Go that take cryptography from a library, and those of them that load it when the program runs. */
export const GO_EXPERIMENTS = /(?:^|,)(?:boringcrypto|systemcrypto|opensslcrypto|strictfipsruntime|ms_\w+)(?:$|,)/;
export const LOADS_OPENSSL = /(?:^|,)(?:systemcrypto|opensslcrypto|strictfipsruntime)(?:$|,)/;

function assigned(name: string, text: string, literal: boolean): SeenVariable | undefined {
  const equals = text.indexOf('=');
  if (equals < 0 || text.slice(0, equals) !== name) return undefined;
  return literal ? text.slice(equals + 1) : UNKNOWN;
}

/** What ENV and ARG above an instruction give; ARG ends with its stage. */
function environmentValue(name: string, stage: Stage, before: Instruction, facts: DockerfileFacts): SeenVariable {
  for (const each of lineage(stage, facts)) {
    for (const instruction of each.instructions.toReversed()) {
      if (each === stage && instruction.span.start >= before.span.start) continue;
      if (instruction.keyword === 'ARG' && each !== stage) continue;
      const found = settingsOf(instruction).findLast((setting) => setting.name === name);
      if (found !== undefined) return found.value === null || !found.literal ? UNKNOWN : found.value;
    }
  }
  return goEnvValue(name, stage, before, facts);
}

/** What an earlier RUN wrote with `go env -w`; the environment goes before it. */
function goEnvValue(name: string, stage: Stage, before: Instruction, facts: DockerfileFacts): SeenVariable {
  const written = new RegExp(`\\bgo\\s+env\\s+-w\\s(?:[^;&|\\n]{0,500}?\\s)?["']?${name}=["']?([^\\s"';&|]*)`, 'g');
  for (const each of lineage(stage, facts)) {
    for (const instruction of each.instructions.toReversed()) {
      if (instruction.keyword !== 'RUN' || (each === stage && instruction.span.start >= before.span.start)) continue;
      const value = [...commandOf(instruction, facts).text.matchAll(written)].at(-1)?.[1];
      if (value !== undefined) return value.includes('$') ? UNKNOWN : value;
    }
  }
  return null;
}

/** A variable as one command of a script sees it: its own assignments, exports before it, then ENV and ARG. */
export function variableFor(name: string, command: RunCommand, script: Script, facts: DockerfileFacts): SeenVariable {
  for (const { value, literal } of command.invocation.assignments) {
    const found = assigned(name, value, literal);
    if (found !== undefined) return found;
  }
  const before = script.commands.slice(0, script.commands.indexOf(command)).toReversed();
  for (const { invocation } of before) {
    const given =
      invocation.name === 'export' || (invocation.name === 'go' && invocation.args[0]?.value === 'env')
        ? invocation.args
        : [];
    for (const { value, literal } of given) {
      const found = assigned(name, value, literal);
      if (found !== undefined) return found;
    }
  }
  return environmentValue(name, script.stage, script.instruction, facts);
}
