// SPDX-License-Identifier: Apache-2.0
// Asks the real libraries, and this project, what they make of a configuration file.
import { spawnSync } from 'node:child_process';
import { posix } from 'node:path';
import { readApko } from '../../src/core/apko/validate.ts';
import { readMelange } from '../../src/core/melange/validate.ts';
import type { ValidityProblem } from '../../src/core/yaml/go/problem.ts';
import type { ConfigFile } from './config-corpus.ts';

export interface Judged {
  readonly error: string | null;
  readonly panic: boolean;
}

/** What the real libraries answer, file by file. */
export function askLibraries(program: string, files: readonly ConfigFile[]): readonly Judged[] {
  if (files.length === 0) return [];
  const input = files.map(
    ({ language, text, files: beside, path }) => `${JSON.stringify({ language, text, files: beside, path })}\n`,
  );
  const { status, stdout, stderr } = spawnSync(program, [], {
    input: input.join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`config-check ended with ${status}: ${stderr.slice(-2000)}`);
  const answers = stdout.trimEnd().split('\n');
  if (answers.length !== files.length) throw new Error(`${answers.length} answers to ${files.length} files`);
  return answers.map((line) => JSON.parse(line) as Judged);
}

/** What this project finds that is refused. */
export function ownProblems({ language, text, files }: ConfigFile): readonly ValidityProblem[] {
  const { problems } =
    language === 'apko' ? readApko(text, (path) => files[posix.normalize(path)] ?? null) : readMelange(text);
  return problems;
}
