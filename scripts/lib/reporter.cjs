// SPDX-License-Identifier: Apache-2.0
// Mocha's spec reporter that also adds its counts to the file named by WAYBILL_TEST_COUNTS, a line a run.
const { appendFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.WAYBILL_TEST_COUNTS;
      if (file === undefined) return;
      const { passes, failures, pending } = this.stats;
      appendFileSync(file, `${JSON.stringify({ passed: passes, failed: failures + pending })}\n`);
    });
  }
}

module.exports = CountingReporter;
