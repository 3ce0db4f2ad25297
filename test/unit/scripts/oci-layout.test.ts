// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  buildImage,
  layoutFiles,
  readTree,
  sha256,
  writeDockerArchive,
  writeOciArchive,
  writeOciLayout,
  writeTar,
} from '../../../scripts/lib/oci-layout.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'waybill-oci-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const image = (text = 'hello'): ReturnType<typeof buildImage> =>
  buildImage({ gzip: true, layers: [{ entries: [{ path: 'etc/motd', data: text }], comment: 'one' }] });

/** What the system's own tar says of an archive. */
function listed(bytes: Uint8Array): string[] {
  const file = join(scratch, 'listed.tar');
  writeFileSync(file, bytes);
  return execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).trim().split('\n');
}

describe('OCI images without an engine', () => {
  it('a tar holds the folders of its files, before them, in one order', () => {
    const entries = [
      { path: 'usr/lib/b', data: 'b' },
      { path: 'usr/lib/a', data: 'a' },
      { path: 'usr/lib-x', data: 'x' },
    ];
    const expected = ['usr/', 'usr/lib/', 'usr/lib/a', 'usr/lib/b', 'usr/lib-x'];
    assert.deepEqual(listed(writeTar(entries)), expected);
    assert.deepEqual(writeTar(entries), writeTar(entries.toReversed()));
  });

  it('long names and names outside ASCII survive', () => {
    const long = `opt/${'a'.repeat(120)}/${'b'.repeat(120)}.txt`;
    const file = join(scratch, 'names.tar');
    writeFileSync(
      file,
      writeTar([
        { path: long, data: 'x' },
        { path: 'opt/größe', data: 'y' },
      ]),
    );
    const out = join(scratch, 'names');
    mkdirSync(out);
    execFileSync('tar', ['-xf', file, '-C', out]);
    assert.equal(readFileSync(join(out, long), 'utf8'), 'x');
    assert.ok(existsSync(join(out, 'opt/größe')));
  });

  for (const path of ['../x', '/x', 'a/../../x', ''])
    it(`a member ${JSON.stringify(path)} is refused`, () =>
      assert.throws(() => writeTar([{ path, data: 'x' }]), /cannot be a member/));

  it('the same inputs give the same digests, and others give others', () => {
    assert.equal(layoutFiles([image()]).digest, layoutFiles([image()]).digest);
    assert.notEqual(layoutFiles([image()]).digest, layoutFiles([image('other')]).digest);
  });

  it('every blob of a layout is what its name says, and the diff ids are of the uncompressed layers', () => {
    const folder = join(scratch, 'layout');
    const digest = writeOciLayout(folder, [image()], { tag: '1' });
    const blob = (name: string): Buffer => readFileSync(join(folder, 'blobs', name.replace(':', '/')));
    const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
      manifests: { digest: string; size: number; annotations: Record<string, string> }[];
    };
    assert.equal(index.manifests[0]?.digest, digest);
    assert.equal(index.manifests[0]?.annotations['org.opencontainers.image.ref.name'], '1');
    assert.equal(index.manifests[0]?.size, blob(digest).length);
    const manifest = JSON.parse(blob(digest).toString()) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    for (const { digest: name } of [manifest.config, ...manifest.layers]) assert.equal(sha256(blob(name)), name);
    const config = JSON.parse(blob(manifest.config.digest).toString()) as { rootfs: { diff_ids: string[] } };
    assert.deepEqual(
      config.rootfs.diff_ids,
      manifest.layers.map(({ digest: name }) => sha256(gunzipSync(blob(name)))),
    );
  });

  it('several platforms become an index', () => {
    const arm = buildImage({ platform: { os: 'linux', architecture: 'arm64' }, layers: [] });
    const { digest, files } = layoutFiles([image(), arm]);
    const index = JSON.parse(Buffer.from(files.get(`blobs/${digest.replace(':', '/')}`) ?? '').toString()) as {
      manifests: { platform: { architecture: string } }[];
    };
    assert.deepEqual(
      index.manifests.map(({ platform }) => platform.architecture),
      ['amd64', 'arm64'],
    );
  });

  it('the archives hold what the layout and `docker save` hold', () => {
    const folder = join(scratch, 'for-archive');
    writeOciLayout(folder, [image()]);
    const oci = join(scratch, 'oci.tar');
    writeOciArchive(oci, folder);
    assert.ok(listed(readFileSync(oci)).includes('oci-layout'));
    const docker = join(scratch, 'docker.tar');
    writeDockerArchive(docker, image(), 'waybill.test/x:1');
    const out = join(scratch, 'docker');
    mkdirSync(out);
    execFileSync('tar', ['-xf', docker, '-C', out]);
    const [entry] = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as [
      { Config: string; RepoTags: string[]; Layers: string[] },
    ];
    assert.deepEqual(entry.RepoTags, ['waybill.test/x:1']);
    for (const name of [entry.Config, ...entry.Layers]) assert.ok(existsSync(join(out, name)), name);
  });

  it('a tree is read with its modes and links', () => {
    const tree = join(scratch, 'tree');
    mkdirSync(join(tree, 'bin'), { recursive: true });
    writeFileSync(join(tree, 'bin', 'run'), 'x', { mode: 0o750 });
    symlinkSync('run', join(tree, 'bin', 'go'));
    const entries = readTree(tree, { into: 'opt', skip: (path) => path === 'skipped' });
    assert.deepEqual(
      entries.map(({ path, link }) => [path, link]),
      [
        ['opt/bin', undefined],
        ['opt/bin/go', 'run'],
        ['opt/bin/run', undefined],
      ],
    );
    assert.equal(entries.at(-1)?.mode, 0o750);
  });
});
