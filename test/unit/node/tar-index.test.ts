// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { writeTar, type Entry } from '../../../scripts/lib/oci-layout.mjs';
import { openTar } from '../../../src/node/images/tar-index.ts';
import { scratch } from './support.ts';

const BLOCK = 512;

/** What stands in `name` of a tar of these bytes, or the reason why it could not be had. */
function readFrom(bytes: Uint8Array, name: string, maxBytes = 1000): Promise<string> {
  return scratch(async (folder) => {
    const path = join(folder, 'a.tar');
    writeFileSync(path, bytes);
    const tar = await openTar(path);
    if (!tar.ok) return `refused: ${tar.error.why}`;
    try {
      const found = await tar.value.read(name, maxBytes);
      return found.ok ? found.value.toString() : `refused: ${found.error.why}`;
    } finally {
      await tar.value.close();
    }
  });
}

const tarOf = (...entries: Entry[]): Buffer => Buffer.from(writeTar(entries));
const open = (...entries: Entry[]): Buffer => Buffer.from(writeTar(entries, { open: true }));
const END = Buffer.alloc(2 * BLOCK);

/** Sets a field of the first header and its checksum anew. */
function withField(tar: Buffer, at: number, text: string): Buffer {
  const copy = Buffer.from(tar);
  copy.write(text, at, 'latin1');
  copy.fill(0x20, 148, 156);
  const sum = copy.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return copy;
}

describe('openTar', () => {
  it('reads members by name, in folders, with long names, and after a leading ./', async () => {
    const long = `${'folder/'.repeat(30)}file.json`;
    assert.equal(await readFrom(tarOf({ path: 'manifest.json', data: '[]' }), 'manifest.json'), '[]');
    assert.equal(await readFrom(tarOf({ path: 'a/b/c', data: 'deep' }), 'a/b/c'), 'deep');
    assert.equal(await readFrom(tarOf({ path: long, data: 'far' }), long), 'far');
    const dotted = withField(tarOf({ path: 'xx-name', data: 'dot' }), 0, './');
    assert.equal(await readFrom(dotted, '-name'), 'dot');
  });

  it("reads what the system's tar writes, GNU long names included", async () => {
    await scratch(async (folder) => {
      const deep = join('d'.repeat(60), 'e'.repeat(60));
      mkdirSync(join(folder, 'in', deep), { recursive: true });
      writeFileSync(join(folder, 'in', deep, 'long.json'), '{"long":1}');
      writeFileSync(join(folder, 'in', 'short.json'), '{"short":1}');
      for (const format of ['gnu', 'ustar', 'pax']) {
        const path = join(folder, `${format}.tar`);
        execFileSync('tar', ['-C', join(folder, 'in'), `--format=${format}`, '-cf', path, '.']);
        const tar = await openTar(path);
        assert.ok(tar.ok, format);
        const short = await tar.value.read('short.json', 100);
        const long = await tar.value.read(join(deep, 'long.json'), 100);
        await tar.value.close();
        assert.equal(short.ok && short.value.toString(), '{"short":1}', format);
        assert.equal(long.ok && long.value.toString(), '{"long":1}', format);
      }
    });
  });

  it('never follows a name out of the archive: it is only a name', async () => {
    const tar = withField(tarOf({ path: 'aabbccpasswd', data: 'own' }), 0, '../../passwd');
    assert.equal(await readFrom(tar, '../../passwd'), 'own');
    assert.match(await readFrom(tar, 'passwd'), /has no passwd/);
  });

  it('refuses links, names that stand there twice, and members over the limit', async () => {
    assert.match(
      await readFrom(tarOf({ path: 'manifest.json', link: '/etc/passwd' }), 'manifest.json'),
      /no plain file/,
    );
    const twice = Buffer.concat([open({ path: 'm', data: 'one' }), open({ path: 'm', data: 'two' }), END]);
    assert.match(await readFrom(twice, 'm'), /twice/);
    assert.match(await readFrom(tarOf({ path: 'm', data: 'x'.repeat(50) }), 'm', 49), /too large/);
  });

  it('refuses sizes that lie, cut files, damaged headers and what is no tar', async () => {
    const tar = tarOf({ path: 'm', data: 'hello' });
    assert.match(await readFrom(withField(tar, 124, '77777777777\0'), 'm'), /size in it is wrong/);
    assert.match(await readFrom(withField(tar, 124, '8x\0\0\0\0\0\0\0\0\0\0'), 'm'), /size in it is wrong/);
    const huge = Buffer.from(
      withField(tar, 124, '\u0080\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff'),
    );
    assert.match(await readFrom(huge, 'm'), /size in it is wrong/);
    assert.match(await readFrom(tarOf({ path: 'm', data: 'x'.repeat(5000) }).subarray(0, 3000), 'm'), /ends before/);
    const damaged = Buffer.from(tar);
    damaged[20] = 7;
    assert.match(await readFrom(damaged, 'm'), /no tar archive/);
    const second = Buffer.concat([open({ path: 'a', data: 'a' }), Buffer.alloc(BLOCK, 9), END]);
    assert.match(await readFrom(second, 'a'), /header in it is damaged/);
    assert.match(
      await readFrom(Buffer.from('\u001f\u008b compressed'.padEnd(2000, 'x'), 'latin1'), 'm'),
      /decompressed first/,
    );
    for (const [pack, by] of [
      [gzipSync, 'gzip'],
      [zstdCompressSync, 'zstd'],
    ] as const)
      assert.match(
        await readFrom(pack(randomBytes(2_000)), 'm'),
        new RegExp(`it is compressed with ${by}, and has to be decompressed first`),
      );
    assert.match(await readFrom(Buffer.alloc(0), 'm'), /empty or cut off/);
  });

  it('refuses extended headers that are malformed or too long', async () => {
    const tar = tarOf({ path: 'm', data: 'x', pax: { comment: 'c' } });
    const broken = Buffer.from(tar);
    broken.write('99 ', BLOCK, 'latin1');
    assert.match(await readFrom(broken, 'm'), /extended header in it is damaged/);
    const long = tarOf({ path: 'm', data: 'x', pax: { comment: 'c'.repeat(70_000) } });
    assert.match(await readFrom(long, 'm'), /too long/);
    const lying = tarOf({ path: 'm', data: 'x', pax: { size: '99999999' } });
    assert.match(await readFrom(lying, 'm'), /size in it is wrong/);
  });

  it('says of folders, missing files and pipes what they are, without waiting', async () => {
    await scratch(async (folder) => {
      const reason = async (path: string): Promise<string> => {
        const tar = await openTar(path);
        return tar.ok ? 'opened' : `${tar.error.code}: ${tar.error.why}`;
      };
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      assert.equal(await reason(folder), 'file-unreadable: it is a folder, not an archive');
      assert.equal(await reason(join(folder, 'none')), 'image-missing: it does not exist');
      assert.equal(await reason(join(folder, 'pipe')), 'file-unreadable: it is no plain file');
    });
  });
});
