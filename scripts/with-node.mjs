// SPDX-License-Identifier: Apache-2.0
// Runs a script of the project on its own Node 24: node scripts/with-node.mjs SCRIPT [ARG…]
import { runOnNode24 } from './lib/re-execute.mjs';

const [script, ...args] = process.argv.slice(2);
runOnNode24(script, args);
