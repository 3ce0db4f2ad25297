// SPDX-License-Identifier: Apache-2.0
// Bundles that the public-good instance really made, in 2023 and 2024, by the root that is shipped. They are test data of
// GitHub's command line, taken from the Go module proxy.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { bunPath } from '../testbed/bun.ts';
import { moduleSource } from '../testbed/go.ts';
import { projectRoot } from '../testbed/paths.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const ATTEST =
  'https://github.com/github/artifact-attestations-workflows/.github/workflows/attest.yml@09b495c3f12c7881b3cc17209a327792065c1a1d';
const RELEASE = 'https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main';
const INTEGRATION = 'https://github.com/too-legit/attest/.github/workflows/integration.yml@refs/heads/main';

/** Bundle, artifact, identity, issuer, kind and day of its log entry. */
const REAL = [
  ['reusable-workflow-attestation.sigstore.json', 'reusable-workflow-artifact', ATTEST, GITHUB, '2024-05-24'],
  ['sigstore-js-2.1.0-bundle.json', 'sigstore-js-2.1.0.tgz', RELEASE, GITHUB, '2023-08-29'],
  ['sigstore-js-2.1.0-bundle-v0.1.json', 'sigstore-js-2.1.0.tgz', RELEASE, GITHUB, '2023-08-29'],
  ['custom-issuer.sigstore.json', 'custom-issuer-artifact', INTEGRATION, `${GITHUB}/hammer-time`, '2024-09-11'],
] as const;

interface Answer {
  readonly verified: boolean;
  readonly code: string;
  readonly times: readonly { readonly source: string; readonly time: string }[];
  readonly root: { readonly source: string };
}

for (const [host, program] of [
  ['Node', () => process.execPath],
  ['Bun', bunPath],
] as const) {
  describe(`real bundles of the public-good instance, on ${host}`, function () {
    this.timeout(120_000);
    let data: string;

    before(async () => {
      const source = await moduleSource('github.com/cli/cli/v2', 'v2.62.0');
      data = join(source, 'pkg', 'cmd', 'attestation', 'test', 'data');
    });

    async function check(bundle: string, artifact: string, identity: string, issuer: string): Promise<Answer> {
      const { stdout, exitCode } = await execa(
        program(),
        [
          ...[join(projectRoot, 'dist', 'cli.js'), 'verify-bundle', '--format', 'json'],
          ...['--bundle', join(data, bundle), '--certificate-identity', identity, '--certificate-oidc-issuer', issuer],
          artifact,
        ],
        { reject: false },
      );
      const answer = JSON.parse(stdout) as Answer;
      assert.equal(exitCode, answer.verified ? 0 : 1);
      return answer;
    }

    for (const [bundle, artifact, identity, issuer, day] of REAL) {
      it(`holds: ${bundle}`, async () => {
        const { verified, code, times, root } = await check(bundle, join(data, artifact), identity, issuer);
        assert.deepEqual([verified, code, root.source], [true, 'ok', 'seed']);
        assert.equal(times.find(({ source }) => source === 'log')?.time.slice(0, 10), day);
      });
    }

    it('does not hold for anybody else, nor for anything else', async () => {
      const [[bundle, artifact]] = REAL;
      const path = join(data, artifact);
      const digest = `sha256:${'a'.repeat(64)}`;
      assert.equal((await check(bundle, path, ATTEST.slice(0, -1), GITHUB)).code, 'identity-mismatch');
      assert.equal((await check(bundle, path, ATTEST, `${GITHUB}/`)).code, 'issuer-mismatch');
      assert.equal((await check(bundle, digest, ATTEST, GITHUB)).code, 'subject-mismatch');
      const forged = await check('sigstoreBundle-invalid-signature.json', path, ATTEST, GITHUB);
      assert.equal(forged.verified, false);
    });

    it("is not GitHub's own instance, whose bundles need a root of it", async () => {
      const [line = ''] = readFileSync(
        join(data, 'github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl'),
        'utf8',
      ).split('\n');
      assert.match(line, /^\{/);
      const name = 'github_provenance_demo-0.0.12-py3-none-any';
      const { code } = await check(`${name}-bundle.jsonl`, join(data, `${name}.whl`), ATTEST, GITHUB);
      assert.equal(code, 'root-missing');
    });
  });
}
