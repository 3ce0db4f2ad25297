// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { expandWord } from '../../../src/core/dockerfile/shell-lex.ts';

const ENV = new Map([
  ['A', 'one'],
  ['E', ''],
  ['P', 'a/b/c.tar.gz'],
  ['S', 'x y'],
]);
const expand = (text: string, escape = '\\'): string => {
  const result = expandWord(text, ENV, { escape });
  return result.ok ? result.value.text : `refused: ${result.error}`;
};

describe('word expansion', () => {
  const table: Record<string, string> = {
    plain: 'plain',
    $A: 'one',
    '${A}': 'one',
    'x$A-y': 'xone-y',
    $U: '',
    '${U}z': 'z',
    '${U:-d}': 'd',
    '${E:-d}': 'd',
    '${E-d}': '',
    '${U-d}': 'd',
    '${A:+s}': 's',
    '${E:+s}': '',
    '${E+s}': 's',
    '${U:-${A}${U:-2}}': 'one2',
    '${A:?x}': 'one',
    '${P#*/}': 'b/c.tar.gz',
    '${P##*/}': 'c.tar.gz',
    '${P%.*}': 'a/b/c.tar',
    '${P%%.*}': 'a/b/c',
    '${P/\\//-}': 'a-b/c.tar.gz',
    '${P//\\//-}': 'a-b-c.tar.gz',
    "'$A'": '$A',
    '"$A b"': 'one b',
    '\\$A': '$A',
    '"\\$A"': '$A',
    $$: '',
    a$: 'a$',
    $1: '',
    '$\u00c9': '',
  };
  for (const [text, expected] of Object.entries(table)) {
    it(`expands ${text}`, () => assert.equal(expand(text), expected));
  }

  const refused: Record<string, RegExp> = {
    '${U:?}': /U: is not allowed to be unset/,
    '${E:?}': /E: is not allowed to be empty/,
    '${U:?give one}': /U: give one/,
    '${A': /missing '}'|unsupported modifier/,
    '${': /missing '}'/,
    '${}': /bad substitution/,
    '${A^}': /unsupported modifier \(\^\)/,
    '${A:#x}': /unsupported modifier \(:#\)/,
    '${A/x}': /missing '\/'/,
    "'x": /single-quote/,
    '"x': /double-quote/,
  };
  for (const [text, error] of Object.entries(refused)) {
    it(`refuses ${text}`, () => assert.match(expand(text), error));
  }

  it('takes the other escape character', () => {
    assert.equal(expand('`$A', '`'), '$A');
    assert.equal(expand('\\$A', '`'), '\\one');
  });

  it('splits words at what variables bring, not inside quotes', () => {
    const words = (text: string): readonly string[] => {
      const result = expandWord(text, ENV, { escape: '\\' });
      assert.ok(result.ok);
      return result.value.words;
    };
    assert.deepEqual(words('a $S b'), ['a', 'x', 'y', 'b']);
    assert.deepEqual(words('"$S"'), ['x y']);
  });

  it('names what it looked up, found or not', () => {
    const result = expandWord('$A${U:-$E}', ENV, { escape: '\\' });
    assert.ok(result.ok);
    assert.deepEqual([...result.value.names].toSorted(), ['A', 'E', 'U']);
  });

  it('gives up on what grows or nests without end', () => {
    const grown = expandWord('$A$A', ENV, { escape: '\\', maxLookedUp: 5 });
    assert.match(grown.ok ? '' : grown.error, /grow beyond/);
    assert.match(expand('${U:-'.repeat(5000)), /nested too deeply|missing/);
  });

  it('never throws', () => {
    const part = fc.constantFrom(
      '$',
      '{',
      '}',
      ':',
      '-',
      '+',
      '?',
      '#',
      '%',
      '/',
      '\\',
      '"',
      "'",
      '*',
      'A',
      'U',
      ' ',
      '<<',
      '\u{1f600}',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 25 }), (parts) => {
        expandWord(parts.join(''), ENV, { escape: '\\' });
        expandWord(parts.join(''), ENV, { escape: '`', rawQuotes: true, rawEscapes: true, skipUnset: true });
      }),
      { numRuns: 2000 },
    );
  });
});
