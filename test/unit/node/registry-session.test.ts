// SPDX-License-Identifier: Apache-2.0
// What a session with a registry does when the network or the registry is difficult: what it tries again, what it does not
// believe, and in which words it says so.
import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parseImageReference } from '../../../src/core/model/image-reference.ts';
import { problemText } from '../../../src/core/model/problem.ts';
import type { Credentials } from '../../../src/node/registry/auth-files.ts';
import { registryClient, type RegistryClient } from '../../../src/node/registry/client.ts';
import { closeServers, digestOf, MANIFEST, MemoryRepository, send, serve } from '../../support/memory-registry.ts';
import { keptLog, never } from './support.ts';

const ADA: Credentials = { kind: 'basic', username: 'ada', password: 'correct-horse' };
const BASIC = `Basic ${Buffer.from('ada:correct-horse').toString('base64')}`;

function clientOf(
  host: string,
  credentials: Credentials | null = null,
  insecureHosts: readonly string[] = [],
): RegistryClient {
  const reference = parseImageReference(`${host}/team/app:1`);
  assert.ok(reference.ok);
  const options = { credentials, userAgent: 'waybill', log: keptLog(), cancel: never, timeout: 5_000, insecureHosts };
  return registryClient(reference.value, options);
}

async function said(client: RegistryClient, asked = '1'): Promise<string> {
  const answer = await client.manifest(asked);
  return answer.ok ? answer.value.digest : `${answer.error.code}: ${problemText(answer.error)}`;
}

interface Sent {
  readonly url: URL;
  readonly authorization: string | null;
}

/** Runs `work` with `answer` in place of the network; gives what was sent. */
async function withFetch(
  answer: (sent: Sent, count: number) => Response | Error,
  work: () => Promise<void>,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const one = { url: new URL(String(input)), authorization: new Headers(init?.headers).get('authorization') };
    sent.push(one);
    const given = answer(one, sent.length);
    if (given instanceof Error) throw new TypeError('fetch failed', { cause: given });
    return given;
  };
  try {
    await work();
    return sent;
  } finally {
    globalThis.fetch = fetch;
  }
}

const fault = (code: string): Error => Object.assign(new Error(code), { code });
const image = Buffer.from('{"schemaVersion":2,"layers":[]}');
const good = (): Response => new Response(image, { headers: { 'content-type': MANIFEST } });
const wantsBasic = (): Response => new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic' } });

