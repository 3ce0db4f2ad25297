// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface RuleFile {
  readonly path: string;
  readonly name: string;
}

/** The rules of one folder, sorted by id. */
function rulesIn(root: string, language: string): readonly RuleFile[] {
  const folder = join(root, 'src', 'core', 'rules', language);
  return readdirSync(folder)
    .filter((file) => /^WB\d{4}-.*\.ts$/.test(file))
    .toSorted()
    .map((file) => {
      const name = /export const (\w+) = defineRule\(/.exec(readFileSync(join(folder, file), 'utf8'))?.[1];
      if (name === undefined) throw new Error(`${file} exports no rule: it needs one "export const … = defineRule(".`);
      return { path: `./${language}/${file}`, name };
    });
}

const list = (rules: readonly RuleFile[]): string => rules.map(({ name }) => name).join(', ');

/** src/core/rules/index.gen.ts from the files of the rule folders. */
export function generateRuleIndex(root: string): ReadonlyMap<string, string> {
  const [dockerfile, apko, melange] = ['dockerfile', 'apko', 'melange'].map((language) => rulesIn(root, language));
  if (dockerfile === undefined || apko === undefined || melange === undefined) throw new Error('No rules were found.');
  const lines = [
    '// SPDX-License-Identifier: Apache-2.0',
    '// Written by npm run generate from the files of this folder.',
    "import type { ApkoRule, DockerfileRule, MelangeRule } from './define.ts';",
    ...[...dockerfile, ...apko, ...melange].map(({ path, name }) => `import { ${name} } from '${path}';`),
    '',
    '/** Every Dockerfile rule, by id. */',
    `export const dockerfileRules: readonly DockerfileRule[] = [${list(dockerfile)}];`,
    '',
    '/** Every apko rule, by id. */',
    `export const apkoRules: readonly ApkoRule[] = [${list(apko)}];`,
    '',
    '/** Every melange rule, by id. */',
    `export const melangeRules: readonly MelangeRule[] = [${list(melange)}];`,
    '',
  ];
  return new Map([['src/core/rules/index.gen.ts', lines.join('\n')]]);
}
