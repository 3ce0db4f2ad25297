// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { buildProblems } from '../../../src/core/melange/build.ts';
import { conditionError } from '../../../src/core/melange/condition.ts';
import { refusedByGo, replaceAllAsGo } from '../../../src/core/melange/go-regexp.ts';
import { unknownLicenses } from '../../../src/core/melange/spdx.ts';
import { replaceExact, substitute } from '../../../src/core/melange/substitute.ts';
import { melangeNames } from '../../../src/core/melange/names.ts';
import { melangeStructs } from '../../../src/core/melange/structs.ts';
import { readMelange } from '../../../src/core/melange/validate.ts';

const VARIABLES = new Map([
  ['${{package.name}}', 'hello'],
  ['${{vars.x}}', '${{vars.y}}'],
  ['${{vars.y}}', 'why'],
]);
const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';

describe('the pieces of melange', () => {
  it('puts in variables that are written exactly, once', () => {
    assert.equal(
      replaceExact(VARIABLES, 'a ${{package.name}}-${{vars.x}} ${{ vars.y }} ${{nope}} ${{'),
      'a hello-${{vars.y}} ${{ vars.y }} ${{nope}} ${{',
    );
  });

  it('puts in every variable, and says which is not defined', () => {
    assert.deepEqual(substitute(VARIABLES, '${{ vars.y }}${{package.name}}'), { text: 'whyhello', errors: [] });
    assert.deepEqual(
      substitute(VARIABLES, '${{nope}} ${{}} ${{a').errors.map(({ kind }) => kind),
      ['undefined', 'empty', 'unterminated'],
    );
  });

  it('reads conditions', () => {
    for (const good of ["'a' == 'b'", '${{x}} != "y" && (\'a\' == \'a\' || "b" == "c")', '', "'it\\'s' == 'x'"]) {
      assert.equal(conditionError(good), null, good);
    }
    for (const bad of [
      'a == b',
      "'a' = 'b'",
      "'a' == ",
      "('a' == 'b'",
      "'a' == 'b' 'c'",
      '${{}} == "x"',
      `${'('.repeat(200)}'a' == 'a'`,
    ]) {
      assert.notEqual(conditionError(bad), null, bad);
    }
  });

  it("knows what Go's expressions are", () => {
    for (const good of [
      '^(\\d+)\\.(\\d+)$',
      '(?i)a+?',
      '(?P<x>[[:alpha:]]+)',
      '(?P<x>a)(?P<x>b)',
      '[]a-z]',
      '\\pL\\p{Greek}',
      'a{2,3}',
      'a{',
      'x{,3}',
      '\\Q*\\E',
      '(?:a|b)*',
      '\\x{1F600}',
      '[\\w-]',
      '(|a)',
      '',
    ]) {
      assert.equal(refusedByGo(good), null, good);
    }
    for (const bad of [
      '(',
      ')',
      '[a',
      '*',
      'a**',
      'a{3,2}',
      'a{1001}',
      '(?=a)',
      '(?<!a)',
      '\\1',
      '\\Z',
      '[z-a]',
      '[[:nope:]]',
      'a\\',
      '\\p{Nope}',
    ]) {
      assert.notEqual(refusedByGo(bad), null, bad);
    }
  });

  it('replaces as Go does, and does not run what could take for ever', () => {
    assert.equal(replaceAllAsGo('^(\\d+)\\.(\\d+)\\.\\d+$', '1.22.333', '$1.$2'), '1.22');
    assert.equal(replaceAllAsGo('(?P<major>\\d+)\\..*', '17.0.1', 'v${major}'), 'v17');
    assert.equal(replaceAllAsGo('(\\d+)', '12', '$1x'), '');
    assert.equal(replaceAllAsGo('\\.', '1.2.3', '_'), '1_2_3');
    assert.equal(replaceAllAsGo('(a+)+$', `${'a'.repeat(40)}b`, ''), null);
    assert.equal(replaceAllAsGo('.*.*.*.*.*x', 'a'.repeat(200), ''), null);
  });

  it('finds what is not on the SPDX list', () => {
    assert.deepEqual(unknownLicenses('MIT OR (Apache-2.0 AND GPL-2.0+)'), []);
    assert.deepEqual(unknownLicenses('BSD 2-Clause'), [{ id: 'BSD 2-Clause', start: 0, near: 'BSD-2-Clause' }]);
    assert.deepEqual(
      unknownLicenses('MIT AND Foo WITH Bar').map(({ id }) => id),
      ['Foo', 'Bar'],
    );
  });

  it('does not multiply subpackages without end', () => {
    const items = Array.from({ length: 3000 }, (_, i) => `      k${i}: v\n`).join('');
    const subpackages = Array.from({ length: 10 }, (_, i) => `  - range: all\n    name: s${i}-\${{range.key}}\n`).join(
      '',
    );
    const { limit, problems } = readMelange(
      `${HEAD}data:\n  - name: all\n    items:\n${items}subpackages:\n${subpackages}`,
    );
    assert.match(limit ?? '', /20000 subpackages/);
    assert.deepEqual(problems, []);
  });

  it('crashes where melange does, with a word', () => {
    const { problems } = readMelange(
      `${HEAD}pipeline:\n  - pipeline:\n      - runs: make\n        environment:\n          A: b\n`,
    );
    assert.match(problems[0]?.message ?? '', /crashes/);
  });

  it('follows pipelines of the workspace before those that are built in', () => {
    const { config } = readMelange(
      `${HEAD}pipeline:\n  - uses: our/step\n    with:\n      wrong: x\n  - uses: strip\n    with:\n      mine: y\n`,
    );
    assert.ok(config);
    const asked: string[] = [];
    const found = buildProblems(config, (path) => {
      asked.push(path);
      if (path === 'pipelines/strip.yaml') return 'inputs:\n  mine:\n    description: x\n';
      return path === 'pipelines/our/step.yaml' ? 'inputs:\n  right:\n    required: true\n' : null;
    });
    assert.deepEqual(asked, ['pipelines/our/step.yaml', 'pipelines/strip.yaml']);
    assert.equal(found.length, 2);
    assert.match(found[0]?.message ?? '', /no input "wrong"/);
    assert.match(found[1]?.message ?? '', /needs the input "right"/);
  });

  it('never asks for a pipeline outside of its folder', () => {
    const { config } = readMelange(`${HEAD}pipeline:\n  - uses: ../../etc/passwd\n  - uses: /etc/passwd\n`);
    assert.ok(config);
    const asked: string[] = [];
    const found = buildProblems(config, (path) => {
      asked.push(path);
      return null;
    });
    assert.deepEqual(asked, []);
    assert.equal(found.length, 2);
  });
});

describe('names of the structs', () => {
  it('has a word for every struct', () => {
    for (const name of Object.keys(melangeStructs)) assert.ok(melangeNames[name] !== undefined, name);
  });

  it('says where a key belongs', () => {
    const { problems } = readMelange(`${HEAD}  disabled: [strip]\n`);
    assert.equal(problems[0]?.message, '"package" knows no key "disabled". It belongs in "checks".');
  });
});
