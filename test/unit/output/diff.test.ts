// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { unifiedDiff } from '../../../src/core/output/diff.ts';

/** Apply a diff of one hunk, as `patch` does: every context and removed line has to be there. */
function patched(before: string, diff: string): string {
  if (diff === '') return before;
  const lines = before.split(/(?<=\n)/).filter((line) => line !== '');
  const body = diff.split(/(?<=\n)/).slice(2);
  const header = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n$/.exec(body.shift() ?? '');
  assert.ok(header);
  const [from = 0, removed = 0, , added = 0] = header.slice(1).map(Number);
  const at = removed === 0 ? from : from - 1;
  const taken: string[] = [];
  const put: string[] = [];
  for (let i = 0; i < body.length; i++) {
    const line = body[i] ?? '';
    if (line.startsWith('\\')) continue;
    const bare = (body[i + 1] ?? '').startsWith('\\') ? line.slice(1, -1) : line.slice(1);
    if (line.startsWith(' ') || line.startsWith('-')) taken.push(bare);
    if (line.startsWith(' ') || line.startsWith('+')) put.push(bare);
  }
  assert.equal(taken.length, removed);
  assert.equal(put.length, added);
  assert.deepEqual(lines.slice(at, at + removed), taken);
  return [...lines.slice(0, at), ...put, ...lines.slice(at + removed)].join('');
}

describe('unified diff', () => {
  it('is empty where nothing differs', () => assert.equal(unifiedDiff('a', 'x\n', 'x\n'), ''));

  it('has three lines of context', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
    assert.equal(
      unifiedDiff('d/x', before, before.replace('5\n', '5a\n5b\n')),
      '--- a/d/x\n+++ b/d/x\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+5a\n+5b\n 6\n 7\n 8\n',
    );
  });

  it('says where the last line has no end', () => {
    assert.equal(
      unifiedDiff('x', 'a', 'a\nb'),
      '--- a/x\n+++ b/x\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n',
    );
  });

  it('turns the one text into the other', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n'), { maxLength: 12 })
      .map((lines) => lines.join(''));
    const cut = fc.boolean();
    fc.assert(
      fc.property(text, text, cut, cut, (a, b, cutA, cutB) => {
        const before = cutA ? a.replace(/\n$/, '') : a;
        const after = cutB ? b.replace(/\n$/, '') : b;
        assert.equal(patched(before, unifiedDiff('x', before, after)), after);
      }),
      { numRuns: 1000 },
    );
  });
});
