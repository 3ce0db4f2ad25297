// SPDX-License-Identifier: Apache-2.0
// The command line asks a registry of a company: its certificate is by an authority of its own, and the only way to it is
// a proxy that wants a password. A real authority, a real server with TLS, a real proxy and a process of its own.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { MemoryRepository, send } from '../support/memory-registry.ts';
import { run } from '../testbed/command.ts';
import { projectRoot } from '../testbed/paths.ts';

const HOST = 'registry.example';
const LOGIN = 'ada:correct-horse';
const BASIC = `Basic ${Buffer.from(LOGIN).toString('base64')}`;
const PROXY_LOGIN = 'anne:lovelace';

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

describe('a registry behind a proxy, with a certificate by an authority of its own', function () {
  this.timeout(60_000);
  let folder: string;
  let registry: Server;
  let proxy: Server;
  /** What the proxy was asked for: `CONNECT HOST:PORT`, or the address of a request in the open. */
  const asked: string[] = [];
  /** What the proxy was told in headers, without its own password. */
  const told: string[] = [];
  const authorizations: (string | undefined)[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-network-'));
    const openssl = (...args: string[]): Promise<string> => run('openssl', args, { cwd: folder });
    writeFileSync(join(folder, 'leaf.cnf'), `subjectAltName=DNS:${HOST},IP:127.0.0.1\nbasicConstraints=CA:FALSE\n`);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Own authority');
    await openssl('req', ...key, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', `/CN=${HOST}`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'leaf.cnf'];
    await openssl('x509', '-req', '-in', 'leaf.csr', ...by, '-out', 'leaf.pem');
    mkdirSync(join(folder, '.docker'));
    const auth = Buffer.from(LOGIN).toString('base64');
    writeFileSync(join(folder, '.docker', 'config.json'), JSON.stringify({ auths: { [HOST]: { auth } } }));

    const repository = new MemoryRepository();
    repository.image('1');
    const tls = { key: readFileSync(join(folder, 'leaf.key')), cert: readFileSync(join(folder, 'leaf.pem')) };
    registry = createTlsServer(tls, (request, response) => {
      authorizations.push(request.headers.authorization);
      if (request.headers.authorization === BASIC) send(response, repository.answer(request.url ?? ''));
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="own"' }).end();
    });
    await listen(registry);

    proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      told.push(JSON.stringify(request.headers));
      response.writeHead(502).end();
    });
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url ?? ''}`);
      const { 'proxy-authorization': password, ...headers } = request.headers;
      told.push(JSON.stringify(headers));
      socket.on('error', () => undefined);
      if (password !== `Basic ${Buffer.from(PROXY_LOGIN).toString('base64')}`)
        return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      if (request.url !== `${HOST}:443`) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      const inside = connect(portOf(registry), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        inside.pipe(socket).pipe(inside);
      });
      inside.on('error', () => socket.destroy());
    });
    await listen(proxy);
  });
  beforeEach(() => {
    for (const list of [asked, told, authorizations]) list.length = 0;
  });
  after(() => {
    for (const server of [registry, proxy]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const proxied = (login = PROXY_LOGIN): Record<string, string> => {
    const address = `http://${login}@127.0.0.1:${portOf(proxy)}`;
    return { HTTPS_PROXY: address, HTTP_PROXY: address };
  };
  const authority = (): Record<string, string> => ({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });

  async function verify(env: Readonly<Record<string, string>>, args: readonly string[] = [], host = HOST) {
    const main = join(projectRoot, 'src', 'cli', 'main.ts');
    const result = await execa(
      process.execPath,
      ['--no-warnings', main, 'verify', `${host}/team/app:1`, '--format', 'json', '--verbose', ...args],
      { env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env }, extendEnv: false, reject: false, cwd: folder },
    );
    const { stdout = '', stderr = '' } = result;
    for (const secret of ['correct-horse', Buffer.from(LOGIN).toString('base64'), 'lovelace'])
      assert.ok(!`${stdout}${stderr}`.includes(secret), 'no password is printed');
    return { status: result.exitCode, stdout, stderr };
  }
  const places = (stdout: string): readonly string[] =>
    JSON.parse(stdout).places.map(({ kind, state }: { kind: string; state: string }) => `${kind} ${state}`);

  it('is reached through the proxy, and believed by its own authority', async () => {
    const { stdout, stderr } = await verify({ ...proxied(), ...authority() });
    assert.deepEqual(
      places(stdout),
      [
        'referrers absent',
        'cosign-signature-tag absent',
        'cosign-attestation-tag absent',
        'cosign-sbom-tag absent',
        'github-attestations skipped',
      ],
      stderr,
    );
    assert.ok(asked.length > 0 && asked.every((each) => each === `CONNECT ${HOST}:443`), asked.join());
    assert.deepEqual(authorizations.slice(0, 2), [undefined, BASIC]);
    assert.ok(
      told.every((headers) => !headers.includes(BASIC)),
      'the proxy sees no credentials of the registry',
    );
  });

  it('is reached by the variables in small letters; this very machine is asked without a proxy', async () => {
    const small = Object.fromEntries(Object.entries(proxied()).map(([name, value]) => [name.toLowerCase(), value]));
    assert.equal(places((await verify({ ...small, ...authority() })).stdout).length, 5);
    assert.ok(asked.length > 0);
    asked.length = 0;
    const direct = `127.0.0.1:${portOf(registry)}`;
    const inside = await verify({ ...proxied(), ...authority() }, [], direct);
    assert.equal(inside.status, 3);
    assert.match(inside.stderr, /access-denied|answered 401/, 'it was reached, and has no login under this name');
    assert.deepEqual(asked, []);
  });

  it('is not believed without its authority, and then not spoken to in the open either', async () => {
    for (const args of [[], ['--insecure', HOST]]) {
      const { status, stderr } = await verify(proxied(), args);
      assert.equal(status, 3);
      assert.match(stderr, /unable to verify the first certificate.*NODE_EXTRA_CA_CERTS/s);
    }
    assert.ok(
      asked.every((each) => each === `CONNECT ${HOST}:443`),
      asked.join(),
    );
    assert.deepEqual(authorizations, []);
  });

  it('is not reached where the proxy refuses, and that is said', async () => {
    const { status, stderr } = await verify({ ...proxied('anne:wrong'), ...authority() });
    assert.equal(status, 3);
    assert.match(stderr, /registry\.example could not be asked: .*407.*proxy/is);
    assert.deepEqual(authorizations, []);
  });
});
