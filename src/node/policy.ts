// SPDX-License-Identifier: Apache-2.0
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { PolicyFinder } from '../core/policy/find.ts';
import { loadPolicy, type PolicyReader } from '../core/policy/loader.ts';
import { NO_POLICY, type Policy } from '../core/policy/model.ts';
import { relativeTo, why } from './discover.ts';

/** Larger files are no policies; what is in them is bounded once more by its reader. */
const MAX_BYTES = 1024 * 1024;

/** A policy with the file it is for. */
export interface FoundPolicy {
  readonly policy: Policy;
  /** The file by the name that the policy's own paths go by. */
  readonly path: string;
  /** Where a path of the policy is on the disk. */
  absolute(path: string): string;
}

const slashes = (path: string): string => path.split(sep).join('/');

function inside(folder: string, path: string): boolean {
  const way = relativeTo(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The path seen from a root, absolute where it stands elsewhere. */
function seenFrom(root: string, absolute: string): string {
  return slashes(inside(root, absolute) ? relativeTo(root, absolute) : absolute);
}

/**
 * Text of a file that a policy names or that is found by its name; null where there is none. Links count as what they
 * lead to, and that has to stay inside one of the folders: a repository cannot have other files read.
 */
function readInside(absolute: string, folders: readonly string[]): string | null {
  try {
    // Most folders have none, and to be told so by an exception takes its time.
    if (lstatSync(absolute, { throwIfNoEntry: false }) === undefined) return null;
    const real = realpathSync(absolute);
    if (!folders.some((folder) => inside(realpathSync(folder), real))) return null;
    const { size } = statSync(real);
    // Opened only as a file: a pipe would never end.
    if (!statSync(real).isFile() || size > MAX_BYTES) return null;
    return readFileSync(real, 'utf8');
  } catch {
    return null;
  }
}

/** Reads the policies for the files of one run: each once, however many files there are. */
export class Policies {
  readonly #cwd: string;
  readonly #repositories = new Map<string, string | null>();
  readonly #finders = new Map<string, PolicyFinder>();
  #named: Promise<Policy> | null = null;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** From now on this policy holds for every file. Fails with a sentence where it cannot be read. */
  async use(named: string): Promise<Policy> {
    const absolute = resolve(this.#cwd, named);
    let text: string;
    try {
      // Opened only as a file, and not where it is too large: a pipe or a device need not end.
      const found = statSync(absolute);
      if (!found.isFile() && !found.isDirectory()) throw new Error('it is no plain file');
      if (found.size > MAX_BYTES) throw new Error('it is too large to be one');
      text = readFileSync(absolute, 'utf8');
    } catch (error) {
      throw new Error(`the policy ${named} cannot be read: ${why(error)}`, { cause: error });
    }
    const root = this.#rootOf(this.#cwd);
    const folder = dirname(absolute);
    // It may build on its neighbours: who named it knows where it is.
    const read = this.#reader(root, [root, this.#repositoryOf(folder) ?? folder]);
    this.#named = loadPolicy(seenFrom(root, absolute), read, text);
    return this.#named;
  }

  /** The policy that was named, else that of the nearest policy file above. */
  async policyFor(file: string): Promise<FoundPolicy> {
    const absolute = resolve(this.#cwd, file);
    const root = this.#rootOf(this.#named === null ? dirname(absolute) : this.#cwd);
    const path = seenFrom(root, absolute);
    const policy = await (this.#named ?? this.#finder(root).policyFor(path));
    return { policy, path, absolute: (each) => resolve(root, each) };
  }

  #finder(root: string): PolicyFinder {
    const known = this.#finders.get(root);
    if (known !== undefined) return known;
    const finder = new PolicyFinder(this.#reader(root, [root]), async () => NO_POLICY);
    this.#finders.set(root, finder);
    return finder;
  }

  #reader(root: string, folders: readonly string[]): PolicyReader {
    return async (path) => readInside(resolve(root, path), folders);
  }

  /** Up to where policies are looked for: the repository, else the working directory, else the file's own folder. */
  #rootOf(folder: string): string {
    return this.#repositoryOf(folder) ?? (inside(this.#cwd, folder) ? this.#cwd : folder);
  }

  #repositoryOf(folder: string): string | null {
    const known = this.#repositories.get(folder);
    if (known !== undefined) return known;
    const above = dirname(folder);
    const found = existsSync(join(folder, '.git')) ? folder : above === folder ? null : this.#repositoryOf(above);
    this.#repositories.set(folder, found);
    return found;
  }
}
