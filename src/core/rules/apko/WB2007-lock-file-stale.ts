// SPDX-License-Identifier: Apache-2.0
import { isLockOf, lockNameOf, readLock, type ApkoLock } from '../../apko/lock.ts';
import { readApko } from '../../apko/validate.ts';
import type { Fix } from '../../model/finding.ts';
import type { SourceText } from '../../text/source-text.ts';
import { spanOf } from '../../yaml/go/node.ts';
import type { GoStruct } from '../../yaml/go/types.ts';
import { insideScalar } from '../config-edits.ts';
import { packagesOf, splitPackage } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const image = (packages: string): string =>
  `contents:\n  repositories: [https://packages.wolfi.dev/os]\n  packages: [${packages}]\n`;
const LOCKED = 'sha256-odsHcTLNLK5Ot1Jv8yE2I16xS17RbMCbCzVo63be8bU=';
const lockFile = (checksum: string, version = '1.29.1-r0'): Record<string, string> => ({
  'image.apko.lock.json': JSON.stringify({
    version: 'v1',
    config: { name: 'image.apko.yaml', checksum },
    contents: { packages: [{ name: 'nginx', version, architecture: 'x86_64' }] },
  }),
});

/** Writes the locked versions behind the names of packages that have none. */
function pinAll(config: GoStruct, source: SourceText, { versions }: ApkoLock): Fix[] {
  const edits = packagesOf(config).flatMap(({ text, node }) => {
    const { name, operator } = splitPackage(text);
    const version = versions.get(name);
    if (operator !== '' || text.startsWith('!') || version === undefined || version === null) return [];
    return insideScalar(node, source, name.length, `=${version}`) ?? [];
  });
  const what = edits.length === 1 ? 'the package' : `${edits.length} packages`;
  return edits.length === 0
    ? []
    : [{ title: `Pin ${what} to what the lock file has`, edits, caveat: 'apko lock has to be run all the same' }];
}

export const lockFileStale = defineRule({
  id: 'WB2007',
  slug: 'lock-file-stale',
  title: 'Lock file of another version of the file',
  language: 'apko',
  severity: 'warning',
  category: 'pinning',
  since: '0.2.0',
  why: 'apko build with a lock file ends where the file has changed since it was locked, even by a comment. Built without it, the image gets other packages than those that were locked.',
  controls: controls('CM-2', 'SA-10', 'SR-11'),
  examples: {
    bad: [
      { text: image('nginx, tzdata'), note: 'A package was added since.', files: lockFile(LOCKED) },
      { text: `${image('nginx')}# why\n`, note: 'A comment was added since.', files: lockFile(LOCKED) },
      { text: image('nginx'), note: 'A lock file that apko cannot read.', files: { 'image.apko.lock.json': '{' } },
    ],
    good: [
      { text: image('nginx'), note: 'The lock file of this text.', files: lockFile(LOCKED), nearMiss: true },
      { text: image('nginx, tzdata'), note: 'No lock file.', files: {} },
      {
        text: `include: base.yaml\n${image('nginx')}`,
        note: 'It includes what cannot be looked at.',
        files: lockFile(LOCKED),
      },
    ],
  },
  refs: ['apko lock, apko build --lockfile', 'apko v1.2.37: config.checksum of a lock file'],
  *check({ config, root, source, neighbours, beside }) {
    if (neighbours === null) return;
    const name = lockNameOf(neighbours.name);
    const text = neighbours.sibling(name);
    if (typeof text !== 'string') return;
    const span = spanOf(config.fields.get('contents')?.key ?? root.items[0] ?? root);
    const lock = readLock(text);
    if (lock === null) {
      yield { span, message: `${name} is no lock file that apko can read. Run "apko lock ${neighbours.name}".` };
      return;
    }
    const includeOf = (each: string): string => readApko(each).config?.string('include') ?? '';
    if (isLockOf(lock, source.text, includeOf, beside) !== false) return;
    yield {
      span,
      message: `${name} was made of another version of this file, and apko does not build with it. Run "apko lock ${neighbours.name}".`,
      fixes: pinAll(config, source, lock),
    };
  },
});
