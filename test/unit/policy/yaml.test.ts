// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseYaml, plainValue, spanAt, YAML_LIMITS } from '../../../src/core/yaml/parse.ts';

const value = (text: string): unknown => {
  const { root } = parseYaml(text);
  return root === null ? undefined : plainValue(root);
};

describe('YAML with places', () => {
  it('reads maps, lists and scalars of version 1.2', () => {
    assert.deepEqual(value('a: 1\nb: [x, "y", true, null]\nc:\n  - d: off\n'), {
      a: 1,
      b: ['x', 'y', true, null],
      c: [{ d: 'off' }],
    });
    assert.equal(value(''), undefined);
    assert.equal(value('# only a comment\n'), undefined);
  });

  it('knows where keys and values stand, also with Windows line ends', () => {
    const text = 'a: 1\r\nlist:\r\n  - name: x\r\n    owner: me\r\n';
    const { root } = parseYaml(text);
    assert.ok(root !== null);
    const at = (path: readonly PropertyKey[]): string => {
      const { start, end } = spanAt(root, path);
      return text.slice(start, end);
    };
    assert.equal(at(['a']), '1');
    assert.equal(at(['list', 0, 'owner']), 'me');
    assert.ok(at(['list', 0, 'missing']).startsWith('name: x'));
  });

  it('reports a key given twice, a missing anchor and broken syntax, and goes on', () => {
    const twice = parseYaml('a: 1\nb: 2\na: 3\n');
    assert.deepEqual(
      twice.problems.map(({ message, span }) => [message, span.start]),
      [['a is given twice.', 10]],
    );
    assert.deepEqual(plainValue(twice.root ?? assert.fail()), { a: 3, b: 2 });
    assert.match(parseYaml('a: *nobody\n').problems[0]?.message ?? '', /nobody/);
    assert.ok(parseYaml('a: [1, 2\nb: 3\n').problems.length > 0);
    assert.ok(parseYaml('a: 1\n---\nb: 2\n').problems.length > 0);
  });

  it('follows anchors, and refuses what multiplies', () => {
    assert.deepEqual(value('a: &x {b: 1}\nc: *x\n'), { a: { b: 1 }, c: { b: 1 } });
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      bomb.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`);
    assert.match(parseYaml(bomb.join('\n')).problems[0]?.message ?? '', /more than 50000 values/);
    assert.match(
      parseYaml('a: &a [*a]\n')
        .problems.map(({ message }) => message)
        .join(),
      /deeper|anchor/,
    );
  });

  it('refuses what is too long or too deep, and says so', () => {
    assert.match(parseYaml('x'.repeat(YAML_LIMITS.characters + 1)).problems[0]?.message ?? '', /longer than/);
    assert.match(parseYaml('['.repeat(5000)).problems[0]?.message ?? '', /deeper/);
    assert.match(parseYaml(`${'- '.repeat(5000)}x`).problems[0]?.message ?? '', /deep/);
    const indented = Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    assert.match(parseYaml(indented).problems[0]?.message ?? '', /deep/);
  });

  it('a key called __proto__ is a key', () => {
    const read = value('__proto__: {polluted: true}\n') as Record<string, unknown>;
    assert.deepEqual(Object.keys(read), ['__proto__']);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('never throws, and every place lies in the text', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '&x ',
      '*x',
      '|',
      '>',
      '#',
      '!!t ',
      '---\n',
      '\r\n',
      '\t',
      '?',
      '%',
      '\\',
      '0x',
      '\u0000',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const { root, problems } = parseYaml(text);
        const inside = ({ start, end }: { start: number; end: number }) =>
          0 <= start && start <= end && end <= text.length;
        assert.ok(problems.every(({ span }) => inside(span)));
        if (root !== null) {
          assert.ok(inside(root.span));
          plainValue(root);
        }
      }),
      { numRuns: 500 },
    );
  });
});
