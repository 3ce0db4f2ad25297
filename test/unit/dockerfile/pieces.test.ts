// SPDX-License-Identifier: Apache-2.0
// The small parts of the parser: mounts, platforms, patterns, JSON forms, bytes, variables, stages of --from.
import assert from 'node:assert/strict';
import { byteText, textOfBytes } from '../../../src/core/dockerfile/bytes.ts';
import { isSpace, keywordCase, lowerCase } from '../../../src/core/dockerfile/characters.ts';
import { csvFields, deviceError } from '../../../src/core/dockerfile/mounts.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { formatPlatform, parsePlatform } from '../../../src/core/dockerfile/platform.ts';
import { replacePattern, trimPrefix, trimSuffix } from '../../../src/core/dockerfile/shell-pattern.ts';
import { jsonForm, quotedWords, splitInstruction } from '../../../src/core/dockerfile/split.ts';
import { StageNames } from '../../../src/core/dockerfile/stages.ts';
import { variableReferences } from '../../../src/core/dockerfile/variables.ts';

describe('parser parts', () => {
  it('splits the fields of a mount', () => {
    assert.deepEqual(csvFields('type=cache,target=/x'), ['type=cache', 'target=/x']);
    assert.deepEqual(csvFields('"a,b",c'), ['a,b', 'c']);
    assert.deepEqual(csvFields('"a""b"'), ['a"b']);
    assert.deepEqual(csvFields('a,'), ['a', '']);
    for (const bad of ['', 'a"b', '"a', '"a"b']) assert.equal(csvFields(bad), null, bad);
  });

  it('reads devices', () => {
    assert.equal(deviceError('vendor.com/gpu=0,required=true'), null);
    assert.match(deviceError('required=maybe') ?? '', /invalid value for required/);
    assert.match(deviceError('name=a,name=b') ?? '', /already set/);
  });

  it('normalises platforms', () => {
    const table: Record<string, string> = {
      'linux/x86_64': 'linux/amd64',
      'linux/aarch64': 'linux/arm64',
      'linux/arm': 'linux/arm/v7',
      'linux/arm/6': 'linux/arm/v6',
      'linux/arm64/v8': 'linux/arm64',
      'linux/amd64/v1': 'linux/amd64',
      'Linux/AMD64/v2': 'linux/amd64/v2',
      'windows/amd64': 'windows/amd64',
    };
    for (const [written, normal] of Object.entries(table)) {
      assert.equal(formatPlatform(parsePlatform(written)), normal, written);
    }
  });

  it('matches patterns', () => {
    const value = (result: ReturnType<typeof trimPrefix>): string =>
      result.ok ? result.value : `refused: ${result.error}`;
    assert.equal(value(trimPrefix('a*c', 'abcabc', false)), 'abc');
    assert.equal(value(trimPrefix('a*c', 'abcabc', true)), '');
    assert.equal(value(trimSuffix('.?', 'x.y', false)), 'x');
    assert.equal(value(replacePattern('b', 'X', 'abcb', false)), 'aXcb');
    assert.equal(value(replacePattern('b', 'X', 'abcb', true)), 'aXcX');
    assert.equal(value(replacePattern('*', '$0$0', 'ab', true)), 'abab');
    assert.match(value(trimPrefix('\\x', 'x', false)), /refused: invalid escape/);
    assert.match(value(trimPrefix('*'.repeat(3000), 'x'.repeat(3000), false)), /too long/);
  });

  it('tells JSON forms from shell forms', () => {
    assert.deepEqual(jsonForm('["a", "b"]'), { kind: 'array', values: ['a', 'b'] });
    assert.deepEqual(jsonForm("['a']"), { kind: 'none' });
    assert.deepEqual(jsonForm('["a"'), { kind: 'none' });
    assert.deepEqual(jsonForm('[1]'), { kind: 'bad' });
    assert.deepEqual(jsonForm('x'), { kind: 'none' });
  });

  it('splits flags off, quotes and escapes in them undone', () => {
    const { keyword, flags, args } = splitInstruction('COPY --a="b c" --d=\\e  -- x y', '\\');
    assert.equal(keyword.text, 'COPY');
    assert.deepEqual(
      flags.map(({ text }) => text),
      ['--a=b c', '--d=e'],
    );
    assert.equal(args.text, 'x y');
  });

  it('keeps quotes in words and splits outside them', () => {
    const line = `a "b c"d 'e f' g\\ h`;
    assert.deepEqual(
      quotedWords(line, { text: line, start: 0, end: line.length }, '\\').map(({ text }) => text),
      ['a', '"b c"d', "'e f'", 'g\\ h'],
    );
  });

  it('turns text into bytes and back', () => {
    for (const text of ['abc', 'é', '\u{1f600}x', 'a\u0085b']) assert.equal(textOfBytes(byteText(text).bytes), text);
    const { bytes, textOffset } = byteText('aéb');
    assert.equal(bytes.length, 4);
    assert.deepEqual([0, 1, 2, 3, 4].map(textOffset), [0, 1, 1, 2, 3]);
    assert.equal(textOfBytes('\xff\xc3'), '\ufffd\ufffd');
  });

  it('knows white space and case as Go does', () => {
    assert.ok(isSpace('\u0085') && isSpace('\u00a0') && !isSpace('\ufeff'));
    assert.equal(lowerCase('\u0130X'), 'ix');
    assert.equal(keywordCase('from'), 'FROM');
  });

  it('finds variables of a base', () => {
    assert.deepEqual(variableReferences('a:${V:-1}-$W', '\\'), [
      { name: 'V', start: 2, end: 9 },
      { name: 'W', start: 10, end: 12 },
    ]);
    assert.deepEqual(variableReferences('plain', '\\'), []);
    const written = (base: string, escape = '\\'): readonly string[] =>
      variableReferences(base, escape).map(({ name, start, end }) => `${name}=${base.slice(start, end)}`);
    assert.deepEqual(written('${A:-${B:-1}}:$C'), ['A=${A:-${B:-1}}', 'C=$C']);
    assert.deepEqual(written('${A#*/}@${B%%-*}'), ['A=${A#*/}', 'B=${B%%-*}']);
    assert.deepEqual(written('\\$A:${B}'), ['B=${B}']);
    assert.deepEqual(written('\\\\$A'), ['A=$A']);
    assert.deepEqual(written('`$A:$B', '`'), ['B=$B']);
    assert.deepEqual(written('${A:-\\}}$B'), ['A=${A:-\\}}', 'B=$B']);
    for (const none of ['$', '${', '${}', '${A', '$-x', '$$', '\\', '${%}']) assert.deepEqual(written(none), [], none);
    for (let length = 1; length <= 6; length++)
      for (let seed = 0; seed < 500; seed++) {
        const parts = ['$', '{', '}', 'A', ':-', '\\', '${'];
        const base = Array.from({ length }, (_, i) => parts[(seed * 7 + i * (seed % 11)) % parts.length]).join('');
        let last = 0;
        for (const { start, end } of variableReferences(base, '\\')) {
          assert.ok(last <= start && start < end && end <= base.length, base);
          last = end;
        }
      }
    assert.deepEqual(variableReferences(`$A${'x'.repeat(2000)}`, '\\'), []);
  });

  it('resolves --from to a stage by name or number, else to an image', () => {
    const { stages } = parseDockerfile('FROM a AS Build\nFROM b\nFROM c AS build\n');
    const names = new StageNames(stages);
    assert.deepEqual(names.source('BUILD'), { kind: 'stage', index: 2, name: 'build' });
    assert.deepEqual(names.source('build', 2), { kind: 'stage', index: 0, name: 'build' });
    assert.deepEqual(names.source('1'), { kind: 'stage', index: 1, name: '1' });
    assert.equal(names.source('nginx').kind, 'image');
    assert.equal(names.source('Nginx').kind, 'unknown');
  });
});
