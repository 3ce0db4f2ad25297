// SPDX-License-Identifier: Apache-2.0
// Where trusted roots come from: a real TUF repository on this machine, the last good one, the shipped one, a file.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { initializeTUFRepo, tufHandlers } from '@tufjs/repo-mock';
import { trustedRootSeed } from '../../src/build/trusted-root.ts';
import { readTrustedRoot } from '../../src/node/trust/root.ts';
import { createRoots, type RootOptions } from '../../src/node/trust/roots.ts';
import { fetchTrustedRoot } from '../../src/node/trust/tuf.ts';
import { createAuthority } from '../testbed/sigstore/authority.ts';
import { bunPath } from '../testbed/bun.ts';
import { projectRoot } from '../testbed/paths.ts';

const DAY = 86_400_000;

describe('trusted roots', function () {
  this.timeout(30_000);
  let folder: string;
  let server: Server;
  let mirror: string;
  let rootPath: string;
  let requests: string[];
  /** What the mirror answers instead of what it holds. */
  let broken: ((path: string) => string | null) | null;
  const now = Date.now();
  const trusted = JSON.stringify(createAuthority({ now: new Date(now) }).trustedRoot);
  const said: string[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (text: string) => said.push(text),
    error: () => undefined,
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-roots-'));
    requests = [];
    said.length = 0;
    broken = null;
    const repo = initializeTUFRepo([{ name: 'trusted_root.json', content: trusted }]);
    const handlers = new Map(tufHandlers(repo, { metadataPathPrefix: '' }).map(({ path, fn }) => [path, fn]));
    // The library asks for targets by their hash as well.
    const answer = (path: string): { statusCode: number; response: string | Buffer } =>
      handlers.get(path.replace(/^\/targets\/[0-9a-f]{64}\./, '/targets/'))?.() ?? { statusCode: 404, response: '' };
    rootPath = join(folder, 'root.json');
    writeFileSync(rootPath, answer('/1.root.json').response);
    server = createServer((request, response) => {
      const path = request.url ?? '';
      requests.push(path);
      const { statusCode, response: body } = answer(path);
      const other = broken?.(path) ?? null;
      response.writeHead(other === null ? statusCode : 200).end(other ?? body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  const rootsWith = (changes: Partial<RootOptions> = {}) =>
    createRoots({
      file: null,
      tuf: { mirror, rootPath },
      github: null,
      offline: false,
      folder: join(folder, 'kept'),
      now,
      log,
      ...changes,
    });
  const used = async (changes: Partial<RootOptions> = {}) => {
    const root = await rootsWith(changes).publicGood();
    return root.ok ? root.value.used : root.error;
  };

  it('takes the newest by TUF, says of which mirror and when, and asks once a day', async () => {
    const { host } = new URL(mirror);
    const first = { source: `tuf:${host}`, asOf: new Date(now).toISOString() };
    assert.deepEqual(await used(), first);
    const asked = requests.length;
    assert.ok(asked > 3);
    await used({ now: Date.now() + 1000 });
    assert.equal(requests.length, asked);
    await used({ now: now + 2 * DAY });
    assert.ok(requests.length > asked);
  });

  it('keeps the last good one for when the mirror is gone, with its age', async () => {
    await used();
    const { host } = new URL(mirror);
    const [file] = readdirSync(join(folder, 'kept')).filter((name) => name.endsWith('.trusted_root.json'));
    const kept = join(folder, 'kept', file ?? '');
    const long = new Date(now - 100 * DAY);
    utimesSync(kept, long, long);
    server.close();
    server.closeAllConnections();
    assert.deepEqual(await used(), { source: `tuf:${host}`, asOf: long.toISOString() });
    assert.match(said.join('\n'), /No newer trusted root could be fetched/);
  });

  it('refuses a target that is not what the mirror signed, and metadata that nobody signed', async () => {
    broken = (path) => (path.startsWith('/targets/') ? trusted.replace('sigstore.test', 'evil.test') : null);
    assert.equal(((await used()) as { code?: string }).code, 'offline');
    broken = (path) => (path === '/timestamp.json' ? '{"signed":{"_type":"timestamp"},"signatures":[]}' : null);
    assert.equal(((await used()) as { code?: string }).code, 'offline');
    assert.equal(said.length, 2);
  });

  it('never takes the root that is shipped for what another instance signs', async () => {
    server.close();
    server.closeAllConnections();
    assert.equal(((await used()) as { code?: string }).code, 'offline');
  });

  it('takes the root that is shipped where nothing newer was kept and no network may be asked', async () => {
    assert.deepEqual(await used({ tuf: null, offline: true }), { source: 'seed', asOf: trustedRootSeed().asOf });
    assert.deepEqual(requests, []);
  });

  it('offline, takes of an own mirror what was kept of it, and never the root that is shipped', async () => {
    assert.equal(((await used({ offline: true })) as { code?: string }).code, 'offline');
    const first = await used();
    const asked = requests.length;
    assert.deepEqual(
      { ...(await used({ offline: true, now: now + 3 * DAY })), asOf: null },
      { source: `tuf:${new URL(mirror).host}`, asOf: null },
    );
    assert.equal(requests.length, asked);
    assert.ok('source' in first);
  });

  it('counts nothing that was fetched with another first root, and says where it cannot be read', async () => {
    await used();
    appendFileSync(rootPath, '\n');
    assert.equal(((await used({ offline: true })) as { code?: string }).code, 'offline');
    rmSync(rootPath);
    assert.equal(((await used()) as { code?: string }).code, 'file-unreadable');
  });

  it('takes a file for everything, without the network, and tells one that is none', async () => {
    const file = join(folder, 'mine.json');
    writeFileSync(file, trusted);
    const roots = rootsWith({ file });
    for (const root of [await roots.publicGood(), await roots.github()]) {
      assert.ok(root.ok);
      assert.equal(root.value.used.source, 'file:mine.json');
    }
    assert.deepEqual(requests, []);
    for (const [text, code] of [
      ['{"mediaType":"application/json"}', 'bad-input'],
      [trusted.slice(0, -9), 'bad-input'],
      [trusted.replace('version=0.1', 'version=0.9'), 'bad-input'],
      [trusted.replace('{', '{"tlogs":[],'), 'bad-input'],
    ] as const) {
      writeFileSync(file, text);
      const root = await rootsWith({ file }).publicGood();
      assert.equal(root.ok ? 'read' : root.error.code, code, text.slice(0, 80));
    }
    const missing = await rootsWith({ file: join(folder, 'none.json') }).publicGood();
    assert.equal(missing.ok ? 'read' : missing.error.code, 'file-unreadable');
  });

  it('takes of a file with a root in each line that of the instance, as GitHub prints them', async () => {
    const file = join(folder, 'roots.jsonl');
    const github = JSON.parse(trusted) as { certificateAuthorities: { subject: object }[]; tlogs: unknown[] };
    for (const each of github.certificateAuthorities) each.subject = { organization: 'GitHub, Inc.', commonName: 'x' };
    github.tlogs = [];
    writeFileSync(file, `${JSON.stringify(github)}\n${trusted}\n`);
    const roots = rootsWith({ file });
    const [open, own] = [await roots.publicGood(), await roots.github()];
    assert.ok(open.ok && own.ok);
    assert.ok(open.value.material.tlogs.length > 0);
    assert.equal(own.value.material.tlogs.length, 0);
    writeFileSync(file, `${trusted}\n${trusted}\n`);
    const missing = await rootsWith({ file }).github();
    assert.match(missing.ok ? 'read' : missing.error.what, /GitHub's own Sigstore instance could not be used/);
    writeFileSync(file, JSON.stringify(JSON.parse(trusted), null, 2));
    assert.ok((await rootsWith({ file }).github()).ok, 'one root counts for everybody');
    writeFileSync(file, `${trusted}\n{\n`);
    assert.equal((await rootsWith({ file }).publicGood()).ok, false);
  });

  it('reads a root beside whose logs stands one with a key of a type to come', () => {
    const by = { source: 'file:mine.json', asOf: null };
    const today = readTrustedRoot(Buffer.from(trusted), by);
    assert.ok(today.ok);
    const root = JSON.parse(trusted) as Record<'tlogs' | 'ctlogs', { publicKey: object }[]>;
    for (const logs of [root.tlogs, root.ctlogs]) {
      const [first] = logs;
      assert.ok(first !== undefined);
      logs.unshift({ ...first, publicKey: { ...first.publicKey, keyDetails: 'ML_DSA_65', rawBytes: 'AAAA' } });
    }
    const later = readTrustedRoot(Buffer.from(JSON.stringify(root)), by);
    assert.ok(later.ok);
    const ids = ({ material }: typeof later.value, name: 'tlogs' | 'ctlogs'): string[] =>
      material[name].map(({ logID }) => logID.toString('hex'));
    for (const name of ['tlogs', 'ctlogs'] as const) assert.deepEqual(ids(later.value, name), ids(today.value, name));
  });

  it("has no root of GitHub's instance but one that was fetched by a first root", async () => {
    const none = await rootsWith({ offline: true }).github();
    assert.equal(none.ok ? 'read' : none.error.code, 'offline');
    const given = await rootsWith({ github: { mirror, rootPath } }).github();
    assert.ok(given.ok);
  });

  it("starts at GitHub's mirror from the first root that is shipped", async () => {
    const { fetch } = globalThis;
    const asked: string[] = [];
    // No mirror of it is here; what is asked first tells from which root on.
    globalThis.fetch = async (address) => {
      asked.push(String(address));
      return new Response('', { status: 404 });
    };
    try {
      const fetched = await fetchTrustedRoot({ mirror: 'https://tuf-repo.github.com', rootPath: null }, folder);
      assert.equal(fetched.ok ? 'read' : fetched.error.code, 'download-failed');
    } finally {
      globalThis.fetch = fetch;
    }
    assert.equal(asked[0], 'https://tuf-repo.github.com/4.root.json');
  });

  it('ships the very root of the installed package, with source and date', () => {
    const shipped: unknown = JSON.parse(
      readFileSync(join(projectRoot, 'src', 'node', 'trust', 'data', 'trusted-root.json'), 'utf8'),
    );
    assert.deepEqual(shipped, JSON.parse(JSON.stringify(trustedRootSeed())));
  });

  it('asks by TUF on Bun as well, from what is shipped', async () => {
    const program = `require(${JSON.stringify(join(projectRoot, 'dist', 'tuf.js'))})
      .fetchTrustedRoot({ mirror: ${JSON.stringify(mirror)}, rootPath: ${JSON.stringify(rootPath)} }, ${JSON.stringify(join(folder, 'bun'))})
      .then((root) => process.stdout.write(JSON.stringify(root)));`;
    const { stdout } = await execa(bunPath(), ['-e', program]);
    assert.deepEqual(JSON.parse(stdout), { ok: true, value: trusted });
  });
});
