// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  sha256,
  writeDockerArchive,
  writeOciArchive,
  writeOciLayout,
  writeTar,
  type BuiltImage,
} from '../../../scripts/lib/oci-layout.mjs';
import { readPlatform } from '../../../src/core/evidence/platform.ts';
import { diskPlatforms, readDiskImage, type DiskScheme } from '../../../src/node/images/disk-image.ts';
import { AMD64, scratch, smallImage } from './support.ts';

const amd64 = smallImage('amd64');
const arm64 = smallImage('arm64');

async function read(scheme: DiskScheme, path: string, asked: string | null = null, host = AMD64) {
  return readDiskImage(scheme, path, asked === null ? null : readPlatform(asked), host);
}

async function reason(scheme: DiskScheme, path: string, asked: string | null = null, host = AMD64): Promise<string> {
  const found = await read(scheme, path, asked, host);
  return found.ok ? 'found' : `${found.error.code}: ${found.error.what}: ${found.error.why}`;
}

/** Puts a JSON document into a layout as a blob; answers its descriptor. */
function addBlob(layout: string, mediaType: string, document: unknown) {
  const bytes = Buffer.from(JSON.stringify(document));
  const digest = sha256(bytes);
  mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true });
  writeFileSync(join(layout, 'blobs', digest.replace(':', '/')), bytes);
  return { mediaType, digest, size: bytes.length };
}

const INDEX = 'application/vnd.oci.image.index.v1+json';
const writeIndex = (layout: string, manifests: unknown): void =>
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
const descriptor = ({ manifest, platform }: BuiltImage) => ({
  mediaType: manifest.mediaType,
  digest: manifest.digest,
  size: manifest.size,
  platform,
});

