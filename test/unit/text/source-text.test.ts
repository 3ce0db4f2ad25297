// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyEdits } from '../../../src/core/text/edit.ts';
import { SourceText } from '../../../src/core/text/source-text.ts';

describe('source text', () => {
  it('counts lines and columns from one, in UTF-16 units', () => {
    const source = new SourceText('FROM a\n\u{1f600}x\n');
    assert.deepEqual(source.positionAt(0), { line: 1, column: 1 });
    assert.deepEqual(source.positionAt(6), { line: 1, column: 7 });
    assert.deepEqual(source.positionAt(7), { line: 2, column: 1 });
    assert.deepEqual(source.positionAt(9), { line: 2, column: 3 });
    assert.deepEqual(source.positionAt(11), { line: 3, column: 1 });
    assert.equal(source.lineCount, 3);
  });

  it('knows the three line ends', () => {
    const source = new SourceText('a\r\nb\rc\nd');
    assert.equal(source.lineCount, 4);
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((line) => source.slice(source.lineSpan(line))),
      ['a', 'b', 'c', 'd', ''],
    );
    assert.equal(source.newline, '\r\n');
    assert.equal(new SourceText('a\nb').newline, '\n');
  });

  it('does not count a byte order mark as a column', () => {
    const source = new SourceText('\ufeffFROM a\nRUN b');
    assert.deepEqual(source.positionAt(0), { line: 1, column: 1 });
    assert.deepEqual(source.positionAt(1), { line: 1, column: 1 });
    assert.deepEqual(source.positionAt(6), { line: 1, column: 6 });
    assert.deepEqual(source.positionAt(8), { line: 2, column: 1 });
    assert.equal(source.slice(source.lineSpan(1)), 'FROM a');
    assert.equal(source.offsetAt({ line: 1, column: 1 }), 1);
  });

  it('clamps what lies outside', () => {
    const source = new SourceText('ab\r\nc');
    assert.deepEqual(source.positionAt(-5), { line: 1, column: 1 });
    assert.deepEqual(source.positionAt(99), { line: 2, column: 2 });
    assert.equal(source.offsetAt({ line: 1, column: 99 }), 2);
    assert.equal(source.offsetAt({ line: 9, column: 1 }), 4);
    assert.equal(source.offsetAt({ line: 0, column: 0 }), 0);
  });

  it('goes there and back', () => {
    const character = fc.constantFrom('a', '\n', '\r', '\r\n', '\u{1f600}', '\ufeff', ' ');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 30 }), fc.nat(40), (parts, at) => {
        const text = parts.join('');
        const source = new SourceText(text);
        const offset = Math.min(at, text.length);
        const position = source.positionAt(offset);
        const again = source.positionAt(source.offsetAt(position));
        assert.equal(again.line, position.line);
        assert.ok(again.column <= position.column);
        const { start, end } = source.lineSpan(position.line);
        assert.ok(start <= end && end <= text.length);
        assert.doesNotMatch(text.slice(start, end), /[\r\n]/);
      }),
    );
  });
});

describe('edits', () => {
  const edit = (start: number, end: number, newText: string) => ({ span: { start, end }, newText });

  it('applies them by position, whatever their order', () => {
    assert.equal(applyEdits('abcdef', [edit(4, 5, 'X'), edit(0, 1, ''), edit(2, 2, '--')]), 'b--cdXf');
  });

  it('leaves out what overlaps an earlier one', () => {
    assert.equal(applyEdits('abcdef', [edit(1, 4, 'X'), edit(3, 5, 'Y')]), 'aXef');
  });

  it('keeps insertions at one place in their order', () => {
    assert.equal(applyEdits('ab', [edit(1, 1, '1'), edit(1, 1, '2')]), 'a12b');
  });
});