describe('a host that may be asked without TLS', () => {
  const HOST = 'registry.example:5000';

  it('is asked so only where it does not speak TLS', async () => {
    const sent = await withFetch(
      ({ url }) => (url.protocol === 'https:' ? fault('ERR_SSL_WRONG_VERSION_NUMBER') : good()),
      async () => assert.equal(await said(clientOf(HOST, null, [HOST])), digestOf(image)),
    );
    assert.deepEqual(
      sent.map(({ url }) => url.protocol),
      ['https:', 'http:'],
    );
    await withFetch(
      () => fault('ERR_SSL_WRONG_VERSION_NUMBER'),
      async () => assert.match(await said(clientOf(HOST)), /does not speak TLS\. .*name it as a host without TLS\./),
    );
  });

  it('gets nothing in the open once it has spoken TLS, whatever breaks then', async () => {
    const client = clientOf(HOST, ADA, [HOST]);
    const sent = await withFetch(
      ({ authorization }, count) =>
        count > 2 ? fault('ECONNREFUSED') : authorization === BASIC ? good() : wantsBasic(),
      async () => {
        assert.equal(await said(client), digestOf(image));
        assert.match(await said(client), /^registry-unreachable: .*ECONNREFUSED/);
      },
    );
    assert.ok(
      sent.every(({ url }) => url.protocol === 'https:'),
      sent.map(({ url }) => url.href).join(),
    );
  });

  it('gets nothing in the open where its certificate is not believed', async () => {
    for (const [code, todo] of [
      ['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
      ['CERT_HAS_EXPIRED', /its certificate does not hold/],
      ['ERR_TLS_CERT_ALTNAME_INVALID', /its certificate does not hold/],
    ] as const) {
      const sent = await withFetch(
        () => fault(code),
        async () => {
          assert.match(await said(clientOf(HOST, ADA, [HOST])), todo);
          assert.match(await said(clientOf('localhost:5000', ADA)), todo);
        },
      );
      assert.deepEqual(
        sent.map(({ url }) => url.protocol),
        ['https:', 'https:'],
        code,
      );
    }
  });

  it('is asked over TLS again where another request has found that it speaks it', async () => {
    const client = clientOf(HOST, ADA, [HOST]);
    const sent = await withFetch(
      // Two at once, and the connection of one is cut.
      ({ url }, count) => (count === 1 && url.protocol === 'https:' ? fault('ECONNREFUSED') : good()),
      async () => {
        await Promise.all([said(client), said(client)]);
        await said(client);
      },
    );
    assert.equal(sent.at(-1)?.url.protocol, 'https:');
    assert.ok(sent.every(({ authorization }) => authorization === null));
  });
});

describe('a registry that sends Waybill away and back', () => {
  it('gets no credentials for what another host asks of it', async () => {
    const sent = await withFetch(
      ({ url, authorization }) => {
        if (url.pathname === '/other/secret') return new Response('{}');
        if (url.host === 'cdn.example')
          return new Response(null, { status: 307, headers: { location: 'https://registry.example/other/secret' } });
        return authorization === BASIC
          ? new Response(null, { status: 307, headers: { location: 'https://cdn.example/x' } })
          : wantsBasic();
      },
      async () => void (await said(clientOf('registry.example', ADA))),
    );
    const [last] = sent.filter(({ url }) => url.pathname === '/other/secret');
    assert.equal(last?.authorization, null);
    assert.equal(sent.filter(({ authorization }) => authorization !== null).length, 1);
  });
});

describe('a connection that is cut', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    closeServers();
  });

  /** Answers every connection with some bytes, then ends it. */
  async function raw(
    answer: (count: number) => string,
  ): Promise<{ readonly host: string; readonly count: () => number }> {
    let count = 0;
    const server = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        // A greeting of TLS is no request.
        if (data[0] === 0x16) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        socket.end(answer(++count));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => count };
  }
  const whole = `HTTP/1.1 200 OK\r\ncontent-type: ${MANIFEST}\r\ncontent-length: ${image.length}\r\n\r\n${image.toString()}`;

  it('is made anew, a bounded number of times', async () => {
    const once = await raw((count) => (count === 1 ? '' : whole));
    assert.equal(await said(clientOf(once.host)), digestOf(image));
    assert.equal(once.count(), 2);
    const always = await raw(() => '');
    assert.match(await said(clientOf(always.host)), /^registry-unreachable: .*could not be asked/);
    assert.equal(always.count(), 3);
    const inside = await raw((count) => (count === 1 ? whole.slice(0, -5) : whole));
    assert.equal(await said(clientOf(inside.host)), digestOf(image), 'also in the middle of an answer');
  });

  it('is no reason to ask again where something else is wrong', async () => {
    const sent = await withFetch(
      () => fault('ENOTFOUND'),
      async () => assert.match(await said(clientOf('registry.example')), /ENOTFOUND.*Check the name, the network/),
    );
    assert.equal(sent.length, 1);
  });

  it('is found out where a length is announced that is not sent, more or less', async () => {
    const header = (length: number): string =>
      `HTTP/1.1 200 OK\r\ncontent-type: ${MANIFEST}\r\ncontent-length: ${length}\r\n\r\n${image.toString()}`;
    const less = await raw(() => header(image.length + 5));
    assert.match(await said(clientOf(less.host)), /^registry-unreachable/);
    const more = await raw(() => header(image.length - 5));
    assert.match(await said(clientOf(more.host)), /^bad-input: .*no JSON/);
    assert.match(await said(clientOf(more.host), digestOf(image)), /^bad-input: .*is not what sha256:.* names/);
  });
});

