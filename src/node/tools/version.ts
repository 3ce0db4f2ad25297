// SPDX-License-Identifier: Apache-2.0
// Asks a Syft or Grype which version it is.
import type { Cancel } from '../../core/ports.ts';
import { runTool, toolEnvironment } from '../process/run.ts';
import { withTemporaryFolder } from '../process/temporary.ts';
import { testedVersion, toolTitle, type ManagedTool } from './releases.ts';

const TIMEOUT = 20_000;
const MAX_ANSWER = 64 * 1024;

/** The version that a program says it has, for example '1.54.0'; null where it says none or is another program. */
export async function askVersion(
  name: ManagedTool,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  cancel: Cancel,
): Promise<string | null> {
  // In a folder of its own: the tools read settings where they are, and the common one is anybody's to write to.
  const answer = await withTemporaryFolder((folder) =>
    runTool(path, ['version', '-o', 'json'], {
      name: toolTitle(name),
      cwd: folder,
      env: {
        ...toolEnvironment(env),
        SYFT_CHECK_FOR_APP_UPDATE: 'false',
        GRYPE_CHECK_FOR_APP_UPDATE: 'false',
        GRYPE_DB_AUTO_UPDATE: 'false',
      },
      cancel,
      timeout: TIMEOUT,
      maxStdout: MAX_ANSWER,
    }),
  );
  if (!answer.ok || answer.value.exitCode !== 0) return null;
  return readVersion(name, answer.value.stdout);
}

/** The version inside the JSON of `NAME version -o json`. */
export function readVersion(name: ManagedTool, json: string): string | null {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof document !== 'object' || document === null) return null;
  const { application, version } = document as { application?: unknown; version?: unknown };
  if (application !== name || typeof version !== 'string') return null;
  return /^v?(\d{1,6}\.\d{1,6}\.\d{1,6}\S{0,40})$/.exec(version)?.[1] ?? null;
}

/** True for the very version that this Waybill is tested with. */
export const isTested = (name: ManagedTool, version: string | null): boolean => version === testedVersion(name);
