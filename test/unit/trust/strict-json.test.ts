// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseStrictJson } from '../../../src/node/trust/strict-json.ts';

const parse = (text: string): unknown => {
  const read = parseStrictJson(Buffer.from(text, 'utf8'));
  return read.ok ? { value: read.value } : read.error;
};

describe('JSON as a verifier reads it', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        assert.deepEqual(parse(text), { value: JSON.parse(text) });
      }),
      { seed: 20261125, numRuns: 300 },
    );
  });

  it('refuses a key that stands twice, however it is written and wherever it stands', () => {
    for (const text of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '{"x":[{"b":{"a":1 , "a"\n:2}}]}',
      '{"a":{"a":1},"b":[],"a":null}',
      '{"__proto__":1,"__proto__":2}',
      '{"a\\"":1,"a\\"":2}',
    ])
      assert.equal(parse(text), 'json-duplicate-key', text);
    for (const text of ['{"a":{"a":1}}', '[{"a":1},{"a":1}]', '{"a":"a","b":"a"}', '{"a":["a","a"]}', '{"a":1,"A":2}'])
      assert.notEqual(parse(text), 'json-duplicate-key', text);
  });

  it('refuses more than a hundred levels, before anything is parsed', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    assert.notEqual(parse(nested(100)), 'json-too-deep');
    assert.equal(parse(nested(101)), 'json-too-deep');
    assert.equal(parse('['.repeat(1_000_000)), 'json-too-deep');
    assert.equal(parse(`{"a":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`), 'json-too-deep');
    // Brackets in texts are no levels.
    assert.deepEqual(parse(JSON.stringify('['.repeat(500))), { value: '['.repeat(500) });
  });

  it('refuses more values, and more keys of one object, than a document of evidence has', () => {
    /** Only the answer: what is read is too large to be compared or printed. */
    const answer = (text: string, maxValues?: number): string => {
      const read = parseStrictJson(Buffer.from(text, 'utf8'), maxValues);
      return read.ok ? 'read' : read.error;
    };
    /** A list and its values, but for the last. */
    const values = (count: number): string => `[${'0,'.repeat(count - 1)}0]`;
    assert.equal(answer(values(2_000_000)), 'read');
    assert.equal(answer(values(2_000_001)), 'too-large');
    assert.equal(answer(values(10), 10), 'read');
    assert.equal(answer(values(11), 10), 'too-large');
    // Commas in texts separate no values.
    assert.equal(answer(JSON.stringify(',[{'.repeat(50)), 10), 'read');
    const keys = (count: number): string => `{${Array.from({ length: count }, (_, at) => `"${at}":0`).join(',')}}`;
    assert.equal(answer(keys(100_000)), 'read');
    assert.equal(answer(keys(100_001)), 'too-large');
  });

  it('refuses what is no JSON or no UTF-8', () => {
    for (const text of ['', '{', '{"a"}', '{"a":1,}', "{'a':1}", '"', '"\\"', '01', 'NaN', '{"a":1}x', '\ufeff{}'])
      assert.equal(parse(text), 'json-malformed', JSON.stringify(text));
    const read = parseStrictJson(Buffer.from([0x22, 0xff, 0x22]));
    assert.deepEqual(read, { ok: false, error: 'json-malformed' });
  });
});
