// SPDX-License-Identifier: Apache-2.0
// `debian-app`: Debian 12 with an npm application, Go programs and Python packages. `distroless`: the few packages of
// Debian that a Go program needs, recorded as the distroless images record them. Both from one debootstrap.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuiltImage, type Entry, buildImage, readTree } from '../../../scripts/lib/oci-layout.mjs';
import { cachedPart, inputKey } from '../cache.ts';
import { run } from '../command.ts';
import { ensureDebianPackages } from '../debian.ts';
import { testbedFile } from '../paths.ts';
import { CREATED, goPrograms } from './goapp.ts';

const own = (name: string): string => testbedFile('images', name);

/** Files that decide these images; Debian's packages are those of the day on which they were fetched. */
export const debianInputs: readonly string[] = ['debian.ts', 'goapp', 'goapp.ts', 'web', 'python'].map(own);

/** Debian's main archive only, so that its packages stand behind the security archive: real fixes to report. */
async function rootfs(): Promise<string> {
  const folder = await cachedPart({
    key: 'rootfs/bookworm-minbase',
    label: 'Debian 12 root (debootstrap)',
    make: async (out) => {
      await ensureDebianPackages(['images']);
      await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', join(out, 'root')]);
    },
  });
  return join(folder, 'root');
}

/** What differs from run to run or belongs to the machine, and what an image does not need. */
const VOLATILE = [
  /^(dev|proc|sys|run|tmp)\//,
  /^var\/(cache\/apt|lib\/apt\/lists|log|tmp)\//,
  /^var\/cache\/ldconfig\//,
  /^etc\/(resolv\.conf|hostname|machine-id)$/,
];

const skipVolatile = (path: string): boolean => VOLATILE.some((pattern) => pattern.test(path));

/** Installed npm packages of the web application, from its lock file. */
export async function npmApp(): Promise<string> {
  return cachedPart({
    key: `npm-app/${inputKey({ paths: [own('web')] })}`,
    label: 'npm packages of an image',
    make: async (out) => {
      for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(own('web'), name), join(out, name));
      await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: out,
      });
      // npm's own note of what it did differs between npm versions and is not part of the application.
      rmSync(join(out, 'node_modules', '.package-lock.json'), { force: true });
    },
  });
}

async function pythonPackages(): Promise<string> {
  return cachedPart({
    key: `python/${inputKey({ paths: [own('python')] })}`,
    label: 'Python packages of an image',
    make: async (out) => {
      await ensureDebianPackages(['images']);
      const wheels = mkdtempSync(join(tmpdir(), 'waybill-wheels-'));
      try {
        const exact = [
          '--no-deps',
          '--require-hashes',
          '--only-binary=:all:',
          '--platform=any',
          '--python-version=3.11',
        ];
        const args = ['download', '-q', '--disable-pip-version-check', ...exact, '-d', wheels];
        await run('python3', ['-m', 'pip', ...args, '-r', join(own('python'), 'requirements.txt')]);
        for (const wheel of readdirSync(wheels).toSorted())
          await run('python3', ['-m', 'zipfile', '-e', join(wheels, wheel), out]);
      } finally {
        rmSync(wheels, { recursive: true, force: true });
      }
    },
  });
}

/** Fetches what the Debian images are made from, apart from the Go programs. */
export async function fetchDebianParts(): Promise<void> {
  await rootfs();
  await npmApp();
  await pythonPackages();
}

/** Files of the caller's cache, as root would own them in the image. */
const asRoot = (entries: readonly Entry[]): Entry[] =>
  entries.map((entry) => ({ ...entry, uid: 0, gid: 0, mode: (entry.mode ?? 0o644) & ~0o022 }));

