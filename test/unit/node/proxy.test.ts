// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { namesProxy, withProxyHint } from '../../../src/node/registry/proxy.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../../src/node/registry/proxy.ts')).href;

describe('followProxies', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** What a proxy was asked to connect to by a process that fetches some addresses. */
  async function connections(addresses: readonly string[], more: Readonly<Record<string, string>>): Promise<string[]> {
    const seen: string[] = [];
    const proxy = createServer((_, response) => response.end());
    servers.push(proxy);
    proxy.on('connect', ({ url = '' }, socket) => {
      seen.push(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const script = `
      import { followProxies } from ${JSON.stringify(MODULE)};
      if (!followProxies(process.env)) throw new Error('this Node cannot');
      for (const each of ${JSON.stringify(addresses)}) await fetch(each).catch(() => undefined);
    `;
    const env = { PATH: process.env['PATH'], HTTPS_PROXY: address, HTTP_PROXY: address, ...more };
    const child = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], { env });
    const status = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(status, 0);
    return seen;
  }

  it('sends what is asked through the proxy, but for what NO_PROXY names and this very machine', async () => {
    const addresses = ['https://registry.example/v2/', 'https://inside.example/v2/', 'http://127.0.0.1:1/v2/'];
    assert.deepEqual(await connections(addresses, { NO_PROXY: 'inside.example' }), ['registry.example:443']);
  });

  it('is named to whoever is behind one that is not asked, where that can be why', () => {
    const problem = { code: 'registry-unreachable', what: 'x', why: 'y', todo: 'Try again.' } as const;
    const behind = { HTTPS_PROXY: 'http://p' };
    assert.match(withProxyHint(problem, behind, false).todo, /^Try again\. HTTPS_PROXY is followed with/);
    for (const same of [
      withProxyHint(problem, behind, true),
      withProxyHint(problem, {}, false),
      withProxyHint(problem, { ...behind, NODE_USE_ENV_PROXY: '1' }, false),
    ])
      assert.equal(same, problem);
    assert.equal(withProxyHint({ ...problem, code: 'access-denied' }, behind, false).todo, 'Try again.');
  });

  it('knows whether there is one', () => {
    assert.ok(namesProxy({ https_proxy: 'http://p' }));
    assert.ok(!namesProxy({ HTTPS_PROXY: '', NO_PROXY: '*' }));
  });
});
