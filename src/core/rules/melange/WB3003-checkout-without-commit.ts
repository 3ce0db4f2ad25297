// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { entriesInto } from '../config-edits.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const checkout = (inputs: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - uses: git-checkout\n    with:\n      repository: https://example.com/hello\n${inputs}`;
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export const checkoutWithoutCommit = defineRule({
  id: 'WB3003',
  slug: 'checkout-without-commit',
  title: 'Source is checked out without its commit',
  language: 'melange',
  severity: 'warning',
  category: 'pinning',
  since: '0.2.0',
  why: 'A tag can be moved and a branch moves all the time. Only the expected commit says that the source is the one that was reviewed, and lets the SBOM name it.',
  controls: controls('SI-7', 'SI-7(1)', 'SR-11', 'SA-10'),
  examples: {
    bad: [
      { text: checkout('      tag: v${{package.version}}\n'), note: 'A tag alone.' },
      { text: checkout('      branch: main\n'), note: 'A branch alone.' },
      { text: checkout(''), note: 'Whatever the default branch holds.' },
    ],
    good: [
      {
        text: checkout(`      tag: v\${{package.version}}\n      expected-commit: ${COMMIT}\n`),
        note: 'Tag and commit.',
      },
      {
        text: checkout(`      branch: main\n      expected-commit: ${COMMIT}\n`),
        note: 'A branch that is held to a commit.',
      },
      {
        text: checkout('').replace('uses: git-checkout', 'uses: our/checkout'),
        note: 'Another pipeline.',
        nearMiss: true,
      },
    ],
  },
  refs: ['melange: pipeline git-checkout'],
  *check({ config, source }) {
    for (const { struct, node, of } of stepsOf(config)) {
      if (struct.string('uses') !== 'git-checkout') continue;
      const given = struct.map('with');
      const value = (name: string): string => given.get(name)?.value ?? '';
      if (value('expected-commit') !== '') continue;
      const [what, at] =
        value('tag') !== ''
          ? ['A tag can be moved', given.get('tag')]
          : value('branch') !== ''
            ? ['A branch moves all the time', given.get('branch')]
            : ['The default branch moves all the time', given.get('repository')];
      const edit = given.has('expected-commit')
        ? null
        : entriesInto(struct.node('with'), source, ['expected-commit: ""']);
      yield {
        span: spanOf(at?.node ?? struct.node('uses') ?? node),
        message: `${what}, and nothing says which commit was reviewed. Add expected-commit.`,
        // Only a person knows the value; an empty one is none to git-checkout, so the build stays as it is.
        fixes:
          edit === null
            ? []
            : [
                {
                  title: 'Add expected-commit, to be filled in',
                  edits: [edit],
                  caveat: 'nothing is checked until it is',
                },
              ],
        ...(of === 'test' ? { severity: 'info' as const } : {}),
      };
    }
  },
});
