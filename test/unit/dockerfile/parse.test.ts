// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { DockerfileFacts, DockerfileOptions, Stage } from '../../../src/core/dockerfile/model.ts';
import { corpus } from '../../support/corpus.ts';
import { damagedFile, grammarFile, Random } from '../../support/dockerfile-grammar.ts';

const resolved = ({ base }: Stage): string =>
  base.kind === 'image' ? base.resolved : base.kind === 'stage' ? `stage ${base.name}` : base.kind;
const bases = (text: string, options: Partial<DockerfileOptions> = {}): readonly string[] => {
  const { error, stages } = parseDockerfile(text, options);
  assert.equal(error, null);
  return stages.map(resolved);
};
const refusal = (text: string): string => parseDockerfile(text).error?.message ?? 'taken';

describe('stages', () => {
  it('knows a stage by its name in any case, and shadows images by it', () => {
    assert.deepEqual(bases('FROM a AS Build\nFROM build\nFROM c AS alpine\nFROM alpine\n'), [
      'docker.io/library/a:latest',
      'stage build',
      'docker.io/library/c:latest',
      'stage alpine',
    ]);
  });

  it('looks a FROM up as it is written: BUILD is no stage, and no reference either', () => {
    assert.deepEqual(bases('FROM a AS build\nFROM BUILD\n'), ['docker.io/library/a:latest', 'unknown']);
  });

  it('does not know a stage before it stands', () => {
    assert.deepEqual(bases('FROM later\nFROM a AS later\n'), [
      'docker.io/library/later:latest',
      'docker.io/library/a:latest',
    ]);
  });

  it('takes global ARGs, later ones over earlier ones, and no ARG of a stage', () => {
    assert.deepEqual(bases('ARG V=1\nARG V=2 W=3\nFROM a:$V-$W\nARG V=9\nFROM a:$V\n'), [
      'docker.io/library/a:2-3',
      'docker.io/library/a:2',
    ]);
  });

  it('lists the empty ARGs it assumed', () => {
    const [stage] = parseDockerfile('ARG A\nARG B=x$A\nFROM y$B\n').stages;
    assert.deepEqual(stage?.assumed, ['A']);
    assert.deepEqual(stage === undefined ? null : resolved(stage), 'docker.io/library/yx:latest');
  });

  it('lets a build argument win, and does not expand it', () => {
    assert.deepEqual(bases('ARG A=x\nFROM $A\n', { buildArgs: { A: 'y' } }), ['docker.io/library/y:latest']);
    assert.deepEqual(bases('ARG A=x\nFROM $A\n', { buildArgs: { A: '$B' } }), ['unknown']);
    assert.deepEqual(bases('FROM $A\n', { buildArgs: { A: 'y' } }), ['unknown']);
  });

  it('knows the platform ARGs', () => {
    const text = 'FROM a:$TARGETOS-$TARGETARCH$TARGETVARIANT-$BUILDARCH\n';
    assert.deepEqual(bases(text), ['docker.io/library/a:linux-amd64-amd64']);
    assert.deepEqual(bases(text, { platform: 'linux/arm/7' }), ['docker.io/library/a:linux-armv7-arm']);
    assert.deepEqual(bases('FROM a:$TARGETSTAGE AS One\nFROM b AS Last\n'), [
      'docker.io/library/a:last',
      'docker.io/library/b:latest',
    ]);
  });

  it('keeps what --platform says as text', () => {
    const { stages } = parseDockerfile('FROM --platform=$BUILDPLATFORM a\nFROM b\n');
    assert.deepEqual(
      stages.map(({ platform, final }) => [platform, final]),
      [
        ['$BUILDPLATFORM', false],
        [null, true],
      ],
    );
  });

  it('reads a FROM inside a heredoc as text', () => {
    assert.deepEqual(bases('FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY <<-"X Y" /\n\tFROM c\n\tX Y\n'), [
      'docker.io/library/a:latest',
    ]);
  });
});

describe('what is refused', () => {
  const table: Record<string, RegExp> = {
    '': /no instructions/,
    '# only a comment\n': /no instructions/,
    'RUN x\n': /no build stage/,
    'FROM a b\n': /either one or three/,
    'FROM a AS 1x\n': /invalid name for build stage/,
    'FROM a # c\n': /either one or three/,
    'FROM a\nFOO\n': /unknown instruction: FOO/,
    'FROM --x=1 a\n': /unknown flag: --x/,
    'FROM a\nRUN ["x", 1]\n': /comprised of strings/,
    'FROM a\nCOPY x\n': /at least two arguments/,
    'FROM a\nRUN <<E\n': /unterminated heredoc/,
    '# escape=x\nFROM a\n': /invalid escape token/,
    '# escape=`\n# escape=`\nFROM a\n': /only one escape/,
    'FROM a\nHEALTHCHECK --interval=1us CMD x\n': /1ms/,
    'FROM a\nENV =x\n': /blank/,
    'FROM a\nSHELL sh\n': /JSON form/,
    'FROM a\nONBUILD FROM b\n': /isn't allowed/,
    'FROM a\nRUN --mount=from=$x true\n': /variable expansion/,
  };
  for (const [text, message] of Object.entries(table)) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.match(refusal(text), message));
  }

  it('keeps what could be read of a refused file', () => {
    const { error, stages } = parseDockerfile('FROM a\nFOO\nFROM b\n');
    assert.notEqual(error, null);
    assert.deepEqual(stages.map(resolved), ['docker.io/library/a:latest', 'docker.io/library/b:latest']);
  });

  it('refuses what is too long unread', () => assert.match(refusal('x'.repeat(5_000_000)), /longer than/));
});

