// SPDX-License-Identifier: Apache-2.0
// npm run differential -- melange|apko DIR [MUTANTS [SEED]]: reads every YAML file below a folder with the real library
// and with this project, and says where they disagree. With a number it damages the files that are taken that many
// times, and says as well how often a range touches the damage. Exit 1 where they disagree.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { askLibraries } from '../test/support/config-judge.ts';
import { mutants } from '../test/support/config-mutants.ts';
import { compare, touching } from '../test/support/differential.ts';
import { Random } from '../test/support/dockerfile-grammar.ts';
import { toolPath } from '../test/testbed/tools.ts';

const [language, folder, count = '0', seed = '1'] = process.argv.slice(2);
const numbers = /^\d{1,7}$/.test(count) && /^\d{1,9}$/.test(seed);
if ((language !== 'melange' && language !== 'apko') || folder === undefined || !numbers) {
  console.error('Usage: npm run differential -- melange|apko DIR [MUTANTS [SEED]]');
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
const report = (what, { refused, disagreements, falseRefusals }, total) => {
  for (const { file, theirs, ours } of disagreements) {
    console.log(`${file.name}\n  ${language}: ${theirs ?? 'takes it'}\n  waybill: ${ours ?? 'takes it'}`);
  }
  const share = total === 0 ? 100 : 100 * (1 - disagreements.length / total);
  console.log(
    `${total} ${what}, ${refused} refused by ${language}; agreement ${share.toFixed(2)} %, ${falseRefusals.length} false refusals.`,
  );
  if (disagreements.length > 0) process.exitCode = 1;
};
const placed = files.map((file) => ({ ...file, files: readBeside(dirname(file.path)) }));
report('files', compare(program, placed, judged), files.length);
if (Number(count) > 0) {
  const taken = placed.filter((_, i) => judged[i]?.error === null);
  const made = taken.length === 0 ? [] : mutants(taken, Number(count), new Random(Number(seed)));
  // What is damaged is not on the disk: only its folder is.
  const comparison = compare(
    program,
    made,
    askLibraries(
      program,
      made.map((file) => ({ ...file, path: undefined, files: {} })),
    ),
  );
  report('mutants', comparison, made.length);
  const right = touching(comparison).length;
  const share = comparison.bothRefuse.length === 0 ? 100 : (100 * right) / comparison.bothRefuse.length;
  console.log(
    `A range touches the damage in ${right} of ${comparison.bothRefuse.length} refused by both (${share.toFixed(1)} %).`,
  );
}
