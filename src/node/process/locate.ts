// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The program `name` on PATH, or the configured absolute path; null where there is none. Relative paths are refused: a workspace could plant one. */
export function locateProgram(
  name: string,
  configured: string | null,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (configured !== null && configured !== '')
    return isAbsolute(configured) && isProgram(configured) ? configured : null;
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const ending of endings) {
      const candidate = join(folder, name + ending);
      if (isProgram(candidate)) return candidate;
    }
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