/** Debian with everything in it. */
export async function debianAppImage(): Promise<BuiltImage> {
  const { plain, stripped, fips } = await goPrograms('amd64');
  const packages = 'usr/local/lib/python3.11/dist-packages';
  return buildImage({
    created: CREATED,
    gzip: true,
    layers: [
      { entries: readTree(await rootfs(), { skip: skipVolatile }), comment: 'debootstrap bookworm (minbase)' },
      { entries: asRoot(readTree(await npmApp(), { into: 'opt/web' })), comment: 'COPY web /opt/web' },
      { entries: asRoot(readTree(await pythonPackages(), { into: packages })), comment: `pip install -t /${packages}` },
      {
        entries: [
          { path: 'usr/local/bin/goapp', mode: 0o755, data: plain },
          { path: 'usr/local/bin/goapp-stripped', mode: 0o755, data: stripped },
          { path: 'usr/local/bin/goapp-fips', mode: 0o755, data: fips },
        ],
        comment: 'COPY goapp goapp-stripped goapp-fips /usr/local/bin/',
      },
    ],
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Cmd: ['/usr/local/bin/goapp'],
      Labels: {
        'org.opencontainers.image.title': 'debian-app',
        'org.opencontainers.image.source': 'https://example.invalid/waybill/debian-app',
        'org.opencontainers.image.base.name': 'docker.io/library/debian:12',
      },
    },
  });
}

const DISTROLESS = ['base-files', 'ca-certificates', 'libc6', 'libssl3', 'tzdata'];

/** Names that merged-/usr turned into links: a package's file list still has the old ones. */
const merged = (path: string): string => path.replace(/^(bin|sbin|lib|lib64)\//, 'usr/$1/');

function packageFiles(root: string, name: string): string[] {
  const info = join(root, 'var', 'lib', 'dpkg', 'info');
  const list = readdirSync(info).find((file) => file === `${name}.list` || file === `${name}:amd64.list`);
  if (list === undefined) throw new Error(`${name} is not among the packages of the Debian root.`);
  return readFileSync(join(info, list), 'utf8')
    .split('\n')
    .flatMap((line) => (line.length > 2 ? [merged(line.slice(1))] : []));
}

/** A few Debian packages, each with its own status file as distroless images have them, and the Go program. */
export async function distrolessImage(): Promise<BuiltImage> {
  const root = await rootfs();
  const stanzas = readFileSync(join(root, 'var', 'lib', 'dpkg', 'status'), 'utf8').split('\n\n');
  const wanted = new Set(['bin', 'sbin', 'lib', 'lib64', ...DISTROLESS.flatMap((name) => packageFiles(root, name))]);
  const left = (path: string): boolean =>
    /^usr\/share\/(doc|man|bug|lintian)\//.test(path) && !path.endsWith('/copyright');
  const files = readTree(root, { skip: skipVolatile }).filter(({ path }) => wanted.has(path) && !left(path));
  const status = DISTROLESS.map((name): Entry => {
    const stanza = stanzas.find((text) => text.startsWith(`Package: ${name}\n`)) ?? '';
    return { path: `var/lib/dpkg/status.d/${name}`, data: `${stanza}\n` };
  });
  const { plain } = await goPrograms('amd64');
  return buildImage({
    created: CREATED,
    gzip: true,
    layers: [
      { entries: [...files, ...status], comment: 'Debian packages without a package manager' },
      { entries: [{ path: 'app/goapp', mode: 0o755, data: plain }], comment: 'COPY goapp /app/' },
    ],
    config: { User: '65532', Env: ['PATH=/usr/bin:/bin'], Entrypoint: ['/app/goapp'] },
  });
}

/** Unpacks a Debian package of this machine's archive into a folder; answers its version without epoch. */
export async function unpackDebianPackage(name: string, into: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-deb-'));
  try {
    // apt drops its rights for a download where it can, and then may not write into a private folder.
    await run('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', name], { cwd: folder });
    const [file = ''] = readdirSync(folder);
    mkdirSync(into, { recursive: true });
    await run('dpkg-deb', ['-x', join(folder, file), into]);
    return (await run('dpkg-deb', ['-f', join(folder, file), 'Version'])).trim().replace(/^\d+:/, '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
