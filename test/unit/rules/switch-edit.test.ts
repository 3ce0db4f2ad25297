// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { parseImageReference } from '../../../src/core/model/image-reference.ts';
import { baseEdits } from '../../../src/core/rules/switch/edit.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';

/** The text with the base of its last stage on an image made another one; null where that is not possible. */
function switched(text: string, target: string): string | null {
  const facts = parseDockerfile(text);
  const parsed = parseImageReference(target);
  const stage = facts.stages.findLast(({ base }) => base.kind === 'image');
  assert.ok(parsed.ok && stage !== undefined);
  const edits = baseEdits(facts, stage, parsed.value);
  return edits === null ? null : applyEdits(text, edits);
}

describe('writing another base', () => {
  const cases: readonly (readonly [what: string, before: string, target: string, after: string | null])[] = [
    ['name and tag', 'FROM a:1\n', 'example.com/b:2', 'FROM example.com/b:2\n'],
    [
      'the tag alone',
      'FROM localhost:5000/a/b:1 AS x\n',
      'localhost:5000/a/b:1-dev',
      'FROM localhost:5000/a/b:1-dev AS x\n',
    ],
    ['the name alone', 'FROM docker.io/library/a:1\n', 'example.com/a:1', 'FROM example.com/a:1\n'],
    ['an official image, as people write it', 'FROM example.com/a:1\n', 'docker.io/library/b:1', 'FROM b:1\n'],
    ['the spelling that stands there', 'FROM docker.io/library/a:1\n', 'a:2', 'FROM docker.io/library/a:2\n'],
    ['no tag', 'FROM example.com/a\n', 'example.com/a-fips:latest', 'FROM example.com/a-fips:latest\n'],
    ['no tag, with a port', 'FROM example.com:5000/a\n', 'example.com:5000/a:2', 'FROM example.com:5000/a:2\n'],
    ['no tag, through an ARG', 'ARG B=a\nFROM $B\n', 'a:2', 'ARG B=a:2\nFROM $B\n'],
    [
      'flags, blanks and line ends',
      'FROM\t--platform=$TARGETPLATFORM  a:1  as  X\r\n',
      'b:2',
      'FROM\t--platform=$TARGETPLATFORM  b:2  as  X\r\n',
    ],
    ['behind a variable', 'ARG V=1\nFROM a:$V\n', 'a:1-x', 'ARG V=1\nFROM a:$V-x\n'],
    ['behind a variable in braces', 'ARG V=1\nFROM a:${V}-slim\n', 'b:1-debian13', 'ARG V=1\nFROM b:${V}-debian13\n'],
    ['behind two variables', 'ARG V=1\nARG S=-y\nFROM a:$V$S\n', 'a:1-y-x', 'ARG V=1\nARG S=-y\nFROM a:$V$S-x\n'],
    ['a variable with a default', 'FROM a:${V:-1}-dev\n', 'a:1', 'FROM a:${V:-1}\n'],
    ['less behind a variable', 'ARG V=1\nFROM a:${V}-dev\n', 'a:1', 'ARG V=1\nFROM a:${V}\n'],
    ['the value of a tag', 'ARG V=1\nFROM a:${V}\n', 'a:2', 'ARG V=2\nFROM a:${V}\n'],
    ['the value of a tag in quotes', "ARG V='1-dev'\nFROM a:$V\n", 'a:1', "ARG V='1'\nFROM a:$V\n"],
    ['the last of two definitions', 'ARG B=z:1\nARG B=a:1\nFROM $B\n', 'b:2', 'ARG B=z:1\nARG B=b:2\nFROM $B\n'],
    // What a variable in the middle or of more than one image would make of it is not written.
    ['half of a value', 'ARG V=12\nFROM a:${V}3\n', 'a:19', null],
    ['a value before more', 'ARG V=1\nFROM a:${V}.0\n', 'a:2.0', null],
    ['a value that a default stands in for', 'FROM a:${V:-1}\n', 'a:2', null],
    ['a whole reference that a default stands in for', 'FROM ${B:-a:1}\n', 'b:1', null],
    ['an ARG without a value', 'ARG V\nFROM a:1$V\n', 'b:1', 'ARG V\nFROM b:1$V\n'],
    ['a variable in the name', 'ARG R=example.com\nFROM $R/a:1\n', 'example.com/b:1', null],
    [
      'a variable in the name, and another tag',
      'ARG R=example.com\nFROM $R/a:1\n',
      'example.com/a:2',
      'ARG R=example.com\nFROM $R/a:2\n',
    ],
    ['a variable in the name, and no tag', 'ARG R=example.com\nFROM $R/a\n', 'example.com/a:2', null],
    ['an ARG of another ARG', 'ARG V=1\nARG B=a:$V\nFROM $B\n', 'b:1', null],
    ['an ARG that another ARG takes', 'ARG B=a:1\nARG C=$B\nFROM $B\n', 'b:1', null],
    ['an ARG that a stage takes', 'ARG B=a:1\nFROM $B\nARG B\nRUN echo $B\n', 'b:1', null],
    ['an ARG of two bases', 'ARG B=a:1\nFROM $B AS x\nFROM $B\n', 'b:1', null],
    ['an ARG of the tag of two bases', 'ARG V=1\nFROM z:$V AS x\nFROM a:$V\n', 'a:2', null],
    ['quotes', 'FROM "a:1"\n', 'b:1', null],
    ['an escape', 'FROM a\\:1\n', 'b:1', null],
    ['half a quote in an ARG', "ARG B='a':1\nFROM $B\n", 'b:1', null],
    ['no value at all', 'ARG B=""\nFROM a$B:1\n', 'b:1', null],
    ['a stage of that name', 'FROM z:1 AS b\nFROM a\n', 'b:1', 'FROM z:1 AS b\nFROM b:1\n'],
    ['another base of the same name', 'FROM a:1 AS x\nFROM a:1\n', 'b:1', 'FROM a:1 AS x\nFROM b:1\n'],
    ['a copy from the same name', 'FROM a:1\nCOPY --from=a:1 /x /y\n', 'b:1', 'FROM b:1\nCOPY --from=a:1 /x /y\n'],
  ];
  for (const [what, before, target, after] of cases) {
    it(`${what}: ${after === null ? 'left alone' : 'done'}`, () => assert.equal(switched(before, target), after));
  }

  it('leaves alone what is no image', () => {
    const facts = parseDockerfile('FROM scratch\n');
    const [stage] = facts.stages;
    const parsed = parseImageReference('a:1');
    assert.ok(stage !== undefined && parsed.ok);
    assert.equal(baseEdits(facts, stage, parsed.value), null);
  });
});
