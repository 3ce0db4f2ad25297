// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isBase64 } from '../../../src/node/trust/base64.ts';

describe('base64 that all readers read alike', () => {
  it('is what encoders write, in both alphabets, with padding and without', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        const text = buffer.toString('base64');
        for (const each of [text, text.replace(/=+$/, ''), buffer.toString('base64url')])
          assert.ok(isBase64(each), each);
      }),
      { seed: 20261125, numRuns: 300 },
    );
  });

  it('is no text of which a byte could be hidden: each text stands for its own bytes alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-d+/=_ -]{0,9}$/), (text) => {
        if (!isBase64(text)) return;
        const again = Buffer.from(text, 'base64');
        const written = [again.toString('base64'), again.toString('base64').replace(/=+$/, '')];
        written.push(again.toString('base64url'), written[0]?.replaceAll('+', '-').replaceAll('/', '_') ?? '');
        assert.ok(written.includes(text), text);
      }),
      { seed: 20261125, numRuns: 3000 },
    );
  });

  it('has nothing between its signs, nothing behind its end, and one alphabet', () => {
    for (const text of [
      'QQ==QQ==',
      'QUJD====',
      'QR==',
      'QUJ=',
      'QQ=',
      'Q',
      'QUJD\n',
      ' QUJD',
      'QU*D',
      '+_',
      '-/AA',
      '=',
      '==',
    ])
      assert.equal(isBase64(text), false, JSON.stringify(text));
    assert.ok(isBase64(''));
  });
});
