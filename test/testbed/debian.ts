// SPDX-License-Identifier: Apache-2.0
// What the test bed needs from the operating system. Root on Debian or Ubuntu gets it installed after it was listed;
// anyone else gets told what is missing and the command that installs it.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.ts';
import { noteMake, noteReuse, say } from './ledger.ts';
import { withLock } from './lock.ts';
import { cacheRoot } from './paths.ts';

interface Need {
  /** Debian's package. */
  readonly package: string;
  /** Found when one of these programs is on PATH… */
  readonly programs?: readonly string[];
  /** …or one of these files is there… */
  readonly files?: readonly string[];
  /** …or this command ends well. */
  readonly command?: readonly [string, ...string[]];
  readonly why: string;
}

/** Parts of the test bed that need something from the system. */
export type DebianGroup = 'images' | 'engines' | 'browser' | 'vscode';

export const debianGroups: readonly DebianGroup[] = ['images', 'engines', 'browser', 'vscode'];

const NEEDS: Record<DebianGroup, readonly Need[]> = {
  images: [
    { package: 'debootstrap', programs: ['debootstrap'], why: 'the Debian image' },
    { package: 'bubblewrap', programs: ['bwrap'], why: "melange's build sandbox" },
    { package: 'unzip', programs: ['unzip'], why: 'unpacking the packaged extension' },
    { package: 'openssl', programs: ['openssl'], why: 'the signing authority' },
    { package: 'python3-pip', command: ['python3', '-m', 'pip', '--version'], why: 'the Python packages of an image' },
  ],
  engines: [
    { package: 'podman', programs: ['podman'], why: 'the Podman engine' },
    { package: 'crun', programs: ['crun', 'runc'], why: "Podman's runtime" },
    { package: 'docker.io', programs: ['dockerd'], why: 'the Docker engine' },
  ],
  browser: [
    { package: 'chromium', programs: ['chromium'], files: ['/usr/bin/chromium'], why: 'the browser of the tests' },
    { package: 'fonts-liberation', files: ['/usr/share/fonts/truetype/liberation'], why: 'readable screenshots' },
  ],
  vscode: [
    { package: 'g++', programs: ['g++'], why: "VS Code's native modules" },
    { package: 'make', programs: ['make'], why: "VS Code's native modules" },
    { package: 'python3', programs: ['python3'], why: "VS Code's native modules" },
  ],
};

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));

async function isThere({ programs = [], files = [], command }: Need): Promise<boolean> {
  if (programs.some(onPath) || files.some((file) => existsSync(file))) return true;
  if (command === undefined) return false;
  const [program, ...args] = command;
  return run(program, args).then(
    () => true,
    () => false,
  );
}

/** True on Debian and what derives from it, by /etc/os-release. */
export function isDebian(osRelease: string): boolean {
  const field = (name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(osRelease)?.[1]?.replaceAll(/["']/g, '') ?? '';
  return [field('ID'), ...field('ID_LIKE').split(' ')].some((id) => id === 'debian' || id === 'ubuntu');
}

async function missingNeeds(groups: readonly DebianGroup[]): Promise<Need[]> {
  const missing: Need[] = [];
  for (const need of groups.flatMap((group) => NEEDS[group])) if (!(await isThere(need))) missing.push(need);
  return missing;
}

/** System packages that these parts still need, by Debian's name. */
export async function missingDebianPackages(groups: readonly DebianGroup[]): Promise<string[]> {
  return (await missingNeeds(groups)).map((need) => need.package);
}

/** Makes sure of the system packages of some parts; throws an error that names what is missing where it may not install. */
export async function ensureDebianPackages(groups: readonly DebianGroup[]): Promise<void> {
  const label = `system packages for ${groups.join(', ')}`;
  await withLock(join(cacheRoot(), 'locks', 'debian.lock'), label, async () => {
    const missing = await missingNeeds(groups);
    if (missing.length === 0) {
      noteReuse(label);
      return;
    }
    const names = missing.map((need) => need.package);
    const command = `apt-get install --no-install-recommends ${names.join(' ')}`;
    const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
    if (!isDebian(osRelease) || process.getuid?.() !== 0) {
      const list = missing.map((need) => `  ${need.package.padEnd(18)} for ${need.why}`).join('\n');
      throw new Error(
        `The test bed needs these system packages, and installs them itself only as root on Debian or Ubuntu:\n${list}\n` +
          `Install them (on Debian: sudo ${command}) and run again.`,
      );
    }
    for (const need of missing) say('install', `${need.package} (${need.why}), from the Debian mirror of this machine`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await noteMake(`${label}: ${names.join(' ')}`, async () => {
      await run('apt-get', ['-qq', 'update'], { env });
      await run('apt-get', ['-qq', '-y', 'install', '--no-install-recommends', ...names], { env });
    });
  });
}
