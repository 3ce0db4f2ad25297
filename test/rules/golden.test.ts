// SPDX-License-Identifier: Apache-2.0
// What is found in hand-made Dockerfiles, to the word and the column. `npm run golden` writes it anew.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import {
  configExamples,
  configGoldenFile,
  examples,
  goldenFile,
  handMade,
  judged,
  judgedConfig,
} from '../support/cases.ts';

const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Readonly<Record<string, readonly unknown[]>>;

describe('golden findings', () => {
  const all = [...handMade(), ...examples()];

  it('covers at least 150 hand-made files, each once, and nothing that is gone', () => {
    assert.ok(handMade().length >= 150, String(handMade().length));
    assert.equal(new Set(handMade().map(({ text, policy }) => text + policy)).size, handMade().length);
    assert.deepEqual(Object.keys(golden).toSorted(), all.map(({ name }) => name).toSorted());
  });

  it('shows every rule in a hand-made file', () => {
    const shown = new Set(
      handMade().flatMap(({ name }) => (golden[name] ?? []).map((entry) => Array.isArray(entry) && entry[0])),
    );
    assert.deepEqual(
      dockerfileRules.filter(({ id }) => !shown.has(id)).map(({ id }) => id),
      [],
    );
  });

  for (const each of all) {
    it(each.name, async () => assert.deepEqual(await judged(each), golden[each.name]));
  }

  describe('in apko and melange files', () => {
    const written = JSON.parse(readFileSync(configGoldenFile, 'utf8')) as typeof golden;
    const cases = configExamples();

    it('cover every example, and nothing that is gone', () => {
      assert.deepEqual(Object.keys(written).toSorted(), cases.map(({ name }) => name).toSorted());
    });

    for (const each of cases) {
      it(each.name, async () => assert.deepEqual(await judgedConfig(each), written[each.name]));
    }
  });
});
