// SPDX-License-Identifier: Apache-2.0
// A real VS Code without its download site: the server and browser workbench inside the npm package code-server.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cachedPart, isCached } from './cache.ts';
import { run } from './command.ts';
import { ensureDebianPackages } from './debian.ts';

/** `oldest` is the version that `engines.vscode` declares. */
export type VsCodeVersion = 'newest' | 'oldest';

interface Release {
  readonly codeServer: string;
  readonly integrity: string;
  /** Modules that need a compiler here; the others either carry their binaries or are not used by a test. */
  readonly native: readonly string[];
  /**
   * Node whose extension host this release was made for, from npm, with its hashes by platform; the Node that runs this
   * where there is none.
   */
  readonly node?: { readonly version: string; readonly integrity: Readonly<Record<string, string>> };
  /** In place of dependencies that come from a git host or download on install. */
  readonly dependencies: Readonly<Record<string, string>>;
}

const platform = `${process.platform}-${process.arch}`;

const RELEASES: Record<VsCodeVersion, Release> = {
  newest: {
    codeServer: '4.139.1',
    integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    native: ['@vscode/spdlog', '@vscode/native-watchdog'],
    dependencies: {},
  },
  oldest: {
    codeServer: '4.105.1',
    integrity: 'sha512-uYQwGkhOMR1/1vkuvj8oR6A03yBcWvxemR4hZdMnBLyZKreZFx4oGhUSVq9lXedXb4kc0jwtYfoeee1J0Q09bw==',
    native: ['@vscode/spdlog', 'native-watchdog', 'node-pty'],
    // The desktop release has this Node as well. On Node 24 its extension host starts and then hangs.
    node: {
      version: '22.19.0',
      integrity: {
        'linux-x64': 'sha512-kjgmAijr2xPcEIrK1eky8L05W9pZcVUYihQbsN99F0zQP6VXX+DlAbSFbVre3bI7oLjtyUd10/vCdCkxfqnysw==',
      },
    },
    // Its own ripgrep package downloads the program on install; a later package of the same makers carries it.
    dependencies: { '@parcel/watcher': '2.5.1', '@vscode/ripgrep-universal': '1.18.0' },
  },
};

interface Shrinkwrap {
  readonly packages: Record<string, { dependencies?: Record<string, string> }>;
}

/** Sets dependencies in the package and its lock file, so that `npm install` finds them in the registry. */
function setDependencies(folder: string, dependencies: Release['dependencies']): void {
  const manifestFile = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as { dependencies: Record<string, string> };
  Object.assign(manifest.dependencies, dependencies);
  writeFileSync(manifestFile, JSON.stringify(manifest));
  const lockFile = join(folder, 'npm-shrinkwrap.json');
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Shrinkwrap;
  Object.assign(lock.packages['']?.dependencies ?? {}, dependencies);
  for (const name of Object.keys(dependencies)) delete lock.packages[`node_modules/${name}`];
  writeFileSync(lockFile, JSON.stringify(lock));
}

/** Puts the search program where the older package expects it. */
function placeRipgrep(folder: string): void {
  const modules = join(folder, 'node_modules', '@vscode');
  if (!existsSync(join(modules, 'ripgrep'))) return;
  const bin = join(modules, 'ripgrep', 'bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(join(modules, 'ripgrep-universal', 'bin', `${process.platform}-${process.arch}`, 'rg'), join(bin, 'rg'));
}

/** Unpacks one npm package at an exact version, checked against its hash. */
async function unpack(name: string, integrity: string | undefined, from: string, folder: string): Promise<void> {
  const packed = await run('npm', ['pack', name, '--json', '--ignore-scripts', '--loglevel=error'], { cwd: folder });
  const [archive] = JSON.parse(packed) as [{ filename: string; integrity: string }];
  if (archive.integrity !== integrity)
    throw new Error(`${name} from the npm registry has the hash ${archive.integrity}, not ${integrity}.`);
  const tarball = join(folder, archive.filename);
  const depth = from.split('/').length;
  await run('tar', ['-xzf', tarball, '-C', folder, `--strip-components=${depth}`, from]);
  rmSync(tarball);
}

/** Folder of the Node that runs a release: `bin/node` and, mostly, `include/`. */
const nodeFolder = (folder: string, release: Release): string =>
  release.node === undefined ? dirname(dirname(process.execPath)) : join(folder, 'node');

async function install(folder: string, release: Release): Promise<void> {
  await ensureDebianPackages(['vscode']);
  await unpack(`code-server@${release.codeServer}`, release.integrity, 'package/lib/vscode', folder);
  const node = nodeFolder(folder, release);
  if (release.node !== undefined) {
    mkdirSync(node);
    const { version, integrity } = release.node;
    if (integrity[platform] === undefined)
      throw new Error(`No npm package has Node ${version} for ${platform}, which VS Code ${release.codeServer} needs.`);
    await unpack(`node-${platform}@${version}`, integrity[platform], 'package', node);
  }
  setDependencies(folder, release.dependencies);
  // The headers that belong to this very Node; without them the build would download them.
  const headers = existsSync(join(node, 'include', 'node', 'node.h')) ? { npm_config_nodedir: node } : {};
  const env = { ...headers, PATH: `${join(node, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', '--omit=dev', ...quiet], { cwd: folder, env });
  placeRipgrep(folder);
  await run('npm', ['rebuild', '--loglevel=error', ...release.native], { cwd: folder, env });
}

/** The version of VS Code itself, for example '1.139.1'. */
export const vsCodeRelease = (version: VsCodeVersion): string => RELEASES[version].codeServer.replace(/^4/, '1');

export interface VsCodeHome {
  /** Folder with `out/server-main.js`. */
  readonly folder: string;
  /** The Node binary that runs it. */
  readonly node: string;
}

/** Key of a release's part in the cache. */
function partKey(version: VsCodeVersion): string {
  const node = RELEASES[version].node?.version ?? `abi${process.versions.modules}`;
  return `vscode/${vsCodeRelease(version)}-node-${node}-${platform}`;
}

/** True where a VS Code server is in the cache. */
export const vsCodeIsThere = (version: VsCodeVersion): boolean => isCached(partKey(version));

/** A VS Code server, made now if it is not in the cache. */
export async function vsCodeHome(version: VsCodeVersion): Promise<VsCodeHome> {
  const release = RELEASES[version];
  const folder = await cachedPart({
    key: partKey(version),
    label: `VS Code ${vsCodeRelease(version)}`,
    make: (out) => install(out, release),
  });
  return { folder, node: join(nodeFolder(folder, release), 'bin', 'node') };
}
