// SPDX-License-Identifier: Apache-2.0
// The registry client against a server on this machine that answers as it is told, also as an attacker would.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseImageReference } from '../../../src/core/model/image-reference.ts';
import type { Credentials } from '../../../src/node/registry/auth-files.ts';
import { parseChallenge } from '../../../src/node/registry/challenge.ts';
import { registryClient } from '../../../src/node/registry/client.ts';
import { registryDigest, registryPlatforms, resolveRegistryImage } from '../../../src/node/registry/resolve.ts';
import { findDigest } from '../../../src/node/resolve/resolver.ts';
import { layoutFiles } from '../../../scripts/lib/oci-layout.mjs';
import { AMD64, keptLog, never, smallImage } from './support.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Server_ {
  readonly host: string;
  readonly requests: IncomingMessage[];
}

const servers: Server[] = [];

async function serve(handler: Handler): Promise<Server_> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function client(host: string, credentials: Credentials | null = null, timeout = 5_000, cancel: AbortSignal = never) {
  const reference = parseImageReference(`${host}/team/app:1`);
  assert.ok(reference.ok);
  const log = keptLog();
  const options = { credentials, userAgent: 'waybill', log, cancel, timeout };
  return { reference: reference.value, client: registryClient(reference.value, options), log };
}

const amd64 = smallImage('amd64');
const arm64 = smallImage('arm64');
const { files, digest: top } = layoutFiles([amd64, arm64]);
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Serves the two images and their index as repository team/app, tag 1. */
const images: Handler = (request, response) => {
  const [, kind, name = ''] = /^\/v2\/team\/app\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? [];
  const digest = name === '1' ? top : name;
  const bytes = files.get(`blobs/${digest.replace(':', '/')}`);
  if (bytes === undefined) return void response.writeHead(404).end('{"errors":[]}');
  const type = digest === top ? INDEX : kind === 'manifests' ? amd64.manifest.mediaType : 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'docker-content-digest': digest }).end(bytes);
};

const basic: Credentials = { kind: 'basic', username: 'ada', password: 'se:cret' };
const BASIC = `Basic ${Buffer.from('ada:se:cret').toString('base64')}`;
const authorizations = ({ requests }: Server_): (string | undefined)[] =>
  requests.map(({ headers }) => headers.authorization);

async function outcome(host: string, credentials: Credentials | null = null, timeout?: number): Promise<string> {
  const answer = await client(host, credentials, timeout).client.manifest('1');
  return answer.ok ? answer.value.digest : `${answer.error.code}: ${answer.error.what}: ${answer.error.why}`;
}

