// SPDX-License-Identifier: Apache-2.0
// The table as a program of its own, for hosts without Mocha: PROGRAM VERIFY_JS TABLE_JSON FOLDER; prints the outcomes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CaseTable } from './model.ts';
import { runTable, type VerifyModule } from './run.ts';

const [module = '', table = '', folder = ''] = process.argv.slice(2);
const verify = createRequire(import.meta.url)(module) as VerifyModule;
const outcomes = await runTable(JSON.parse(readFileSync(table, 'utf8')) as CaseTable, verify, folder);
process.stdout.write(JSON.stringify(outcomes));
