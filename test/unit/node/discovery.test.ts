// SPDX-License-Identifier: Apache-2.0
// What discovery finds, where it looks, and in how many rounds, against a registry in memory.
import assert from 'node:assert/strict';
import type { Discovery, DiscoveryRequest } from '../../../src/core/attestations/model.ts';
import type { Problem } from '../../../src/core/model/problem.ts';
import type { Result } from '../../../src/core/model/result.ts';
import { createDiscoverer } from '../../../src/node/discovery/discoverer.ts';
import type { DiscovererOptions } from '../../../src/node/discovery/options.ts';
import {
  BUILDKIT,
  BUNDLE,
  closeServers,
  countRounds,
  countServerRounds,
  INDEX,
  MANIFEST,
  MemoryRepository,
  send,
  serve,
  type Asked,
  type Answer,
  type Stored,
} from '../../support/memory-registry.ts';
import { keptLog, never } from './support.ts';

const HOST = 'registry.example';
const SIMPLE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const DSSE = 'application/vnd.dsse.envelope.v1+json';
const IN_TOTO = 'application/vnd.in-toto+json';

function discover(
  target: string,
  request: Partial<DiscoveryRequest> = {},
  options: Partial<DiscovererOptions> = {},
): Promise<Result<Discovery, Problem>> {
  const env = { HOME: '/nonexistent' };
  return createDiscoverer({ env, log: keptLog(), architecture: 'x64', ...options }).discover(
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
}

function found(result: Result<Discovery, Problem>): Discovery {
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.error));
  return result.value;
}

const kinds = ({ items }: Discovery): string[] => items.map(({ kind }) => kind);
const states = ({ places }: Discovery, kind: string): string[] =>
  places.filter((place) => place.kind === kind).map(({ state }) => state);
const texts = ({ items }: Discovery): string[] =>
  items.map(({ bytes }) => (bytes === null ? '' : Buffer.from(bytes).toString()));

/** An index with an image for two platforms, and BuildKit's attestation manifest for the first. */
function buildkitImage(repository: MemoryRepository, form: 'old' | 'new'): { platform: Stored; attestation: Stored } {
  const platform = repository.image('amd64-only');
  const other = repository.image('arm64-only', 'arm64');
  const layers = ['sbom', 'provenance'].map((text) => ({
    ...repository.blob(IN_TOTO, JSON.stringify({ text })),
    annotations: { 'in-toto.io/predicate-type': text },
  }));
  const attestation =
    form === 'new'
      ? repository.refer(platform, BUILDKIT, layers)
      : repository.manifest({
          schemaVersion: 2,
          mediaType: MANIFEST,
          config: repository.blob('application/vnd.oci.image.config.v1+json', '{"os":"unknown"}'),
          layers,
        });
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': platform.digest,
  };
  const unknown = { os: 'unknown', architecture: 'unknown' };
  const manifests = [platform, other, { ...attestation, annotations, platform: unknown }];
  repository.manifest({ schemaVersion: 2, mediaType: INDEX, manifests }, '1');
  return { platform, attestation };
}

/** An image with twenty attestations of every form that is found in one place or another. */
function richImage(): MemoryRepository {
  const repository = new MemoryRepository();
  const { platform, attestation } = buildkitImage(repository, 'new');
  for (let i = 0; i < 6; i++) repository.bundle(platform, `{"platform":${i}}`);
  for (let i = 0; i < 4; i++) repository.bundle(attestation, `{"attestation":${i}}`);
  const layer = (text: string, type: string) => ({
    ...repository.blob(type, text),
    annotations: { 'dev.cosignproject.cosign/signature': text },
  });
  const config = repository.blob('application/vnd.oci.image.config.v1+json', '{}');
  const tag = platform.digest.replace(':', '-');
  for (const [suffix, type, count] of [
    ['.sig', SIMPLE, 4],
    ['.att', DSSE, 6],
  ] as const) {
    const layers = Array.from({ length: count }, (_, i) => layer(`${suffix} ${i}`, type));
    repository.manifest({ schemaVersion: 2, mediaType: MANIFEST, config, layers }, `${tag}${suffix}`);
  }
  return repository;
}

const anonymous =
  (repository: MemoryRepository) =>
  ({ url }: Asked): Answer =>
    repository.answer(url);

