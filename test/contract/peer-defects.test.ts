// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEER_DEFECTS } from '../support/peer-defects.ts';

describe('what other tools get wrong', () => {
  it('is listed once each', () => {
    const names = PEER_DEFECTS.map(({ tool, defect }) => `${tool} ${defect}`);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 28, String(names.length));
  });

  for (const { tool, defect, shownBy } of PEER_DEFECTS) {
    it(`has its test: ${tool} ${defect}`, () => {
      assert.ok(Object.keys(shownBy).length > 0);
      for (const [file, titles] of Object.entries(shownBy)) {
        const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
        assert.ok(titles.length > 0, file);
        for (const title of titles) {
          const quoted = title.replaceAll("'", "\\'");
          const named = [`it('${quoted}'`, `it(${title}`, `'${quoted}',`, `: ${title}`].some((each) =>
            text.includes(each),
          );
          assert.ok(named, `${file} has no test called ${JSON.stringify(title)}`);
        }
      }
    });
  }

  it('is shown for every case of the tables in the tests', () => {
    const text = readFileSync(join(import.meta.dirname, '..', 'rules', 'known-defects.test.ts'), 'utf8');
    const listed = new Set(PEER_DEFECTS.flatMap(({ shownBy }) => Object.values(shownBy).flat()));
    const written = [...text.matchAll(/\bit\('([^']+)'/g)].map(([, title = '']) => title);
    assert.deepEqual(
      written.filter((title) => !listed.has(title)),
      [],
    );
  });
});
