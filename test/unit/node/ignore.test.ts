// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IgnoreRules } from '../../../src/node/ignore.ts';

describe('.gitignore rules', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-ignore-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const ignores = (rules: string, path: string): boolean => {
    writeFileSync(join(folder, '.gitignore'), rules);
    const isFolder = path.endsWith('/');
    return new IgnoreRules().with(folder).ignores(join(folder, path), isFolder);
  };

  const table: readonly (readonly [string, string, boolean])[] = [
    ['out', 'out', true],
    ['out', 'a/out', true],
    ['/out', 'a/out', false],
    ['out/', 'out', false],
    ['out/', 'out/', true],
    ['a/*.txt', 'a/b.txt', true],
    ['a/*.txt', 'a/b/c.txt', false],
    ['a/**/c', 'a/c', true],
    ['a/**/c', 'a/x/y/c', true],
    ['**/c', 'c', true],
    ['a/**', 'a/x/y', true],
    ['a/**', 'a', false],
    ['**b', 'x/ab', true],
    ['*.y\n!keep.y', 'keep.y', false],
    ['!keep.y\n*.y', 'keep.y', true],
    ['#c', '#c', false],
    ['\\#c', '#c', true],
    ['\\!n', '!n', true],
    ['x  ', 'x', true],
    ['x\\ ', 'x ', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[[:digit:]]', '7', true],
    ['[]x]', ']', true],
    ['[x', '[x', true],
    ['?', 'é', false],
    ['??', 'é', true],
    ['x\r', 'x\r', false],
  ];
  for (const [rules, path, expected] of table) {
    it(`${JSON.stringify(rules)} ${expected ? 'leaves out' : 'keeps'} ${JSON.stringify(path)}`, () =>
      assert.equal(ignores(rules, path), expected));
  }

  it('is not slowed down by stars without end', () => {
    const hostile = `${'*a'.repeat(400)}b\n${'**/'.repeat(300)}z\n${' '.repeat(500_000)}x`;
    assert.equal(ignores(hostile, `${'a'.repeat(200)}/${'a'.repeat(200)}`), false);
  });

  it('is empty where there is no file', () =>
    assert.equal(new IgnoreRules().with(folder).ignores(join(folder, 'x'), false), false));
});
