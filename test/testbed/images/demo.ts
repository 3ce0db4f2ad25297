// SPDX-License-Identifier: Apache-2.0
// `demo`: an image built by apko from packages built by melange, offline, with the SBOM that apko writes. The packaging
// is synthetic (Debian's files under Wolfi's names and versions); files, programs and advisories are real.
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entry, writeOciArchive } from '../../../scripts/lib/oci-layout.mjs';
import { writeApk } from '../apk.ts';
import { cachedPart } from '../cache.ts';
import { run } from '../command.ts';
import { ensureDebianPackages } from '../debian.ts';
import { testbedFile } from '../paths.ts';
import { toolPath } from '../tools.ts';
import { npmApp, unpackDebianPackage } from './debian.ts';
import { goPrograms } from './goapp.ts';

const own = (name: string): string => testbedFile('images', name);

/** Files that decide the image; its packages' other inputs are Debian's of the day. */
export const demoInputs: readonly string[] = [
  ...['demo', 'demo.ts', 'goapp', 'goapp.ts', 'web'].map(own),
  testbedFile('apk.ts'),
];

/** 2025-10-09T08:53:20Z, the one time in packages and image. */
const EPOCH = { SOURCE_DATE_EPOCH: '1760000000' };

const ARCH = 'x86_64';

/** In the order in which they are built. */
const PACKAGES = ['wolfi-baselayout', 'busybox', 'glibc', 'openssl', 'waybill-demo'];

const LIBRARIES = ['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0'];

/** The key that signs the packages: kept, so that a rebuild gives the same bytes. */
async function signingKey(): Promise<string> {
  const folder = await cachedPart({
    key: 'keys/melange',
    label: 'signing key of the apk packages',
    make: async (out) => {
      await run(await toolPath('melange'), ['keygen', 'melange.rsa'], { cwd: out });
    },
  });
  return join(folder, 'melange.rsa');
}

/** A repository with the one package that melange needs to start: Debian's static busybox. */
async function bootstrap(folder: string, busybox: string, version: string): Promise<void> {
  const repository = join(folder, 'bootstrap');
  mkdirSync(join(repository, ARCH), { recursive: true });
  const applets = (await run(busybox, ['--list'])).split('\n').filter((name) => name !== '' && name !== 'busybox');
  const apk = join(repository, ARCH, `busybox-${version}.apk`);
  writeApk(apk, { name: 'busybox', version, provides: ['/bin/sh', `cmd:sh=${version}`] }, [
    { path: 'usr/bin/busybox', mode: 0o755, file: busybox },
    ...applets.map((name): Entry => ({ path: `usr/bin/${name}`, link: 'busybox' })),
    { path: 'bin', link: 'usr/bin' },
    { path: 'sbin', link: 'usr/bin' },
    { path: 'tmp', mode: 0o1777 },
    { path: 'root' },
    { path: 'var/lib' },
    { path: 'etc/passwd', data: 'root:x:0:0:root:/root:/bin/sh\n' },
    { path: 'etc/group', data: 'root:x:0:\n' },
  ]);
  const index = join(repository, ARCH, 'APKINDEX.tar.gz');
  await run(await toolPath('melange'), ['index', '--arch', ARCH, '-o', index, apk], { env: EPOCH });
}

