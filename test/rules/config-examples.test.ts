// SPDX-License-Identifier: Apache-2.0
// Every rule about apko and melange files by its own examples, which the detection has to take for what they are.
import assert from 'node:assert/strict';
import { lint, type LintOptions } from '../../src/core/lint/engine.ts';
import { applyPreferredFixes } from '../../src/core/lint/fix.ts';
import type { Finding } from '../../src/core/model/finding.ts';
import type { RuleExample } from '../../src/core/rules/define.ts';
import { parsePolicy } from '../../src/core/policy/parse.ts';
import { apkoRules, melangeRules } from '../../src/core/rules/config-index.gen.ts';
import { catalogue, TODAY, underPolicy } from '../support/linting.ts';
import { neighboursOf } from '../support/neighbours.ts';

const rules = [...apkoRules, ...melangeRules];
type ConfigRule = (typeof rules)[number];

function found(rule: ConfigRule, text: string, options: Partial<LintOptions>): readonly Finding[] {
  const on = rule.offByDefault === true ? { severities: { [rule.slug]: rule.severity } } : {};
  const { findings } = lint(text, rule.language, { catalogue, today: TODAY, ...on, ...options });
  return findings.filter(({ ruleId }) => ruleId === rule.id);
}

async function optionsOf(rule: ConfigRule, example: RuleExample): Promise<Partial<LintOptions>> {
  return { ...(await underPolicy(example.policy ?? '')), ...neighboursOf(rule.language, example) };
}

describe('rules about apko and melange files by their examples', () => {
  for (const rule of rules) {
    const { bad, good } = rule.examples;
    describe(`${rule.id} ${rule.slug}`, () => {
      it('has three bad examples and three good ones, each a file that the tool takes', () => {
        assert.ok(bad.length >= 3, `${bad.length} bad`);
        assert.ok(good.length >= 3, `${good.length} good`);
        assert.ok(
          good.some(({ nearMiss }) => nearMiss === true),
          'no near miss',
        );
        for (const { text, note, policy } of rule.onRefused === true ? good : [...bad, ...good]) {
          const { error } = lint(text, rule.language, { catalogue, today: TODAY });
          assert.equal(error, null, `${error?.message}\n${text}`);
          if (policy !== undefined) assert.deepEqual(parsePolicy(policy, '.waybill.yaml').problems, []);
          assert.ok(note.length > 5 && note.endsWith('.'), note);
        }
      });

      for (const example of bad) {
        const { text, note } = example;
        it(`finds: ${note}`, async () => {
          const options = await optionsOf(rule, example);
          const findings = found(rule, text, options);
          assert.ok(findings.length > 0, text);
          for (const { message, span, range, fixes = [] } of findings) {
            assert.match(message, /^\S.*\.$|^\S.*\?$/su);
            assert.ok(message.length < 400, message);
            assert.doesNotMatch(message, /\b(?:compliant|secure|safe)\b/i);
            assert.ok(span.start < span.end && span.end <= text.length, JSON.stringify(span));
            assert.ok(range.start.line >= 1 && range.start.column >= 1);
            assert.ok(fixes.filter(({ preferred }) => preferred === true).length <= 1);
          }
          assert.deepEqual(found(rule, text, { ...options, severities: { [rule.slug]: 'off' } }), []);
        });

        it(`takes a comment with a reason: ${note}`, async () => {
          const options = await optionsOf(rule, example);
          let commented = text;
          // One comment at a time: two findings may stand at one place.
          for (let i = 0; i < 20; i++) {
            const open = found(rule, commented, options).find(({ suppressed }) => suppressed === null);
            if (open === undefined) break;
            const edit = open.fixes?.find(({ title }) => title.startsWith('Ignore '))?.edits[0];
            assert.ok(edit);
            commented = commented.slice(0, edit.span.start) + edit.newText + commented.slice(edit.span.end);
          }
          assert.ok(
            found(rule, commented, options).every(({ suppressed }) => suppressed !== null),
            commented,
          );
        });

        it(`is taken by the tool once its fix is applied: ${note}`, async () => {
          const options = await optionsOf(rule, example);
          const { text: fixed, applied } = applyPreferredFixes(text, found(rule, text, options));
          if (applied.length === 0) return;
          const { error } = lint(fixed, rule.language, { catalogue, today: TODAY });
          assert.equal(error, null, `${error?.message}\n${fixed}`);
          assert.ok(found(rule, fixed, options).length < found(rule, text, options).length, fixed);
        });
      }

      for (const example of good) {
        it(`leaves alone: ${example.note}`, async () => {
          assert.deepEqual(found(rule, example.text, await optionsOf(rule, example)), []);
        });
      }
    });
  }

  it('gives ids and names once, with titles, controls and reasons', () => {
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    assert.equal(new Set(rules.map(({ slug }) => slug)).size, rules.length);
    for (const { id, slug, language, title, why, controls, refs } of rules) {
      assert.match(id, language === 'apko' ? /^WB2\d{3}$/ : /^WB3\d{3}$/);
      assert.match(slug, /^[a-z]+(?:-[a-z]+)*$/);
      assert.ok(title.length > 8 && !title.endsWith('.'), title);
      assert.ok(why.length > 40 && why.endsWith('.'), why);
      assert.ok(controls.length > 0 && refs.length > 0, id);
    }
  });
});
