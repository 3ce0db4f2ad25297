// SPDX-License-Identifier: Apache-2.0
// The command against an image that workflows on GitHub signed, by a Sigstore of the tests that real Cosign accepts, too:
// identity, provenance, level and source, from the registry to the exit code, and the same in an audit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyDocumentSchema } from '../../src/core/output/verify-document.ts';
import { rawDocument } from '../../src/node/evidence/raw-document.ts';
import { createStore } from '../../src/node/store/store.ts';
import { startRegistry, type Registry } from '../testbed/registry.ts';
import { pushBuildkitImage, pushReferrer, pushTinyImage, type Repository, type TinyImage } from '../testbed/signing.ts';
import { createAuthority, STATEMENT_PAYLOAD, type Authority } from '../testbed/sigstore/authority.ts';
import { quietToolEnv, toolPath } from '../testbed/tools.ts';
import * as from from '../unit/attestations/statements.ts';
import { keptLog } from '../unit/node/support.ts';
import { auditJson, prepareAudit, waybill, type Bench } from './audit-cli.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const DOCKER = 'https://github.com/docker/github-builder/.github/workflows/build.yml@refs/tags/v1.2.3';

/** What GitHub Actions tells Fulcio of a run, by the number of the extension. */
const claimsOf = (identity: string, runner = 'github-hosted'): Record<number, string> => ({
  9: identity,
  11: runner,
  12: from.REPOSITORY,
  13: from.COMMIT,
  14: 'refs/tags/v4.7.1',
  21: from.RUN,
});

