// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** src/core/rules/index.gen.ts from the files of the rule folders, sorted by id. */
export function generateRuleIndex(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'src', 'core', 'rules', 'dockerfile');
  const rules = readdirSync(folder)
    .filter((file) => /^WB\d{4}-.*\.ts$/.test(file))
    .toSorted()
    .map((file) => {
      const name = /export const (\w+) = defineRule\(/.exec(readFileSync(join(folder, file), 'utf8'))?.[1];
      if (name === undefined) throw new Error(`${file} exports no rule: it needs one "export const … = defineRule(".`);
      return { file, name };
    });
  const lines = [
    '// SPDX-License-Identifier: Apache-2.0',
    '// Written by npm run generate from the files of this folder.',
    "import type { DockerfileRule } from './define.ts';",
    ...rules.map(({ file, name }) => `import { ${name} } from './dockerfile/${file}';`),
    '',
    '/** Every Dockerfile rule, by id. */',
    `export const dockerfileRules: readonly DockerfileRule[] = [${rules.map(({ name }) => name).join(', ')}];`,
    '',
  ];
  return new Map([['src/core/rules/index.gen.ts', lines.join('\n')]]);
}
