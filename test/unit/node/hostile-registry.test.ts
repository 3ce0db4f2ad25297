// SPDX-License-Identifier: Apache-2.0
// Registries that mean harm: everything that they can make Waybill do is bounded, nothing reaches another host that was
// not meant for it, and each failure is told.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Discovery } from '../../../src/core/attestations/model.ts';
import type { Problem } from '../../../src/core/model/problem.ts';
import type { Result } from '../../../src/core/model/result.ts';
import { createDiscoverer } from '../../../src/node/discovery/discoverer.ts';
import type { DiscovererOptions } from '../../../src/node/discovery/options.ts';
import {
  BUNDLE,
  closeServers,
  digestOf,
  INDEX,
  MANIFEST,
  MemoryRepository,
  send,
  serve,
  type Asked,
  type HttpHandler,
} from '../../support/memory-registry.ts';
import { keptLog, scratch } from './support.ts';

const SECRET = 'correct-horse';
const BASIC = `Basic ${Buffer.from(`ada:${SECRET}`).toString('base64')}`;

/** Discovers with credentials for `host` on disk, and nothing for any other. */
async function discover(
  host: string,
  { options = {} as Partial<DiscovererOptions>, cancel = new AbortController().signal, target = '' } = {},
): Promise<{ readonly result: Result<Discovery, Problem>; readonly log: readonly string[] }> {
  return scratch(async (home) => {
    mkdirSync(join(home, '.docker'));
    const auths = { [host]: { auth: Buffer.from(`ada:${SECRET}`).toString('base64') } };
    writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ auths }));
    const log = keptLog();
    const discoverer = createDiscoverer({ env: { HOME: home }, log, architecture: 'x64', ...options });
    const request = {
      source: { scheme: 'registry', target: target === '' ? `${host}/team/app:1` : target },
      platform: '',
      offline: false,
      cosignRepository: null,
      githubRepository: null,
    } as const;
    return { result: await discoverer.discover(request, cancel), log: log.lines };
  });
}

function found({ result }: { readonly result: Result<Discovery, Problem> }): Discovery {
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.error));
  return result.value;
}

function problem({ result }: { readonly result: Result<Discovery, Problem> }): string {
  assert.ok(!result.ok);
  const { code, what, why, todo } = result.error;
  assert.ok(what !== '' && why !== '' && todo !== '', 'what, why and what to do');
  return `${code}: ${what}: ${why}. ${todo}`;
}

const noSecret = (asked: readonly Asked[]): void =>
  assert.deepEqual(
    asked.filter(({ url, authorization }) => authorization !== null || url.includes(SECRET)),
    [],
  );

/** A repository with one image, and what is asked of it answered by `override` first. */
function imageWith(
  override: (repository: MemoryRepository, digest: string) => HttpHandler | null,
  prepare: (repository: MemoryRepository, digest: string) => void = () => undefined,
): HttpHandler {
  const repository = new MemoryRepository();
  const { digest } = repository.image('1');
  prepare(repository, digest);
  const special = override(repository, digest);
  return (request, response) => {
    special?.(request, response);
    if (!response.headersSent) send(response, repository.answer(request.url ?? ''));
  };
}

