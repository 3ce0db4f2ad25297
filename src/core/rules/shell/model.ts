// SPDX-License-Identifier: Apache-2.0
import type { Span } from '../../text/source-text.ts';
import type { PlacedText } from './placed-text.ts';

/** A word of a shell command. */
export interface ShellWord {
  /** Without quotes and escapes; expansions stand in it as written. */
  readonly value: string;
  /** False where an expansion ($NAME, $(…), `…`) decides what the word is. */
  readonly literal: boolean;
  readonly span: Span;
  /** The value with the place of each of its characters, for words that are scripts themselves. */
  readonly placed: () => PlacedText;
  /** Command substitutions and process substitutions in the word. */
  readonly substitutions: readonly ShellList[];
}

export interface Redirection {
  /** `>`, `>>`, `<`, `<<`, `<<<`, `>&` and so on. */
  readonly operator: string;
  readonly target: ShellWord;
}

export interface ShellCommand {
  /** `NAME=value` in front of the command. */
  readonly assignments: readonly ShellWord[];
  /** The command and its arguments; empty for a group and for assignments that stand alone. */
  readonly words: readonly ShellWord[];
  readonly redirections: readonly Redirection[];
  /** What stands between ( ) or { }; null for a simple command. */
  readonly group: ShellList | null;
}

/** Commands joined by pipes. */
export interface Pipeline {
  readonly commands: readonly ShellCommand[];
  /** What stands before it and behind it, `;` for a line end and for nothing. */
  readonly before: '&&' | '||' | ';';
  readonly after: '&&' | '||' | ';';
  /** Inside if, case, while or until, conditions included. */
  readonly conditional: boolean;
}

export type ShellList = readonly Pipeline[];
