// SPDX-License-Identifier: Apache-2.0

/** Why something could not be done; the code is stable, for tests and for choosing the next step. */
export const PROBLEM_CODES = [
  'tool-missing',
  'tool-untested',
  'tool-failed',
  'tool-output',
  'database-missing',
  'database-stale',
  'database-broken',
  'engine-unreachable',
  'image-missing',
  'access-denied',
  'registry-unreachable',
  'download-failed',
  'hash-mismatch',
  'file-unreadable',
  'bad-input',
  'disk-full',
  'cancelled',
  'timeout',
  'offline',
  'too-large',
  'internal',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** A failure told as what happened, why, and what to do; `detail` is the tool's own words for the log. */
export interface Problem {
  readonly code: ProblemCode;
  readonly what: string;
  readonly why: string;
  readonly todo: string;
  readonly detail?: string;
}

/** The problem as one or two plain sentences, in the order what, why, what to do. */
export function problemText(problem: Problem): string {
  return [`${problem.what}: ${problem.why}.`, problem.todo].filter((part) => part !== '').join(' ');
}

/** Carries a problem through code that throws. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problemText(problem));
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** The problem inside anything thrown; what is not ours becomes `internal` with its message kept. */
export function toProblem(thrown: unknown, what: string): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    what,
    why,
    todo: 'Report this with the log.',
    detail: thrown instanceof Error ? (thrown.stack ?? why) : why,
  };
}
