// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { base64, sha256, utf8 } from '../../../src/core/text/sha256.ts';

describe('SHA-256 of a text', () => {
  it('is what the platform has, for every length around a block and beyond', () => {
    for (const length of [...Array(200).keys(), 1000, 4096, 65_536]) {
      const text = 'a1é日🙂'.repeat(Math.ceil(length / 6)).slice(0, length);
      const wanted = createHash('sha256').update(text, 'utf8').digest('base64');
      assert.equal(base64(sha256(utf8(text))), wanted, String(length));
    }
  });

  it('encodes every kind of character', () => {
    for (const text of ['', '\0', '\u007f\u0080\u07ff\u0800\uffff', '🙂\u{10ffff}', 'a\ud800b', '\udc00']) {
      assert.deepEqual([...utf8(text)], [...Buffer.from(text, 'utf8')], JSON.stringify(text));
    }
  });

  it('pads base64', () => {
    for (const size of [0, 1, 2, 3, 4, 5]) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => 250 - i * 40);
      assert.equal(base64(bytes), Buffer.from(bytes).toString('base64'));
    }
  });
});
