// SPDX-License-Identifier: Apache-2.0
// The table of verification cases in the extension host itself, with the file that is shipped.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { differences, runTable, type Outcome, type VerifyModule } from '../../support/verification/run.ts';
import type { CaseTable, VerificationCase } from '../../support/verification/model.ts';
import { COUNTS, makeCases } from '../../support/verification/table.ts';
import { environment } from './runner.ts';

export function verificationSuite(): void {
  describe('verification in the extension host', () => {
    let table: CaseTable;
    let outcomes: readonly Outcome[];
    const only = (wanted: (each: VerificationCase) => boolean): CaseTable => ({
      ...table,
      cases: table.cases.filter(wanted),
    });

    before(async () => {
      const shipped = join(environment('WAYBILL_TEST_EXTENSION'), 'dist', 'verify.js');
      const verify = createRequire(shipped)(shipped) as VerifyModule;
      table = makeCases(new Date());
      outcomes = await runTable(table, verify, join(environment('WAYBILL_TEST_FOLDER'), 'roots'));
    });

    it(`accepts all ${COUNTS.accepted} that have to be accepted`, () => {
      const accepted = only(({ kind }) => kind === null);
      assert.equal(accepted.cases.length, COUNTS.accepted);
      assert.equal(outcomes.length, table.cases.length);
      assert.deepEqual(differences(accepted, outcomes), []);
    });

    it(`refuses all ${COUNTS.refused} that have to be refused, each for its reason`, () => {
      const refused = only(({ kind }) => kind !== null);
      assert.equal(refused.cases.length, COUNTS.refused);
      assert.deepEqual(differences(refused, outcomes), []);
    });
  });
}
