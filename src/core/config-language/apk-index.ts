// SPDX-License-Identifier: Apache-2.0
import type { IndexedPackage } from './model.ts';

/** An index of a whole distribution has some tens of thousands. */
const MAX_PACKAGES = 200_000;

/**
 * The packages of an `APKINDEX`, each once and in order of their names: blocks of `P:` name, `V:` version and `T:`
 * description, set off by empty lines. Whatever is no such block is passed over. Of a package that stands there in
 * several versions the last is kept, which is where indexes have their newest.
 */
export function parseApkIndex(text: string): readonly IndexedPackage[] {
  const found = new Map<string, IndexedPackage>();
  for (const block of text.split(/\r?\n\r?\n/)) {
    const fields = new Map<string, string>();
    for (const line of block.split(/\r?\n/)) if (line[1] === ':') fields.set(line.charAt(0), line.slice(2));
    const name = fields.get('P') ?? '';
    if (name === '' || found.size >= MAX_PACKAGES) continue;
    found.set(name, { name, version: fields.get('V') ?? '', description: fields.get('T') ?? '' });
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
