// SPDX-License-Identifier: Apache-2.0
import type { ShellCommand, ShellWord } from './model.ts';

/** A command with what merely starts it (sudo, env, timeout …) taken off. */
export interface Invocation {
  /** The program without its folder; empty where an expansion decides it. */
  readonly name: string;
  readonly program: ShellWord;
  readonly args: readonly ShellWord[];
  /** `NAME=value` that holds for this command alone. */
  readonly assignments: readonly ShellWord[];
}

/** How a command that starts another one is written: options that take a value, and the words in front of the other. */
interface Starter {
  readonly valued: RegExp;
  readonly operands: number;
}

const NO_VALUES = /^$/;
const STARTERS: Readonly<Record<string, Starter>> = {
  sudo: { valued: /^(?:-[ugpChrtT]|--(?:user|group|prompt|chdir|host))$/, operands: 0 },
  doas: { valued: /^-[uC]$/, operands: 0 },
  env: { valued: /^(?:-[uCS]|--(?:unset|chdir))$/, operands: 0 },
  exec: { valued: /^-a$/, operands: 0 },
  command: { valued: NO_VALUES, operands: 0 },
  builtin: { valued: NO_VALUES, operands: 0 },
  nohup: { valued: NO_VALUES, operands: 0 },
  nice: { valued: /^(?:-n|--adjustment)$/, operands: 0 },
  timeout: { valued: /^(?:-[ks]|--(?:kill-after|signal))$/, operands: 1 },
  xargs: { valued: /^-[aEILnPsd]$/, operands: 0 },
  busybox: { valued: NO_VALUES, operands: 0 },
  gosu: { valued: NO_VALUES, operands: 1 },
  'su-exec': { valued: NO_VALUES, operands: 1 },
};

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;

/** What a simple command runs; null for a group and for assignments alone. */
export function invocationOf({ words, assignments }: ShellCommand): Invocation | null {
  let at = 0;
  const given = [...assignments];
  for (;;) {
    const program = words[at];
    if (program === undefined) return null;
    const name = program.literal ? baseName(program.value) : '';
    const starter = Object.hasOwn(STARTERS, name) ? STARTERS[name] : undefined;
    const found = { name, program, args: words.slice(at + 1), assignments: given };
    if (starter === undefined) return found;
    let next = at + 1;
    for (let word = words[next]; word !== undefined; word = words[next]) {
      if (word.value === '--') {
        next++;
        break;
      }
      if (ASSIGNMENT.test(word.value) && (name === 'env' || name === 'sudo')) given.push(word);
      else if (!word.value.startsWith('-')) break;
      // `command -v apk` asks whether there is such a command.
      else if (name === 'command' && /^-[vV]/.test(word.value)) return found;
      next += starter.valued.test(word.value) ? 2 : 1;
    }
    next += starter.operands;
    if (next >= words.length) return found;
    at = next;
  }
}
