// SPDX-License-Identifier: Apache-2.0
// Every fix that is offered, not only the preferred ones, in every hand-made file and every example, under its policy.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { shortReference } from '../../src/core/rules/switch/edit.ts';
import { examples, handMade } from '../support/cases.ts';
import { lintText, underPolicy } from '../support/linting.ts';

const severities = Object.fromEntries(dockerfileRules.map(({ slug, severity }) => [slug, severity]));

/**
 * What no fix changes: `WB1032` takes `--platform` away, `WB1006` adds USER, `WB1011` takes
 * the same image from elsewhere, and a base gets another tag or digest.
 */
const meaning = (text: string, ruleId: string, target: string | null): unknown =>
  parseDockerfile(text).stages.map(({ name, base, platform, instructions }) => ({
    name,
    platform: ruleId === 'WB1032' ? null : platform,
    base:
      base.kind === 'image' && ruleId !== 'WB1011' && target === null
        ? `${base.reference.registry}/${base.reference.repository}`
        : base.kind,
    instructions: instructions.map(({ keyword }) => keyword).filter((keyword) => keyword !== 'USER'),
  }));

/** A switch makes one base the image of its title, and leaves the others. */
function assertSwitched(before: string, after: string, target: string): void {
  const named = (text: string): readonly string[] =>
    parseDockerfile(text).stages.map(({ base }) =>
      base.kind === 'image' ? shortReference(base.reference) : base.kind,
    );
  const [old, now] = [named(before), named(after)];
  assert.deepEqual(
    now.filter((each, i) => each !== old[i]),
    [target],
    after,
  );
}

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
          const target = /^Switch to (.*)$/.exec(title)?.[1] ?? null;
          assert.deepEqual(meaning(after, ruleId, target), meaning(text, ruleId, target), `${what}\n${after}`);
          if (target !== null) assertSwitched(text, after, target);
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
