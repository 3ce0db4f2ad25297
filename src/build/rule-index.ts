// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleInfo } from '../core/rules/define.ts';

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

const header = [
  '// SPDX-License-Identifier: Apache-2.0',
  '// Written by npm run generate from the files of this folder.',
];
const imports = (rules: readonly RuleFile[]): string[] =>
  rules.map(({ path, name }) => `import { ${name} } from '${path}';`);

/**
 * What lists the rules of src/core/rules: those of Dockerfiles, those of apko and melange (an output of their own that is
 * loaded at the first such file), and the names of all for whatever only has to know that a rule exists.
 */
export function generateRuleIndex(root: string): ReadonlyMap<string, string> {
  const [dockerfile, apko, melange, image] = ['dockerfile', 'apko', 'melange', 'image'].map((language) =>
    rulesIn(root, language),
  );
  if (dockerfile === undefined || apko === undefined || melange === undefined || image === undefined)
    throw new Error('No rules were found.');
  const dockerfileIndex = [
    ...header,
    "import type { DockerfileRule } from './define.ts';",
    ...imports(dockerfile),
    '',
    '/** Every Dockerfile rule, by id. */',
    `export const dockerfileRules: readonly DockerfileRule[] = [${list(dockerfile)}];`,
    '',
  ];
  const configIndex = [
    ...header,
    "import type { ApkoRule, MelangeRule } from './define.ts';",
    ...imports([...apko, ...melange]),
    '',
    '/** Every apko rule, by id. */',
    `export const apkoRules: readonly ApkoRule[] = [${list(apko)}];`,
    '',
    '/** Every melange rule, by id. */',
    `export const melangeRules: readonly MelangeRule[] = [${list(melange)}];`,
    '',
  ];
  const imageIndex = [
    ...header,
    "import type { ImageRule } from './define.ts';",
    ...imports(image),
    '',
    '/** Every rule about built images, by id. */',
    `export const imageRules: readonly ImageRule[] = [${list(image)}];`,
    '',
  ];
  return new Map([
    ['src/core/rules/image-index.gen.ts', imageIndex.join('\n')],
    ['src/core/rules/index.gen.ts', dockerfileIndex.join('\n')],
    ['src/core/rules/config-index.gen.ts', configIndex.join('\n')],
  ]);
}

/** What is said of every rule, without its code and examples: for lists, SARIF and whoever asks for one by name. */
export function ruleInfoFile(rules: readonly RuleInfo[]): string {
  const infos = rules.map(
    ({ id, slug, title, language, severity, offByDefault, category, since, why, controls, refs }) =>
      JSON.stringify({
        ...{ id, slug, title, language, severity },
        ...(offByDefault === true ? { offByDefault } : {}),
        ...{ category, since, why, controls, refs },
      }),
  );
  return [
    ...header,
    "import type { RuleSummary } from './define.ts';",
    '',
    'const summaries: readonly RuleSummary[] = [',
    ...infos.map((info) => `  ${info},`),
    '];',
    '',
    '/** Every rule that a finding can name, by id. An output of its own for the command. */',
    'export function ruleSummaries(): readonly RuleSummary[] {',
    '  return summaries;',
    '}',
    '',
  ].join('\n');
}

/** Ids and slugs of all rules, without their code. */
export function ruleNamesFile(rules: readonly { readonly id: string; readonly slug: string }[]): string {
  return [
    ...header,
    '',
    '/** Every rule that a finding can name, by id. */',
    'export const ruleNames: readonly { readonly id: string; readonly slug: string }[] = [',
    ...rules.map(({ id, slug }) => `  { id: '${id}', slug: '${slug}' },`),
    '];',
    '',
  ].join('\n');
}
