// SPDX-License-Identifier: Apache-2.0
// An image of a local engine in the registry that the engine knows it from: by its digest, the very same image or none.
import assert from 'node:assert/strict';
import type { Discovery, DiscoveryRequest } from '../../../src/core/attestations/model.ts';
import { problemText, type Problem } from '../../../src/core/model/problem.ts';
import { ok, type Result } from '../../../src/core/model/result.ts';
import { createDiscoverer } from '../../../src/node/discovery/discoverer.ts';
import { closeServers, MemoryRepository, send, serve } from '../../support/memory-registry.ts';
import { keptLog, never } from './support.ts';

const OTHER = `sha256:${'0'.repeat(64)}`;

/** A registry with one signed image, and what was asked of it. */
async function signedImage() {
  const repository = new MemoryRepository();
  const { digest } = repository.image('1');
  repository.bundle({ digest }, 'signed');
  const bytes = repository.manifests.get(digest)?.bytes;
  const { config } = JSON.parse(Buffer.from(bytes ?? '').toString());
  const { host, asked } = await serve((request, response) =>
    send(response, request.url?.includes('/team/app/') === true ? repository.answer(request.url) : { status: 404 }),
  );
  return { host, asked, digest, configDigest: config.digest as string };
}

describe('an image of a local engine that is looked up in its registry', () => {
  afterEach(closeServers);

  const look = (
    names: readonly string[],
    { target = 'app:1', ...request }: Partial<DiscoveryRequest> & { readonly target?: string },
  ): Promise<Result<Discovery, Problem>> =>
    createDiscoverer({
      env: { HOME: '/nonexistent' },
      log: keptLog(),
      architecture: 'x64',
      repoDigests: async () => ok(names),
    }).discover(
      {
        source: { scheme: 'podman', target },
        platform: 'linux/amd64',
        offline: false,
        cosignRepository: null,
        githubRepository: null,
        ...request,
      },
      never,
    );

  const reasons = (found: Result<Discovery, Problem>): readonly (string | null)[] => {
    assert.ok(found.ok);
    assert.deepEqual([found.value.subjects, found.value.items], [[], []]);
    assert.ok(found.value.places.every(({ state }) => state === 'skipped'));
    return [...new Set(found.value.places.map(({ reason }) => reason))];
  };

  it('has what stands beside it there, by its digest alone', async () => {
    const { host, asked, digest, configDigest } = await signedImage();
    for (const known of [configDigest, null]) {
      const found = await look([`${host}/team/app@${digest}`], { localImage: { configDigest: known } });
      assert.ok(found.ok);
      assert.deepEqual(found.value.subjects, [{ role: 'platform', digest }]);
      assert.deepEqual(
        found.value.items.map(({ bytes }) => Buffer.from(bytes ?? '').toString()),
        ['signed'],
      );
    }
    assert.ok(
      asked.every(({ url }) => !/manifests\/(?:1|latest)$/.test(url)),
      'no tag of the image is asked for',
    );
  });

  it('is not taken for another one', async () => {
    const { host, digest } = await signedImage();
    const found = await look([`${host}/team/app@${digest}`], { localImage: { configDigest: OTHER } });
    assert.ok(!found.ok);
    assert.equal(
      problemText(found.error),
      'Nothing was looked up about app:1: its registry has another image under the name that podman knows. Pull it again, or audit it as registry:.',
    );
  });

  it('is looked for under the name that it was asked by first, and under the next where it is not there', async () => {
    const { host, asked, digest, configDigest } = await signedImage();
    const names = [`${host}/copy/app@${digest}`, `${host}/team/app@${digest}`];
    const localImage = { configDigest };
    assert.ok((await look(names, { target: `${host}/team/app:1`, localImage })).ok);
    assert.ok(asked.splice(0).every(({ url }) => !url.includes('/copy/')));
    const found = await look(names, { localImage });
    assert.equal(found.ok && found.value.items.length, 1);
    assert.ok(asked.some(({ url }) => url.startsWith('/v2/copy/app/manifests/')));
  });

  it('that is there no more is nowhere, and it is said where it was looked for', async () => {
    const { host, digest } = await signedImage();
    const name = `${host}/copy/app@${digest}`;
    assert.deepEqual(reasons(await look([name], { localImage: { configDigest: null } })), [
      `podman knows it as ${name}, and it is not there (any more).`,
    ]);
  });

  it('is asked for nowhere without a digest, on localhost, offline, or unasked', async () => {
    const { host, asked, digest } = await signedImage();
    const localImage = { configDigest: null };
    const name = `${host}/team/app@${digest}`;
    for (const [names, request] of [
      [[`${host}/team/app:1`, `localhost/app@${digest}`, 'no name at all'], { localImage }],
      [[], { localImage }],
      [[name], { localImage, offline: true }],
      [[name], {}],
    ] as const)
      assert.match(reasons(await look(names, request)).join(), /^A local image has no registry address\./);
    assert.deepEqual(asked, []);
  });
});
