// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const file = (repository: string, identifier: string, more = ''): string =>
  `${HEAD}pipeline:\n  - uses: git-checkout\n    with:\n      repository: ${repository}\n      tag: v1.0.0\n      expected-commit: ${COMMIT}\nupdate:\n  enabled: true\n  github:\n    identifier: ${identifier}\n${more}`;

/** `owner/name` of a repository at GitHub, in small letters. */
function gitHubName(address: string): string | null {
  const found =
    /^(?:https?:\/\/(?:www\.)?github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([^/\s]+\/[^/\s]+?)(?:\.git)?\/?$/i;
  return found.exec(address)?.[1]?.toLowerCase() ?? null;
}

export const updateWatchesAnother = defineRule({
  id: 'WB3024',
  slug: 'update-watches-another',
  title: 'Updates are looked for in another repository than the source',
  language: 'melange',
  severity: 'warning',
  category: 'lifecycle',
  since: '0.2.0',
  why: 'The versions of one repository say nothing about another: after a move or a fork the package follows a project that it is not built from, or gets no updates at all.',
  controls: controls('SI-2', 'SR-3'),
  examples: {
    bad: [
      { text: file('https://github.com/hello/hello', 'hello-old/hello'), note: 'The owner differs.' },
      { text: file('https://github.com/hello/hello.git', 'hello/hello-ng'), note: 'The name differs.' },
      { text: file('git@github.com:hello/hello.git', 'other/hello'), note: 'A checkout over SSH.' },
    ],
    good: [
      { text: file('https://github.com/hello/hello', 'hello/hello'), note: 'The same.', nearMiss: true },
      {
        text: file('https://github.com/Hello/hello.git', 'hello/Hello'),
        note: 'Large letters do not count.',
        nearMiss: true,
      },
      { text: file('https://example.com/hello', 'hello/hello'), note: 'The source is elsewhere.' },
      { text: file('https://github.com/hello/hello', '${{vars.repo}}', 'vars:\n  repo: x/y\n'), note: 'A variable.' },
    ],
  },
  refs: ['melange: update.github.identifier'],
  *check({ config }) {
    const monitor = config.struct('update')?.struct('github') ?? null;
    const identifier = monitor?.string('identifier') ?? '';
    const node = monitor?.node('identifier') ?? null;
    const sources = stepsOf(config).flatMap(({ struct, of }) =>
      of !== 'test' && struct.string('uses') === 'git-checkout' ? (struct.map('with').get('repository') ?? []) : [],
    );
    const names = sources.map(({ value }) => gitHubName(value));
    const [first] = sources;
    // One source that is not known to be another project is enough.
    if (first === undefined || node === null || identifier === '' || identifier.includes('${{') || names.includes(null))
      return;
    if (names.includes(identifier.toLowerCase())) return;
    yield {
      span: spanOf(node),
      message: `Updates are looked for in ${identifier.slice(0, 80)}, and the source is ${names[0]}. Name the repository that the package is built from.`,
      related: [{ span: spanOf(first.node), message: 'The source stands here' }],
    };
  },
});
