// SPDX-License-Identifier: Apache-2.0
// The commands that repeat a check, run by a shell as they are printed: real Cosign finds what Waybill found, and says no
// about another image.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { loadPolicy } from '../../src/core/policy/loader.ts';
import { verifyImage } from '../../src/node/evidence-entry.ts';
import { acceptedRecipes } from '../support/verification/accepted.ts';
import { saying } from '../support/verification/changes.ts';
import { createWorld, make, type World } from '../support/verification/fixtures.ts';
import { pushEvidence, typeOf } from '../support/verification/push.ts';
import { cosignKeyPair } from '../testbed/pki.ts';
import { startRegistry, type Registry } from '../testbed/registry.ts';
import { attestWithKey, pushTinyImage, signWithKey } from '../testbed/signing.ts';
import { quietToolEnv, toolPath } from '../testbed/tools.ts';

/** One of each way in which a command is written; the options that it has to have. */
const FORMS: readonly (readonly [base: string, options: RegExp])[] = [
  ['rekor1', /verify-attestation --type=slsaprovenance1 --certificate-identity=\S+ --certificate-oidc-issuer=\S+ --tr/],
  ['rekor1, signature of Cosign 3', /cosign verify --certificate-identity=/],
  ['rekor1, an e-mail address', /--certificate-identity=releases@northwind\.test /],
  ['rekor2', /--trusted-root=/],
  ['stamp', /--insecure-ignore-tlog --use-signed-timestamps --insecure-ignore-sct /],
  ['stamp, certificate log as well', /--insecure-ignore-tlog --use-signed-timestamps /],
  ['key', /--key='our keys\/key\.pub' --insecure-ignore-tlog /],
  ['key, Rekor v1', /--key='our keys\/key\.pub' --trusted-root=/],
  ['key, RSA', /--key=/],
  ['layer', /cosign verify --certificate-identity=/],
  ['layer, key', /cosign verify --key=/],
  ['attestation layer', /verify-attestation /],
  ['attestation layer, key', /verify-attestation .*--key=/],
];

describe('the commands that repeat a check, by real Cosign', function () {
  this.timeout(120_000);
  let folder: string;
  let registry: Registry;
  let world: World;
  let path: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-repeat-'));
    registry = await startRegistry({ referrers: true });
    world = createWorld(new Date());
    path = dirname(await toolPath('cosign'));
    writeFileSync(join(folder, 'authority.json'), JSON.stringify(world.authority.trustedRoot));
    writeFileSync(join(folder, 'github.json'), JSON.stringify(world.github.trustedRoot));
  });
  after(async () => {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const shell = (command: string) =>
    execa('sh', ['-c', command], {
      ...{ cwd: folder, reject: false, extendEnv: false },
      env: { ...quietToolEnv, HOME: folder, PATH: `${path}${delimiter}${process.env['PATH'] ?? ''}` },
    });

  /** The commands of Cosign in what `waybill verify` prints; `pem` is the key that a policy pins. */
  async function printed(name: string, digest: string, root: string | null, pem: string | null) {
    const policy =
      pem === null
        ? null
        : await loadPolicy(
            'our keys/.waybill.yaml',
            async () => pem,
            'trust:\n  - images: "**"\n    signers: [{key: key.pub, log: optional}]\n',
          );
    const quiet = (): void => undefined;
    const verified = await verifyImage(
      {
        ...{ source: { scheme: 'registry', target: `${registry.host}/${name}@${digest}` }, platform: 'linux/amd64' },
        ...{ offline: false, cosignRepository: null, githubRepository: null, policy, now: Date.now() },
      },
      {
        ...{ env: {}, log: { debug: quiet, info: quiet, warn: quiet, error: quiet }, clock: { now: Date.now } },
        ...{ dataFolder: folder, insecureHosts: [registry.host] },
        roots: {
          ...{ trustedRoot: root === null ? null : join(folder, root), tuf: null, githubRoot: null },
          fetchRoots: false,
        },
      },
      {
        ...{ format: 'text', colour: false, reference: name, repository: `${registry.host}/${name}` },
        trustedRoot: root === null ? null : join(folder, root),
      },
      new AbortController().signal,
    );
    assert.ok(verified.ok);
    const [, part = ''] = verified.value.text.split('\nRepeat it with\n');
    return part
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('cosign '));
  }

  for (const [base, options] of FORMS) {
    it(base, async () => {
      const recipe = acceptedRecipes(world)[base];
      assert.ok(recipe);
      const name = `repeat/${base.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`;
      const repository = { host: registry.host, name };
      const { digest } = await pushTinyImage(repository, 'v1', ['amd64'], name);
      const other = await pushTinyImage(repository, 'v2', ['amd64'], `${name} another`);
      const about = saying(
        recipe,
        { subject: [{ digest: { sha256: digest.slice(7) } }], ...typeOf(recipe) },
        { image: { 'docker-manifest-digest': digest } },
      );
      const request = { ...make(world, about), subjects: [digest] };
      await pushEvidence(repository, digest, request);
      const { expected } = request;
      const pem = expected.kind === 'key' ? expected.pem : null;
      if (pem !== null) {
        await execa('mkdir', ['-p', join(folder, 'our keys')]);
        writeFileSync(join(folder, 'our keys', 'key.pub'), pem);
      }
      const [command, ...more] = await printed(
        name,
        digest,
        `${recipe.signer === 'github' ? 'github' : 'authority'}.json`,
        pem,
      );
      assert.deepEqual(more, []);
      assert.match(command ?? '', options);
      const { exitCode, stderr } = await shell(command ?? '');
      assert.equal(exitCode, 0, `${command}\n${stderr}`);
      assert.notEqual((await shell((command ?? '').replace(digest, other.digest))).exitCode, 0);
    });
  }

  it('what Cosign itself signed and attested, in bundles, tags and its experiment with referrers', async () => {
    const { publicKey } = await cosignKeyPair();
    const pem = (await execa('cat', [publicKey])).stdout;
    await execa('mkdir', ['-p', join(folder, 'our keys')]);
    writeFileSync(join(folder, 'our keys', 'key.pub'), pem);
    for (const form of ['bundle', 'tags', 'experimental-referrer'] as const) {
      const name = `repeat/cosign-${form}`;
      const { digest } = await pushTinyImage({ host: registry.host, name }, 'v1', ['amd64'], name);
      await signWithKey(`${registry.host}/${name}@${digest}`, form);
      if (form !== 'experimental-referrer')
        for (const type of ['spdxjson', 'cyclonedx'] as const)
          await attestWithKey(`${registry.host}/${name}@${digest}`, type, form);
      const commands = await printed(name, digest, null, pem);
      assert.equal(commands.length, form === 'experimental-referrer' ? 1 : 3, commands.join('\n'));
      for (const command of commands) {
        const { exitCode, stderr } = await shell(command);
        assert.equal(exitCode, 0, `${command}\n${stderr}`);
      }
    }
  });
});
