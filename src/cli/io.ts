// SPDX-License-Identifier: Apache-2.0

/** What a command may touch; tests pass their own. */
export interface CliIo {
  /** Resolves when everything was handed over, into a pipe as well. */
  stdout(text: string): Promise<void>;
  stderr(text: string): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly isTty: boolean;
  /** Standard error is a terminal: progress may be shown there. */
  readonly isErrorTty?: boolean;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  readStdin(): Promise<string>;
  readonly cancel: AbortSignal;
}

/** A command: its exit code, never above 3. */
export type Command = (argv: readonly string[], io: CliIo) => Promise<number>;

export const EXIT = { ok: 0, findings: 1, usage: 2, environment: 3 } as const;

/** A mistake in how the command was called: exit 2 with one sentence. */
export class UsageError extends Error {}