describe('waybill verify, signed by workflows', function () {
  this.timeout(240_000);
  let bench: Bench;
  let registry: Registry;
  let authority: Authority;
  let root: string;

  before(async () => {
    [bench, registry] = await Promise.all([prepareAudit(), startRegistry({ referrers: true })]);
    authority = createAuthority({ now: new Date() });
    root = join(bench.folder, 'trusted_root.json');
    writeFileSync(root, JSON.stringify(authority.trustedRoot));
  });
  after(async () => {
    await registry.stop();
    bench.dispose();
  });

  const repository = (name: string): Repository => ({ host: registry.host, name: `northwind/${name}` });

  /** Signs a statement about a digest as a workflow does, and puts the bundle beside it. */
  async function attest(
    at: Repository,
    digest: string,
    statement: unknown,
    identity = from.WORKFLOW,
    runner?: string,
    named = digest,
  ): Promise<void> {
    const subject = [{ name: 'app', digest: { sha256: named.slice('sha256:'.length) } }];
    const payload = Buffer.from(JSON.stringify({ ...(statement as object), subject }));
    const bundle = authority.sign({
      content: { payload, payloadType: STATEMENT_PAYLOAD },
      log: 'v1',
      leaf: { identities: [identity], issuer: GITHUB, claims: claimsOf(identity, runner) },
    });
    await pushReferrer(at, digest, Buffer.from(JSON.stringify(bundle)));
  }
  const signature = from.statement('https://sigstore.dev/cosign/sign/v1', {});
  const sbom = from.statement('https://spdx.dev/Document/v2.3', {
    spdxVersion: 'SPDX-2.3',
    packages: [{ name: 'a' }, { name: 'b' }],
  });

  const policyText = (more = '', tag = 'v*'): string =>
    `trust:\n  - images: ${registry.host}/northwind/**\n    signers:\n      - issuer: ${GITHUB}\n        identityPattern: ${from.WORKFLOW.replace('v4.7.1', tag)}\n${more}`;
  let policies = 0;
  function policy(more = '', tag = 'v*'): string {
    const path = join(bench.folder, `policy-${policies++}.yaml`);
    writeFileSync(path, policyText(more, tag));
    return path;
  }

  async function verify(image: TinyImage, ...args: string[]) {
    const all = [
      'verify',
      '--format',
      'json',
      '--trusted-root',
      root,
      '--platform',
      'linux/amd64',
      ...args,
      image.reference,
    ];
    const { code, stdout, stderr } = await waybill(all, bench.env);
    assert.notEqual(stdout, '', stderr);
    return { code, stderr, document: verifyDocumentSchema.parse(JSON.parse(stdout)) };
  }

  const SOURCE =
    '    require: [signature, provenance, sbom]\n    minimumLevel: 2\n    source: {repository: "https://github.com/northwind/payments-api", refPattern: "refs/tags/v*"}\n    freshness: 1 days\n';

  it('meets a policy of signer, provenance, SBOM, level, source and age; the audit says the same', async () => {
    const at = repository('good');
    const image = await pushTinyImage(at, '1');
    for (const each of [signature, from.githubV1(), sbom]) await attest(at, image.digest, each);
    const path = policy(SOURCE);
    const { code, document, stderr } = await verify(image, '--policy', path);
    assert.deepEqual([code, document.policy.state], [0, 'met'], stderr);
    assert.deepEqual(
      document.items.map(({ verdict }) => verdict),
      ['verified', 'verified', 'verified'],
    );
    assert.deepEqual(
      document.items.map(({ signer }) => signer?.identity),
      Array(3).fill(from.WORKFLOW),
    );
    const again = await verify(image, '--policy', path);
    assert.deepEqual(again.document.items, document.items);

    const more = ['--platform', 'linux/amd64', '--trusted-root', root, '--policy', path];
    const { report, code: ended } = await auditJson(`registry:${image.reference}`, bench.env, more);
    assert.equal(ended, 0);
    assert.equal(report.stages.evidence.state, 'ok');
    assert.equal(report.evidence?.policy.state, 'met');
    assert.equal(report.evidence.slsa.level, 2);
    assert.equal(report.evidence.slsa.sentence, 'SLSA Build L2, by claim of GitHub Actions.');
    assert.deepEqual(report.findings, []);
    const kept = report.evidence.items.find(({ type }) => type === 'spdx');
    const store = createStore({
      dataFolder: bench.data,
      log: keptLog(),
      now: Date.now,
      convert: async () => assert.fail(),
    });
    const document2 = await store.attestedSbom(report.image.configDigest ?? '', kept?.digest ?? '');
    assert.deepEqual(document2.ok ? document2.value : document2.error, {
      spdxVersion: 'SPDX-2.3',
      packages: [{ name: 'a' }, { name: 'b' }],
    });
    for (const [index, { digest, documents, predicateType }] of report.evidence.items.entries()) {
      assert.deepEqual(documents, ['bundle', 'statement', 'certificate']);
      const raw = await store.rawEvidence(report.image.configDigest ?? '', index, digest);
      assert.ok(raw.ok, raw.ok ? '' : raw.error.why);
      const [statement, certificate] = (['statement', 'certificate'] as const).map((part) => {
        const shown = rawDocument(raw.value, part);
        return shown.ok ? shown.value.text : shown.error.why;
      });
      assert.equal((JSON.parse(statement ?? '') as { predicateType: string }).predicateType, predicateType);
      assert.match(certificate ?? '', new RegExp(`^Subject alternative name +URI:${from.WORKFLOW}$`, 'm'));
    }
  });

  it('fails for a tag that the policy does not ask for, and judges nobody without one', async () => {
    const at = repository('other');
    const image = await pushTinyImage(at, '1');
    await attest(at, image.digest, signature);
    const tag = await verify(image, '--policy', policy('', 'v5*'));
    assert.deepEqual([tag.code, tag.document.policy.state], [1, 'unmet']);
    assert.match(
      tag.stderr,
      /signed by https:\/\/github\.com\/northwind\/payments-api\/\.github\/workflows\/release\.yml@refs\/tags\/v4\.7\.1 \(issuer/,
    );
    assert.equal(tag.document.items[0]?.verdict, 'verified');
    assert.equal(tag.document.items[0]?.checks.find(({ id }) => id === 'policy-signer')?.state, 'failed');
    const plain = await verify(image);
    assert.deepEqual([plain.code, plain.document.policy.state], [0, 'none']);
  });

  it('tells an SBOM of another image, and leaves it out', async () => {
    const at = repository('wrong');
    const image = await pushTinyImage(at, '1');
    await attest(at, image.digest, signature);
    await attest(at, image.digest, sbom, from.WORKFLOW, undefined, `sha256:${'b'.repeat(64)}`);
    const plain = await verify(image);
    assert.equal(plain.code, 1);
    assert.deepEqual(
      plain.document.items.map(({ verdict, code }) => `${verdict} ${code}`),
      ['verified ok', 'invalid subject-mismatch'],
    );
    const asked = await verify(image, '--policy', policy('    require: [signature, sbom]\n'));
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /the SBOM names sha256:bbbbbbbb…, not this image/);
    assert.equal(
      (await verify(image, '--policy', policy())).code,
      0,
      'what the policy does not ask for does not fail it',
    );
  });

  it('reaches no level 2 on a machine of their own', async () => {
    const at = repository('own-runner');
    const image = await pushTinyImage(at, '1');
    await attest(at, image.digest, signature);
    await attest(at, image.digest, from.githubV1(), from.WORKFLOW, 'self-hosted');
    const { code, stderr } = await verify(image, '--policy', policy('    minimumLevel: 2\n'));
    assert.equal(code, 1);
    assert.match(stderr, /Hosted build: Certificate says self-hosted/);
  });

  it('finds what Docker signs, the attestation manifest, and does not take it for a signature of the image', async () => {
    const at = repository('buildkit');
    const image = await pushBuildkitImage(at, '1', 'new');
    await attest(at, image.attestation, signature, DOCKER);
    const { document } = await verify(image);
    assert.deepEqual(
      document.subjects.map(({ role }) => role),
      ['index', 'platform', 'attestation-manifest'],
    );
    const docker = policyText('', 'v*').replace(/identityPattern: .*/, `identity: ${DOCKER}`);
    const path = join(bench.folder, 'docker.yaml');
    writeFileSync(path, docker);
    const asked = await verify(image, '--policy', path);
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /not this image/);
    writeFileSync(path, `${docker}    require: [provenance, sbom]\n`);
    const provenance = await verify(image, '--policy', path);
    assert.deepEqual([provenance.code, provenance.document.policy.state], [0, 'met'], provenance.stderr);
    const { stdout } = await waybill(
      ['verify', '--trusted-root', root, '--platform', 'linux/amd64', image.reference],
      bench.env,
    );
    assert.match(stdout, /provenance is present, its builder is not named/);
    assert.match(stdout, /signed with its manifest by build\.yml@refs\/tags\/v1\.2\.3/);
  });

  it('prints commands that real Cosign runs and agrees with', async () => {
    const at = repository('repeat');
    const image = await pushTinyImage(at, '1');
    await attest(at, image.digest, signature);
    await attest(at, image.digest, from.githubV1());
    const { stdout } = await waybill(
      ['verify', '--trusted-root', root, image.reference, '--platform', 'linux/amd64'],
      bench.env,
    );
    const commands = stdout
      .split('\n')
      .filter((line) => line.startsWith('  cosign '))
      .map((line) => line.trim());
    assert.equal(commands.length, 2, stdout);
    const bin = join(bench.folder, 'bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(await toolPath('cosign'), join(bin, 'cosign'));
    for (const command of commands) {
      const env = { ...quietToolEnv, PATH: `${bin}:/usr/bin:/bin`, HOME: bench.folder };
      execFileSync('sh', ['-c', command], { cwd: bench.folder, env, stdio: 'pipe' });
      assert.throws(() =>
        execFileSync('sh', ['-c', command.replaceAll('v4.7.1', 'v4.7.2')], { cwd: bench.folder, env, stdio: 'pipe' }),
      );
    }
  });

  it('puts what rules find into SARIF', async () => {
    const at = repository('sarif');
    const image = await pushTinyImage(at, '1');
    await attest(at, image.digest, signature);
    const args = [
      'audit',
      '--format',
      'sarif',
      '--platform',
      'linux/amd64',
      '--trusted-root',
      root,
      '--policy',
      policy(SOURCE),
      `registry:${image.reference}`,
    ];
    const { stdout } = await waybill(args, bench.env);
    const [run] = JSON.parse(stdout).runs;
    const ids = run.results.map(({ ruleId }: { ruleId: string }) => ruleId);
    for (const id of ['WB4003', 'WB4005', 'WB4010']) assert.ok(ids.includes(id), `${id} is not among ${ids}`);
    for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
  });
});
