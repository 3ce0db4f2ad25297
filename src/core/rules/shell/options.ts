// SPDX-License-Identifier: Apache-2.0
import type { ShellWord } from './model.ts';

export interface ShellOption {
  /** `-k` or `--insecure`. */
  readonly name: string;
  /** What stands behind `=`, or behind the letter of an option that takes a value; null where nothing does. */
  readonly value: string | null;
  readonly word: ShellWord;
}

export interface ReadArguments {
  readonly options: readonly ShellOption[];
  readonly operands: readonly ShellWord[];
}

/**
 * Options and operands of a command. `valued` are the letters whose options take a value: in `-okubectl` there is no
 * option k. A long option's value in the next word is not known as one and counts as an operand.
 */
export function readArguments(args: readonly ShellWord[], valued = ''): ReadArguments {
  const options: ShellOption[] = [];
  const operands: ShellWord[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    const { value } = word;
    if (value === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (value.startsWith('--')) {
      const equals = value.indexOf('=');
      options.push(
        equals < 0
          ? { name: value, value: null, word }
          : { name: value.slice(0, equals), value: value.slice(equals + 1), word },
      );
    } else if (value.startsWith('-') && value.length > 1) {
      for (let letter = 1; letter < value.length; letter++) {
        const name = `-${value.charAt(letter)}`;
        if (!valued.includes(value.charAt(letter))) {
          options.push({ name, value: null, word });
          continue;
        }
        const rest = value.slice(letter + 1);
        options.push({ name, value: rest === '' ? (args[++at]?.value ?? null) : rest, word });
        break;
      }
    } else {
      operands.push(word);
    }
  }
  return { options, operands };
}