describe('a hostile registry', function () {
  this.timeout(20_000);
  afterEach(closeServers);

  it('gets no credentials carried to a token service on another host', async () => {
    const asked: Asked[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (input, init) => {
      const url = new URL(String(input));
      asked.push({ url: url.href, authorization: new Headers(init?.headers).get('authorization') });
      if (url.host === 'evil.example') return new Response('{"token":"abc"}');
      const challenge = 'Bearer realm="https://evil.example/token",service="r"';
      return new Response(null, { status: 401, headers: { 'www-authenticate': challenge } });
    };
    try {
      const { result, log } = await discover('registry.example');
      const elsewhere = asked.filter(({ url }) => url.startsWith('https://evil.example/'));
      assert.ok(elsewhere.length > 0, 'it is asked, as for any public image');
      noSecret(elsewhere);
      assert.match(problem({ result }), /^access-denied: .*its token service is evil\.example, which is not given/);
      assert.ok(log.some((line) => /asked without credentials/.test(line)));
      assert.ok(!log.join('\n').includes(SECRET));
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('gets none carried to a server of another name, whatever its token is then good for', async () => {
    const other = await serve((_, response) => response.end('{"token":"abc"}'));
    const { host, asked } = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer abc') return send(response, { status: 403, body: '{}' });
      const challenge = `Bearer realm="http://${other.host}/token",service="r"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    // The same machine by two names, which are two hosts.
    const named = host.replace('127.0.0.1', 'localhost');
    const refused = await discover(named);
    assert.match(problem(refused), /^access-denied: .*its token service is 127\.0\.0\.1:\d+, which is not given/);
    assert.ok(other.asked.length > 0);
    noSecret(other.asked);
    assert.deepEqual(
      asked.map(({ authorization }) => authorization),
      [null, 'Bearer abc'],
    );
    assert.ok(!refused.log.join('\n').includes(SECRET));
  });

  it('gets none carried along a redirect, and cannot have another host ask for them', async () => {
    const other = await serve((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="give me"' }).end(),
    );
    const { host, asked } = await serve((request, response) => {
      if (request.headers.authorization === BASIC)
        response.writeHead(307, { location: `http://${other.host}${request.url}` }).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    assert.match(problem(await discover(host)), /^access-denied/);
    assert.ok(asked.some(({ authorization }) => authorization === BASIC));
    assert.ok(other.asked.length > 0);
    noSecret(other.asked);
  });

  it('cannot move its credentials into an address', async () => {
    for (const location of ['http://ada:pw@127.0.0.1:1/', 'http://registry.example/', 'gopher://127.0.0.1/']) {
      const { host } = await serve((_, response) => response.writeHead(302, { location }).end());
      assert.match(problem(await discover(host)), /^registry-unreachable: .*(?:carries credentials|not encrypted)/);
    }
  });

  it('cannot page without end, in a circle, or to another list', async () => {
    for (const [next, pattern] of [
      [(page: number, path: string) => `${path}?page=${page + 1}`, /more than 20 pages/],
      [(_: number, path: string) => path, /lead back to one another/],
      [() => 'http://127.0.0.1:1/v2/team/app/referrers/x', /not in the same list/],
      [() => '/v2/other/secret/referrers/x', /not in the same list/],
    ] as const) {
      const { host, asked } = await serve(
        imageWith((_, digest) => (request, response) => {
          const url = new URL(request.url ?? '', 'http://x');
          if (!url.pathname.includes('/referrers/')) return;
          const page = Number(url.searchParams.get('page') ?? '0');
          const link = `<${next(page, `/v2/team/app/referrers/${digest}`)}>; rel="next"`;
          response.writeHead(200, { 'content-type': INDEX, link }).end('{"manifests":[]}');
        }),
      );
      const [place] = found(await discover(host)).places;
      assert.equal(place?.state, 'failed');
      assert.match(place?.reason ?? '', pattern);
      assert.ok(asked.filter(({ url }) => url.includes('/referrers/')).length <= 20);
    }
  });

  it('cannot pass one content off as another: manifests, blobs and lists', async () => {
    const bundle = 'a bundle that is fourteen bytes or more';
    const lying = (part: string, body: string) =>
      imageWith(
        () => (request, response) => {
          if (request.url?.includes(part) === true) response.writeHead(200, { 'content-type': MANIFEST }).end(body);
        },
        (repository, digest) => void repository.bundle({ digest }, bundle),
      );
    const blob = await serve(lying(`/blobs/${digestOf(bundle)}`, bundle.toUpperCase()));
    const [item] = found(await discover(blob.host)).items;
    assert.equal(item?.bytes, null);
    assert.match(item?.problem?.why ?? '', /is not what sha256:.* names/);
    const top = await serve((_, response) => {
      response.writeHead(200, { 'content-type': MANIFEST, 'docker-content-digest': digestOf('x') });
      response.end('{"schemaVersion":2}');
    });
    assert.match(problem(await discover(top.host)), /^bad-input: .*refused/);
  });

  it('cannot lie about a size, either way', async () => {
    for (const [size, pattern] of [
      [3, /has 39 bytes and is said to have 3/],
      [50, /has 39 bytes and is said to have 50/],
      [-1, /names nothing that could be checked/],
      [1e300, /names nothing that could be checked/],
      [2 ** 40, /at most \d+ are read/],
    ] as const) {
      const { host, asked } = await serve(
        imageWith(
          () => null,
          (repository, digest) => {
            const layer = repository.blob(BUNDLE, 'a bundle that is fourteen bytes or more');
            repository.refer({ digest }, BUNDLE, [{ ...layer, size }]);
          },
        ),
      );
      const { items, places } = found(await discover(host));
      const why = items[0]?.problem?.why ?? places[0]?.reason ?? '';
      assert.match(why, pattern);
      assert.ok(items.every(({ bytes }) => bytes === null));
      if (size > 100)
        assert.ok(
          asked.every(({ url }) => !url.includes('/blobs/')),
          'it is not even begun',
        );
    }
  });

  it('cannot hold on to Waybill with a slow drip, everywhere at once', async () => {
    const { host } = await serve(
      imageWith((_, digest) => (request, response) => {
        const { url = '' } = request;
        if (url.endsWith('/manifests/1') || (url.includes('/manifests/') && url.endsWith(digest))) return;
        response.writeHead(200, { 'content-type': INDEX });
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      }),
    );
    const begun = performance.now();
    const slow = await discover(host, { options: { timeout: 60_000, deadline: 400 } });
    assert.ok(performance.now() - begun < 10_000);
    for (const { kind, state, reason } of found(slow).places.filter(({ state: each }) => each !== 'skipped')) {
      assert.equal(state, 'failed', kind);
      assert.match(reason ?? '', /not looked at: it took longer than/);
    }
    const silent = await serve(() => undefined);
    assert.match(problem(await discover(silent.host, { options: { deadline: 200 } })), /^timeout/);
    const stop = new AbortController();
    const asking = discover(silent.host, { cancel: stop.signal });
    setTimeout(() => stop.abort(), 50);
    const { result } = await asking;
    assert.equal(result.ok ? '' : result.error.code, 'cancelled');
  });

  it('cannot make Waybill read a huge manifest, announced or not', async () => {
    const huge = await serve((_, response) => {
      response.writeHead(200, { 'content-type': MANIFEST, 'content-length': String(2 ** 32) });
      response.write('{');
    });
    assert.match(problem(await discover(huge.host)), /^too-large/);
    let sent = 0;
    const endless = await serve(
      imageWith(() => (request, response) => {
        if (!(request.url ?? '').endsWith('.sig')) return;
        response.writeHead(200, { 'content-type': MANIFEST });
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 0x20))) sent += 64 * 1024;
          response.once('drain', more);
        };
        more();
      }),
    );
    const place = found(await discover(endless.host)).places.find(({ kind }) => kind === 'cosign-signature-tag');
    assert.equal(place?.state, 'failed');
    assert.match(place?.reason ?? '', /larger than/);
    assert.ok(sent < 64 * 1024 * 1024, String(sent));
  });

  it('cannot exhaust the stack or the memory with JSON', async () => {
    for (const [document, pattern] of [
      [`{"manifests":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /nested more than|no JSON|Maximum call/],
      [`{"schemaVersion":2,"layers":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`, /nested more than|no JSON/],
      [`{"manifests":[${'{},'.repeat(300_000)}{}]}`, /more than 200,000 values/],
      ['{"manifests":[{"digest":"sha256:../../x","size":1}]}', /names nothing that could be checked/],
      ['[]', /no JSON object/],
      ['{"manifests":', /no JSON/],
    ] as const) {
      const { host } = await serve(
        imageWith(() => (request, response) => {
          if (request.url?.includes('/referrers/') === true)
            response.writeHead(200, { 'content-type': INDEX }).end(document);
        }),
      );
      const [place] = found(await discover(host)).places;
      assert.equal(place?.state, 'failed', document.slice(0, 40));
      assert.match(place?.reason ?? '', pattern);
    }
  });

  it('cannot lead it in circles of referrers', async () => {
    const { host, asked } = await serve(
      imageWith(
        () => null,
        (repository, digest) => {
          const one = repository.bundle({ digest }, 'one');
          const two = repository.bundle(one, 'two');
          // Each list names both, and the image itself.
          const all = [one, two, { mediaType: MANIFEST, digest, size: 1 }];
          for (const subject of [digest, one.digest, two.digest]) repository.referrers.set(subject, all);
        },
      ),
    );
    const { items, places } = found(await discover(host));
    assert.equal(items.length, 1);
    assert.equal(places[0]?.state, 'failed');
    assert.match(places[0]?.reason ?? '', /says that it is about .*1 more/s);
    assert.ok(asked.length < 20, String(asked.length));
  });

  it('is believed no content type: a manifest is one by what it holds', async () => {
    const { host } = await serve(
      imageWith(
        (repository) => (request, response) => {
          const { status, body } = repository.answer(request.url ?? '');
          const type = request.url?.includes('/referrers/') === true ? INDEX : 'text/html';
          response.writeHead(status, { 'content-type': type }).end(body);
        },
        (repository, digest) => void repository.bundle({ digest }, 'good'),
      ),
    );
    assert.equal(found(await discover(host)).items.length, 1);
    const page = await serve((_, response) => response.writeHead(200, { 'content-type': MANIFEST }).end('<html>'));
    assert.match(problem(await discover(page.host)), /^bad-input: .*no JSON/);
  });

  it('cannot unpack a bomb into the memory', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    const { host } = await serve(
      imageWith(
        () => (request, response) => {
          const part = request.url ?? '';
          if (!part.endsWith('.sig') && !part.includes('/blobs/')) return;
          response.writeHead(200, { 'content-type': MANIFEST, 'content-encoding': 'gzip' }).end(bomb);
        },
        (repository, digest) => void repository.bundle({ digest }, 'good'),
      ),
    );
    const { items, places } = found(await discover(host));
    assert.equal(places.find(({ kind }) => kind === 'cosign-signature-tag')?.state, 'failed');
    assert.equal(items[0]?.bytes, null);
    assert.match(items[0]?.problem?.why ?? '', /has more than the 4 bytes/);
  });

  it('cannot flood it with items: what is left out is said', async () => {
    const { host, asked } = await serve(
      imageWith(
        () => null,
        (repository, digest) => {
          for (let i = 0; i < 700; i++) repository.bundle({ digest }, String(i));
        },
      ),
    );
    const { items, places } = found(await discover(host));
    assert.ok(items.length <= 500, String(items.length));
    assert.equal(places[0]?.state, 'failed');
    assert.match(places[0]?.reason ?? '', /Only 500 manifests are read/);
    assert.ok(asked.length < 1_100, String(asked.length));
  });

  it('is spoken to without TLS only where it is named, host by host', async () => {
    const seen: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (input) => {
      const url = new URL(String(input));
      seen.push(url.protocol);
      if (url.protocol === 'https:') throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
      return new Response(null, { status: 404 });
    };
    try {
      assert.match(problem(await discover('registry.example')), /^registry-unreachable/);
      assert.deepEqual(seen.splice(0), ['https:']);
      for (const named of ['registry.example', 'registry.example:5000']) {
        const options = { insecureHosts: [named] };
        assert.match(problem(await discover('registry.example:5000', { options })), /^image-missing/);
        assert.deepEqual(seen.splice(0), ['https:', 'http:']);
      }
      const named = { insecureHosts: ['registry.example:80'] };
      assert.match(problem(await discover('registry.example:80', { options: named })), /^image-missing/);
      assert.deepEqual(seen.splice(0), ['https:', 'http:']);
      const options = { insecureHosts: ['registry.example:5001', 'example'] };
      assert.match(problem(await discover('registry.example:5000', { options })), /^registry-unreachable/);
      assert.deepEqual(seen, ['https:']);
    } finally {
      globalThis.fetch = fetch;
    }
  });
});