/** Lets in whoever has one of the tokens that are good at the time. */
async function guarded(isGood: (token: string, requests: number) => boolean, answer?: (count: number) => object) {
  const repository = new MemoryRepository();
  repository.image('1');
  let tokens = 0;
  let requests = 0;
  const { host, asked } = await serve((request, response) => {
    if (request.url?.startsWith('/token') === true) {
      tokens++;
      return response.writeHead(200).end(JSON.stringify(answer?.(tokens) ?? { token: `t${tokens}` }));
    }
    const [, token = ''] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? [];
    if (token !== '' && isGood(token, ++requests)) return send(response, repository.answer(request.url ?? ''));
    const challenge = `Basic realm="x", Bearer realm="http://${host}/token",service="r"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  return { host, asked, tokens: () => tokens };
}

describe('a token', () => {
  afterEach(closeServers);

  it('is asked for again when it has run out, once for all that wait for it', async () => {
    const server = await guarded((token, requests) => (requests <= 1 ? token === 't1' : token === 't2'));
    const client = clientOf(server.host);
    assert.match(await said(client), /^sha256:/);
    const all = await Promise.all(Array.from({ length: 5 }, () => said(client)));
    assert.ok(all.every((each) => each.startsWith('sha256:')));
    assert.equal(server.tokens(), 2);
  });

  it('is not asked for without end where none is good enough', async () => {
    const server = await guarded(() => false);
    assert.match(await said(clientOf(server.host)), /^access-denied/);
    assert.equal(server.asked.length, 3);
  });

  it('that is the same as before is not tried again', async () => {
    const server = await guarded(
      () => false,
      () => ({ token: 'same' }),
    );
    const client = clientOf(server.host);
    await said(client);
    const before = server.asked.length;
    assert.match(await said(client), /^access-denied/);
    assert.equal(server.asked.length - before, 2, 'the request, and a token');
  });

  it('service on this machine is asked for no registry elsewhere', async () => {
    const challenge = 'Bearer realm="http://localhost:8080/token",service="r"';
    const sent = await withFetch(
      () => new Response(null, { status: 401, headers: { 'www-authenticate': challenge } }),
      async () => assert.match(await said(clientOf('registry.example', ADA)), /^access-denied/),
    );
    assert.deepEqual(
      sent.map(({ url }) => url.host),
      ['registry.example'],
    );
  });

  it('is taken from either field, and what could not be one is none', async () => {
    for (const [answer, good_] of [
      [{ access_token: 'a' }, true],
      [{ token: '', access_token: 'a' }, true],
      [{ token: 'a' }, true],
      [{ token: 'a\r\nx-evil: 1' }, false],
      [{ token: 5 }, false],
      [{}, false],
    ] as const) {
      const server = await guarded(
        (token) => token === 'a',
        () => answer,
      );
      assert.match(await said(clientOf(server.host)), good_ ? /^sha256:/ : /^access-denied/, JSON.stringify(answer));
    }
  });
});

describe('what a registry refuses', () => {
  afterEach(closeServers);

  const words = async (status: number, headers: Record<string, string>, body: unknown, credentials?: Credentials) => {
    const { host } = await serve((_, response) =>
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
    return said(clientOf(host, credentials ?? null));
  };
  const errors = (message: string): object => ({ errors: [{ code: 'DENIED', message }] });

  it('is told in its own words, on one line and not at any length', async () => {
    const expired = 'Your authorization token has expired. Reauthenticate and try again.';
    assert.match(
      await words(403, {}, errors(expired)),
      /answered 403 for team\/app, and says "Your authorization .*again\."/,
    );
    assert.match(
      await words(400, {}, errors('no such thing')),
      /answered 400 .*says "no such thing": .*Check the name/,
    );
    assert.match(await words(500, {}, { errors: [{ code: 'UNKNOWN' }] }), /says "UNKNOWN": .*Try again later/);
    const hostile = await words(403, {}, errors(`a\n\u202eb\u0000"c"${'x'.repeat(1_000)}`));
    assert.match(hostile, /says "a b c x{190,200}…"/);
    for (const none of ['<html>', '', { errors: 'x' }, { errors: [null] }, { errors: [{ message: 5 }] }])
      assert.match(await words(403, {}, none), /answered 403 for team\/app: /);
  });

  it('is told apart from what does not exist only as far as the registry does', async () => {
    assert.match(await words(401, {}, ''), /answer so for what does not exist; else sign in with docker login 127/);
    assert.match(await words(404, {}, ''), /^image-missing: .*if it is private, sign in with docker login/);
    assert.match(await words(404, {}, '', ADA), /^image-missing: .*Check the name and the tag\.$/);
  });

  it('because a helper did not give what it has is told with that reason', async () => {
    const missing: Credentials = { kind: 'missing', why: '"docker-credential-desktop" is not on PATH' };
    assert.match(
      await words(401, {}, '', missing),
      /wants to know who asks, and "docker-credential-desktop" is not on PATH\./,
    );
    const challenge = { 'www-authenticate': 'Basic realm="x"' };
    assert.match(await words(401, challenge, '', missing), /is not on PATH/);
  });

  it('because of too many requests is told with its limit, as Docker Hub gives it', async () => {
    const limits = { 'retry-after': '3600', 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' };
    const message = 'You have reached your unauthenticated pull rate limit.';
    assert.match(
      await words(429, limits, errors(message)),
      /says "You have reached .*": it has had too many requests from this address, and asks for 3600 s without any; it allows 100 in 6 h\. Wait a while, or sign in/,
    );
    for (const odd of ['lots', '100', '100;w=-1', '9'.repeat(30)])
      assert.match(await words(429, { 'retry-after': '3600', 'ratelimit-limit': odd }, ''), /without any\. Wait/);
  });

  it('by being too old or named by what cannot be checked is said to be so', async () => {
    const old = { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' };
    const claimed = { ...old, 'docker-content-digest': digestOf('x') };
    assert.match(await words(200, claimed, { fsLayers: [] }), /^bad-input: .*its manifest is of schema 1/);
    const { host, asked } = await serve((_, response) => response.writeHead(200).end('{"layers":[]}'));
    const digest = `sha384:${'a'.repeat(96)}`;
    assert.match(await said(clientOf(host), digest), /^bad-input: .*@sha384:a+ was not read: only SHA-256 and SHA-512/);
    assert.deepEqual(asked, [], 'what nobody could check is not even asked for');
  });
});
