// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDockerArchive, writeOciArchive } from '../../../scripts/lib/oci-layout.mjs';
import type { Discovery } from '../../../src/core/attestations/model.ts';
import type { ImageScheme } from '../../../src/core/ports.ts';
import { createDiscoverer } from '../../../src/node/discovery/discoverer.ts';
import { limiter } from '../../../src/node/discovery/limits.ts';
import { decodeSnappy } from '../../../src/node/discovery/snappy.ts';
import { sharesCredentials } from '../../../src/node/registry/realm.ts';
import { nextPage } from '../../../src/node/registry/referrers.ts';
import { retryAfter } from '../../../src/node/registry/retry.ts';
import { closeServers, INDEX, MANIFEST, MemoryRepository, send, serve } from '../../support/memory-registry.ts';
import { keptLog, never, scratch, smallImage } from './support.ts';

describe('sharesCredentials', () => {
  it('takes a token service on the same host, below it, or beside it under a domain of their own', () => {
    for (const [registry, service] of [
      ['ghcr.io', 'ghcr.io'],
      ['registry-1.docker.io', 'auth.docker.io'],
      ['registry.gitlab.com', 'gitlab.com'],
      ['quay.io', 'auth.quay.io'],
      ['127.0.0.1', '127.0.0.1'],
    ] as const)
      assert.ok(sharesCredentials(registry, service), `${registry} ${service}`);
  });

  it('takes no other', () => {
    for (const [registry, service] of [
      ['registry.example', 'evil.example'],
      ['example.com', 'evil.com'],
      ['a.co.uk', 'b.co.uk'],
      ['registry.com.au', 'evil.com.au'],
      ['registry.good.example', 'registry.good.example.evil.example'],
      ['registry.good.example', 'notgood.example'],
      ['127.0.0.1', '127.0.0.2'],
      ['10.0.0.1', '11.0.0.1'],
      ['[::1]', '[::2]'],
      ['localhost', 'evil.localhost'],
    ] as const)
      assert.ok(!sharesCredentials(registry, service), `${registry} ${service}`);
  });
});

describe('retryAfter', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');

  it('reads seconds and dates, and nothing else', () => {
    assert.equal(retryAfter('7', now), 7_000);
    assert.equal(retryAfter(' 0 ', now), 0);
    assert.equal(retryAfter('Fri, 02 Jan 2026 03:04:15 GMT', now), 10_000);
    assert.equal(retryAfter('Fri, 02 Jan 2026 03:04:00 GMT', now), 0);
    for (const bad of [null, '', '-1', '1.5', 'soon', '9'.repeat(20)]) assert.equal(retryAfter(bad, now), null);
  });
});

describe('a registry that is busy', () => {
  afterEach(closeServers);

  const discover = (host: string, cancel = never) =>
    createDiscoverer({ env: { HOME: '/nonexistent' }, log: keptLog(), architecture: 'x64' }).discover(
      {
        source: { scheme: 'registry', target: `${host}/team/app:1` },
        platform: '',
        offline: false,
        cosignRepository: null,
        githubRepository: null,
      },
      cancel,
    );

  it('is asked again after what it asks for, a bounded number of times', async () => {
    const repository = new MemoryRepository();
    repository.image('1');
    let busy = 2;
    const server = await serve((request, response) => {
      if (busy-- > 0) response.writeHead(503, { 'retry-after': '0' }).end();
      else send(response, repository.answer(request.url ?? ''));
    });
    assert.ok((await discover(server.host)).ok);
    const patient = await serve((_, response) => response.writeHead(429, { 'retry-after': '0' }).end());
    const refused = await discover(patient.host);
    assert.equal(patient.asked.length, 3);
    assert.match(refused.ok ? '' : refused.error.why, /too many requests from this address/);
  });

  it('is not waited for longer than a person would, and the wait ends on request', async () => {
    const later = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    const refused = await discover(later.host);
    assert.equal(later.asked.length, 1);
    assert.match(refused.ok ? '' : refused.error.why, /asks for 3600 s without any/);
    const soon = await serve((_, response) => response.writeHead(503, { 'retry-after': '5' }).end());
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const stopped = await discover(soon.host, stop.signal);
    assert.equal(stopped.ok ? '' : stopped.error.code, 'cancelled');
    assert.equal(soon.asked.length, 1);
  });
});

