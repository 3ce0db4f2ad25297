// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../../../scripts/lib/oci-layout.mjs';
import type { Problem } from '../../../src/core/model/problem.ts';
import type { Result } from '../../../src/core/model/result.ts';
import { isReleaseAddress } from '../../../src/node/tools/download.ts';
import { findTool, managedTool, type FoundTool } from '../../../src/node/tools/find.ts';
import { installTool } from '../../../src/node/tools/install.ts';
import { releaseAsset, testedVersion } from '../../../src/node/tools/releases.ts';

const VERSION = testedVersion('syft');
const script = (version: string): string => `#!/bin/sh\nprintf '{"application":"syft","version":"${version}"}\\n'\n`;
const packed = (text: string): Buffer => gzipSync(writeTar([{ path: 'syft', mode: 0o755, data: text }]));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('installing a pinned release', () => {
  const release = packed(script(VERSION));
  let server: Server;
  let base: string;
  let data: string;
  const routes = new Map<string, Answer>();
  const asked: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const route = routes.get(request.url ?? '');
      if (route === undefined) response.writeHead(404).end('no such release');
      else route(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'waybill-install-'));
    routes.clear();
    asked.length = 0;
    routes.set('/syft.tar.gz', (_request, response) => response.end(release));
  });

  afterEach(() => rmSync(data, { recursive: true, force: true }));

  const install = (
    path: string,
    sum: string = sha256(release),
    cancel: AbortSignal = new AbortController().signal,
  ): Promise<Result<FoundTool, Problem>> =>
    installTool({
      name: 'syft',
      way: 'release',
      dataFolder: data,
      env: process.env,
      cancel,
      progress: () => undefined,
      release: { asset: { url: `${base}${path}`, sha256: sum }, allows: (url) => url.origin === base },
    });

  /** The problem's code, with nothing of the install left behind. */
  const code = (result: Result<FoundTool, Problem>): string => {
    assert.equal(result.ok, false);
    assert.deepEqual(existsSync(join(data, 'tools')) ? readdirSync(join(data, 'tools')) : [], []);
    assert.equal(managedTool('syft', data), null);
    return result.ok ? '' : result.error.code;
  };

  it('makes the program found as a managed one, and asks nothing a second time', async () => {
    const result = await install('/syft.tar.gz');
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(managedTool('syft', data), result.value);
    assert.deepEqual(readdirSync(join(data, 'tools')), [`syft-${VERSION}`]);
    assert.equal((await install('/syft.tar.gz')).ok, true);
    assert.deepEqual(asked, ['/syft.tar.gz']);
  });

  it('two at once end with one program', async () => {
    const results = await Promise.all([install('/syft.tar.gz'), install('/syft.tar.gz')]);
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, true],
    );
    assert.deepEqual(readdirSync(join(data, 'tools')), [`syft-${VERSION}`]);
  });

  it('asks for the bytes as they are stored', async () => {
    let encoding: string | undefined;
    routes.set('/plain', (request, response) => {
      encoding = request.headers['accept-encoding'] as string;
      response.end(release);
    });
    assert.equal((await install('/plain')).ok, true);
    assert.equal(encoding, 'identity');
  });

  it('follows a redirect', async () => {
    routes.set('/moved', (_request, response) => response.writeHead(302, { location: '/syft.tar.gz' }).end());
    assert.equal((await install('/moved')).ok, true);
  });

  it('does not follow a redirect to a host that serves no releases', async () => {
    routes.set('/away', (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/x' }).end());
    const result = await install('/away');
    assert.equal(code(result), 'download-failed');
    assert.match(result.ok ? '' : result.error.why, /127\.0\.0\.1:9/);
  });

  it('does not follow redirects for ever', async () => {
    routes.set('/loop', (_request, response) => response.writeHead(302, { location: '/loop' }).end());
    assert.equal(code(await install('/loop')), 'download-failed');
    assert.ok(asked.length < 10);
  });

  it('refuses other bytes than the pinned ones', async () => {
    const other = packed(script('6.6.6'));
    routes.set('/other', (_request, response) => response.end(other));
    assert.equal(code(await install('/other')), 'hash-mismatch');
  });

  it('refuses a file that ends early', async () => {
    routes.set('/short', (_request, response) => {
      response.writeHead(200, { 'content-length': String(release.length) });
      response.write(release.subarray(0, release.length / 2), () => response.destroy());
    });
    assert.equal(code(await install('/short')), 'download-failed');
  });

  it('refuses a file that was cut and says nothing of its length', async () => {
    routes.set('/cut', (_request, response) => {
      response.write(release.subarray(0, release.length / 2));
      response.end();
    });
    assert.equal(code(await install('/cut')), 'hash-mismatch');
  });

  it('says that a release is not there', async () => {
    const result = await install('/missing');
    assert.equal(code(result), 'download-failed');
    assert.match(result.ok ? '' : result.error.why, /404/);
  });

  it('refuses an archive that claims to be larger than any release', async () => {
    routes.set('/huge', (_request, response) => {
      response.writeHead(200, { 'content-length': '99999999999' });
      response.write('x');
    });
    assert.equal(code(await install('/huge')), 'download-failed');
  });

  it('refuses an archive with the right hash and a link for a program', async () => {
    const link = gzipSync(writeTar([{ path: 'syft', link: '/bin/sh' }]));
    routes.set('/link', (_request, response) => response.end(link));
    assert.equal(code(await install('/link', sha256(link))), 'download-failed');
  });

  it('refuses a program that says another version', async () => {
    const old = packed(script('1.0.0'));
    routes.set('/old', (_request, response) => response.end(old));
    assert.equal(code(await install('/old', sha256(old))), 'tool-failed');
  });

  it('says that nothing answers', async () => {
    const result = await installTool({
      name: 'syft',
      way: 'release',
      dataFolder: data,
      env: process.env,
      cancel: new AbortController().signal,
      progress: () => undefined,
      release: { asset: { url: 'http://127.0.0.1:9/x', sha256: 'x' }, allows: () => true },
    });
    assert.equal(code(result), 'download-failed');
  });

  it('stops when it is cancelled', async () => {
    routes.set('/slow', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x');
    });
    const abort = new AbortController();
    const pending = install('/slow', undefined, abort.signal);
    setTimeout(() => abort.abort(), 50);
    assert.equal(code(await pending), 'cancelled');
  });

  it('asks only the hosts that serve releases, over HTTPS', () => {
    const asset = releaseAsset('syft', 'linux-x64');
    assert.ok(asset !== null && isReleaseAddress(new URL(asset.url)));
    for (const url of ['http://github.com/x', 'https://github.com.example.org/x', 'https://github.com:8443/x'])
      assert.equal(isReleaseAddress(new URL(url)), false, url);
  });

  it('knows no archive where no hash is known', () => {
    assert.equal(releaseAsset('syft', 'sunos-sparc'), null);
    assert.equal(releaseAsset('syft', 'constructor'), null);
  });
});

