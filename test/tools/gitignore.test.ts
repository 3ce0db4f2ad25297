// SPDX-License-Identifier: Apache-2.0
// .gitignore against git itself: the same files are left out.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { discoverFiles } from '../../src/node/discover.ts';
import { Random } from '../support/dockerfile-grammar.ts';

const NAMES = ['a', 'b', 'Dockerfile', 'x.y', 'tmp', 'out', '.h', 'a b', '[x]', 'é', '!n', '#c', 'a*', 'foo', 'foobar'];
const PATTERNS = [
  ...NAMES,
  ...[
    '*',
    '**',
    '?',
    'foo*',
    '*.y',
    '[ab]',
    '[!a]',
    '[a-c]',
    '\\*',
    'a\\ b',
    '*o*',
    '[[:alpha:]]',
    '[]x]',
    'b**',
    '**b',
    'a/**/b',
  ],
];

function pattern(random: Random): string {
  const parts = random.many(2, () => random.pick(PATTERNS)).join('/');
  const end = random.chance(0.1) ? random.pick(['  ', '\\ ', '\t', ' #x', '\r']) : '';
  return `${random.chance(0.2) ? '!' : ''}${random.chance(0.25) ? '/' : ''}${parts}${random.chance(0.25) ? '/' : ''}${end}`;
}

describe('.gitignore as git reads it', function () {
  this.timeout(120_000);

  it('leaves out the same files in 60 made-up folders', () => {
    const random = new Random(3);
    let left = 0;
    for (let round = 0; round < 60; round++) {
      const folder = mkdtempSync(join(tmpdir(), 'waybill-ignore-'));
      try {
        const paths: string[] = [];
        for (let i = 0; i < 40; i++) {
          const path = [...random.many(3, () => random.pick(NAMES)), random.pick(NAMES)].join('/');
          try {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), '');
            paths.push(path);
          } catch {
            // A file stands where a folder should: another name next time.
          }
        }
        const below = dirname(paths[0] ?? '');
        const rules = [
          ['', random.many(4, () => pattern(random))] as const,
          [below, random.many(3, () => pattern(random))] as const,
        ];
        for (const [where, lines] of rules) writeFileSync(join(folder, where, '.gitignore'), `${lines.join('\n')}\n`);
        const git = (...args: string[]): string =>
          execFileSync('git', ['-c', 'core.excludesFile=', '-c', 'core.quotePath=off', '-C', folder, ...args], {
            encoding: 'utf8',
          });
        git('init', '--quiet');
        const files = (list: readonly string[]): readonly string[] =>
          list.filter((path) => path !== '' && !path.endsWith('.gitignore')).toSorted();
        const kept = files(git('ls-files', '-z', '--others', '--exclude-per-directory=.gitignore').split('\0'));
        const ours = files(discoverFiles(['.'], folder, 'dockerfile').files.map(({ path }) => path));
        assert.deepEqual(ours, kept, JSON.stringify(rules));
        left += new Set(paths).size - kept.length;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    assert.ok(left > 100, String(left));
  });
});
