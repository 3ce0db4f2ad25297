// SPDX-License-Identifier: Apache-2.0
// `waybill verify-bundle` as it is shipped, on Node and on Bun, where there is no network at all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleDocumentSchema, type BundleDocument } from '../../src/core/output/verify-bundle.ts';
import type { VerificationCase } from '../support/verification/model.ts';
import { bytesOf } from '../support/verification/run.ts';
import { makeCases } from '../support/verification/table.ts';
import { bunPath } from '../testbed/bun.ts';
import { projectRoot } from '../testbed/paths.ts';

const CLI = join(projectRoot, 'dist', 'cli.js');
const HOSTS = { Node: process.execPath, Bun: bunPath() } as const;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('waybill verify-bundle, in an empty network namespace', function () {
  this.timeout(60_000);
  let folder: string;
  let cases: readonly VerificationCase[];
  let roots: Readonly<Record<string, string>>;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-bundle-'));
    const table = makeCases(new Date());
    cases = table.cases;
    roots = table.roots;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(host: keyof typeof HOSTS, args: readonly string[]): Ended {
    const { status, stdout, stderr } = spawnSync('unshare', ['-rn', HOSTS[host], CLI, 'verify-bundle', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  /** The command line of a case, its files put in place. */
  function commandLine(name: string): readonly string[] {
    const found = cases.find((each) => each.name === name);
    assert.ok(found, name);
    const { expected, subjects, allowNoLog } = found.request;
    writeFileSync(join(folder, 'bundle.json'), bytesOf(found));
    writeFileSync(join(folder, 'root.json'), roots[found.root] ?? '');
    if (expected.kind === 'key') writeFileSync(join(folder, 'key.pub'), expected.pem);
    const who =
      expected.kind === 'identity'
        ? ['--certificate-identity', expected.identity, '--certificate-oidc-issuer', expected.issuer]
        : ['--key', 'key.pub', ...(allowNoLog ? ['--allow-no-log'] : [])];
    return ['--bundle', 'bundle.json', '--trusted-root', 'root.json', '--format', 'json', ...who, subjects[0] ?? ''];
  }

  const TRIED: readonly (readonly [string, number, string])[] = [
    ['key', 0, 'ok'],
    ['key, RSA', 0, 'ok'],
    ['key, Rekor v1', 0, 'ok'],
    ['rekor1', 0, 'ok'],
    ['rekor1, 0.1', 0, 'ok'],
    ['rekor2', 0, 'ok'],
    ['rekor1, a message', 0, 'ok'],
    ['rekor2, a message', 0, 'ok'],
    ['stamp', 0, 'ok'],
    ['key: downgraded, without a log entry', 1, 'log-missing'],
    ['key: wrong signer, a key of Ed25519', 1, 'key-type-unsupported'],
    ['rekor1: wrong artifact, asked about another image', 1, 'subject-mismatch'],
    ['rekor1: identity wildcard, a pattern', 1, 'identity-mismatch'],
    ['rekor1: wrong issuer, a slash more', 1, 'issuer-mismatch'],
    ['rekor1: truncated, half of it', 1, 'json-malformed'],
    ['rekor1: oversized, a byte too many', 1, 'too-large'],
    ['rekor1: tampered root, no JSON', 1, 'root-invalid'],
    ['rekor1: downgraded, of a version that is to come', 1, 'bundle-version-unsupported'],
    ['rekor2: tampered timestamp, its signature', 1, 'timestamp-invalid'],
  ];
  for (const [name, exit, code] of TRIED) {
    it(`${name}: ends with ${exit}, says ${code}, the same on both`, () => {
      const args = commandLine(name);
      const [node, bun] = [run('Node', args), run('Bun', args)];
      assert.equal(node.status, exit, node.stderr);
      const document = JSON.parse(node.stdout) as BundleDocument;
      assert.deepEqual(bundleDocumentSchema.parse(document), document);
      assert.equal(document.code, code);
      assert.equal(document.verified, exit === 0);
      assert.equal(document.reason === null, exit === 0);
      assert.deepEqual(bun, node);
    });
  }

  it('takes a file instead of a digest, and tells a changed one', () => {
    const args = commandLine('rekor1, a message').slice(0, -1);
    writeFileSync(join(folder, 'artifact'), 'a binary, not an image');
    for (const host of ['Node', 'Bun'] as const) assert.equal(run(host, [...args, 'artifact']).status, 0);
    writeFileSync(join(folder, 'artifact'), 'a binary, not an imagE');
    const { status, stdout } = run('Node', [...args, 'artifact']);
    assert.deepEqual([status, (JSON.parse(stdout) as BundleDocument).code], [1, 'subject-mismatch']);
  });

  it('uses the root that is shipped, and names it with its age, where none is given', () => {
    const args = commandLine('rekor1').filter((word) => word !== '--trusted-root' && word !== 'root.json');
    const { status, stdout } = run('Node', args);
    const { root, code } = JSON.parse(stdout) as BundleDocument;
    assert.equal(status, 1);
    assert.equal(root.source, 'seed');
    assert.match(root.asOf ?? '', /^20\d\d-\d\d-\d\d/);
    assert.equal(code, 'timestamp-invalid');
  });

  it("says that a root is missing for what GitHub's own instance signed", () => {
    const args = commandLine('stamp').filter((word) => word !== '--trusted-root' && word !== 'root.json');
    const { status, stdout } = run('Node', args);
    assert.deepEqual([status, (JSON.parse(stdout) as BundleDocument).code], [1, 'root-missing']);
  });

  it('tells people the verdict, the signer, the time, the root and every step', () => {
    const args = commandLine('rekor2').map((word) => (word === 'json' ? 'text' : word));
    const { stdout, status } = run('Node', args);
    assert.equal(status, 0);
    assert.match(stdout, /^verified\n/);
    for (const word of ['signer', 'signed', 'root', 'passed      log-entry', 'passed      subject'])
      assert.ok(stdout.includes(word), `${word}\n${stdout}`);
  });

  it('ends with 2 for a mistake in the call', () => {
    const bundle = ['--bundle', 'bundle.json'];
    const who = ['--certificate-identity', 'a', '--certificate-oidc-issuer', 'b'];
    const digest = `sha256:${'a'.repeat(64)}`;
    for (const args of [
      [...bundle, digest],
      [...who, digest],
      [...bundle, ...who],
      [...bundle, ...who, digest, digest],
      [...bundle, '--certificate-identity', 'a', digest],
      [...bundle, '--certificate-oidc-issuer', 'b', digest],
      [...bundle, '--certificate-identity', '', '--certificate-oidc-issuer', 'b', digest],
      [...bundle, '--certificate-identity', 'a', '--certificate-oidc-issuer=', digest],
      [...bundle, ...who, '--certificate-identity', 'a', digest],
      [...bundle, ...who, '--certificate-oidc-issuer', 'b', digest],
      [...bundle, ...who, '--key', 'key.pub', digest],
      [...bundle, '--key', 'key.pub', '--certificate-identity', 'a', digest],
      [...bundle, '--key', '', digest],
      [...bundle, '--key', 'key.pub', '--key', 'key.pub', digest],
      [...bundle, ...bundle, ...who, digest],
      [...bundle, ...who, '--trusted-root', '', digest],
      [...bundle, ...who, '--format', 'xml', digest],
      [...bundle, ...who, '--what', digest],
    ]) {
      const { status, stdout, stderr } = run('Node', args);
      assert.equal(status, 2, `${args.join(' ')}\n${stderr}`);
      assert.equal(stdout, '');
      assert.match(stderr, /^waybill: [^\n]+\n$/);
    }
  });

  it('ends with 3 where a file cannot be read, and takes what is no whole digest for a file', () => {
    const args = commandLine('rekor1');
    const without = (name: string): readonly string[] => args.map((word) => (word === name ? 'missing' : word));
    const last = args.at(-1) ?? '';
    for (const each of [
      without('bundle.json'),
      without('root.json'),
      without(last),
      [...args.slice(0, -1), last.toUpperCase()],
      [...args.slice(0, -1), last.slice(0, -1)],
      [...args.slice(0, -1), '.'],
      args.map((word) => (word === 'bundle.json' ? '.' : word)),
      commandLine('key').map((word) => (word === 'key.pub' ? 'missing' : word)),
    ]) {
      const { status, stderr } = run('Node', each);
      assert.equal(status, 3, `${each.join(' ')}\n${stderr}`);
      assert.match(stderr, /could not be read/);
    }
  });
});
