// SPDX-License-Identifier: Apache-2.0
// What publishers and tools do in ways of their own: signatures of attestations, lists in layouts, things that refer to an
// image and are no manifests, and what is too much of it.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Discovery, DiscoveryRequest } from '../../../src/core/attestations/model.ts';
import { readImageDocument } from '../../../src/core/evidence/manifest.ts';
import { problemText } from '../../../src/core/model/problem.ts';
import { ok } from '../../../src/core/model/result.ts';
import { createDiscoverer } from '../../../src/node/discovery/discoverer.ts';
import { limiter } from '../../../src/node/discovery/limits.ts';
import type { DiscovererOptions } from '../../../src/node/discovery/options.ts';
import { createReader } from '../../../src/node/discovery/read.ts';
import {
  BUNDLE,
  closeServers,
  countRounds,
  digestOf,
  INDEX,
  MANIFEST,
  MemoryRepository,
  send,
  serve,
  type Stored,
} from '../../support/memory-registry.ts';
import { keptLog, never, scratch } from './support.ts';

const HOST = 'registry.example';
const IN_TOTO = 'application/vnd.in-toto+json';
const SIMPLE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const COSIGN_SIGNATURE = 'application/vnd.dev.cosign.artifact.sig.v1+json';

async function discover(
  target: string,
  request: Partial<DiscoveryRequest> = {},
  options: Partial<DiscovererOptions> = {},
): Promise<Discovery | string> {
  const env = { HOME: '/nonexistent' };
  const answer = await createDiscoverer({ env, log: keptLog(), architecture: 'x64', ...options }).discover(
    {
      source: { scheme: 'registry', target },
      platform: '',
      offline: false,
      cosignRepository: null,
      githubRepository: null,
      ...request,
    },
    never,
  );
  return answer.ok ? answer.value : problemText(answer.error);
}

function found(result: Discovery | string): Discovery {
  assert.ok(typeof result !== 'string', String(result));
  return result;
}

async function serveRepository(repository: MemoryRepository) {
  return serve((request, response) => send(response, repository.answer(request.url ?? '')));
}

const place = ({ places }: Discovery, kind: string) => places.find((each) => each.kind === kind);

/** As Docker Hardened Images are: the index is signed, each platform has attestations, and each of those is signed. */
function hardenedImage(repository: MemoryRepository, attestations: number, hint = IN_TOTO): readonly Stored[] {
  const platform = repository.image('amd64-only');
  const index = repository.manifest({ schemaVersion: 2, mediaType: INDEX, manifests: [platform] }, '1');
  const sign = (subject: Stored, text: string): void => {
    const annotations = { 'dev.cosignproject.cosign/signature': text };
    repository.refer(subject, COSIGN_SIGNATURE, [{ ...repository.blob(SIMPLE, text), annotations }]);
  };
  sign(index, 'signs the index');
  return Array.from({ length: attestations }, (_, number) => {
    const statement = repository.blob(IN_TOTO, `{"_type":"https://in-toto.io/Statement/v1","number":${number}}`);
    const attestation = repository.refer(platform, IN_TOTO, [statement], { hint });
    sign(attestation, `signs ${number}`);
    return attestation;
  });
}

