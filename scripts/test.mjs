// SPDX-License-Identifier: Apache-2.0
// npm test: sets up what it needs and runs everything. Starts as plain JavaScript on Node 20.
//   node scripts/test.mjs [all|portable|unit|tools|integration|packages]…
import { ensureDependencies } from './lib/dependencies.mjs';
import { runOnNode24 } from './lib/re-execute.mjs';

ensureDependencies();
runOnNode24('scripts/run-tests.mjs', process.argv.slice(2));