describe('which Syft is used', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-find-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const program = (...parts: string[]): string => {
    const path = join(folder, ...parts);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o755);
    return path;
  };

  it('is the configured one, then the one on PATH, then the managed one', () => {
    const managed = program('data', 'tools', `syft-${VERSION}`, 'syft');
    const onPath = program('bin', 'syft');
    const own = program('own', 'my-syft');
    const data = join(folder, 'data');
    const env = { PATH: join(folder, 'bin') };
    assert.deepEqual(findTool('syft', own, env, data), { name: 'syft', path: own, origin: 'configured' });
    assert.deepEqual(findTool('syft', null, { ...env, WAYBILL_SYFT: own }, data)?.path, own);
    assert.deepEqual(findTool('syft', null, env, data), { name: 'syft', path: onPath, origin: 'path' });
    assert.deepEqual(findTool('syft', null, { PATH: '' }, data), { name: 'syft', path: managed, origin: 'managed' });
    assert.equal(findTool('grype', null, { PATH: '' }, data), null);
  });

  it('is never another than the configured one', () => {
    program('data', 'tools', `syft-${VERSION}`, 'syft');
    assert.equal(findTool('syft', join(folder, 'nothing'), {}, join(folder, 'data')), null);
    assert.equal(findTool('syft', 'relative/syft', {}, join(folder, 'data')), null);
  });

  it('is, of the managed ones, the tested version, else the newest', () => {
    const data = join(folder, 'data');
    program('data', 'tools', 'syft-1.9.0', 'syft');
    const newer = program('data', 'tools', 'syft-1.10.0', 'syft');
    program('data', 'tools', 'syft-../../evil', 'syft');
    assert.equal(managedTool('syft', data)?.path, newer);
    const tested = program('data', 'tools', `syft-${VERSION}`, 'syft');
    program('data', 'tools', 'syft-99.0.0', 'syft');
    assert.equal(managedTool('syft', data)?.path, tested);
  });

  it('is no empty folder of an unfinished install', () => {
    mkdirSync(join(folder, 'data', 'tools', `syft-${VERSION}`), { recursive: true });
    assert.equal(managedTool('syft', join(folder, 'data')), null);
  });
});