describe('nextPage', () => {
  const at = new URL('https://r.example/v2/a/referrers/x');
  const below = '/v2/a/referrers/';

  it('finds the next page of the same list only', () => {
    assert.equal(nextPage('</v2/a/referrers/x?n=1>; rel="next"', at, below), '/v2/a/referrers/x?n=1');
    assert.equal(nextPage('<x?n=1>;rel=next', at, below), '/v2/a/referrers/x?n=1');
    assert.equal(nextPage('</a>; rel="prev", <x?n=2>; rel="next"', at, below), '/v2/a/referrers/x?n=2');
    assert.equal(nextPage(null, at, below), null);
    assert.equal(nextPage('</a>; rel="prev"', at, below), null);
    for (const bad of [
      '<https://evil.example/v2/a/referrers/x>; rel="next"',
      '<//evil.example/v2/a/referrers/x>; rel="next"',
      '<http://r.example/v2/a/referrers/x>; rel="next"',
      '</v2/a/referrers/../../b/referrers/x>; rel="next"',
      '<http://[>; rel="next"',
      `<${'x'.repeat(10_000)}>; rel="next"`,
    ])
      assert.equal(nextPage(bad, at, below), false, bad.slice(0, 60));
  });
});

describe('limiter', () => {
  it('runs at most so many at once, in order, also after one that failed', async () => {
    const limited = limiter(3);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        limited(async () => {
          order.push(index);
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          if (index % 4 === 0) throw new Error('x');
          return index;
        }),
      ),
    );
    assert.equal(most, 3);
    assert.deepEqual(
      order,
      [...order].toSorted((a, b) => a - b),
    );
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 5);
  });
});

