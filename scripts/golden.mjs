// SPDX-License-Identifier: Apache-2.0
// npm run golden: writes what is found in the hand-made Dockerfiles and the rules' examples. Read the difference before it is committed.
import { writeFileSync } from 'node:fs';
import {
  configExamples,
  configGoldenFile,
  examples,
  goldenFile,
  handMade,
  judged,
  judgedConfig,
} from '../test/support/cases.ts';

async function write(file, cases, judge) {
  const golden = {};
  for (const each of cases) golden[each.name] = await judge(each);
  writeFileSync(file, `${JSON.stringify(golden, null, 1)}\n`);
  console.log(`${Object.keys(golden).length} files, ${Object.values(golden).flat().length} findings`);
}

await write(goldenFile, [...handMade(), ...examples()], judged);
await write(configGoldenFile, configExamples(), judgedConfig);
