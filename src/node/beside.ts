// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { ReadBeside } from '../core/apko/validate.ts';
import { readText } from './discover.ts';

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${way.includes('\\') ? '\\' : '/'}`) && !isAbsolute(way);
};

/**
 * Reads what an apko file includes, as apko looks for it: from the working directory, then from the file's own folder.
 * What lies outside of the working directory, by its path or through a link, is not looked at.
 */
export function besideFile(absolute: string, cwd: string): ReadBeside {
  return (path) => {
    let outside = false;
    for (const candidate of [resolve(cwd, path), isAbsolute(path) ? path : join(dirname(absolute), path)]) {
      if (!isBelow(candidate, cwd)) {
        outside = true;
        continue;
      }
      try {
        if (!isBelow(realpathSync(candidate), realpathSync(cwd))) return undefined;
        return readText(candidate);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : '';
        if (code !== 'ENOENT' && code !== 'ENOTDIR') return undefined;
      }
    }
    return outside ? undefined : null;
  };
}