describe('readDiskImage', () => {
  it('names one image the same in a layout folder, a layout archive and, by its configuration, a docker-archive', async () => {
    await scratch(async (folder) => {
      const oci = join(folder, 'oci');
      writeOciLayout(oci, [amd64]);
      writeOciArchive(join(folder, 'oci.tar'), oci);
      writeDockerArchive(join(folder, 'docker.tar'), amd64, 'x.test/a:1');
      for (const [scheme, path] of [
        ['oci-dir', oci],
        ['oci-archive', join(folder, 'oci.tar')],
        ['docker-archive', join(folder, 'docker.tar')],
      ] as const) {
        const found = await read(scheme, path);
        assert.ok(found.ok, scheme);
        assert.equal(found.value.configDigest, amd64.config.digest);
        assert.equal(found.value.manifestDigest, scheme === 'docker-archive' ? null : amd64.manifest.digest);
        assert.equal(found.value.indexDigest, null);
        assert.deepEqual(found.value.config, { platform: AMD64, created: '2025-10-09T08:53:20.000Z', user: '65532' });
        assert.deepEqual(found.value.platforms, []);
      }
    });
  });

  it("takes the host's platform of several, the asked one where one is asked for, and says which there are", async () => {
    await scratch(async (folder) => {
      const digest = writeOciLayout(folder, [amd64, arm64]);
      const host = await read('oci-dir', folder);
      const asked = await read('oci-dir', folder, 'linux/arm64/v8');
      assert.equal(host.ok && host.value.configDigest, amd64.config.digest);
      assert.equal(asked.ok && asked.value.configDigest, arm64.config.digest);
      assert.equal(asked.ok && asked.value.indexDigest, digest);
      assert.deepEqual(host.ok && host.value.platforms, ['linux/amd64', 'linux/arm64']);
      assert.match(
        await reason('oci-dir', folder, 'linux/s390x'),
        /image-missing.*linux\/s390x.*linux\/amd64, linux\/arm64/,
      );
      const other = { ...AMD64, architecture: 'riscv64' };
      assert.match(await reason('oci-dir', folder, null, other), /image-missing.*linux\/riscv64/);
      assert.deepEqual(await diskPlatforms('oci-dir', folder), { ok: true, value: ['linux/amd64', 'linux/arm64'] });
    });
  });

  it('takes a single image whatever its platform, unless another was asked for', async () => {
    await scratch(async (folder) => {
      writeOciLayout(join(folder, 'oci'), [arm64]);
      writeDockerArchive(join(folder, 'd.tar'), arm64, 'x.test/a:1');
      const found = await read('oci-dir', join(folder, 'oci'));
      assert.equal(found.ok && found.value.configDigest, arm64.config.digest);
      assert.match(await reason('oci-dir', join(folder, 'oci'), 'linux/amd64'), /image-missing/);
      assert.match(await reason('docker-archive', join(folder, 'd.tar'), 'linux/amd64'), /image-missing/);
    });
  });

  it('reads an index inside the index, as BuildKit writes it, and leaves attestations out', async () => {
    await scratch(async (folder) => {
      writeOciLayout(folder, [amd64]);
      const attestation = addBlob(folder, 'application/vnd.oci.image.manifest.v1+json', { config: {}, layers: [] });
      const inner = addBlob(folder, INDEX, {
        schemaVersion: 2,
        mediaType: INDEX,
        manifests: [
          descriptor(amd64),
          {
            ...attestation,
            annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
            platform: { os: 'unknown', architecture: 'unknown' },
          },
        ],
      });
      writeIndex(folder, [inner]);
      const found = await read('oci-dir', folder);
      assert.equal(found.ok && found.value.manifestDigest, amd64.manifest.digest);
      assert.equal(found.ok && found.value.indexDigest, inner.digest);
      assert.deepEqual(found.ok && found.value.platforms, []);
    });
  });

  it('counts an image once that several tags name, and refuses two that cannot be told apart', async () => {
    await scratch(async (folder) => {
      writeOciLayout(folder, [amd64]);
      writeIndex(folder, [descriptor(amd64), descriptor(amd64)]);
      assert.equal(await reason('oci-dir', folder), 'found');
      const other = smallImage('amd64', 'other');
      for (const { digest, bytes } of [other.manifest, other.config])
        writeFileSync(join(folder, 'blobs', digest.replace(':', '/')), bytes);
      writeIndex(folder, [descriptor(amd64), descriptor(other)]);
      assert.match(await reason('oci-dir', folder), /2 different images for linux\/amd64/);
    });
  });

  it('refuses blobs that are not what their digest says', async () => {
    await scratch(async (folder) => {
      for (const which of ['manifest', 'config'] as const) {
        writeOciLayout(folder, [amd64]);
        const path = join(folder, 'blobs', amd64[which].digest.replace(':', '/'));
        writeFileSync(
          path,
          readFileSync(path, 'utf8').replace('linux', 'linuX').replace('"schemaVersion":2', '"schemaVersion":3'),
        );
        assert.match(await reason('oci-dir', folder), /is not what its digest says/, which);
      }
    });
  });

  it('refuses indexes without end and what is no layout', async () => {
    await scratch(async (folder) => {
      writeOciLayout(folder, [amd64]);
      let nested = addBlob(folder, INDEX, { manifests: [descriptor(amd64)] });
      for (let depth = 0; depth < 6; depth++) nested = addBlob(folder, INDEX, { manifests: [nested] });
      writeIndex(folder, [nested]);
      assert.match(await reason('oci-dir', folder), /nested too deeply/);
      writeIndex(folder, []);
      assert.match(await reason('oci-dir', folder), /holds no image/);
      writeIndex(folder, [{ ...descriptor(amd64), digest: 'sha256:../../../etc/passwd' }]);
      assert.match(await reason('oci-dir', folder), /malformed/);
      writeFileSync(join(folder, 'index.json'), '{"manifests":');
      assert.match(await reason('oci-dir', folder), /no JSON/);
      rmSync(join(folder, 'index.json'));
      assert.match(await reason('oci-dir', folder), /image-missing.*does not exist/);
      assert.match(await reason('oci-dir', join(folder, 'nowhere')), /image-missing/);
    });
  });

  it('refuses docker-archives of several images, without a manifest, or with a configuration of another digest', async () => {
    await scratch(async (folder) => {
      const path = join(folder, 'd.tar');
      const write = (manifest: unknown, config = amd64.config.bytes): void =>
        writeFileSync(
          path,
          writeTar([
            { path: 'manifest.json', data: JSON.stringify(manifest) },
            { path: `${amd64.config.digest.slice(7)}.json`, data: config },
          ]),
        );
      const image = { Config: `${amd64.config.digest.slice(7)}.json`, RepoTags: null, Layers: [] };
      write([image]);
      assert.equal(await reason('docker-archive', path), 'found');
      write([image, image]);
      assert.match(await reason('docker-archive', path), /holds 2 images/);
      write([]);
      assert.match(await reason('docker-archive', path), /holds no image/);
      write({ image });
      assert.match(await reason('docker-archive', path), /not that of a docker-archive/);
      write([image], Buffer.from('{}'));
      assert.match(await reason('docker-archive', path), /not what its digest says/);
      write([{ ...image, Config: '../../etc/passwd' }]);
      assert.match(await reason('docker-archive', path), /has no \.\.\/\.\.\/etc\/passwd/);
    });
  });
});
