// SPDX-License-Identifier: Apache-2.0
// npm run golden: writes what is found in the hand-made Dockerfiles. Read the difference before it is committed.
import { writeFileSync } from 'node:fs';
import { examples, goldenFile, handMade, judged } from '../test/support/cases.ts';

const golden = {};
for (const each of [...handMade(), ...examples()]) golden[each.name] = await judged(each);
writeFileSync(goldenFile, `${JSON.stringify(golden, null, 1)}\n`);
console.log(`${Object.keys(golden).length} files, ${Object.values(golden).flat().length} findings`);
