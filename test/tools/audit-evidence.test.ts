// SPDX-License-Identifier: Apache-2.0
// What `waybill audit` may be asked about signatures beside the scan: whose root, which hosts, which other repository,
// and a local engine's image in its registry. Nothing of it is asked of anybody unasked.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { AuditReport } from '../../src/core/evidence/report.ts';
import { startTufMirror, type TufMirror } from '../support/tuf-mirror.ts';
import { startEngine } from '../testbed/engines.ts';
import { startRegistry, type Registry } from '../testbed/registry.ts';
import { pushReferrer, pushTinyImage, signWithKey, statementAbout, type TinyImage } from '../testbed/signing.ts';
import { createAuthority, IDENTITY, STATEMENT_PAYLOAD, type Authority } from '../testbed/sigstore/authority.ts';
import { auditJson, prepareAudit, waybill, type Bench } from './audit-cli.ts';

describe('waybill audit, asked about signatures', function () {
  this.timeout(120_000);
  let bench: Bench;
  let registry: Registry;
  let authority: Authority;
  let mirror: TufMirror;
  /** Stands for the registry under an address that counts as another machine. */
  let door: Server;
  let doorHost: string;
  const passed: string[] = [];
  let image: TinyImage;
  let root: string;

  before(async () => {
    [bench, registry] = await Promise.all([prepareAudit(), startRegistry()]);
    authority = createAuthority({ now: new Date() });
    root = join(bench.folder, 'trusted_root.json');
    writeFileSync(root, JSON.stringify(authority.trustedRoot));
    mirror = await startTufMirror(bench.folder, authority.trustedRoot);
    const [hostname, port] = registry.host.split(':');
    door = createServer((incoming, outgoing) => {
      const { url: path, method, headers } = incoming;
      passed.push(path ?? '');
      incoming.pipe(
        request({ hostname, port, path, method, headers: { ...headers, host: registry.host } }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        }),
      );
    });
    door.listen(0, '127.0.0.2');
    await once(door, 'listening');
    doorHost = `127.0.0.2:${(door.address() as AddressInfo).port}`;
    const at = { host: registry.host, name: 'northwind/payments-api' };
    image = await pushTinyImage(at, '4.7.1');
    const payload = Buffer.from(
      JSON.stringify(statementAbout(image.digest, 'https://sigstore.dev/cosign/sign/v1', {})),
    );
    const bundle = authority.sign({ content: { payload, payloadType: STATEMENT_PAYLOAD }, log: 'v1' });
    await pushReferrer(at, image.digest, Buffer.from(JSON.stringify(bundle)));
  });
  after(async () => {
    mirror.stop();
    door.close();
    door.closeAllConnections();
    await registry.stop();
    bench.dispose();
  });

  const audit = (more: readonly string[], env: NodeJS.ProcessEnv = {}, source = `registry:${image.reference}`) =>
    auditJson(source, { ...bench.env, ...env }, ['--platform', 'linux/amd64', ...more]);
  /** Verdict, signer and root of the items. */
  const items = ({ evidence }: AuditReport): readonly string[] =>
    (evidence?.items ?? []).map(({ verdict, signer, root: used }) => `${verdict} ${signer?.identity} ${used?.source}`);
  const scanned = ({ stages }: AuditReport): void =>
    assert.deepEqual([stages.sbom.state, stages.matching.state], ['ok', 'ok']);

  it('believes the root of --trusted-root, and without it fetches none', async () => {
    const { code, report } = await audit(['--trusted-root', root]);
    assert.deepEqual([code, items(report)], [0, [`verified ${IDENTITY} file:trusted_root.json`]]);
    const plain = await audit([]);
    assert.equal(plain.code, 0);
    assert.match(items(plain.report).join(), /^invalid .* seed$/);
    assert.deepEqual(mirror.asked, []);
  });

  it('fetches the root of a mirror that is named, once a day', async () => {
    const named = ['--tuf-mirror', mirror.address, '--tuf-root', mirror.rootPath];
    const source = `tuf:${new URL(mirror.address).host}`;
    const first = await audit(named);
    assert.deepEqual([first.code, items(first.report)], [0, [`verified ${IDENTITY} ${source}`]], first.stderr);
    assert.ok(mirror.asked.splice(0).some((path) => path.includes('trusted_root.json')));
    assert.deepEqual(items((await audit(named)).report), items(first.report));
    assert.deepEqual(mirror.asked, []);
    assert.match(items((await audit([])).report).join(), /seed$/, 'what a mirror gave counts for that mirror alone');
  });

  it('tells a named root that cannot be used, believes no other, and scans all the same', async () => {
    const text = join(bench.folder, 'text.json');
    writeFileSync(text, 'no root\n');
    for (const [more, why] of [
      [['--trusted-root', join(bench.folder, 'none.json')], /The trusted root .*none\.json could not be read: ENOENT/],
      [['--trusted-root', text], /The trusted root .*text\.json could not be read: it is no JSON/],
      [['--github-tuf-root', text], /text\.json could not be read/],
      [['--tuf-mirror', mirror.address, '--tuf-root', text], /text\.json could not be read/],
    ] as const) {
      const { code, report, stderr } = await audit(more);
      assert.equal(code, 3);
      assert.deepEqual([report.stages.evidence.state, report.stages.evidence.code], ['failed', 'file-unreadable']);
      assert.match(report.stages.evidence.reason ?? '', why);
      assert.match(stderr, why);
      assert.equal(report.evidence, null);
      scanned(report);
      const verified = await waybill(['verify', ...more, image.reference], bench.env);
      assert.deepEqual([verified.code, verified.stdout], [3, '']);
      assert.match(verified.stderr, why);
    }
  });

  it('speaks plain HTTP with the host that was named, and so does the scanner, and with no other', async () => {
    const source = `registry:${doorHost}/northwind/payments-api:4.7.1`;
    const { code, report, stderr } = await audit(['--insecure', doorHost, '--trusted-root', root], {}, source);
    assert.equal(code, 0, stderr);
    scanned(report);
    assert.match(items(report).join(), /^verified /);
    assert.ok(
      passed.splice(0).some((path) => path.includes('/blobs/')),
      'Syft came through the same door',
    );
    for (const more of [[], ['--insecure', `127.0.0.2:${Number(doorHost.split(':')[1]) + 1}`]]) {
      const refused = await audit(more, {}, source);
      assert.equal(refused.code, 3);
      assert.equal(refused.report.stages.resolve.code, 'registry-unreachable');
      assert.deepEqual(passed, []);
    }
  });

  it("looks for cosign's tags where COSIGN_REPOSITORY says", async () => {
    const at = { host: registry.host, name: 'northwind/elsewhere' };
    const { reference, digest } = await pushTinyImage(at, '1');
    const other = `${registry.host}/signatures/all`;
    await signWithKey(`${registry.host}/${at.name}@${digest}`, 'tags', { COSIGN_REPOSITORY: other });
    const told = await audit([], { COSIGN_REPOSITORY: other }, `registry:${reference}`);
    assert.deepEqual(
      told.report.evidence?.items.map(({ kind, place }) => `${kind} ${place}`),
      ['legacy-signature cosign-signature-tag'],
    );
    assert.ok(told.report.evidence?.places.some(({ address }) => address.startsWith(`${other}:sha256-`)));
    assert.deepEqual((await audit([], {}, `registry:${reference}`)).report.evidence?.items, []);
  });

  it('looks a local image up in the registry that it was pulled from, where that was asked for', async () => {
    const engine = await startEngine('podman');
    try {
      await engine.cli(['pull', '--quiet', '--tls-verify=false', image.reference]);
      const source = `podman:${image.reference}`;
      const unasked = await audit(['--trusted-root', root], engine.env, source);
      assert.equal(unasked.report.stages.evidence.state, 'skipped');
      assert.match(
        unasked.report.stages.evidence.reason ?? '',
        /no registry is asked about a local image unasked\. .*--local-images/,
      );
      scanned(unasked.report);

      const asked = await audit(['--local-images', '--trusted-root', root], engine.env, source);
      assert.equal(asked.report.stages.evidence.state, 'ok', asked.report.stages.evidence.reason ?? '');
      assert.deepEqual(asked.report.evidence?.subjects, [{ role: 'platform', digest: image.digest }]);
      assert.deepEqual(items(asked.report), [`verified ${IDENTITY} file:trusted_root.json`]);
      scanned(asked.report);

      const offline = await audit(['--local-images', '--offline'], engine.env, source);
      assert.deepEqual(offline.report.evidence?.items, []);
      assert.ok(offline.report.evidence?.places.every(({ state }) => state === 'skipped'));
    } finally {
      await engine.stop();
    }
  });
});