describe('Docker Hardened Images', () => {
  afterEach(closeServers);

  for (const [name, hint, most] of [
    ['with a list that says what they are', IN_TOTO, 5],
    ['with a list that does not', 'application/vnd.oci.empty.v1+json', 6],
  ] as const) {
    it(`have their attestations found with what signs each of them, ${name}`, async () => {
      const repository = new MemoryRepository();
      const attestations = hardenedImage(repository, 8, hint);
      const { value, rounds } = await countRounds(
        ({ url }) => repository.answer(url),
        () => discover(`${HOST}/python:1`),
      );
      const { items, subjects, places } = found(value);
      assert.equal(items.filter(({ kind }) => kind === 'in-toto-referrer').length, 8);
      const signatures = items.filter(({ kind }) => kind === 'legacy-signature');
      assert.equal(signatures.length, 9);
      for (const { digest } of attestations) {
        assert.equal(signatures.filter(({ subject }) => subject === digest).length, 1);
        assert.ok(subjects.some((each) => each.role === 'attestation-manifest' && each.digest === digest));
        const looked = places.filter(({ subject }) => subject === digest).map(({ kind, state }) => `${kind} ${state}`);
        assert.deepEqual(looked, ['referrers ok', 'cosign-signature-tag absent']);
      }
      assert.ok(rounds.length <= most, `${rounds.length} rounds`);
      assert.equal(new Set(rounds.flat()).size, rounds.flat().length, 'nothing is asked for twice');
    });
  }

  it('have a bound, and what is beyond it is said', async () => {
    const repository = new MemoryRepository();
    hardenedImage(repository, 40);
    const { host, asked } = await serveRepository(repository);
    const all = found(await discover(`${host}/python:1`));
    assert.equal(all.items.filter(({ kind }) => kind === 'legacy-signature').length, 33);
    const lists = all.places.filter(({ kind, state }) => kind === 'referrers' && state === 'failed');
    assert.equal(lists.length, 1);
    assert.match(lists[0]?.reason ?? '', /What signs attestations was looked for beside 32 of them only/);
    assert.ok(asked.length < 250, String(asked.length));
  });
});

describe('what refers to an image', () => {
  afterEach(closeServers);

  it('may be an index, which is listed', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    repository.bundle(image, 'good');
    const type = 'application/vnd.example.collection';
    const subject = { mediaType: MANIFEST, digest: image.digest, size: image.size };
    const index = repository.manifest({
      schemaVersion: 2,
      mediaType: INDEX,
      artifactType: type,
      manifests: [],
      subject,
    });
    repository.referrers.get(image.digest)?.push({ ...index, artifactType: type });
    const { host } = await serveRepository(repository);
    const both = found(await discover(`${host}/team/app:1`));
    assert.deepEqual(
      both.items.map(({ kind, mediaType }) => `${kind} ${mediaType}`),
      [`bundle ${BUNDLE}`, `other-referrer ${type}`],
    );
    assert.equal(place(both, 'referrers')?.state, 'ok');
  });

  it('counts once, however often a list names it', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    repository.bundle(image, 'good');
    const [entry] = repository.referrers.get(image.digest) ?? [];
    assert.ok(entry !== undefined);
    repository.referrers.set(image.digest, [entry, entry, { ...entry, size: 1 }]);
    repository.fallbackTags();
    const { host, asked } = await serveRepository(repository);
    assert.equal(found(await discover(`${host}/team/app:1`)).items.length, 1);
    assert.equal(asked.filter(({ url }) => url.endsWith(entry.digest)).length, 1);
  });

  it('has a bound in bytes, manifests included', async () => {
    const named = Array.from({ length: 100 }, (_, number) => ({
      mediaType: MANIFEST,
      artifactType: '',
      digest: digestOf(String(number)),
      size: 1,
      annotations: {},
    }));
    let asked = 0;
    const source = {
      findManifest: async (digest: string) => {
        asked++;
        return ok({ document: { layers: [] }, digest, mediaType: MANIFEST, size: 4 * 1024 * 1024 });
      },
      content: async () => ok(Buffer.alloc(0)),
      referrers: async () => ({ state: 'unsupported', reason: '' }) as const,
    };
    const faults: string[] = [];
    const seen = { kind: 'referrers', subject: 'x', address: 'x', state: 'ok', reason: null } as const;
    const shown = { source, address: () => 'x' };
    const looked = { place: seen, shown, named, held: null, subject: null, faults };
    const reader = createReader({ reason: problemText, limited: limiter(4) });
    assert.ok((await reader.manifests([looked])).length <= 64 + 5);
    assert.ok(asked <= 64 + 5, String(asked));
    assert.match(faults.at(-1) ?? '', /more than 256 MiB altogether/);
  });
});

