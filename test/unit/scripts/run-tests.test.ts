// SPDX-License-Identifier: Apache-2.0
// The counts that a run ends with: what a test run says of itself has to be true.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** Counts of a spec file, by Mocha and the project's reporter. */
function counts(spec: string): { passed: number; failed: number } {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-counts-'));
  try {
    const file = join(folder, 'counts.jsonl');
    writeFileSync(join(folder, 'spec.cjs'), spec);
    const reporter = join(root, 'scripts', 'lib', 'reporter.cjs');
    const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    spawnSync(process.execPath, [mocha, '--no-config', '--reporter', reporter, join(folder, 'spec.cjs')], {
      env: { ...process.env, WAYBILL_TEST_COUNTS: file },
    });
    return JSON.parse(readFileSync(file, 'utf8')) as { passed: number; failed: number };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the test run', () => {
  it('counts what passed and what failed', () =>
    assert.deepEqual(counts(`it('a', () => {}); it('b', () => {}); it('c', () => { throw new Error('no'); });`), {
      passed: 2,
      failed: 1,
    }));

  it('counts a skipped test as a failure', () =>
    assert.deepEqual(counts(`it('a', () => {}); it.skip('b', () => {}); it('c');`), { passed: 1, failed: 2 }));

  it('counts a failing hook as a failure', () =>
    assert.deepEqual(counts(`before(() => { throw new Error('no'); }); it('a', () => {});`), { passed: 0, failed: 1 }));

  it('refuses a group that does not exist', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/run-tests.mjs', 'everything'], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.match(stderr, /portable/);
  });
}).timeout(20_000);
