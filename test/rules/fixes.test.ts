// SPDX-License-Identifier: Apache-2.0
// Every fix that is offered, not only the preferred ones, in every hand-made file and every example, under its policy.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { examples, handMade } from '../support/cases.ts';
import { lintText, underPolicy } from '../support/linting.ts';

const severities = Object.fromEntries(dockerfileRules.map(({ slug, severity }) => [slug, severity]));

/**
 * What no fix changes: `WB1032` takes `--platform` away, `WB1006` adds USER, `WB1011` takes
 * the same image from elsewhere, and a base gets another tag or digest.
 */
const meaning = (text: string, ruleId: string): unknown =>
  parseDockerfile(text).stages.map(({ name, base, platform, instructions }) => ({
    name,
    platform: ruleId === 'WB1032' ? null : platform,
    base:
      base.kind === 'image' && ruleId !== 'WB1011'
        ? `${base.reference.registry}/${base.reference.repository}`
        : base.kind,
    instructions: instructions.map(({ keyword }) => keyword).filter((keyword) => keyword !== 'USER'),
  }));

describe('every fix that is offered', () => {
  const offered = new Map<string, number>();

  for (const { name, text, policy } of [...handMade(), ...examples()]) {
    if (parseDockerfile(text).error !== null) continue;
    it(`keeps what the file means, once and twice: ${name}`, async () => {
      const options = { ...(await underPolicy(policy)), severities };
      for (const { ruleId, message, span, fixes = [] } of lintText(text, options).findings) {
        for (const { title, edits } of fixes) {
          const what = `${ruleId} ${title}`;
          offered.set(ruleId, (offered.get(ruleId) ?? 0) + 1);
          const after = applyEdits(text, edits);
          assert.notEqual(after, text, what);
          assert.equal(parseDockerfile(after).error, null, `${what}\n${after}`);
          assert.deepEqual(meaning(after, ruleId), meaning(text, ruleId), `${what}\n${after}`);
          // A second time there is nothing left to do: the finding is gone, or suppressed, and so offers nothing.
          const shift = after.length - text.length;
          const again = lintText(after, options).findings.filter(
            (finding) =>
              finding.ruleId === ruleId &&
              finding.message === message &&
              [span.start, span.start + shift].includes(finding.span.start) &&
              finding.suppressed === null &&
              (finding.fixes ?? []).some((fix) => fix.title === title),
          );
          assert.deepEqual(again, [], `${what}\n${after}`);
        }
      }
    });
  }

  it('was tried for every rule', () => {
    assert.deepEqual(
      [...offered.keys()].toSorted(),
      dockerfileRules.map(({ id }) => id),
    );
  });
});
