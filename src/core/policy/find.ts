// SPDX-License-Identifier: Apache-2.0
import { loadPolicy, type PolicyReader } from './loader.ts';
import type { Policy } from './model.ts';
import { folderOf, POLICY_FILES, resolvePath } from './paths.ts';

/**
 * Finds the policy for files under one root: the nearest policy file, in the file's own folder or in one above, up to
 * and with the root. Every folder is looked at once and every policy read once, however many files there are. Paths
 * are relative to the root; that of a policy kept elsewhere is absolute.
 */
export class PolicyFinder {
  readonly #read: PolicyReader;
  readonly #otherwise: () => Promise<Policy>;
  readonly #folders = new Map<string, Promise<Policy>>();

  /** `otherwise` is for files that have no policy above them. */
  constructor(read: PolicyReader, otherwise: () => Promise<Policy>) {
    this.#read = read;
    this.#otherwise = otherwise;
  }

  policyFor(file: string): Promise<Policy> {
    return this.#inFolder(folderOf(resolvePath('', file)));
  }

  #inFolder(folder: string): Promise<Policy> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const found = this.#nearest(folder);
    this.#folders.set(folder, found);
    return found;
  }

  async #nearest(folder: string): Promise<Policy> {
    for (const name of POLICY_FILES) {
      const path = resolvePath(folder, name);
      const text = await this.#read(path);
      if (text !== null) return loadPolicy(path, this.#read, text);
    }
    return folder === '' || folder === '/' ? this.#otherwise() : this.#inFolder(folderOf(folder));
  }
}
