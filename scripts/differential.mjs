// SPDX-License-Identifier: Apache-2.0
// npm run differential -- melange|apko DIR: reads every YAML file below a folder with the real library and with this
// project, and says where they disagree. Exit 1 where they do.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { askLibraries } from '../test/support/config-judge.ts';
import { compare } from '../test/support/differential.ts';
import { toolPath } from '../test/testbed/tools.ts';

const [language, folder] = process.argv.slice(2);
if ((language !== 'melange' && language !== 'apko') || folder === undefined) {
  console.error('Usage: npm run differential -- melange|apko DIR');
  process.exit(2);
}
const root = resolve(folder);
if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
  console.error(`${root} is no folder.`);
  process.exit(2);
}
const readBeside = (base) =>
  new Proxy(
    {},
    {
      get: (_, path) => {
        try {
          return readFileSync(join(base, String(path)), 'utf8');
        } catch {
          return undefined;
        }
      },
    },
  );
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ya?ml$/i.test(name) && statSync(join(root, name)).isFile())
  .toSorted()
  .map((name) => ({ language, name, path: join(root, name), text: readFileSync(join(root, name), 'utf8'), files: {} }));
const program = await toolPath('config-check');
const judged = askLibraries(program, files);
const comparison = compare(
  program,
  files.map((file) => ({ ...file, files: readBeside(dirname(file.path)) })),
  judged,
);
for (const { file, theirs, ours } of comparison.disagreements) {
  console.log(`${file.name}\n  ${language}: ${theirs ?? 'takes it'}\n  waybill: ${ours ?? 'takes it'}`);
}
const wrong = comparison.disagreements.length;
const share = files.length === 0 ? 100 : 100 * (1 - wrong / files.length);
console.log(
  `${files.length} files, ${comparison.refused} refused by ${language}; agreement ${share.toFixed(2)} %, ${comparison.falseRefusals.length} false refusals.`,
);
process.exitCode = wrong === 0 ? 0 : 1;
