// SPDX-License-Identifier: Apache-2.0
// `waybill verify` as a person runs it, against a real registry and what real Cosign signed there.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { verifyDocumentSchema, type VerifyDocument } from '../../src/core/output/verify-document.ts';
import { layoutOf } from './verify-images.ts';
import {
  attestImage,
  cosignKeyPair,
  signImage,
  signingAuthority,
  type Authority,
  type KeyPair,
} from '../testbed/pki.ts';
import { pushImage, startRegistry, type Registry } from '../testbed/registry.ts';
import { prepareAudit, waybill, type Bench } from './audit-cli.ts';

const PROVENANCE = {
  buildDefinition: {
    buildType: 'https://example.test/build/v1',
    externalParameters: { source: 'https://github.com/northwind/app' },
    resolvedDependencies: [],
  },
  runDetails: { builder: { id: 'https://ci.example.test/builder' } },
};
const SBOM = { spdxVersion: 'SPDX-2.3', name: 'app', packages: [{ name: 'a', SPDXID: 'SPDXRef-a' }] };

describe('waybill verify', function () {
  this.timeout(240_000);
  let bench: Bench;
  let key: KeyPair;
  let authority: Authority;
  const registries: Registry[] = [];

  before(async () => {
    [bench, key, authority] = await Promise.all([prepareAudit(), cosignKeyPair(), signingAuthority()]);
    copyFileSync(key.publicKey, join(bench.folder, 'cosign.pub'));
    for (const [name, document] of [
      ['provenance', PROVENANCE],
      ['sbom', SBOM],
    ] as const)
      writeFileSync(join(bench.folder, `${name}.json`), JSON.stringify(document));
  });
  after(async () => {
    await Promise.all(registries.map(({ stop }) => stop()));
    bench.dispose();
  });

  /** A small image in a registry of its own: `HOST/northwind/app` and its digest. */
  async function pushed(
    referrers: boolean,
  ): Promise<{ readonly name: string; readonly digest: string; readonly exact: string }> {
    const registry = await startRegistry({ referrers });
    registries.push(registry);
    const name = `${registry.host}/northwind/app`;
    const digest = await pushImage(layoutOf(bench.folder), `${name}:1`);
    return { name, digest, exact: `${name}@${digest}` };
  }

  function policy(name: string, text: string): string {
    const path = join(bench.folder, name);
    writeFileSync(path, text);
    return path;
  }
  const keyPolicy = (host: string, more = ''): string =>
    `trust:\n  - images: ${host}/**\n    signers:\n      - key: cosign.pub\n        log: optional\n${more}`;

  async function verify(...args: string[]): Promise<{ code: number | null; document: VerifyDocument; stderr: string }> {
    const { code, stdout, stderr } = await waybill(
      ['verify', '--format', 'json', '--platform', 'linux/amd64', ...args],
      bench.env,
    );
    const document = verifyDocumentSchema.parse(
      JSON.parse(stdout === '' ? `{"stderr":${JSON.stringify(stderr)}}` : stdout),
    );
    return { code, document, stderr };
  }

  for (const referrers of [true, false]) {
    describe(`in a registry ${referrers ? 'with' : 'without'} the referrers API`, () => {
      let image: Awaited<ReturnType<typeof pushed>>;
      before(async () => {
        image = await pushed(referrers);
      });
      const host = (): string => image.name.split('/')[0] ?? '';

      it('nothing is there: not signed without a judgement, and exit 1 under a policy', async () => {
        const plain = await verify('--offline', image.exact).catch(() => null);
        assert.equal(plain, null, 'nothing is asked offline');
        const none = await verify(image.exact);
        assert.deepEqual(
          [none.code, none.document.items.length, none.document.policy],
          [0, 0, { file: null, state: 'none' }],
        );
        assert.ok(none.document.places.length > 3);
        assert.ok(
          none.document.places.every(
            ({ state, kind }) => state === 'absent' || state === 'unsupported' || kind === 'github-attestations',
          ),
          JSON.stringify(none.document.places),
        );
        const asked = await verify('--policy', policy('a.yaml', keyPolicy(host())), image.exact);
        assert.deepEqual([asked.code, asked.document.policy.state], [1, 'unmet']);
        assert.match(asked.stderr, /Not signed\. The trust policy asks for a signature/);
      });

      it('signed with the key that the policy pins: met; with another key: not', async () => {
        await signImage(image.exact, key);
        const met = await verify('--policy', policy('b.yaml', keyPolicy(host())), image.exact);
        assert.deepEqual(
          [met.code, met.document.policy.state],
          [0, 'met'],
          JSON.stringify(met.document, null, 1) + met.stderr,
        );
        const [item] = met.document.items;
        assert.equal(item?.verdict, 'verified');
        assert.deepEqual(item.checks.find(({ id }) => id === 'policy-signer')?.state, 'passed');
        const logged = await verify(
          '--policy',
          policy('c.yaml', keyPolicy(host()).replace('        log: optional\n', '')),
          image.exact,
        );
        assert.deepEqual([logged.code, logged.document.policy.state], [1, 'unmet']);
        assert.match(logged.stderr, /no entry in a transparency log/);
        const plain = await verify(image.exact);
        assert.deepEqual([plain.code, plain.document.items[0]?.code], [0, 'key-unknown']);
        const foreign =
          'trust:\n  - images: "**"\n    signers:\n      - {issuer: https://x.example, identity: somebody}\n';
        const other = await verify('--policy', policy('d.yaml', foreign), image.exact);
        assert.notEqual(other.code, 0);
      });

      it('attested: what the policy requires, and what it does not have', async () => {
        await attestImage(image.exact, key, {
          type: 'slsaprovenance1',
          predicate: join(bench.folder, 'provenance.json'),
        });
        await attestImage(image.exact, key, { type: 'spdxjson', predicate: join(bench.folder, 'sbom.json') });
        const require = '    require: [signature, provenance, sbom]\n';
        const builders =
          '    builders:\n      - {id: https://ci.example.test/builder, level: 2}\n    minimumLevel: 2\n';
        const met = await verify('--policy', policy('e.yaml', keyPolicy(host(), require + builders)), image.exact);
        assert.deepEqual([met.code, met.document.policy.state], [0, 'met'], met.stderr);
        assert.deepEqual(
          met.document.items
            .map(({ predicateType }) => predicateType)
            .filter((each) => each !== null && !each.includes('cosign/sign'))
            .toSorted(),
          ['https://slsa.dev/provenance/v1', 'https://spdx.dev/Document'],
        );
        const vex = await verify(
          '--policy',
          policy('f.yaml', keyPolicy(host(), '    require: [signature, vex]\n')),
          image.exact,
        );
        assert.deepEqual([vex.code, vex.document.policy.state], [1, 'unmet']);
        assert.match(vex.stderr, /No VEX document was found/);
        const level = await verify(
          '--policy',
          policy('g.yaml', keyPolicy(host(), '    minimumLevel: 3\n')),
          image.exact,
        );
        assert.equal(level.code, 1);
        assert.match(level.stderr, /The trust policy asks for level 3/);
      });

      it('prints for a person what it found, where it looked, and how to repeat it', async () => {
        const path = policy('h.yaml', keyPolicy(host(), '    require: [signature, sbom]\n'));
        const { code, stdout } = await waybill(
          ['verify', '--platform', 'linux/amd64', '--policy', path, image.exact],
          bench.env,
        );
        assert.equal(code, 0);
        for (const part of [
          'Image signature',
          'SPDX 2.3 SBOM',
          'Looked at',
          'Repeat it with',
          // As seen from the working directory, not from the policy's.
          `cosign verify --key=${join(basename(dirname(path)), 'cosign.pub')} `,
          `h.yaml:2`,
        ])
          assert.ok(stdout.includes(part), `${part} is not in\n${stdout}`);
      });
    });
  }

  it('finds an older signature by a certificate, and holds identity and issuer whole', async () => {
    const image = await pushed(true);
    await signImage(image.exact, authority);
    const root = ['--trusted-root', authority.trustedRoot];
    const identity = (id: string, issuer = authority.issuer): string =>
      `trust:\n  - images: "**"\n    signers:\n      - {issuer: '${issuer}', identity: '${id}'}\n`;
    const run = async (text: string) => verify(...root, '--policy', policy('i.yaml', text), image.exact);
    const plain = await verify(...root, image.exact);
    assert.equal(plain.document.items.length, 1);
    assert.equal(plain.document.items[0]?.kind, 'legacy-signature');
    // Neither a log nor a timestamp of this authority proves when it was signed, so it is never verified.
    assert.notEqual(plain.document.items[0]?.verdict, 'verified');
    assert.notEqual((await run(identity(authority.identity))).code, 0);
  });

  it('ends with 2 for mistakes of use and of the policy, with 3 where nothing can be had', async () => {
    const usage: readonly (readonly [string[], RegExp])[] = [
      [[], /takes one REF/],
      [['docker:app:1'], /a local engine keeps no signatures/],
      [['--policy', '', 'ghcr.io/a/b'], /names no file/],
      [['--format', 'sarif', 'ghcr.io/a/b'], /takes text, json/],
      [['--platform', 'linux', 'ghcr.io/a/b'], /--platform takes/],
      [['https://user:secret@ghcr.io/a/b'], /carries credentials/],
      [['--policy', policy('j.yaml', 'fips: required\n'), 'ghcr.io/a/b'], /has no trust entries/],
      [
        ['--policy', policy('k.yaml', 'trust:\n  - images: "**"\n    signers: []\n'), 'ghcr.io/a/b'],
        /k\.yaml:3:14: This is empty/,
      ],
    ];
    for (const [args, message] of usage) {
      const { code, stdout, stderr } = await waybill(['verify', ...args], bench.env);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
      assert.equal(stdout, '');
      assert.doesNotMatch(stderr, /secret/);
    }
    for (const args of [
      ['127.0.0.1:1/a/b:1'],
      ['oci-dir:nowhere'],
      ['--offline', 'ghcr.io/a/b:1'],
      ['--trusted-root', 'nowhere.json', 'ghcr.io/a/b:1'],
    ]) {
      const { code, stderr } = await waybill(['verify', ...args], bench.env);
      assert.equal(code, 3, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, /^waybill: \S.*\.\n$/s);
    }
  });

  it('fails under a policy that has no entry for the image', async () => {
    const image = await pushed(true);
    await signImage(image.exact, key);
    const path = policy('l.yaml', keyPolicy('ghcr.io'));
    const { code, document, stderr } = await verify('--policy', path, image.exact);
    assert.deepEqual([code, document.policy.state], [1, 'no-rule']);
    assert.match(stderr, /has no trust entry for this image/);
  });

  it('reads a layout on disk offline, and finds nothing there that is not', async () => {
    const layout = layoutOf(bench.folder);
    mkdirSync(join(bench.folder, 'empty'), { recursive: true });
    const { code, document } = await verify('--offline', `oci-dir:${layout}`);
    assert.deepEqual([code, document.items.length], [0, 0]);
    assert.ok(document.subjects.some(({ role }) => role === 'platform'));
    assert.ok(readFileSync(join(layout, 'index.json')).length > 0);
  });
});
