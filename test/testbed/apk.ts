// SPDX-License-Identifier: Apache-2.0
// Writes apk packages by hand, and a signed repository of a few small ones for apko to build from without any network.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Entry, writeTar } from '../../scripts/lib/oci-layout.mjs';
import { cachedPart, inputKey } from './cache.ts';
import { run } from './command.ts';
import { testbedFile } from './paths.ts';
import { toolPath } from './tools.ts';

export interface ApkFacts {
  readonly name: string;
  /** With its `-r` number. */
  readonly version: string;
  /** x86_64 where nothing is said. */
  readonly arch?: string;
  readonly provides?: readonly string[];
  readonly depends?: readonly string[];
}

const sha1 = (bytes: Uint8Array | string): string => createHash('sha1').update(bytes).digest('hex');

/** APKv2 wants each member's SHA-1 in its header. */
function withChecksum(entry: Entry): Entry {
  const bytes = entry.link ?? entry.data ?? (entry.file === undefined ? undefined : readFileSync(entry.file));
  return bytes === undefined ? entry : { ...entry, pax: { 'APK-TOOLS.checksum.SHA1': sha1(bytes) } };
}

/** An unsigned APKv2 package: the gzip of an unended control tar, then the gzip of the data tar. */
export function writeApk(path: string, facts: ApkFacts, entries: readonly Entry[]): void {
  const data = gzipSync(writeTar(entries.map(withChecksum)));
  const size = entries.reduce((sum, { file }) => sum + (file === undefined ? 0 : readFileSync(file).length), 0);
  const info = [
    `pkgname = ${facts.name}`,
    `pkgver = ${facts.version}`,
    `pkgdesc = bootstrap ${facts.name}`,
    `arch = ${facts.arch ?? 'x86_64'}`,
    `size = ${size}`,
    `origin = ${facts.name}`,
    'license = GPL-2.0-only',
    ...(facts.provides ?? []).map((each) => `provides = ${each}`),
    ...(facts.depends ?? []).map((each) => `depend = ${each}`),
    `datahash = ${createHash('sha256').update(data).digest('hex')}`,
    '',
  ].join('\n');
  const control = gzipSync(writeTar([{ path: '.PKGINFO', data: info }], { open: true }));
  writeFileSync(path, Buffer.concat([control, data]));
}

const OS_RELEASE = 'ID=wolfi\nNAME="Wolfi"\nPRETTY_NAME="Wolfi"\nVERSION_ID="20230201"\n';

/** Names and versions as Wolfi has them; what is in the packages is a line of text. */
const SMALL: readonly (readonly [facts: ApkFacts, entries: readonly Entry[]])[] = [
  [
    { name: 'wolfi-baselayout', version: '20230201-r20' },
    [
      { path: 'etc' },
      { path: 'etc/os-release', data: OS_RELEASE },
      { path: 'etc/passwd', data: 'root:x:0:0:root:/root:/bin/sh\n' },
      { path: 'etc/group', data: 'root:x:0:\n' },
    ],
  ],
  [
    { name: 'libcrypto3', version: '3.3.0-r0', provides: ['so:libcrypto.so.3=3'] },
    [{ path: 'usr/lib/libcrypto.so.3', data: 'not a library\n' }],
  ],
  [
    { name: 'openssl', version: '3.3.0-r0', depends: ['libcrypto3=3.3.0-r0'] },
    [{ path: 'usr/bin/openssl', data: 'not a program\n', mode: 0o755 }],
  ],
  [{ name: 'hello', version: '1.2.3-r0' }, [{ path: 'usr/bin/hello', data: '1.2.3\n', mode: 0o755 }]],
  [{ name: 'hello', version: '1.3.0-r1' }, [{ path: 'usr/bin/hello', data: '1.3.0\n', mode: 0o755 }]],
  [
    { name: 'broken', version: '1.0.0-r0', depends: ['nothing-has-this'] },
    [{ path: 'usr/bin/broken', data: 'broken\n', mode: 0o755 }],
  ],
];

export interface ApkRepository {
  /** Folder with `x86_64/APKINDEX.tar.gz` and the packages. */
  readonly packages: string;
  /** The public key that signed them. */
  readonly key: string;
}

/** A repository of small packages, signed as apko wants them. */
export async function apkRepository(): Promise<ApkRepository> {
  const melange = await toolPath('melange');
  const folder = await cachedPart({
    key: `images/apk-repository-${inputKey({ paths: [testbedFile('apk.ts')] })}`,
    label: 'repository of small apk packages',
    make: async (out) => {
      await run(melange, ['keygen', 'test.rsa'], { cwd: out });
      const arch = join(out, 'packages', 'x86_64');
      mkdirSync(arch, { recursive: true });
      const files = SMALL.map(([facts, entries]) => {
        const path = join(arch, `${facts.name}-${facts.version}.apk`);
        writeApk(path, facts, entries);
        return path;
      });
      await run(melange, ['sign', '--signing-key', 'test.rsa', ...files], { cwd: out });
      const index = join(arch, 'APKINDEX.tar.gz');
      await run(melange, ['index', '--signing-key', 'test.rsa', '-o', index, ...files], { cwd: out });
    },
  });
  return { packages: join(folder, 'packages'), key: join(folder, 'test.rsa.pub') };
}