/** Lays out what each package's pipeline copies; answers the busybox program and its version. */
async function sources(folder: string): Promise<{ readonly busybox: string; readonly version: string }> {
  const deb = join(folder, 'deb');
  for (const name of ['libssl3', 'openssl', 'libc6']) await unpackDebianPackage(name, deb);
  const version = await unpackDebianPackage('busybox-static', deb);
  const place = (name: string, files: readonly string[]): void => {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of files)
      copyFileSync(realpathSync(join(deb, file)), join(folder, name, file.slice(file.lastIndexOf('/') + 1)));
  };
  const lib = 'usr/lib/x86_64-linux-gnu';
  const found = readdirSync(deb);
  const busybox = found.includes('bin') ? 'bin/busybox' : 'usr/bin/busybox';
  place('wolfi-baselayout', []);
  place('busybox', [busybox]);
  place(
    'glibc',
    LIBRARIES.map((name) => `${found.includes('lib') ? 'lib/x86_64-linux-gnu' : lib}/${name}`),
  );
  place('openssl', [`${lib}/libcrypto.so.3`, `${lib}/libssl.so.3`, 'usr/bin/openssl']);
  place('waybill-demo', []);
  const { stripped, fips } = await goPrograms('amd64');
  const app = join(folder, 'waybill-demo');
  writeFileSync(join(app, 'waybill-api'), stripped, { mode: 0o755 });
  writeFileSync(join(app, 'waybill-api-fips'), fips, { mode: 0o755 });
  cpSync(await npmApp(), join(app, 'web'), { recursive: true });
  return { busybox: join(folder, 'busybox', 'busybox'), version: `${version.replace(/-.*$/, '')}-r0` };
}

async function buildPackages(work: string): Promise<void> {
  const melange = await toolPath('melange');
  const source = join(work, 'source');
  const { busybox, version } = await sources(source);
  await bootstrap(work, busybox, version);
  // melange writes the paths that it is given into the packages, so each is relative to the working folder.
  cpSync(own('demo'), join(work, 'config'), { recursive: true });
  for (const ending of ['', '.pub']) copyFileSync(`${await signingKey()}${ending}`, join(work, `melange.rsa${ending}`));
  for (const name of PACKAGES)
    await run(
      melange,
      [
        ...['build', `config/${name}.yaml`, '--arch', ARCH, '--runner', 'bubblewrap'],
        ...['--signing-key', 'melange.rsa', '--ignore-signatures', '--repository-append', 'bootstrap'],
        ...['--out-dir', 'packages', '--source-dir', `source/${name}`, '--namespace', 'wolfi'],
        ...['--license', 'Apache-2.0', '--git-repo-url', 'https://example.invalid/waybill-os'],
        ...['--git-commit', '0123456789abcdef0123456789abcdef01234567'],
      ],
      { cwd: work, env: EPOCH },
    );
}

interface LayoutIndex {
  readonly manifests: readonly { readonly digest: string }[];
}

interface DemoFacts {
  readonly digest: string;
  readonly imageId: string;
  readonly reference: string;
}

/** Builds packages and image into `folder`: `oci`, `oci.tar`, `docker.tar` and `sbom/`. */
export async function demoImage(folder: string, reference: string): Promise<DemoFacts> {
  await ensureDebianPackages(['images']);
  const work = mkdtempSync(join(tmpdir(), 'waybill-demo-'));
  try {
    await buildPackages(work);
    const config = join(work, 'demo.apko.yaml');
    // The repository's name goes into the image, so it must not be the name of a temporary folder.
    const text = readFileSync(join(own('demo'), 'demo.apko.yaml'), 'utf8');
    writeFileSync(config, text.replace('PACKAGE_REPOSITORY', './packages').replace('PUBLIC_KEY', './melange.rsa.pub'));
    const apko = await toolPath('apko');
    const options = ['--arch', ARCH, '--sbom-path', join(folder, 'sbom'), '--log-level', 'warn'];
    for (const name of ['oci', 'sbom']) mkdirSync(join(folder, name));
    await run(apko, ['build', config, reference, `${join(folder, 'oci')}/`, ...options], { cwd: work, env: EPOCH });
    await run(apko, ['build', config, reference, join(folder, 'docker.tar'), ...options], { cwd: work, env: EPOCH });
    writeOciArchive(join(folder, 'oci.tar'), join(folder, 'oci'));
    const blob = (digest: string): string => join(folder, 'oci', 'blobs', digest.replace(':', '/'));
    const index = JSON.parse(readFileSync(join(folder, 'oci', 'index.json'), 'utf8')) as LayoutIndex;
    const digest = index.manifests[0]?.digest ?? '';
    const manifest = JSON.parse(readFileSync(blob(digest), 'utf8')) as { readonly config: { readonly digest: string } };
    // apko adds the architecture to the tag inside a docker-archive.
    return { digest, imageId: manifest.config.digest, reference: `${reference}-amd64` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