/** Lets nobody in without a token, which another server gives. */
const withToken =
  (repository: MemoryRepository) =>
  ({ url, host, authorization }: Asked & { readonly host: string }): Answer => {
    if (host === 'auth.registry.example') return { status: 200, body: '{"token":"abc"}' };
    if (authorization === 'Bearer abc') return repository.answer(url);
    const challenge = 'Bearer realm="https://auth.registry.example/token",service="r"';
    return { status: 401, headers: { 'www-authenticate': challenge } };
  };

describe('rounds of discovery: requests that wait for one another', () => {
  for (const [name, api, handler, most] of [
    ['with the referrers API', true, anonymous, 5],
    ['without it', false, anonymous, 6],
    ['with a token', true, withToken, 7],
    ['with a token and without the API', false, withToken, 7],
  ] as const) {
    it(`are at most ${most} ${name}, for an image with twenty attestations`, async () => {
      const repository = richImage();
      if (!api) repository.fallbackTags();
      const { value, rounds } = await countRounds(handler(repository), () => discover(`${HOST}/team/app:1`));
      const discovery = found(value);
      assert.equal(discovery.items.length, 22, 'twenty, and the two statements of BuildKit');
      assert.ok(discovery.items.every(({ bytes }) => bytes !== null));
      assert.ok(rounds.length <= most, `${rounds.length} rounds: ${JSON.stringify(rounds)}`);
      const requests = rounds.flat().filter((url) => url.startsWith('/v2/'));
      assert.ok(new Set(requests).size >= requests.length - 1, 'nothing is asked for twice but what wanted a token');
    });
  }

  // The bounds of the bench are 5, 7 and 6.
  for (const [name, api, token, chain] of [
    ['the referrers API', true, false, 4],
    ['token authentication', true, true, 6],
    ['no referrers API', false, false, 5],
  ] as const) {
    it(`are ${chain} in the log of a server with ${name}`, async () => {
      const repository = richImage();
      if (!api) repository.fallbackTags();
      const { value, rounds } = await countServerRounds(
        ({ url, host, authorization }) => {
          if (url.startsWith('/token')) return { status: 200, body: '{"token":"abc"}' };
          if (!token || authorization === 'Bearer abc') return repository.answer(url);
          return { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${host}/token",service="r"` } };
        },
        (host) => discover(`${host}/team/app:1`),
      );
      assert.equal(found(value).items.length, 22);
      assert.equal(rounds.length, chain, `requests of each round: ${rounds.map(({ length }) => length).join()}`);
    });
  }

  it('are at most 6 where only a list of referrers names the attestation manifest', async () => {
    const repository = richImage();
    const platform = [...repository.referrers.keys()][0] ?? '';
    const ask = () => discover(`${HOST}/team/app@${platform}`);
    const told = await countRounds(anonymous(repository), ask);
    assert.equal(told.rounds.length, 5);
    assert.deepEqual(
      found(told.value).subjects.map(({ role }) => role),
      ['platform', 'attestation-manifest'],
    );
    // Some registries give the type of the configuration instead.
    for (const list of repository.referrers.values())
      for (const each of list) each.artifactType = 'application/vnd.oci.empty.v1+json';
    const untold = await countRounds(anonymous(repository), ask);
    assert.equal(untold.rounds.length, 6);
    assert.deepEqual(found(untold.value), found(told.value));
    repository.fallbackTags();
    assert.ok((await countRounds(anonymous(repository), ask)).rounds.length <= 7);
  });
});

async function serveRepository(repository: MemoryRepository): Promise<string> {
  const { host } = await serve((request, response) => send(response, repository.answer(request.url ?? '')));
  return host;
}

describe('what discovery finds', () => {
  afterEach(closeServers);

  it('lists every place that it looked at, each with what came of it', async () => {
    const repository = new MemoryRepository();
    repository.image('1');
    const host = await serveRepository(repository);
    const nothing = found(await discover(`${host}/team/app:1`));
    assert.deepEqual(nothing.items, []);
    assert.deepEqual(
      nothing.places.map(({ kind, state }) => `${kind} ${state}`),
      [
        'referrers absent',
        'cosign-signature-tag absent',
        'cosign-attestation-tag absent',
        'cosign-sbom-tag absent',
        'github-attestations skipped',
      ],
    );
    repository.api = false;
    const without = found(await discover(`${host}/team/app:1`));
    assert.deepEqual(
      without.places.slice(0, 2).map(({ kind, state, reason }) => [kind, state, reason]),
      [
        ['referrers', 'unsupported', 'The registry has no referrers API: it answered 404.'],
        ['fallback-tag', 'absent', null],
      ],
    );
    assert.ok(without.places.every(({ subject }) => /^sha256:[0-9a-f]{64}$/.test(subject)));
  });

  for (const form of ['old', 'new'] as const) {
    it(`BuildKit's attestation manifest in its ${form} form, its statements and what signs it`, async () => {
      const repository = new MemoryRepository();
      const { platform, attestation } = buildkitImage(repository, form);
      repository.bundle(attestation, '{"signs":"the attestation manifest"}');
      const discovery = found(await discover(`${await serveRepository(repository)}/team/app:1`));
      assert.deepEqual(
        discovery.subjects.map(({ role }) => role),
        ['index', 'platform', 'attestation-manifest'],
      );
      assert.equal(discovery.subjects[1]?.digest, platform.digest);
      assert.deepEqual(kinds(discovery), ['buildkit-statement', 'buildkit-statement', 'bundle']);
      assert.equal(discovery.items[2]?.subject, attestation.digest);
      assert.ok(discovery.items.slice(0, 2).every(({ manifestDigest }) => manifestDigest === attestation.digest));
      // For the other platform there is none, and that is said.
      const other = found(
        await discover(`${await serveRepository(repository)}/team/app:1`, { platform: 'linux/arm64' }),
      );
      assert.deepEqual(states(other, 'attestation-manifest'), ['absent']);
    });
  }

  it('reads what a manifest is out of the manifest, whatever the list says', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    const one = (type: string, text: string, annotations = {}) => [{ ...repository.blob(type, text), annotations }];
    const lie = { hint: 'application/vnd.oci.empty.v1+json' };
    repository.refer(image, BUNDLE, one(BUNDLE, 'bundle'), lie);
    repository.refer(
      image,
      'application/vnd.dev.cosign.artifact.sig.v1+json',
      one(SIMPLE, 'simple', { 'dev.cosignproject.cosign/signature': 'abc' }),
      lie,
    );
    repository.refer(image, 'application/vnd.dev.cosign.artifact.sbom.v1+json', one('text/spdx+json', 'sbom'), lie);
    repository.refer(image, IN_TOTO, one(IN_TOTO, 'statement'), lie);
    repository.refer(image, IN_TOTO, one(DSSE, 'envelope'), lie);
    repository.refer(image, 'application/vnd.cncf.notary.signature', one('application/jose+json', 'notation'), {
      extra: { annotations: { 'io.cncf.notary.x509chain.thumbprint#S256': '["aa"]' } },
    });
    repository.refer(image, 'application/vnd.example.readme', one('text/markdown', 'hello'));
    const discovery = found(await discover(`${await serveRepository(repository)}/team/app:1`));
    assert.deepEqual(kinds(discovery), [
      'bundle',
      'legacy-signature',
      'unsigned-sbom',
      'in-toto-referrer',
      'in-toto-referrer',
      'notation-signature',
      'other-referrer',
    ]);
    assert.deepEqual(texts(discovery), ['bundle', 'simple', 'sbom', 'statement', 'envelope', '', '']);
    assert.equal(discovery.items[1]?.annotations['dev.cosignproject.cosign/signature'], 'abc');
    assert.equal(discovery.items[5]?.annotations['io.cncf.notary.x509chain.thumbprint#S256'], '["aa"]');
    assert.equal(discovery.items[6]?.mediaType, 'application/vnd.example.readme');
  });

  it('keeps two signatures over the same payload apart, and fetches the payload once', async () => {
    const repository = new MemoryRepository();
    const { digest } = repository.image('1');
    const payload = repository.blob(SIMPLE, 'same');
    const layers = ['a', 'b'].map((signature) => ({
      ...payload,
      annotations: { 'dev.cosignproject.cosign/signature': signature },
    }));
    const config = repository.blob('application/vnd.oci.image.config.v1+json', '{}');
    repository.manifest({ schemaVersion: 2, mediaType: MANIFEST, config, layers }, `${digest.replace(':', '-')}.sig`);
    const { host, asked } = await serve((request, response) => send(response, repository.answer(request.url ?? '')));
    const discovery = found(await discover(`${host}/team/app:1`));
    assert.deepEqual(
      discovery.items.map(({ annotations }) => annotations['dev.cosignproject.cosign/signature']),
      ['a', 'b'],
    );
    assert.equal(asked.filter(({ url }) => url.endsWith(payload.digest)).length, 1);
  });

  it('says that a place failed where what it named is not there, is about something else or is no manifest', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    const bundle = repository.bundle(image, 'good');
    const foreign = repository.bundle({ digest: `sha256:${'0'.repeat(64)}` }, 'about another image');
    const list = repository.referrers.get(image.digest) ?? [];
    const missing = { mediaType: MANIFEST, digest: `sha256:${'1'.repeat(64)}`, size: 10 };
    const config = repository.manifest({ mediaType: MANIFEST, config: {} });
    for (const extra of [{ ...foreign, mediaType: MANIFEST }, missing, config]) {
      repository.referrers.set(image.digest, [...list, extra]);
      const discovery = found(await discover(`${await serveRepository(repository)}/team/app:1`));
      assert.deepEqual(states(discovery, 'referrers'), ['failed']);
      assert.match(discovery.places[0]?.reason ?? '', new RegExp(extra.digest));
      assert.deepEqual(texts(discovery), ['good'], 'what could be read is there all the same');
      assert.equal(discovery.items[0]?.manifestDigest, bundle.digest);
    }
  });

  it('never takes an error for an absence', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    for (const [status, pattern] of [
      [403, /answered 403/],
      [500, /answered 500/],
      [429, /too many requests/],
    ] as const) {
      const { host } = await serve((request, response) => {
        const { url = '' } = request;
        const known = url.endsWith('/manifests/1') || url.endsWith(image.digest);
        if (known && !url.includes('referrers')) return send(response, repository.answer(url));
        response.writeHead(status, { 'retry-after': '3600' }).end();
      });
      const discovery = found(await discover(`${host}/team/app:1`));
      const asked = discovery.places.filter(({ kind }) => kind !== 'github-attestations');
      assert.equal(asked.length, 5, 'the fallback tag was tried as well');
      for (const { state, reason } of asked) {
        assert.equal(state, 'failed');
        assert.match(reason ?? '', pattern);
      }
    }
  });

  it('takes any answer that is no list for a registry without the API, and follows it nowhere', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    repository.bundle(image, 'under the tag');
    repository.fallbackTags();
    const elsewhere = await serve((_, response) => response.writeHead(200, { 'content-type': INDEX }).end('{}'));
    for (const answer of [
      { status: 303, headers: { location: `http://${elsewhere.host}/login` } },
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      { status: 405 },
      { status: 501 },
    ]) {
      const { host } = await serve((request, response) => {
        const { url = '' } = request;
        send(response, url.includes('/referrers/') ? answer : repository.answer(url));
      });
      const discovery = found(await discover(`${host}/team/app:1`));
      assert.deepEqual(states(discovery, 'referrers'), ['unsupported']);
      assert.deepEqual(texts(discovery), ['under the tag']);
      assert.equal(discovery.items[0]?.place, 'fallback-tag');
    }
    assert.deepEqual(elsewhere.asked, []);
  });

  it('follows pages of one list', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    const pages = [0, 1, 2].map((page) => repository.bundle(image, `page ${page}`));
    const { host, asked } = await serve((request, response) => {
      const { url = '' } = request;
      if (!url.includes('/referrers/')) return send(response, repository.answer(url));
      const page = Number(new URL(url, 'http://x').searchParams.get('last') ?? '0');
      const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [pages[page]] });
      const next = page < 2 ? { link: `</v2/team/app/referrers/${image.digest}?last=${page + 1}>; rel="next"` } : {};
      response.writeHead(200, { 'content-type': INDEX, ...next }).end(body);
    });
    assert.deepEqual(texts(found(await discover(`${host}/team/app:1`))), ['page 0', 'page 1', 'page 2']);
    assert.equal(asked.filter(({ url }) => url.includes('/referrers/')).length, 3);
  });

  it('asks for nothing where no network may be asked, and says what a local image lacks', async () => {
    const offline = await discover(`${HOST}/team/app:1`, { offline: true });
    assert.equal(offline.ok ? '' : offline.error.code, 'offline');
    const local = found(await discover('app:1', { source: { scheme: 'docker', target: 'app:1' } }));
    assert.deepEqual(local.subjects, []);
    assert.ok(local.places.every(({ state, reason }) => state === 'skipped' && reason !== null));
  });
});