describe('registry client', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('finds the image of a platform by documents alone, and lists the platforms', async () => {
    const server = await serve(images);
    const { client: registry, reference } = client(server.host);
    const found = await resolveRegistryImage(registry, reference, null, AMD64);
    assert.ok(found.ok);
    assert.equal(found.value.indexDigest, top);
    assert.equal(found.value.manifestDigest, amd64.manifest.digest);
    assert.equal(found.value.configDigest, amd64.config.digest);
    const asked = await resolveRegistryImage(registry, reference, { ...AMD64, architecture: 'arm64' }, AMD64);
    assert.equal(asked.ok && asked.value.configDigest, arm64.config.digest);
    assert.deepEqual(await registryPlatforms(registry, reference), { ok: true, value: ['linux/amd64', 'linux/arm64'] });
    const layers = amd64.layers.map(({ digest }) => `/v2/team/app/blobs/${digest}`);
    assert.ok(server.requests.every(({ url = '' }) => !layers.includes(url)));
  });

  it('finds what a tag names: the index where there is one, and nothing that another digest names', async () => {
    const env = { HOME: '/nonexistent' };
    const programs = { docker: null, podman: null, nerdctl: null };
    const engines = { env, programs, cwd: '/' };
    const options = { env, log: keptLog(), engines, architecture: 'x64', registryTimeout: 5_000 };
    const server = await serve(images);
    assert.deepEqual(await findDigest(`${server.host}/team/app:1`, options, never), { ok: true, value: top });
    assert.ok(server.requests.every(({ url }) => url === '/v2/team/app/manifests/1'));
    const missing = await findDigest(`${server.host}/team/app:2`, options, never);
    assert.equal(missing.ok ? null : missing.error.code, 'image-missing');
    const single = await serve((_request, response) => {
      const bytes = files.get(`blobs/${amd64.manifest.digest.replace(':', '/')}`);
      response.writeHead(200, { 'content-type': amd64.manifest.mediaType }).end(bytes);
    });
    const { client: registry, reference } = client(single.host);
    assert.deepEqual(await registryDigest(registry, reference), { ok: true, value: amd64.manifest.digest });
    const liar = await serve((_request, response) => {
      const bytes = files.get(`blobs/${top.replace(':', '/')}`);
      response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': arm64.manifest.digest }).end(bytes);
    });
    const refused = await findDigest(`${liar.host}/team/app:1`, options, never);
    assert.equal(refused.ok ? null : refused.error.code, 'bad-input');
  });

  it('sends no credentials before it is asked for them, then the right ones', async () => {
    const server = await serve((request, response) => {
      if (request.headers.authorization === BASIC) images(request, response);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    assert.equal(await outcome(server.host, basic), top);
    assert.deepEqual(authorizations(server), [undefined, BASIC]);
    assert.match(await outcome(server.host), /^access-denied: .*answered 401 for team\/app: .*no credentials/);
    assert.match(await outcome(server.host, { ...basic, password: 'x' }), /^access-denied: .*do not give access/);
  });

  it('gets a token where one is wanted, and gives the password to the token service only', async () => {
    const tokens = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      assert.equal(url.searchParams.get('service'), 'reg');
      assert.equal(url.searchParams.get('scope'), 'repository:team/app:pull');
      response.writeHead(200).end(JSON.stringify({ token: `t${request.headers.authorization === BASIC ? 1 : 0}` }));
    });
    const server = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer t1') return images(request, response);
      const challenge = `Bearer realm="http://${tokens.host}/token",service="reg",scope="ignored"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    assert.equal(await outcome(server.host, basic), top);
    assert.deepEqual(authorizations(server), [undefined, 'Bearer t1']);
    assert.match(await outcome(server.host), /^access-denied/);
  });

  it('changes an identity token at the token service', async () => {
    const bodies: string[] = [];
    const tokens = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk));
      request.on('end', () => response.writeHead(200).end(JSON.stringify({ access_token: 'short' })));
    });
    const server = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer short') return images(request, response);
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens.host}/t",service="reg"` }).end();
    });
    assert.equal(await outcome(server.host, { kind: 'identity', token: 'long lived' }), top);
    assert.match(bodies.join(''), /grant_type=refresh_token.*refresh_token=long\+lived/);
  });

  it('sends an identity token to nobody whom the token service names instead', async () => {
    const other = await serve((_, response) => response.writeHead(200).end('{"token":"x"}'));
    const tokens = await serve((request, response) => {
      request.resume();
      response.writeHead(307, { location: `http://${other.host}${request.url}` }).end();
    });
    const server = await serve((_, response) =>
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens.host}/t",service="reg"` }).end(),
    );
    assert.match(
      await outcome(server.host, { kind: 'identity', token: 'long lived' }),
      /redirects without end or to nowhere/,
    );
    assert.equal(tokens.requests.length, 1);
    assert.deepEqual(other.requests, []);
  });

  it('does not ask token services that are not encrypted', async () => {
    const realms = ['http://evil.example/token', 'ftp://127.0.0.1/token', 'no address', 'https://a:b@evil.example/'];
    for (const realm of realms) {
      const server = await serve((_, response) =>
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end(),
      );
      assert.match(await outcome(server.host, basic), /^access-denied/, realm);
      assert.deepEqual(authorizations(server), [undefined]);
    }
  });

  it('carries no credentials to another host, and takes no challenge from there', async () => {
    const other = await serve(images);
    const greedy = await serve((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="give"' }).end(),
    );
    let target = other.host;
    const server = await serve((request, response) => {
      if (request.headers.authorization === BASIC)
        response.writeHead(307, { location: `http://${target}${request.url}` }).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    assert.equal(await outcome(server.host, basic), top);
    assert.deepEqual(authorizations(other), [undefined]);
    target = greedy.host;
    assert.match(await outcome(server.host, basic), /^access-denied/);
    assert.deepEqual(authorizations(greedy), [undefined]);
  });

  it('proves itself to no token service that another host names', async () => {
    const greedy = await serve((request, response) => {
      if (request.url?.startsWith('/token') === true) return void response.writeHead(200).end('{"token":"x"}');
      const challenge = `Bearer realm="http://${greedy.host}/token",service="r"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const server = await serve((request, response) =>
      response.writeHead(307, { location: `http://${greedy.host}${request.url}` }).end(),
    );
    assert.match(await outcome(server.host, basic), /^access-denied/);
    assert.deepEqual(
      greedy.requests.map(({ url }) => url),
      ['/v2/team/app/manifests/1'],
    );
  });

  it('follows no redirect without end, to plain HTTP elsewhere, or to what is no address', async () => {
    for (const [location, why] of [
      ['/v2/team/app/manifests/1', /without end/],
      ['http://registry.example/v2/', /is not encrypted/],
      ['file:///etc/passwd', /is not encrypted/],
      ['http://[', /to nowhere/],
    ] as const) {
      const server = await serve((_, response) => response.writeHead(302, { location }).end());
      assert.match(await outcome(server.host), why);
    }
  });

  it('lets no registry elsewhere have this machine asked', async () => {
    const asked: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (input) => {
      asked.push(String(input));
      return new Response(null, { status: 307, headers: { location: 'http://localhost:8080/admin' } });
    };
    try {
      assert.match(await outcome('registry.example'), /^registry-unreachable: .*it redirects to this very machine$/);
      assert.deepEqual(asked, ['https://registry.example/v2/team/app/manifests/1']);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('refuses what its digest does not name, in manifests and blobs', async () => {
    const server = await serve((_, response) =>
      response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': top }).end('{"manifests":[]}'),
    );
    assert.match(await outcome(server.host), /^bad-input: .*refused: .*is not what sha256:.* names/);
    const blob = await client(server.host).client.blob(amd64.config.digest);
    assert.match(blob.ok ? '' : blob.error.why, /is not what sha256/);
    const byDigest = await client(server.host).client.manifest(amd64.manifest.digest);
    assert.match(byDigest.ok ? '' : byDigest.error.why, /is not what sha256/);
  });

  it('reads no more than it has to, announced or not', async () => {
    const announced = await serve((_, response) => {
      response.writeHead(200, { 'content-length': String(1 << 30) });
      response.write('x');
    });
    assert.match(await outcome(announced.host), /^too-large/);
    let sent = 0;
    const endless = await serve((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) sent += 64 * 1024;
        response.once('drain', more);
      };
      more();
    });
    assert.match(await outcome(endless.host), /^too-large/);
    assert.ok(sent < 64 * 1024 * 1024, String(sent));
  });

  it('ends a slow answer, a slow body, and on request', async () => {
    const silent = await serve(() => undefined);
    assert.match(await outcome(silent.host, null, 100), /^timeout/);
    const dripping = await serve((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    assert.match(await outcome(dripping.host, null, 150), /^timeout/);
    const abort = new AbortController();
    const asked = client(silent.host, null, 5_000, abort.signal).client.manifest('1');
    abort.abort();
    const answer = await asked;
    assert.equal(answer.ok ? '' : answer.error.code, 'cancelled');
  });

  it('tells missing, too many, broken and unreachable apart', async () => {
    for (const [status, pattern] of [
      [404, /^image-missing: There is no image 127.*\/team\/app:1/],
      [429, /^registry-unreachable: .*429.*too many requests/],
      [503, /^registry-unreachable: .*503/],
      [403, /^access-denied: .*403/],
    ] as const) {
      const server = await serve((_, response) => response.writeHead(status).end());
      assert.match(await outcome(server.host), pattern);
    }
    const text = await serve((_, response) => response.writeHead(200).end('<html>'));
    assert.match(await outcome(text.host), /^bad-input: .*no JSON/);
    assert.match(await outcome('127.0.0.1:1'), /^registry-unreachable/);
  });
});

describe('parseChallenge', () => {
  it('reads Bearer with quotes and escapes, Basic, both, and nothing else', () => {
    const bearer = { scheme: 'bearer', realm: 'https://a/b,c', service: 'x "y"' };
    assert.deepEqual(parseChallenge('Bearer realm="https://a/b,c", service="x \\"y\\"",scope="s"'), bearer);
    assert.deepEqual(parseChallenge('bearer service=s,realm=https://a'), {
      scheme: 'bearer',
      realm: 'https://a',
      service: 's',
    });
    assert.deepEqual(parseChallenge('BASIC realm="x"'), { scheme: 'basic' });
    assert.deepEqual(parseChallenge('Basic realm="x", Bearer realm="https://a"'), {
      scheme: 'bearer',
      realm: 'https://a',
      service: null,
    });
    for (const header of [null, '', 'Negotiate', 'Bearer', 'Bearer service="x"', `Bearer ${'x'.repeat(9000)}`])
      assert.equal(parseChallenge(header), null);
  });
});
