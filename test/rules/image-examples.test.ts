// SPDX-License-Identifier: Apache-2.0
// Every rule about images by its own examples: the bad ones yield it, the good ones do not, and switched off it is silent.
import assert from 'node:assert/strict';
import { imageFindings } from '../../src/core/rules/image-findings.ts';
import { imageRules } from '../../src/core/rules/image-index.gen.ts';
import { NO_POLICY, type Policy } from '../../src/core/policy/model.ts';
import { loadPolicy } from '../../src/core/policy/loader.ts';
import { exampleEvidence, NOW, SOURCE } from '../support/evidence-examples.ts';

const TARGET = { images: [SOURCE.target], digests: [] };

async function findings(text: string, policyText?: string, more = '') {
  const { evidence, rule, policy } = await exampleEvidence(text, policyText);
  const extra = more === '' ? null : await loadPolicy('.waybill.yaml', async () => null, more);
  const used: Policy = extra ?? policy ?? NO_POLICY;
  return imageFindings({ evidence, trust: rule, now: NOW }, used, TARGET);
}

describe('rules about images by their examples', () => {
  for (const rule of imageRules) {
    describe(`${rule.id} ${rule.slug}`, () => {
      it('has three bad examples and three good ones, one of them a near miss', () => {
        assert.ok(rule.examples.bad.length >= 3 && rule.examples.good.length >= 3);
        assert.ok(rule.examples.good.some(({ nearMiss }) => nearMiss === true));
        for (const { note } of [...rule.examples.bad, ...rule.examples.good]) assert.match(note, /^.{5,}\.$/);
      });
      for (const { text, note, policy } of rule.examples.bad) {
        it(`finds: ${note}`, async () => {
          const found = (await findings(text, policy)).filter(({ ruleId }) => ruleId === rule.id);
          assert.ok(found.length > 0, text);
          for (const { message } of found) {
            assert.match(message, /^\S.*\.$/s);
            assert.ok(message.length < 500, message);
            assert.doesNotMatch(message, /\b(?:compliant|secure|safe)\b|\.\./i);
          }
          const off = await findings(text, policy, `rules:\n  ${rule.slug}: off\n`);
          assert.ok(off.every(({ ruleId }) => ruleId !== rule.id));
        });
      }
      for (const { text, note, policy } of rule.examples.good) {
        it(`leaves alone: ${note}`, async () => {
          assert.deepEqual(
            (await findings(text, policy)).filter(({ ruleId }) => ruleId === rule.id),
            [],
          );
        });
      }
    });
  }

  it('follows severities of a policy and says by whom a finding is accepted', async () => {
    const policy = [
      'rules:',
      '  image-unsigned: warning',
      'waivers:',
      '  - {rule: WB4001, owner: platform, reason: signed from May on, expires: 2027-01-31, scope: {images: ["ghcr.io/northwind/**"]}}',
    ].join('\n');
    const [found] = await findings('items: []\n', undefined, policy);
    assert.equal(found?.severity, 'warning');
    assert.deepEqual(found?.suppressed, {
      by: 'waiver',
      owner: 'platform',
      reason: 'signed from May on',
      expires: '2027-01-31',
    });
    const ended = await findings('items: []\n', undefined, policy.replace('2027-01-31', '2026-11-01'));
    assert.equal(ended[0]?.suppressed, null);
  });

  it('gives ids and names once', () => {
    const ids = imageRules.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].toSorted());
    assert.equal(new Set(imageRules.map(({ slug }) => slug)).size, ids.length);
    for (const id of ids) assert.match(id, /^WB4\d{3}$/);
  });
});
