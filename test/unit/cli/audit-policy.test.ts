// SPDX-License-Identifier: Apache-2.0
// A policy that cannot be relied on ends `waybill audit` before any tool is started.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '../../support/cli.ts';

describe('audit under a policy', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-audit-policy-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (policy: string) =>
    runInProcess(['audit', 'oci-dir:nowhere', '--policy', policy, '--format', 'json'], { cwd: folder });

  it('with mistakes: each on its place, exit 2, no report', async () => {
    writeFileSync(join(folder, 'p.yaml'), 'waivers:\n  - vulnerability: CVE-2026-1\n    owner: a\n    resaon: b\n');
    const { status, stdout, stderr } = await run('p.yaml');
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^waybill: p\.yaml:4:5: Unknown setting "resaon"\. Did you mean reason\?$/m);
    assert.match(stderr, /^waybill: p\.yaml:2:5: "expires" is missing\.$/m);
  });

  it('that cannot be read: exit 3; without a name: exit 2', async () => {
    const missing = await run('nowhere.yaml');
    assert.equal(missing.status, 3);
    assert.match(missing.stderr, /the policy nowhere\.yaml cannot be read: it does not exist/);
    assert.equal((await run('')).status, 2);
  });
});
