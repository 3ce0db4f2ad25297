// SPDX-License-Identifier: Apache-2.0
// Every rule shows three files that it finds something in and three that it leaves alone, one of which is nearly wrong.
import assert from 'node:assert/strict';
import { apkoRules, melangeRules } from '../../src/core/rules/config-index.gen.ts';
import type { RuleExample } from '../../src/core/rules/define.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';

/** A near miss shares at least this part of its words and signs with a bad example. */
const SHARED = 0.5;

const words = (text: string): readonly string[] => text.match(/\w+|[^\s\w]/g) ?? [];

/** Words that have to be taken out, put in or replaced to make one text the other. */
function distance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  from.forEach((word, i) => {
    const next = [i + 1];
    to.forEach((other, at) => {
      const replaced = (row[at] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    });
    row = next;
  });
  return row.at(-1) ?? 0;
}

/** The part of its words that a text shares with another one, from 0 to 1. */
function shared(one: string, other: string): number {
  const [a, b] = [words(one), words(other)];
  return 1 - distance(a, b) / Math.max(a.length, b.length);
}

/** Everything of an example that a rule may judge: its text, the policy, what lies beside it. */
function judged(example: RuleExample): string {
  return JSON.stringify({ ...example, note: '', nearMiss: false });
}

describe('examples of the rules', () => {
  const rules = [...dockerfileRules, ...apkoRules, ...melangeRules];

  for (const { id, slug, examples } of rules) {
    const { bad, good } = examples;
    it(`of ${id} ${slug}: three bad, three good, a near miss among them`, () => {
      assert.ok(bad.length >= 3, `${bad.length} bad`);
      assert.ok(good.length >= 3, `${good.length} good`);
      const near = good.filter(({ nearMiss }) => nearMiss === true);
      assert.ok(near.length > 0, 'no near miss');
      assert.ok(
        bad.every(({ nearMiss }) => nearMiss === undefined),
        'a bad example is no near miss',
      );
      for (const example of near) {
        const { text, note } = example;
        assert.ok(!bad.some((each) => judged(each) === judged(example)), note);
        const closest = Math.max(...bad.map((each) => shared(text, each.text)));
        assert.ok(closest >= SHARED, `shares ${closest.toFixed(2)} with a bad example: ${note}`);
      }
    });
  }

  it('differ from each other within a rule', () => {
    for (const { id, examples } of rules) {
      const all = [...examples.bad, ...examples.good].map(judged);
      assert.equal(new Set(all).size, all.length, id);
    }
  });

  it('are measured by their words', () => {
    assert.equal(shared('FROM a:1', 'FROM a:1'), 1);
    assert.equal(shared('FROM a:1', 'FROM b:2'), 0.5);
    assert.equal(shared('', 'FROM'), 0);
  });
});
