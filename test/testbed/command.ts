// SPDX-License-Identifier: Apache-2.0
// Runs a program of the test bed: no shell, its output in the error when it fails.
import { execa } from 'execa';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Milliseconds; ten minutes by default. */
  readonly timeout?: number;
}

/** Standard output of `file ARGS…`; throws with the last lines of both outputs when it fails. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd, env, input, timeout = 600_000 } = options;
  const result = await execa(file, args, {
    reject: false,
    stdin: input === undefined ? 'ignore' : 'pipe',
    timeout,
    maxBuffer: 512 * 1024 * 1024,
    killDescendants: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(input === undefined ? {} : { input }),
  });
  if (!result.failed) return result.stdout;
  const tail = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim().split('\n').slice(-25).join('\n');
  throw new Error(`${[file, ...args].join(' ')} failed: ${result.shortMessage}\n${tail}`);
}
