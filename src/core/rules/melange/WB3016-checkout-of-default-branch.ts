// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const checkout = (inputs: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - uses: git-checkout\n    with:\n      repository: https://example.com/hello\n${inputs}`;

export const checkoutOfDefaultBranch = defineRule({
  id: 'WB3016',
  slug: 'checkout-of-default-branch',
  title: 'Checkout without a tag or branch, or with both',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'Without a tag or branch git-checkout takes the tip of the default branch and compares it with the expected commit: the build ends with the next commit upstream. With a tag and a branch it ends at once.',
  controls: controls('CM-2', 'SA-10', 'SR-11'),
  examples: {
    bad: [
      {
        text: checkout(`      expected-commit: ${COMMIT}\n`),
        note: 'The tip of the default branch has to be this commit.',
      },
      {
        text: checkout(`      branch: main\n      tag: v1.0.0\n      expected-commit: ${COMMIT}\n`),
        note: 'Both of them.',
      },
      {
        text: checkout(`      depth: 10\n      expected-commit: ${COMMIT}\n`),
        note: 'A history that may be too short for it.',
      },
      {
        text: checkout(
          `      tag: v1.0.0\n      expected-commit: ${COMMIT}\n      expected-commit-is-branch-tip: "true"\n`,
        ),
        note: 'The tip of a branch is wanted of a tag.',
      },
    ],
    good: [
      { text: checkout(`      tag: v1.0.0\n      expected-commit: ${COMMIT}\n`), note: 'A tag.', nearMiss: true },
      { text: checkout(`      branch: main\n      expected-commit: ${COMMIT}\n`), note: 'A branch.', nearMiss: true },
      {
        text: checkout(`      depth: -1\n      expected-commit: ${COMMIT}\n`),
        note: 'The whole history, in which git-checkout goes back to the commit.',
        nearMiss: true,
      },
      { text: checkout('').replace('uses: git-checkout', 'uses: our/checkout'), note: 'Another pipeline.' },
    ],
  },
  refs: ['melange v0.59.1: pipeline git-checkout'],
  *check({ config }) {
    for (const { struct, node } of stepsOf(config)) {
      if (struct.string('uses') !== 'git-checkout') continue;
      const given = struct.map('with');
      const [tag, branch] = ['tag', 'branch'].map((name) =>
        (given.get(name)?.value ?? '') ? given.get(name) : undefined,
      );
      const tip = given.get('expected-commit-is-branch-tip');
      if (tag !== undefined && branch !== undefined) {
        yield {
          span: spanOf(branch.key ?? branch.node),
          message: 'git-checkout takes a tag or a branch, and ends the build on both. Remove one of them.',
        };
      } else if (tag === undefined && branch === undefined) {
        // Without a commit it is WB3003's, and with the whole history git-checkout goes back to it.
        if ((given.get('expected-commit')?.value ?? '') === '' || given.get('depth')?.value === '-1') continue;
        yield {
          span: spanOf(given.get('repository')?.node ?? struct.node('uses') ?? node),
          message:
            'Neither tag nor branch is named, so the build ends once the default branch has moved on from this commit. Add the tag of this version.',
        };
      } else if (tag !== undefined && tip !== undefined && tip.value === 'true') {
        yield {
          span: spanOf(tip.key ?? tip.node),
          message: 'Only a branch has a tip, and git-checkout ends the build on this beside a tag. Remove it.',
        };
      }
    }
  },
});
