// SPDX-License-Identifier: Apache-2.0
// Where discovery ends, and what it does not take for what it looks like.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Discovery } from '../../../src/core/attestations/model.ts';
import { problemText } from '../../../src/core/model/problem.ts';
import { ok } from '../../../src/core/model/result.ts';
import type { ImageSource } from '../../../src/core/ports.ts';
import { createDiscoverer } from '../../../src/node/discovery/discoverer.ts';
import { limiter } from '../../../src/node/discovery/limits.ts';
import { createReader } from '../../../src/node/discovery/read.ts';
import { readPlainFile } from '../../../src/node/images/files.ts';
import {
  BUNDLE,
  closeServers,
  digestOf,
  MANIFEST,
  MemoryRepository,
  send,
  serve,
} from '../../support/memory-registry.ts';
import { keptLog, never, scratch } from './support.ts';

const IN_TOTO = 'application/vnd.in-toto+json';

async function discover(source: ImageSource, offline = false): Promise<Discovery> {
  const options = { env: { HOME: '/nonexistent' }, log: keptLog(), architecture: 'x64' };
  const request = { source, platform: '', offline, cosignRepository: null, githubRepository: null };
  const found = await createDiscoverer(options).discover(request, never);
  assert.ok(found.ok, found.ok ? '' : problemText(found.error));
  return found.value;
}

async function inRegistry(repository: MemoryRepository): Promise<Discovery> {
  const { host } = await serve((request, response) => send(response, repository.answer(request.url ?? '')));
  return discover({ scheme: 'registry', target: `${host}/team/app:1` });
}

describe('the bounds of discovery', () => {
  afterEach(closeServers);

  it('hold for the bytes of all blobs together, before they are fetched', async () => {
    const size = 60 * 1024 * 1024;
    const layers = Array.from({ length: 10 }, (_, number) => ({
      mediaType: BUNDLE,
      digest: digestOf(String(number)),
      size,
    }));
    let asked = 0;
    const source = {
      findManifest: async (digest: string) => ok({ document: { layers }, digest, mediaType: MANIFEST, size: 1 }),
      content: async () => {
        asked++;
        return ok(Buffer.alloc(0));
      },
      referrers: async () => ({ state: 'unsupported', reason: '' }) as const,
    };
    const seen = { kind: 'referrers', subject: 'x', address: 'x', state: 'ok', reason: null } as const;
    const named = [{ mediaType: MANIFEST, artifactType: '', digest: digestOf('x'), size: 1, annotations: {} }];
    const looked = { place: seen, shown: { source, address: () => 'x' }, named, held: null, subject: null, faults: [] };
    const reader = createReader({ reason: problemText, limited: limiter(4) });
    const items = await reader.items(await reader.manifests([looked]));
    assert.equal(asked, 4);
    assert.equal(items.filter(({ problem }) => problem !== null).length, 6);
    assert.match(items.at(-1)?.problem?.why ?? '', /more than 256 MiB altogether/);
  });

  it('hold for a list under a tag, and what is beyond them is said', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    repository.bundle(image, 'good');
    const [entry] = repository.referrers.get(image.digest) ?? [];
    assert.ok(entry !== undefined);
    repository.referrers.set(
      image.digest,
      Array.from({ length: 1_001 }, () => entry),
    );
    repository.fallbackTags();
    const { items, places } = await inRegistry(repository);
    assert.equal(items.length, 1);
    const place = places.find(({ kind }) => kind === 'fallback-tag');
    assert.deepEqual([place?.state, place?.reason], ['failed', 'The list is too long; its end was not read.']);
  });

  it('hold for plain files', async () => {
    await scratch(async (folder) => {
      const path = join(folder, 'x');
      writeFileSync(path, 'x'.repeat(101));
      const large = await readPlainFile(path, 100);
      assert.match(large.ok ? '' : large.error.why, /larger than 100 bytes/);
      assert.ok((await readPlainFile(path, 101)).ok);
    });
  });
});

describe('what is no attestation of the image', () => {
  afterEach(closeServers);

  it('makes no digest one of the image: a manifest under a tag that says nothing of it', async () => {
    const repository = new MemoryRepository();
    const image = repository.image('1');
    const layers = [repository.blob(IN_TOTO, '{"_type":"https://in-toto.io/Statement/v1"}')];
    const config = repository.blob('application/vnd.oci.empty.v1+json', '{}');
    const tagged = repository.manifest(
      { schemaVersion: 2, mediaType: MANIFEST, artifactType: IN_TOTO, config, layers },
      `${image.digest.replace(':', '-')}.att`,
    );
    repository.bundle(tagged, 'signs what anybody could have put there');
    const { items, subjects } = await inRegistry(repository);
    assert.deepEqual(subjects, [{ role: 'platform', digest: image.digest }]);
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['in-toto-referrer'],
    );
  });

  it('is a manifest on disk that its digest does not name', async () => {
    await scratch(async (folder) => {
      const repository = new MemoryRepository();
      const image = repository.image('1');
      const bundle = repository.bundle(image, 'good');
      const blobs = join(folder, 'blobs', 'sha256');
      mkdirSync(blobs, { recursive: true });
      const put = (digest: string, bytes: Uint8Array | string): void =>
        writeFileSync(join(blobs, digest.replace('sha256:', '')), bytes);
      for (const [digest, bytes] of repository.blobs) put(digest, bytes);
      for (const [digest, { bytes }] of repository.manifests) if (digest.includes(':')) put(digest, bytes);
      const platform = { os: 'linux', architecture: 'amd64' };
      const manifests = [{ ...image, platform }, bundle];
      writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
      const look = () => discover({ scheme: 'oci-dir', target: folder }, true);
      assert.deepEqual(
        (await look()).items.map(({ kind }) => kind),
        ['bundle'],
      );
      const forged = JSON.parse(Buffer.from(repository.manifests.get(bundle.digest)?.bytes ?? []).toString());
      put(bundle.digest, JSON.stringify({ ...forged, artifactType: 'application/vnd.example.other' }));
      const { items, places } = await look();
      assert.deepEqual(items, []);
      const place = places.find(({ kind }) => kind === 'referrers');
      assert.equal(place?.state, 'failed', 'it may have been about the image');
      assert.match(
        place?.reason ?? '',
        new RegExp(`${bundle.digest} could not be read: .* is not what its digest says`),
      );
    });
  });
});
