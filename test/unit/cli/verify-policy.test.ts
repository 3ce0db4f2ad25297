// SPDX-License-Identifier: Apache-2.0
// The policy that `waybill verify` is given: its file as seen from the working directory, and what cannot be relied on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, layoutFiles } from '../../../scripts/lib/oci-layout.mjs';
import { verifyDocumentSchema } from '../../../src/core/output/verify-document.ts';
import { runInProcess } from '../../support/cli.ts';

const POLICY = 'trust:\n  - images: "**"\n    signers:\n      - {issuer: https://issuer.example, identity: a}\n';

describe('the policy of waybill verify', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-verify-policy-'));
    for (const each of ['.git', 'below', 'layout/blobs/sha256']) mkdirSync(join(folder, each), { recursive: true });
    const platform = { os: 'linux', architecture: 'amd64' };
    const layers = [{ entries: [{ path: 'etc/mark', data: 'x' }] }];
    const { files } = layoutFiles([buildImage({ platform, created: '2026-01-02T03:04:05Z', layers })]);
    for (const [name, bytes] of files) writeFileSync(join(folder, 'layout', name), bytes);
    writeFileSync(join(folder, 'p.yaml'), POLICY);
    writeFileSync(join(folder, 'below', 'p.yaml'), POLICY);
    writeFileSync(join(folder, 'k.pub'), '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n');
    writeFileSync(join(folder, 'key.yaml'), 'trust:\n  - images: "**"\n    signers: [{key: k.pub}]\n');
    assert.equal(spawnSync('mkfifo', [join(folder, 'pipe')]).status, 0);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const verify = (cwd: string, policy: string) =>
    runInProcess(
      ['verify', '--format', 'json', '--platform', 'linux/amd64', '--policy', policy, `oci-dir:${folder}/layout`],
      { cwd },
    );

  it('is named as seen from the working directory, in the document and in the reasons', async () => {
    for (const [cwd, policy] of [
      ['.', 'p.yaml'],
      ['.', 'below/p.yaml'],
      ['below', 'p.yaml'],
      ['below', '../p.yaml'],
    ] as const) {
      const { status, stdout, stderr } = await verify(join(folder, cwd), policy);
      assert.equal(status, 1, stderr);
      const document = verifyDocumentSchema.parse(JSON.parse(stdout));
      assert.deepEqual(document.policy, { file: policy, state: 'unmet' });
      assert.ok(stderr.includes(`(${policy}:2)`), stderr);
    }
  });

  it('ends with 2 for a key that nobody could use, and says where it is asked for', async () => {
    const { status, stdout, stderr } = await verify(folder, 'key.yaml');
    assert.deepEqual([status, stdout], [2, '']);
    assert.equal(stderr, 'waybill: key.yaml:2: k.pub holds no public key that can be read.\n');
  });

  it('ends with 3 where it is no file that ends', async () => {
    for (const name of ['pipe', '/dev/zero', 'below', 'nowhere']) {
      const { status, stdout, stderr } = await verify(folder, name);
      assert.deepEqual([status, stdout], [3, ''], stderr);
      assert.match(stderr, /^waybill: the policy \S+ cannot be read: [^\n]+\n$/);
    }
  });
});
