// SPDX-License-Identifier: Apache-2.0
import { runCommandLine } from '../../src/cli/commands.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { TODAY } from './linting.ts';

/** Run a command line in this process, on an input and output of its own. */
export async function runInProcess(
  args: readonly string[],
  { cwd, input = '' }: { readonly cwd: string; readonly input?: string },
) {
  let stdout = '';
  let stderr = '';
  const io: CliIo = {
    stdout: async (text) => {
      stdout += text;
    },
    stderr: async (text) => {
      stderr += text;
    },
    env: {},
    cwd,
    isTty: false,
    isErrorTty: false,
    now: () => Date.parse(TODAY),
    readStdin: async () => input,
    cancel: new AbortController().signal,
  };
  const status = await runCommandLine(args, io);
  return { status, stdout, stderr };
}
