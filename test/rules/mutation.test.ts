// SPDX-License-Identifier: Apache-2.0
// The rules' tests notice a rule that is switched off. `npm run mutate:rules` also turns every condition round.
import assert from 'node:assert/strict';
import { mutants } from '../mutation/mutants.ts';
import { equivalents, Mutation, ruleFiles } from '../mutation/run.ts';

describe('rules that are changed', function () {
  this.timeout(120_000);
  const files = ruleFiles();
  const mutation = new Mutation();
  after(() => mutation.end());

  it('are missed by the tests when they are switched off, every one', async () => {
    assert.ok(files.length > 30, String(files.length));
    const survived: string[] = [];
    for (const { id, url } of files) {
      if ((await mutation.judge({ rule: id, url: null, source: '' })).verdict !== 'killed')
        survived.push(`${id} ${url}`);
    }
    assert.deepEqual(survived, []);
  });

  it('can be changed where the list of equivalent changes says so', () => {
    const listed = equivalents();
    for (const { rule, code, change, nth, reason } of listed) {
      const source = files.find(({ id }) => id === rule)?.source ?? '';
      assert.ok(
        mutants(source).some((each) => each.code === code && each.change === change && each.nth === nth),
        `${rule}: ${change} of ${code}`,
      );
      assert.ok(reason.length > 15 && reason.endsWith('.'), reason);
    }
    assert.equal(new Set(listed.map((each) => JSON.stringify(each))).size, listed.length);
  });

  it('changes what it says it changes', () => {
    const source =
      "const a = (x: number): boolean => {\n  if (x < 1 && y !== 'a < b') return;\n  return x === 2 ? !p : q;\n};\n";
    assert.deepEqual(
      mutants(source).map(
        ({ change, line, source: changed }) => `${line} ${change}: ${changed.split('\n')[line - 1]?.trim()}`,
      ),
      [
        "2 if not: if (!(x < 1 && y !== 'a < b')) return;",
        "2 < to >=: if (x >= 1 && y !== 'a < b') return;",
        "2 && to ||: if (x < 1 || y !== 'a < b') return;",
        "2 !== to ===: if (x < 1 && y === 'a < b') return;",
        "2 return left out: if (x < 1 && y !== 'a < b') ;",
        '3 === to !==: return x !== 2 ? !p : q;',
        '3 ?: not: return !( x === 2) ? !p : q;',
        '3 ! left out: return x === 2 ? p : q;',
      ],
    );
  });
});
