// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyFindings } from '../../../src/core/lint/policy-findings.ts';
import { loadPolicy } from '../../../src/core/policy/loader.ts';
import { POLICY_PARTS } from '../../../src/core/policy/schema.ts';
import { policyRules } from '../../../src/core/rules/policy.ts';
import { catalogue, TODAY } from '../../support/linting.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'policy.md'), 'utf8');
const findingsIn = async (text: string) =>
  policyFindings(
    await loadPolicy('.waybill.yaml', async (path) => (path === 'policies/organisation.yaml' ? '' : null), text),
    catalogue.data,
    TODAY,
  );

describe('what the docs say of policies', () => {
  it('the example is a policy without a mistake, and shows every setting', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    assert.deepEqual(await findingsIn(example), []);
    for (const part of Object.keys(POLICY_PARTS)) assert.match(example, new RegExp(`^${part}:`, 'm'));
  });

  for (const { id, examples } of policyRules) {
    for (const { text, note } of examples.bad) {
      it(`${id} finds: ${note}`, async () => {
        assert.deepEqual(
          (await findingsIn(text)).map(({ ruleId }) => ruleId),
          [id],
        );
      });
    }
    for (const { text, note } of examples.good) {
      it(`${id} leaves alone: ${note}`, async () => assert.deepEqual(await findingsIn(text), []));
    }
  }
});
