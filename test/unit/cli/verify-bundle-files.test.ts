// SPDX-License-Identifier: Apache-2.0
// What `waybill verify-bundle` reads: files that end, pipes that the shell has opened, and nothing that could wait for ever.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_EVIDENCE_BYTES } from '../../../src/core/attestations/model.ts';
import { runInProcess } from '../../support/cli.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const WHO = ['--certificate-identity', 'a', '--certificate-oidc-issuer', 'b'];

describe('files of waybill verify-bundle', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-files-'));
    writeFileSync(join(folder, 'bundle.json'), '{}');
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'huge'), '');
    truncateSync(join(folder, 'huge'), MAX_EVIDENCE_BYTES + 1);
    mkdirSync(join(folder, 'folder'));
    assert.equal(spawnSync('mkfifo', [join(folder, 'pipe')]).status, 0);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const verify = (...args: string[]) => runInProcess(['verify-bundle', '--format', 'json', ...args], { cwd: folder });
  const codeOf = (stdout: string): string => (JSON.parse(stdout) as { code: string }).code;

  for (const name of ['pipe', '/dev/zero', 'folder', 'missing']) {
    it(`cannot read ${name}, whatever it is given as`, async () => {
      for (const args of [
        ['--bundle', name, ...WHO, DIGEST],
        ['--bundle', 'bundle.json', ...WHO, name],
        ['--bundle', 'bundle.json', '--key', name, DIGEST],
        ['--bundle', 'bundle.json', ...WHO, '--trusted-root', name, DIGEST],
      ]) {
        const { status, stdout, stderr } = await verify(...args);
        assert.deepEqual([status, stdout], [3, ''], `${args.join(' ')}: ${stderr}`);
        assert.match(stderr, /^waybill: .* could not be read: [^\n]+\n$/);
      }
    });
  }

  it('has an answer about what is empty or too large: that is read', async () => {
    const empty = await verify('--bundle', 'empty', ...WHO, DIGEST);
    assert.deepEqual([empty.status, codeOf(empty.stdout)], [1, 'json-malformed']);
    const huge = await verify('--bundle', 'huge', ...WHO, DIGEST);
    assert.deepEqual([huge.status, codeOf(huge.stdout)], [1, 'too-large']);
    const key = await verify('--bundle', 'bundle.json', '--key', 'huge', DIGEST);
    assert.deepEqual([key.status, codeOf(key.stdout)], [1, 'bundle-malformed']);
  });

  it('takes the name of a digest that is not written as one for a file', async () => {
    const name = `sha256:${'A'.repeat(64)}`;
    const before = await verify('--bundle', 'bundle.json', ...WHO, name);
    assert.equal(before.status, 3);
    writeFileSync(join(folder, name), 'x');
    const { status, stdout } = await verify('--bundle', 'bundle.json', ...WHO, name);
    assert.deepEqual([status, codeOf(stdout)], [1, 'bundle-malformed']);
  });

  it('takes every option with a value once', async () => {
    const whole = ['--bundle', 'bundle.json', '--key', 'k', '--trusted-root', 'r', DIGEST];
    for (const again of [
      ['--bundle', 'bundle.json'],
      ['--key=k'],
      ['--trusted-root', 'r'],
      ['--format', 'json'],
      ['--format=text'],
    ]) {
      const { status, stdout, stderr } = await verify(...whole, ...again);
      assert.deepEqual([status, stdout], [2, ''], again.join(' '));
      assert.match(stderr, /^waybill: --[a-z-]+ was given more than once\n$/);
    }
  });

  it('says a mistake in one line', async () => {
    const { status, stderr } = await verify('--bundle', '-x', ...WHO, DIGEST);
    assert.equal(status, 2);
    assert.match(stderr, /^waybill: [^\n]+\n$/);
  });
});