describe('what is named', () => {
  afterEach(closeServers);

  it('has to be an image: neither an older manifest nor anything else that is JSON', async () => {
    for (const document of ['{}', '{"schemaVersion":1,"fsLayers":[]}', '{"layers":5}']) {
      const { host } = await serve((_, response) => response.writeHead(200).end(document));
      const refused = await discover(`${host}/team/app:1`);
      assert.match(
        typeof refused === 'string' ? refused : '',
        /could not be looked up: it is no image manifest/,
        document,
      );
    }
  });

  it('is not what one reader takes for an index and another for a manifest, nor is anything beside it', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    const both = JSON.parse(Buffer.from(repository.manifests.get('1')?.bytes ?? []).toString());
    const index = { ...both, mediaType: INDEX, manifests: [image] };
    repository.manifest(index, '2');
    const { host } = await serveRepository(repository);
    const refused = await discover(`${host}/team/app:2`);
    assert.match(typeof refused === 'string' ? refused : '', /it is an image index and a manifest at once/);
    assert.deepEqual(readImageDocument(index), { ok: false, error: 'it is an image index and a manifest at once' });
    repository.refer(image, BUNDLE, [repository.blob(BUNDLE, 'hidden')], { extra: { manifests: [] } });
    const beside = found(await discover(`${host}/team/app:1`));
    assert.deepEqual(beside.items, []);
    assert.match(place(beside, 'referrers')?.reason ?? '', /refused: it is an image index and a manifest at once/);
  });

  it('as COSIGN_REPOSITORY has to be a repository', async () => {
    const repository = new MemoryRepository();
    repository.image('1');
    const { host, asked } = await serveRepository(repository);
    for (const named of [
      `${host}/sigs:tag`,
      `${host}/sigs@sha256:${'a'.repeat(64)}`,
      'A B',
      '-x',
      `${host}/`,
      'a_b.c/x',
    ]) {
      const refused = await discover(`${host}/team/app:1`, { cosignRepository: named });
      assert.match(typeof refused === 'string' ? refused : '', /is no repository \(COSIGN_REPOSITORY\)/, named);
    }
    assert.deepEqual(asked, []);
  });
});

describe('where an image is looked for', () => {
  it('is the repository of COSIGN_REPOSITORY, too, with the same token', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    const other = new MemoryRepository();
    other.bundle(image, 'elsewhere');
    const scopes: string[] = [];
    const { value } = await countRounds(
      ({ url, host, authorization }) => {
        if (host === 'auth.registry.example') {
          scopes.push(...new URL(url, 'http://x').searchParams.getAll('scope'));
          return { status: 200, body: '{"token":"abc"}' };
        }
        const challenge = 'Bearer realm="https://auth.registry.example/token",service="r"';
        if (authorization !== 'Bearer abc') return { status: 401, headers: { 'www-authenticate': challenge } };
        return url.startsWith('/v2/sigs/app/') ? other.answer(url) : repository.answer(url);
      },
      () => discover(`${HOST}/team/app:1`, { cosignRepository: `${HOST}/sigs/app` }),
    );
    const { items, places } = found(value);
    assert.deepEqual(
      items.map(({ bytes }) => Buffer.from(bytes ?? []).toString()),
      ['elsewhere'],
    );
    assert.deepEqual(scopes, ['repository:team/app:pull', 'repository:sigs/app:pull']);
    assert.ok(places.some(({ address }) => address.startsWith(`${HOST}/sigs/app:sha256-`)));
  });

  it('is no registry for an image of an engine, and it is said which name the engine has for it', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const source = { scheme: 'docker', target: 'app:1' } as const;
    const repoDigests = async () => ok([`localhost/app@${digest}`, 'none', `${HOST}/team/app@${digest}`]);
    const work = () => discover('', { source }, { repoDigests });
    const { value, rounds } = await countRounds(() => ({ status: 500 }), work);
    assert.deepEqual(rounds, []);
    for (const { state, reason } of found(value).places) {
      assert.equal(state, 'skipped');
      assert.match(reason ?? '', /no registry address\. docker knows it as registry\.example\/team\/app@sha256:0/);
    }
  });
});

