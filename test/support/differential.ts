// SPDX-License-Identifier: Apache-2.0
// Compares what this project says of configuration files with what the real libraries say.
import { askLibraries, ownProblems, type Judged } from './config-judge.ts';
import type { ConfigFile } from './config-corpus.ts';
import type { Mutant } from './config-mutants.ts';

export interface Disagreement<T extends ConfigFile> {
  readonly file: T;
  readonly theirs: string | null;
  readonly ours: string | null;
}

export interface Comparison<T extends ConfigFile> {
  readonly refused: number;
  readonly disagreements: readonly Disagreement<T>[];
  /** Files that the library takes and this project refuses. */
  readonly falseRefusals: readonly Disagreement<T>[];
  /** Files both refuse, with the lines (from 0) that each own range covers. */
  readonly bothRefuse: readonly {
    readonly file: T;
    readonly ranges: readonly { readonly from: number; readonly to: number }[];
  }[];
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length - 1;

export function compare<T extends ConfigFile>(
  program: string,
  files: readonly T[],
  judged: readonly Judged[] = askLibraries(program, files),
): Comparison<T> {
  const disagreements: Disagreement<T>[] = [];
  const bothRefuse: { file: T; ranges: { from: number; to: number }[] }[] = [];
  let refused = 0;
  files.forEach((file, i) => {
    const theirs = judged[i]?.error ?? null;
    const problems = ownProblems(file);
    if (theirs !== null) refused++;
    if ((theirs !== null) !== problems.length > 0) {
      disagreements.push({ file, theirs, ours: problems[0]?.message ?? null });
    } else if (theirs !== null) {
      const ranges = problems.map(({ span }) => ({
        from: lineOf(file.text, span.start),
        to: lineOf(file.text, span.end),
      }));
      bothRefuse.push({ file, ranges });
    }
  });
  return { refused, disagreements, falseRefusals: disagreements.filter(({ theirs }) => theirs === null), bothRefuse };
}

/** The mutants of which a range touches the line that was damaged. */
export function touching({ bothRefuse }: Comparison<Mutant>): readonly Mutant[] {
  return bothRefuse
    .filter(({ file, ranges }) => ranges.some(({ from, to }) => file.lines.some((line) => from <= line && line <= to)))
    .map(({ file }) => file);
}