/** The text of a span. */
const cut = ({ source }: DockerfileFacts, span: { start: number; end: number } | null | undefined): string | null =>
  span === null || span === undefined ? null : source.text.slice(span.start, span.end);

describe('places', () => {
  it('finds base, name and variables on their exact characters', () => {
    const facts = parseDockerfile('ARG V="3.20"\nFROM --platform=linux/amd64 \\\n  # note\n  alpine:${V:-1} AS x\n');
    const [stage] = facts.stages;
    assert.equal(stage?.line, 2);
    assert.equal(cut(facts, stage?.baseSpan), 'alpine:${V:-1}');
    assert.equal(cut(facts, stage?.variables[0]?.span), '${V:-1}');
    assert.equal(cut(facts, stage?.variables[0]?.definition?.valueSpan), '"3.20"');
    assert.equal(cut(facts, stage?.from.flags[0]?.valueSpan), 'linux/amd64');
  });

  it('finds values of several assignments on one ARG, over continuation lines', () => {
    const facts = parseDockerfile('ARG A=1 \\\r\n    B=2\r\nFROM a:$B\r\n');
    assert.deepEqual(
      facts.globalArgs.map(({ name, valueSpan }) => [name, cut(facts, valueSpan)]),
      [
        ['A', '1'],
        ['B', '2'],
      ],
    );
  });

  it('finds directives', () => {
    const facts = parseDockerfile('# syntax = docker/dockerfile:1 \n# check=skip=all\n# syntax=again\nFROM a\n');
    assert.match(facts.error?.message ?? '', /only one syntax/);
    const good = parseDockerfile('\ufeff#syntax=docker/dockerfile:1\n#escape=`\n# not=one\n# check=x\nFROM a\n');
    assert.equal(good.error, null);
    assert.equal(good.escape, '`');
    assert.deepEqual(
      good.directives.map(({ name, value, valueSpan }) => [name, value, cut(good, valueSpan)]),
      [
        ['syntax', 'docker/dockerfile:1', 'docker/dockerfile:1'],
        ['escape', '`', '`'],
      ],
    );
  });

  it('ends an instruction behind its heredocs', () => {
    const facts = parseDockerfile('FROM a\nRUN <<A cat <<B\n1\nA\n2\nB\nUSER x\n');
    const [run, user] = facts.stages[0]?.instructions ?? [];
    assert.deepEqual(
      run?.heredocs.map(({ name, content }) => [name, content]),
      [
        ['A', '1\n'],
        ['B', '2\n'],
      ],
    );
    assert.equal(cut(facts, run?.span), 'RUN <<A cat <<B\n1\nA\n2\nB');
    assert.equal(cut(facts, user?.words[0]?.span), 'x');
  });

  it('keeps every span of every file inside the document, and spans of words on their words', () => {
    const random = new Random(7);
    const files = corpus();
    for (let i = 0; i < 1500; i++) {
      const { text, buildArgs } = i % 2 === 0 ? grammarFile(random) : damagedFile(random, files);
      const facts = parseDockerfile(text, { buildArgs });
      const check = (span: { start: number; end: number } | null): void => {
        if (span !== null) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, text);
      };
      check(facts.error?.span ?? null);
      for (const { from, baseSpan, variables, instructions } of facts.stages) {
        check(baseSpan);
        for (const { span, definition } of variables) {
          check(span);
          check(definition?.valueSpan ?? null);
        }
        for (const { span, keywordSpan, argumentsSpan, flags, words } of [from, ...instructions]) {
          for (const each of [span, keywordSpan, argumentsSpan]) check(each);
          for (const { valueSpan, ...flag } of flags) {
            check(flag.span);
            check(valueSpan);
          }
          for (const word of words) check(word.span);
        }
      }
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        parseDockerfile(text);
        parseDockerfile(`FROM ${text}`);
        parseDockerfile(`ARG A=${text}\nFROM $A\nRUN ${text}`);
      }),
      { numRuns: 500 },
    );
  });
});
