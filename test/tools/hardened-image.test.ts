// SPDX-License-Identifier: Apache-2.0
// An image as Docker Hardened Images are, signed by real Cosign: its attestations are bare statements that refer to the
// platform's manifest, and each of them is signed by a referrer of its own.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { verifyDocumentSchema } from '../../src/core/output/verify-document.ts';
import { cosignKeyPair } from '../testbed/pki.ts';
import { projectRoot } from '../testbed/paths.ts';
import { startRegistry, type Registry } from '../testbed/registry.ts';
import {
  PREDICATES,
  pushReferrer,
  pushTinyImage,
  signWithKey,
  statementAbout,
  type Repository,
} from '../testbed/signing.ts';

const IN_TOTO = 'application/vnd.in-toto+json';

for (const referrers of [true, false]) {
  describe(`a hardened image in a registry ${referrers ? 'with' : 'without'} the referrers API`, function () {
    this.timeout(120_000);
    let registry: Registry;
    let folder: string;
    let repository: Repository;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'waybill-hardened-'));
      registry = await startRegistry({ referrers });
      repository = { host: registry.host, name: 'dhi/python' };
      copyFileSync((await cosignKeyPair()).publicKey, join(folder, 'cosign.pub'));
      writeFileSync(
        join(folder, 'policy.yaml'),
        `trust:\n  - images: ${registry.host}/**\n    signers:\n      - key: cosign.pub\n        log: optional\n    require: [signature, sbom]\n`,
      );
    });
    after(async () => {
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function verify(reference: string) {
      const args = ['verify', reference, '--platform', 'linux/amd64', '--format', 'json', '--policy', 'policy.yaml'];
      const { exitCode, stdout, stderr } = await execa(
        process.execPath,
        ['--no-warnings', join(projectRoot, 'src', 'cli', 'main.ts'), ...args],
        { cwd: folder, env: { HOME: folder }, reject: false },
      );
      return { exitCode, stderr, document: verifyDocumentSchema.parse(JSON.parse(stdout)) };
    }

    it('has its statements believed by the signatures beside them, each by its own', async () => {
      const { reference, digest, platforms } = await pushTinyImage(repository, 'signed', ['amd64', 'arm64']);
      const platform = platforms['linux/amd64'] ?? '';
      await signWithKey(`${registry.host}/dhi/python@${digest}`, 'experimental-referrer');
      const attest = (type: string, predicate: unknown) =>
        pushReferrer(
          repository,
          platform,
          Buffer.from(JSON.stringify(statementAbout(platform, type, predicate))),
          IN_TOTO,
        );
      const sbom = await attest('https://spdx.dev/Document', PREDICATES.spdxjson);
      await attest('https://scout.docker.com/secrets/v0.1', {});

      // Nobody has signed the statements yet.
      const before = await verify(reference);
      assert.equal(before.exitCode, 1, before.stderr);
      assert.match(before.stderr, /SBOM is not signed/);

      await signWithKey(`${registry.host}/dhi/python@${sbom.digest}`, 'experimental-referrer');
      const { exitCode, stderr, document } = await verify(reference);
      assert.equal(exitCode, 0, stderr);
      assert.deepEqual(document.items.map(({ kind, verdict }) => `${kind} ${verdict}`).toSorted(), [
        'in-toto-referrer unsigned',
        'in-toto-referrer unsigned',
        'legacy-signature verified',
        'legacy-signature verified',
      ]);
      assert.ok(document.subjects.some((each) => each.role === 'attestation-manifest' && each.digest === sbom.digest));
    });

    it('is not signed by a signature of an attestation', async () => {
      const { reference, digest: platform } = await pushTinyImage(repository, 'unsigned');
      const statement = statementAbout(platform, 'https://spdx.dev/Document', PREDICATES.spdxjson);
      const sbom = await pushReferrer(repository, platform, Buffer.from(JSON.stringify(statement)), IN_TOTO);
      await signWithKey(`${registry.host}/dhi/python@${sbom.digest}`, 'experimental-referrer');
      const { exitCode, stderr } = await verify(reference);
      assert.equal(exitCode, 1, stderr);
      assert.match(stderr, /signature/i);
      assert.doesNotMatch(stderr, /SBOM/, 'only the image itself is not signed');
    });
  });
}