describe('a layout', () => {
  it('may keep the list of referrers under its tag', async () => {
    await scratch(async (folder) => {
      const repository = new MemoryRepository();
      const image = repository.image('1');
      const bundle = repository.bundle(image, 'a bundle');
      repository.fallbackTags();
      const tag = image.digest.replace(':', '-');
      const list = repository.manifests.get(tag);
      assert.ok(list !== undefined);
      mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
      const put = (bytes: Uint8Array): string => {
        writeFileSync(join(folder, 'blobs', digestOf(bytes).replace(':', '/')), bytes);
        return digestOf(bytes);
      };
      for (const bytes of [
        ...repository.blobs.values(),
        ...[...repository.manifests.values()].map((each) => each.bytes),
      ])
        put(bytes);
      const write = (digest: string, size: number): void => {
        const named = { 'org.opencontainers.image.ref.name': tag };
        const manifests = [image, { mediaType: INDEX, digest, size, annotations: named }];
        writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
      };
      const look = () => discover('', { source: { scheme: 'oci-dir', target: folder }, offline: true });
      write(digestOf(list.bytes), list.bytes.length);
      const { items, places } = found(await look());
      assert.deepEqual(
        items.map(({ kind, manifestDigest }) => [kind, manifestDigest]),
        [['bundle', bundle.digest]],
      );
      assert.equal(places[0]?.state, 'ok');
      for (const bad of ['[]', '{"manifests":[{}]}', '{']) {
        const digest = put(Buffer.from(bad));
        write(digest, bad.length);
        assert.equal(place(found(await look()), 'referrers')?.state, 'failed', bad);
      }
    });
  });
});

describe("what GitHub's attestation API answers", () => {
  afterEach(closeServers);

  const bundles = (count: number, bundle: (number: number) => object): string =>
    JSON.stringify({ attestations: Array.from({ length: count }, (_, number) => bundle(number)) });

  it('is bounded together with what the registry has, and what is left out is said', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    for (let number = 0; number < 450; number++) repository.bundle(image, String(number));
    const { host } = await serve((request, response) => {
      const { url = '' } = request;
      if (url.includes('/attestations/')) response.end(bundles(100, (number) => ({ bundle: { number } })));
      else send(response, repository.answer(url));
    });
    const all = found(
      await discover(`${host}/team/app:1`, { githubRepository: 'o/r' }, { githubApi: `http://${host}` }),
    );
    assert.equal(all.items.length, 500);
    assert.equal(place(all, 'github-attestations')?.state, 'failed');
    assert.match(place(all, 'github-attestations')?.reason ?? '', /Only 500 items/);
  });

  it("has nobody ask this machine's own services, and is no reason to read without end", async () => {
    const { fetch } = globalThis;
    const repository = new MemoryRepository();
    repository.image('1');
    const asked: string[] = [];
    globalThis.fetch = async (input) => {
      const url = new URL(String(input));
      asked.push(url.href);
      if (url.host === 'api.example')
        return new Response(
          bundles(90, (number) => ({
            bundle_url: number === 0 ? 'https://localhost/x' : `https://cdn.example/${number}`,
          })),
        );
      if (url.host === 'cdn.example') return new Response(Buffer.alloc(8 * 1024 * 1024, 0x20));
      const { status, headers, body } = repository.answer(`${url.pathname}${url.search}`);
      return new Response(body === undefined ? null : Uint8Array.from(Buffer.from(body)), {
        status,
        ...(headers && { headers }),
      });
    };
    try {
      const all = found(
        await discover(`${HOST}/team/app:1`, { githubRepository: 'o/r' }, { githubApi: 'https://api.example' }),
      );
      assert.ok(!asked.some((url) => url.includes('localhost')));
      assert.match(all.items[0]?.problem?.why ?? '', /it is on this machine/);
      assert.ok(asked.filter((url) => url.includes('cdn.example')).length <= 64, 'the bytes altogether have a bound');
      assert.equal(all.items.length, 90);
      assert.match(all.items.at(-1)?.problem?.why ?? '', /more than 256 MiB altogether/);
    } finally {
      globalThis.fetch = fetch;
    }
  });
});
