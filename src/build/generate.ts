// SPDX-License-Identifier: Apache-2.0
// npm run generate: writes everything that is derived from the sources. With --check it only compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateRuleIndex } from './rule-index.ts';

export const projectRoot = join(import.meta.dirname, '..', '..');

/** Every generated file of the project: path to content. */
export async function generatedFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map(generateRuleIndex(root));
  // What follows reads the rules through the index, so the index has to stand first.
  writeChanged(root, files);
  const { derivedFiles } = await import('./derived.ts');
  for (const [path, content] of await derivedFiles(root)) files.set(path, content);
  return files;
}

function writeChanged(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  const changed: string[] = [];
  for (const [path, content] of files) {
    const full = join(root, path);
    if (existsSync(full) && readFileSync(full, 'utf8') === content) continue;
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    changed.push(path);
  }
  return changed;
}

if (import.meta.main) {
  const changed = writeChanged(projectRoot, await generatedFiles(projectRoot));
  console.log(changed.length === 0 ? 'Everything generated was up to date.' : `Written: ${changed.join(', ')}`);
}
