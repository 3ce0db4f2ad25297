// SPDX-License-Identifier: Apache-2.0
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { ReadBeside } from '../core/apko/validate.ts';
import type { FileNeighbours } from '../core/rules/define.ts';
import { readText } from './discover.ts';

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${way.includes('\\') ? '\\' : '/'}`) && !isAbsolute(way);
};

/**
 * Reads what apko and melange files refer to, as the tools look for it: from the working directory, then from the
 * file's own folder. What lies outside of the working directory, by its path or through a link, is not looked at.
 */
export class BesideFiles {
  readonly #cwd: string;
  #realCwd: string | null = null;
  /** Answers by the whole path: many files refer to the same few. */
  readonly #read = new Map<string, string | null | undefined>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** For one file of the run. */
  of(absolute: string): ReadBeside {
    return (path) => {
      let outside = false;
      for (const candidate of [resolve(this.#cwd, path), isAbsolute(path) ? path : join(dirname(absolute), path)]) {
        const text = this.#text(candidate);
        if (typeof text === 'string') return text;
        outside ||= text === undefined;
      }
      return outside ? undefined : null;
    };
  }

  /** What lies in the folder of one file of the run; `heads` is what git has of files, by their paths. */
  neighboursOf(absolute: string, heads: ReadonlyMap<string, string | null>): FileNeighbours {
    return {
      name: basename(absolute),
      sibling: (name) => (basename(name) === name ? this.#text(join(dirname(absolute), name)) : undefined),
      head: () => heads.get(absolute),
    };
  }

  #text(path: string): string | null | undefined {
    if (this.#read.has(path)) return this.#read.get(path);
    const text = this.#look(path);
    this.#read.set(path, text);
    return text;
  }

  #look(path: string): string | null | undefined {
    if (!isBelow(path, this.#cwd)) return undefined;
    try {
      if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
      this.#realCwd ??= realpathSync(this.#cwd);
      return isBelow(realpathSync(path), this.#realCwd) ? readText(path) : undefined;
    } catch (error) {
      // A folder of the path that is a file, for example.
      return error instanceof Error && 'code' in error && error.code === 'ENOTDIR' ? null : undefined;
    }
  }
}