describe('decodeSnappy', () => {
  const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
  const text = (input: Uint8Array, max = 1_000): string | null => decodeSnappy(input, max)?.toString() ?? null;

  it('reads literals, copies of every form, and copies that overlap', () => {
    assert.equal(text(bytes([0])), '');
    assert.equal(text(bytes([5, 4 << 2], 'hello')), 'hello');
    assert.equal(text(bytes([10, 4 << 2], 'hello', [0b0000_0101, 5])), 'hello'.repeat(2));
    assert.equal(text(bytes([9, 0], 'a', [(7 << 2) | 2, 1, 0])), 'a'.repeat(9));
    assert.equal(text(bytes([4, 1 << 2], 'ab', [(1 << 2) | 3, 2, 0, 0, 0])), 'abab');
    const long = 'x'.repeat(200);
    assert.equal(text(bytes([0xc8, 0x01, 60 << 2, 199], long)), long);
  });

  it('refuses what is malformed or too large', () => {
    for (const bad of [
      bytes([]),
      bytes([5, 4 << 2], 'hell'),
      bytes([4, 4 << 2], 'hello'),
      bytes([6, 4 << 2], 'hello'),
      bytes([9, 0], 'a', [(7 << 2) | 2, 2, 0]),
      bytes([9, 0], 'a', [(7 << 2) | 2, 0, 0]),
      bytes([9, 0], 'a', [(7 << 2) | 2]),
      bytes([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      bytes([2, 63 << 2, 0xff, 0xff, 0xff, 0xff], 'ab'),
    ])
      assert.equal(text(bad), null);
    assert.equal(text(bytes([5, 4 << 2], 'hello'), 4), null);
  });
});

/** Writes a layout with an image, a bundle that refers to it and a signature under a tag. */
function writeLayout(folder: string, marks: 'oci' | 'cosign' | 'unlisted'): string {
  const repository = new MemoryRepository();
  const image = repository.image('1');
  const bundle = repository.bundle(image, 'a bundle');
  const config = repository.blob('application/vnd.oci.image.config.v1+json', '{}');
  const layers = [repository.blob('application/vnd.dev.cosign.simplesigning.v1+json', 'a signature')];
  const signature = repository.manifest({ schemaVersion: 2, mediaType: MANIFEST, config, layers });
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  const files = [...repository.blobs, ...[...repository.manifests].map(([name, { bytes }]) => [name, bytes] as const)];
  for (const [name, data] of files)
    if (name.startsWith('sha256:')) writeFileSync(join(folder, 'blobs', name.replace(':', '/')), data);
  const name = `${image.digest.replace(':', '-')}.sig`;
  const annotations =
    marks === 'oci' ? { 'org.opencontainers.image.ref.name': name } : { kind: 'dev.cosignproject.cosign/sigs' };
  // `cosign save` lists a bundle nowhere.
  const manifests = [image, ...(marks === 'unlisted' ? [] : [bundle]), { ...signature, annotations }];
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  return image.digest;
}

describe('discovery on disk', () => {
  const discover = async (scheme: ImageScheme, target: string): Promise<Discovery | string> => {
    const found = await createDiscoverer({ env: {}, log: keptLog(), architecture: 'x64' }).discover(
      { source: { scheme, target }, platform: '', offline: true, cosignRepository: null, githubRepository: null },
      never,
    );
    return found.ok ? found.value : `${found.error.code}: ${found.error.why}`;
  };
  const texts = (found: Discovery | string): string[] =>
    typeof found === 'string' ? [found] : found.items.map(({ bytes }) => Buffer.from(bytes ?? []).toString());

  it('finds referrers and tags in layouts and archives of them, offline', async () => {
    await scratch(async (folder) => {
      for (const marks of ['oci', 'cosign', 'unlisted'] as const) {
        const layout = join(folder, marks);
        const digest = writeLayout(layout, marks);
        writeOciArchive(`${layout}.tar`, layout);
        for (const [scheme, path] of [
          ['oci-dir', layout],
          ['oci-archive', `${layout}.tar`],
          // Newer engines write both forms into one archive.
          ['docker-archive', `${layout}.tar`],
        ] as const) {
          const found = await discover(scheme, path);
          assert.deepEqual(texts(found), ['a bundle', 'a signature'], `${marks} ${scheme}`);
          assert.ok(typeof found !== 'string');
          assert.deepEqual(found.subjects, [{ role: 'platform', digest }]);
          assert.ok(
            found.places.every(({ address, kind }) => kind === 'github-attestations' || address.includes(path)),
          );
        }
      }
    });
  });

  it('says where it did not look at all that no index lists', async () => {
    await scratch(async (folder) => {
      writeLayout(folder, 'unlisted');
      for (let number = 0; number < 2_001; number++)
        writeFileSync(join(folder, 'blobs', 'sha256', number.toString(16).padStart(64, '0')), '{}');
      const found = await discover('oci-dir', folder);
      assert.ok(typeof found !== 'string');
      const referrers = found.places.find(({ kind }) => kind === 'referrers');
      assert.match(referrers?.reason ?? '', /more than 2000 blobs/);
      assert.notEqual(referrers?.state, 'absent');
    });
  });

  it('says that an older docker-archive has nothing that could be signed', async () => {
    await scratch(async (folder) => {
      const file = join(folder, 'd.tar');
      writeDockerArchive(file, smallImage('amd64'), 'x.test/a:1');
      const found = await discover('docker-archive', file);
      assert.ok(typeof found !== 'string');
      assert.deepEqual(found.subjects, []);
      assert.ok(
        found.places.every(({ state, reason }) => state === 'skipped' && /keeps no manifest/.test(reason ?? '')),
      );
    });
  });

  it('believes no blob that is not what its digest says, and tells a missing one', async () => {
    await scratch(async (folder) => {
      writeLayout(folder, 'oci');
      const first = await discover('oci-dir', folder);
      assert.ok(typeof first !== 'string');
      const [bundle] = first.items;
      const path = join(folder, 'blobs', (bundle?.digest ?? '').replace(':', '/'));
      writeFileSync(path, 'another!');
      const changed = await discover('oci-dir', folder);
      assert.ok(typeof changed !== 'string');
      assert.equal(changed.items[0]?.bytes, null);
      assert.match(changed.items[0]?.problem?.why ?? '', /is not what its digest says/);
      rmSync(path);
      const missing = await discover('oci-dir', folder);
      assert.ok(typeof missing !== 'string');
      assert.match(missing.items[0]?.problem?.why ?? '', /does not exist/);
      writeFileSync(join(folder, 'index.json'), '{"manifests":{}}');
      assert.match(texts(await discover('oci-dir', folder))[0] ?? '', /^bad-input: .*index\.json/);
    });
  });
});

describe("GitHub's attestation API", () => {
  afterEach(closeServers);

  const ask = async (
    answer: (digest: string, url: URL) => { status: number; headers?: Record<string, string>; body?: unknown },
    bundles: (url: URL) => Uint8Array | string = () => '',
  ): Promise<{ readonly found: Discovery; readonly asked: readonly string[] }> => {
    const repository = new MemoryRepository();
    repository.image('1');
    const { host, asked } = await serve((request, response) => {
      const url = new URL(request.url ?? '', `http://${host}`);
      const [, digest = ''] = /^\/api\/repos\/o\/r\/attestations\/(sha256:[0-9a-f]{64})$/.exec(url.pathname) ?? [];
      if (digest !== '') {
        const { status, headers = {}, body } = answer(digest, url);
        return response.writeHead(status, headers).end(JSON.stringify(body ?? {}));
      }
      if (url.pathname.startsWith('/bundle')) return response.writeHead(200).end(bundles(url));
      send(response, repository.answer(request.url ?? ''));
    });
    const options = { env: { HOME: '/nonexistent', GITHUB_TOKEN: 'secret' }, log: keptLog(), architecture: 'x64' };
    const found = await createDiscoverer({ ...options, githubApi: `http://${host}/api` }).discover(
      {
        source: { scheme: 'registry', target: `${host}/team/app:1` },
        platform: '',
        offline: false,
        cosignRepository: null,
        githubRepository: 'o/r',
      },
      never,
    );
    assert.ok(found.ok);
    assert.ok(asked.every(({ authorization }) => authorization === null));
    return { found: found.value, asked: asked.map(({ url }) => url) };
  };
  const github = ({ places }: Discovery) => places.find(({ kind }) => kind === 'github-attestations');
  const packed = (json: string): Uint8Array =>
    Buffer.concat([Buffer.from([json.length, (json.length - 1) << 2]), Buffer.from(json)]);

  it('gives bundles inline, by address, and by address compressed, page by page', async () => {
    const { found, asked } = await ask(
      (digest, url) => {
        const host = url.host;
        if (url.searchParams.get('page') === '2')
          return {
            status: 200,
            body: { attestations: [{ bundle: null, bundle_url: `http://${host}/bundle/snappy` }] },
          };
        return {
          status: 200,
          headers: { link: `<http://${host}/api/repos/o/r/attestations/${digest}?page=2>; rel="next"` },
          body: { attestations: [{ bundle: { a: 1 } }, { bundle_url: `http://${host}/bundle/plain` }] },
        };
      },
      (url) => (url.pathname.endsWith('plain') ? '{"b":2}' : packed('{"c":3}')),
    );
    const items = found.items.filter(({ place }) => place === 'github-attestations');
    assert.deepEqual(
      items.map(({ kind, bytes }) => [kind, Buffer.from(bytes ?? []).toString()]),
      [
        ['bundle', '{"a":1}'],
        ['bundle', '{"b":2}'],
        ['bundle', '{"c":3}'],
      ],
    );
    assert.equal(github(found)?.state, 'ok');
    assert.equal(asked.filter((url) => url.includes('/attestations/')).length, 2);
  });

  it('says what it has not, what it refuses, and what could not be read', async () => {
    for (const [status, state, reason] of [
      [404, 'absent', /not public/],
      [422, 'absent', /not public/],
      [403, 'failed', /without an account/],
      [500, 'failed', /answered 500/],
    ] as const) {
      const { found } = await ask(() => ({ status }));
      assert.equal(github(found)?.state, state);
      assert.match(github(found)?.reason ?? '', reason);
    }
    const odd = await ask(() => ({ status: 200, body: { message: 'hello' } }));
    assert.match(github(odd.found)?.reason ?? '', /no list of attestations/);
    const broken = await ask(
      (_, { host }) => ({ status: 200, body: { attestations: [{ bundle_url: `http://${host}/bundle/x` }, {}] } }),
      () => 'neither',
    );
    assert.deepEqual(
      broken.found.items.map(({ bytes, problem }) => [bytes, problem?.todo]),
      Array.from({ length: 2 }, () => [
        null,
        'Download it with gh attestation download and check it with waybill verify-bundle.',
      ]),
    );
    const endless = await ask((digest, { host }) => ({
      status: 200,
      headers: { link: `<http://${host}/api/repos/o/r/attestations/${digest}?again>; rel="next"` },
      body: { attestations: [] },
    }));
    assert.match(github(endless.found)?.reason ?? '', /more than 5 pages/);
    assert.equal(endless.asked.filter((url) => url.includes('/attestations/')).length, 5);
  });
});
