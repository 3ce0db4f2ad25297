// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { Instruction } from '../../../src/core/dockerfile/model.ts';
import { imageUses } from '../../../src/core/rules/image-uses.ts';
import { pinEdit, pinOf } from '../../../src/core/rules/pin.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';
import { examples, handMade } from '../../support/cases.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

/** The text with each image pinned by itself that can be; `@D` stands for the digest. */
function pinned(text: string): readonly string[] {
  const facts = parseDockerfile(text);
  return imageUses(facts).flatMap((use) => {
    const pin = pinOf(facts, use);
    const edit = pin === null ? null : pinEdit(pin, DIGEST);
    return edit === null ? [] : [applyEdits(text, [edit]).replace(DIGEST, 'D')];
  });
}

const shape = ({ keyword, flags }: Instruction): unknown => [keyword, flags.map(({ name }) => name)];

/** What a builder sees of a file, its images aside. */
const seen = (text: string): unknown => {
  const { error, stages } = parseDockerfile(text);
  return [
    error,
    stages.map(({ name, base, platform, from, instructions }) => [
      name,
      base.kind,
      base.kind === 'stage' ? base.index : null,
      platform,
      shape(from),
      instructions.map(shape),
    ]),
  ];
};

describe('pinning the digest', () => {
  const cases: readonly (readonly [what: string, before: string, after: readonly string[]])[] = [
    [
      'a base, with platform, alias, comment and spacing',
      '# base\r\nFROM  --platform=linux/amd64   alpine:3.24   AS  a\r\nRUN  x\r\n',
      ['# base\r\nFROM  --platform=linux/amd64   alpine:3.24@D   AS  a\r\nRUN  x\r\n'],
    ],
    ['a registry with a port', 'FROM localhost:5000/a/b:1\n', ['FROM localhost:5000/a/b:1@D\n']],
    [
      'COPY --from',
      'FROM scratch\nCOPY --from=example.com/t:1.4 /a /b\n',
      ['FROM scratch\nCOPY --from=example.com/t:1.4@D /a /b\n'],
    ],
    [
      'RUN --mount',
      'FROM scratch\nRUN --mount=type=bind,from=example.com/t:1.4,target=/t ["/t/run"]\n',
      ['FROM scratch\nRUN --mount=type=bind,from=example.com/t:1.4@D,target=/t ["/t/run"]\n'],
    ],
    ['# syntax', '# syntax=docker/dockerfile:1\nFROM scratch\n', ['# syntax=docker/dockerfile:1@D\nFROM scratch\n']],
    [
      'a quoted ARG that a whole reference comes from',
      'ARG IMAGE="alpine:3.24"\nFROM ${IMAGE} AS a\n',
      ['ARG IMAGE="alpine:3.24@D"\nFROM ${IMAGE} AS a\n'],
    ],
    ['the ARG that a tag comes from', 'ARG V=3.24\nFROM alpine:$V\n', ['ARG V=3.24@D\nFROM alpine:$V\n']],
    [
      'a registry out of an ARG',
      'ARG R=example.com\nFROM ${R}/a/b:1.2\n',
      ['ARG R=example.com\nFROM ${R}/a/b:1.2@D\n'],
    ],
    [
      'one ARG of two stages of the same image',
      'ARG V=1.27\nFROM golang:$V AS a\nFROM golang:$V\n',
      ['ARG V=1.27@D\nFROM golang:$V AS a\nFROM golang:$V\n', 'ARG V=1.27@D\nFROM golang:$V AS a\nFROM golang:$V\n'],
    ],
    ['not an ARG of two images', 'ARG V=3\nFROM alpine:$V AS a\nFROM python:$V\n', []],
    ['not an ARG that a stage takes as well', 'ARG V=3.24\nFROM alpine:$V\nARG V\nRUN echo $V\n', []],
    ['not an ARG that another is made of', 'ARG V=3.24\nARG N=x-$V\nFROM alpine:$V\nARG N\n', []],
    ['not a name out of an ARG', 'ARG N=alpine\nFROM $N:3.24\n', []],
    ['not a part of a tag', 'ARG V=3.24\nFROM node:$V-slim\n', []],
    ['not a default in the reference', 'FROM ${IMAGE:-alpine:3.24}\n', []],
    [
      'not what is pinned, floats, or is a stage',
      `FROM alpine:3@${DIGEST} AS a\nFROM alpine:latest AS b\nFROM a\n`,
      [],
    ],
    ['not what is refused anyway', 'FROM alpine:3.24\nNOPE\n', []],
  ];
  for (const [what, before, after] of cases) it(what, () => assert.deepEqual(pinned(before), after));

  it('writes nothing that is no digest', () => {
    const facts = parseDockerfile('FROM alpine:3.24\n');
    const [use] = imageUses(facts);
    assert.ok(use !== undefined);
    const pin = pinOf(facts, use);
    assert.ok(pin !== null);
    assert.deepEqual(
      [pin.reference, pin.shown, pin.registry],
      ['docker.io/library/alpine:3.24', 'alpine:3.24', 'docker.io'],
    );
    for (const wrong of ['', 'sha256:1', `${DIGEST}\nRUN x`, `${DIGEST} `]) assert.equal(pinEdit(pin, wrong), null);
  });

  it('leaves all else of every file as it is, and has nothing to do the second time', () => {
    let count = 0;
    for (const { text } of [...handMade(), ...examples()]) {
      const facts = parseDockerfile(text);
      for (const [index, use] of imageUses(facts).entries()) {
        const pin = pinOf(facts, use);
        const edit = pin === null ? null : pinEdit(pin, DIGEST);
        if (edit === null) continue;
        count++;
        const after = applyEdits(text, [edit]);
        assert.deepEqual(seen(after), seen(text), after);
        const now = parseDockerfile(after);
        const pinnedUse = imageUses(now)[index];
        assert.ok(pinnedUse !== undefined);
        assert.equal(pinnedUse.reference.digest, DIGEST, after);
        assert.deepEqual({ ...pinnedUse.reference, digest: null }, use.reference, after);
        assert.equal(pinOf(now, pinnedUse), null, after);
      }
    }
    assert.ok(count > 200, `only ${count} images were pinned`);
  });
});
