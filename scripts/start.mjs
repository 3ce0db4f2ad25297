// SPDX-License-Identifier: Apache-2.0
// npm start: from a fresh clone to a real audit in a real VS Code. Starts as plain JavaScript on Node 20.
//   npm start [-- --headless] [--offline]
import { parseArgs } from 'node:util';
import { dependenciesAreInstalled, ensureDependencies } from './lib/dependencies.mjs';
import { runOnNode24 } from './lib/re-execute.mjs';
import { plannedFetches } from './lib/start-plan.mjs';

const HELP = `npm start                 opens VS Code with Waybill and the sample
npm start -- --headless   lints the sample and audits the sample image without a window
  --offline               fetches nothing; says what is missing
`;

/** @returns {{ headless: boolean, offline: boolean, help: boolean }} */
function readOptions() {
  const off = { type: /** @type {const} */ ('boolean'), default: false };
  try {
    const { values } = parseArgs({ options: { headless: off, offline: off, help: off } });
    return /** @type {{ headless: boolean, offline: boolean, help: boolean }} */ (values);
  } catch (error) {
    console.error(`npm start: ${error instanceof Error ? error.message.split('. ')[0] : String(error)}.\n${HELP}`);
    process.exit(2);
  }
}

const { headless, offline, help } = readOptions();
if (help) {
  console.log(HELP);
  process.exit(0);
}
if (!offline) {
  const fetches = plannedFetches({ npm: !dependenciesAreInstalled(), headless });
  if (fetches.length === 0) console.log('Nothing has to be fetched.');
  else console.log(`This run fetches:\n${fetches.map((line) => `  ${line}\n`).join('')}`);
}
ensureDependencies({ offline });
// Node's fetch honours the proxy of the environment, as npm and Go do, only when it is told to.
process.env.NODE_USE_ENV_PROXY ??= '1';
runOnNode24('scripts/start/main.ts', process.argv.slice(2));
