// SPDX-License-Identifier: Apache-2.0
// Every rule by its own examples: the bad ones yield it, the good ones do not, and switched off it is silent.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { parsePolicy } from '../../src/core/policy/parse.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import { findingsOf, lintText, underPolicy } from '../support/linting.ts';

describe('rules by their examples', () => {
  for (const rule of dockerfileRules) {
    describe(`${rule.id} ${rule.slug}`, () => {
      it('has three bad examples and three good ones, each a file that a builder takes', () => {
        const { bad, good } = rule.examples;
        assert.ok(bad.length >= 3, `${bad.length} bad`);
        assert.ok(good.length >= 3, `${good.length} good`);
        for (const { text, note, policy } of [...bad, ...good]) {
          assert.equal(parseDockerfile(text).error, null, text);
          if (policy !== undefined) assert.deepEqual(parsePolicy(policy, '.waybill.yaml').problems, []);
          assert.ok(note.length > 5 && note.endsWith('.'), note);
        }
      });

      rule.examples.bad.forEach(({ text, note, policy = '' }) => {
        it(`finds: ${note}`, async () => {
          const options = await underPolicy(policy);
          const found = findingsOf(rule.id, text, options);
          assert.ok(found.length > 0, text);
          for (const { message, span, range } of found) {
            assert.match(message, /^\S.*\.$/su);
            assert.ok(message.length < 400, message);
            assert.doesNotMatch(message, /\b(?:compliant|secure|safe)\b/i);
            assert.ok(span.start < span.end && span.end <= text.length);
            assert.ok(range.start.line >= 1 && range.start.column >= 1);
          }
          assert.deepEqual(findingsOf(rule.id, text, { ...options, severities: { [rule.slug]: 'off' } }), []);
          assert.deepEqual(findingsOf(rule.id, text, { ...options, severities: { [rule.id]: 'off' } }), []);
        });
      });

      rule.examples.good.forEach(({ text, note, policy = '' }) => {
        it(`leaves alone: ${note}`, async () => {
          assert.deepEqual(findingsOf(rule.id, text, await underPolicy(policy)), []);
        });
      });
    });
  }

  it('keeps silent by default where a rule is off by default', () => {
    const off = dockerfileRules.filter(({ offByDefault }) => offByDefault === true);
    assert.deepEqual(
      off.map(({ id }) => id),
      ['WB1010'],
    );
    for (const { id, examples } of off) {
      const { findings } = lintText(examples.bad[0]?.text ?? '');
      assert.ok(findings.every(({ ruleId }) => ruleId !== id));
    }
  });

  it('gives ids and names once, with titles, controls and reasons', () => {
    const ids = dockerfileRules.map(({ id }) => id);
    const slugs = dockerfileRules.map(({ slug }) => slug);
    assert.deepEqual(ids, [...new Set(ids)].toSorted());
    assert.equal(new Set(slugs).size, slugs.length);
    for (const { id, slug, title, why, controls, refs } of dockerfileRules) {
      assert.match(id, /^WB1\d{3}$/);
      assert.match(slug, /^[a-z]+(?:-[a-z]+)*$/);
      assert.ok(title.length > 8 && !title.endsWith('.'), title);
      assert.ok(why.length > 40 && why.endsWith('.'), why);
      assert.ok(controls.length > 0 && refs.length > 0, id);
      assert.equal(new Set(controls.map((control) => control.id)).size, controls.length, id);
    }
  });

  it('says nothing about a file that leaves nothing to say', () => {
    const text = `FROM gcr.io/distroless/static-debian13:nonroot@sha256:${'0'.repeat(64)}\nCOPY app /\n`;
    assert.deepEqual(
      lintText(text).findings.map(({ ruleId }) => ruleId),
      [],
    );
  });
});
