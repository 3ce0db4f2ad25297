// SPDX-License-Identifier: Apache-2.0
// npm run mutate:rules [WBnnnn… or beginnings such as WB1]: switches every rule off, turns every condition of it round, one at a time, and says
// what the rules' tests did not notice. Exit 1 where something is left that test/mutation/equivalent.json does not explain.
import { mutants } from '../test/mutation/mutants.ts';
import { equivalents, isListed, Mutation, ruleFiles } from '../test/mutation/run.ts';

const wanted = process.argv.slice(2);
const files = ruleFiles().filter(({ id }) => wanted.length === 0 || wanted.some((each) => id.startsWith(each)));
const known = equivalents();
const mutation = new Mutation();
const rows = [];
const survivors = [];
for (const { id, url, source } of files) {
  const row = { rule: id, off: 'survived', killed: 0, equivalent: 0, survived: 0, invalid: 0 };
  row.off = (await mutation.judge({ rule: id, url: null, source: '' })).verdict;
  for (const mutant of mutants(source)) {
    const { verdict } = await mutation.judge({ rule: id, url, source: mutant.source });
    if (verdict !== 'survived') row[verdict]++;
    else if (isListed(known, id, mutant)) row.equivalent++;
    else {
      row.survived++;
      survivors.push({ id, ...mutant });
      console.log(`${id}:${mutant.line} survived: ${mutant.change} (${mutant.nth}): ${mutant.code}`);
    }
  }
  rows.push(row);
}
await mutation.end();
for (const title of mutation.failing) console.log(`Left out, for it fails without any mutant: ${title}`);

console.log('\n| rule | switched off | conditions killed | equivalent | survived | no program |');
console.log('| --- | --- | --: | --: | --: | --: |');
for (const { rule, off, killed, equivalent, survived, invalid } of rows) {
  console.log(`| ${rule} | ${off} | ${killed} | ${equivalent} | ${survived} | ${invalid} |`);
}
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
const off = rows.filter((row) => row.off === 'killed').length;
console.log(
  `\n${off} of ${rows.length} rules missed when off; of ${sum('killed') + sum('survived')} changed conditions ${sum('killed')} noticed, ${sum('survived')} not; ${sum('equivalent')} change nothing, ${sum('invalid')} are no programs.`,
);
process.exitCode = survivors.length === 0 && off === rows.length ? 0 : 1;
