// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueData } from '../core/catalogue/data.ts';
import { manifestParts } from '../core/contributions/manifest.ts';
import { knownRules } from '../core/rules/known.ts';
import { cataloguePages } from './catalogue-pages.ts';
import { configSchemaFiles } from './config-schemas.ts';
import { rulePages } from './rule-docs.ts';
import { ruleInfoFile, ruleNamesFile } from './rule-index.ts';
import { schemaFiles } from './schemas.ts';
import { trustedRootSeed } from './trusted-root.ts';

/** Everything that is written from rules, schemas and contributions: path to content. */
export async function derivedFiles(root: string): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['src/core/rules/names.gen.ts', ruleNamesFile(knownRules)],
    ['src/core/rules/summaries.gen.ts', ruleInfoFile(knownRules)],
    ['package.json', manifest(root)],
    ['src/node/trust/data/trusted-root.json', `${JSON.stringify(trustedRootSeed(), null, 2)}\n`],
    ...rulePages(knownRules),
    ...schemaFiles(),
    ...configSchemaFiles(),
    ...cataloguePages(catalogueData()),
  ]);
}

/** package.json with its generated parts replaced; what is written by hand stays as it is, in its order. */
function manifest(root: string): string {
  const written = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  return `${JSON.stringify({ ...written, ...manifestParts }, null, 2)}\n`;
}
