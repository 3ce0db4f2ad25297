// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import {
  readDockerImages,
  readEngineTime,
  readInspect,
  readPodmanImages,
  readSize,
} from '../../../src/node/engines/listing.ts';

const ID = 'a'.repeat(64);
const docker = (more: Record<string, string>): string =>
  JSON.stringify({
    Containers: 'N/A',
    CreatedAt: '2025-10-09 08:53:20 +0000 UTC',
    Digest: '<none>',
    ID: `sha256:${ID}`,
    Repository: 'app',
    Size: '254MB',
    Tag: '1',
    ...more,
  });

describe('readDockerImages', () => {
  it('reads one image a line and a tag, dangling ones without a name, newest first', () => {
    const lines = [
      docker({}),
      docker({ Tag: '2' }),
      docker({ Repository: '<none>', Tag: '<none>', CreatedAt: '2026-01-01 00:00:00 +0200 CEST', ID: 'abcdefabcdef' }),
    ];
    assert.deepEqual(readDockerImages('docker', `${lines.join('\n')}\n`), [
      { engine: 'docker', id: 'abcdefabcdef', reference: null, createdAt: '2025-12-31T22:00:00.000Z', size: 254e6 },
      { engine: 'docker', id: `sha256:${ID}`, reference: 'app:1', createdAt: '2025-10-09T08:53:20.000Z', size: 254e6 },
      { engine: 'docker', id: `sha256:${ID}`, reference: 'app:2', createdAt: '2025-10-09T08:53:20.000Z', size: 254e6 },
    ]);
  });

  it('leaves out lines that are no image, and ends at two thousand', () => {
    assert.deepEqual(readDockerImages('docker', 'WARNING: x\n[]\n{"ID":5}\n{"ID":"-rm"}\n{"ID":"zz"}\n'), []);
    assert.equal(readDockerImages('nerdctl', `${docker({})}\n`.repeat(5000)).length, 2000);
  });
});

describe('readPodmanImages', () => {
  it('reads an array with other names; one row for each name', () => {
    const image = { Id: ID, Names: ['localhost/app:1', 'x.test/app:1'], Size: 5, Created: 1760000000 };
    const dangling = { Id: 'b'.repeat(64), Names: null, RepoTags: null, CreatedAt: '2025-01-01T00:00:00Z' };
    const digested = { Id: ID, Names: [`x.test/app@sha256:${ID}`], Created: 1 };
    assert.deepEqual(
      readPodmanImages(JSON.stringify([dangling, image, digested])).map(({ id, reference, createdAt, size }) => [
        id.slice(0, 9),
        reference,
        createdAt,
        size,
      ]),
      [
        ['sha256:aa', 'localhost/app:1', '2025-10-09T08:53:20.000Z', 5],
        ['sha256:aa', 'x.test/app:1', '2025-10-09T08:53:20.000Z', 5],
        ['sha256:bb', null, '2025-01-01T00:00:00.000Z', null],
        ['sha256:aa', null, '1970-01-01T00:00:01.000Z', null],
      ],
    );
    for (const text of ['', '{}', 'null', '[1,{"Id":"x"}]']) assert.deepEqual(readPodmanImages(text), []);
  });
});

describe('readInspect', () => {
  const inspect = (more: Record<string, unknown>) =>
    readInspect(
      JSON.stringify([{ Id: ID, Os: 'linux', Architecture: 'arm64', Created: '2025-10-09T08:53:20Z', ...more }]),
    );

  it("reads Docker's and Podman's", () => {
    const found = inspect({ Id: `sha256:${ID}`, Config: { User: '65532' }, Variant: 'v8' });
    assert.deepEqual(found, {
      id: `sha256:${ID}`,
      configDigest: `sha256:${ID}`,
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      created: '2025-10-09T08:53:20.000Z',
      user: '65532',
      repoDigests: [],
    });
    const name = `registry.example/app@sha256:${ID}`;
    assert.deepEqual(inspect({ RepoDigests: [name] })?.repoDigests, [name]);
    assert.deepEqual(inspect({ RepoDigests: null })?.repoDigests, []);
    assert.equal(inspect({ User: 'app', Config: null })?.user, 'app');
  });

  it('does not take the id for that of the configuration where Docker keeps images in containerd', () => {
    const found = inspect({
      Descriptor: { digest: `sha256:${ID}`, mediaType: 'application/vnd.oci.image.index.v1+json' },
    });
    assert.equal(found?.configDigest, null);
    assert.equal(found?.id, `sha256:${ID}`);
  });

  it('refuses what says no whole id', () => {
    for (const text of ['', '[]', '{}', '[{"Id":"abc"}]', '[{"Id":"--help"}]']) assert.equal(readInspect(text), null);
  });
});

describe('readSize and readEngineTime', () => {
  it('read what engines write, and nothing else', () => {
    assert.equal(readSize('19.4MB'), 19_400_000);
    assert.equal(readSize('1.5 GiB'), 1_610_612_736);
    assert.equal(readSize('0B'), 0);
    for (const text of ['', 'MB', '5XB', '1e9B', '5 constructor']) assert.equal(readSize(text), null);
    assert.equal(readEngineTime('2025-10-09 08:53:20.123456789 -0730 X'), '2025-10-09T16:23:20.000Z');
    assert.equal(readEngineTime('yesterday'), null);
  });
});
