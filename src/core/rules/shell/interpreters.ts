// SPDX-License-Identifier: Apache-2.0
import type { Invocation } from './invocation.ts';
import type { ShellWord } from './model.ts';

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh']);
const OTHERS = /^(?:python[\d.]*|perl|ruby|node|nodejs|php|pwsh)$/;

export function isShell(name: string): boolean {
  return SHELLS.has(name);
}

/** A program that runs what it reads: a shell, or an interpreter of another language. */
export function isInterpreter(name: string): boolean {
  return SHELLS.has(name) || OTHERS.test(name);
}

/** The file that an invocation runs: of `sh FILE`, `. FILE`, `python3 FILE` and `./FILE`; null where it is none. */
export function fileRun({ name, program, args }: Invocation): ShellWord | null {
  if (name === '.' || name === 'source') return args[0] ?? null;
  if (!isInterpreter(name)) return program.value.includes('/') ? program : null;
  for (let at = 0; at < args.length; at++) {
    const value = args[at]?.value ?? '';
    // What stands behind them is the program itself, or the name of a module.
    if (/^-[A-Za-z]*[cemr]$/.test(value)) return null;
    if (/^[-+][A-Za-z]*[oO]$/.test(value)) at++;
    else if (!/^[-+]/.test(value)) return args[at] ?? null;
  }
  return null;
}
