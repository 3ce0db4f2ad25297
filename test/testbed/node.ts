// SPDX-License-Identifier: Apache-2.0
// Other versions of Node than the one that runs this, for what is promised of them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cachedPart } from './cache.ts';
import { run } from './command.ts';

const platform = `${process.platform}-${process.arch}`;

/** `oldest` is the first that the command line promises to run on; `tooOld` came before it. */
export const NODE_VERSIONS = { oldest: '22.15.0', tooOld: '20.20.2' } as const;

/** Path of a Node at an exact version, from its npm package, which npm checks by its hash. */
export async function otherNode(which: keyof typeof NODE_VERSIONS): Promise<string> {
  const version = NODE_VERSIONS[which];
  const folder = await cachedPart({
    key: `node/${version}-${platform}`,
    label: `Node ${version}`,
    make: async (into) => {
      const name = `node-${platform}@${version}`;
      const packed = await run('npm', ['pack', name, '--json', '--ignore-scripts', '--loglevel=error'], { cwd: into });
      const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
      await run('tar', ['-xzf', filename, '--strip-components=1', 'package/bin'], { cwd: into });
      rmSync(join(into, filename));
    },
  });
  return join(folder, 'bin', 'node');
}
