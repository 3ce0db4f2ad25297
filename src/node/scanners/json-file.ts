// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { parseJson, readPlainFile } from '../images/files.ts';

/** Below the longest text that the JavaScript engine can hold. */
const MAX_DOCUMENT = 480 * 1024 * 1024;

/** The JSON that a tool wrote; an empty or cut file is a failure whatever the exit code was. */
export async function readToolJson(name: string, path: string): Promise<Result<unknown, Problem>> {
  const bad = (why: string): Problem => ({
    code: 'tool-output',
    what: `The output of ${name} could not be read`,
    why,
    todo: `Check the version of ${name}; the log has its messages.`,
  });
  const bytes = await readPlainFile(path, MAX_DOCUMENT);
  if (!bytes.ok) return err(bad(bytes.error.code === 'image-missing' ? 'it wrote none' : bytes.error.why));
  if (bytes.value.length === 0) return err(bad('it is empty'));
  const document = parseJson(bytes.value);
  return document.ok ? ok(document.value) : err(bad(`it is no JSON: ${document.error.slice(0, 200)}`));
}
