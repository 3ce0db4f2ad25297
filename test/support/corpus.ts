// SPDX-License-Identifier: Apache-2.0
// The checked-in corpus of Dockerfiles: each with the syntax features it shows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MadeFile } from './dockerfile-grammar.ts';

export interface CorpusFile extends MadeFile {
  readonly features: readonly string[];
}

const folder = join(import.meta.dirname, '..', 'fixtures', 'dockerfiles');

export function corpus(): readonly CorpusFile[] {
  return readFileSync(join(folder, 'bases.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const {
        features,
        text,
        buildArgs = {},
      } = JSON.parse(line) as CorpusFile & { buildArgs?: Record<string, string> };
      return { features, text, buildArgs };
    });
}

/** Every syntax feature that the corpus has to show. */
export function corpusFeatures(): readonly string[] {
  return JSON.parse(readFileSync(join(folder, 'features.json'), 'utf8')) as string[];
}
