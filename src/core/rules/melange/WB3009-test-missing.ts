// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - runs: make\n';

export const testMissing = defineRule({
  id: 'WB3009',
  slug: 'test-missing',
  title: 'Package without a test',
  language: 'melange',
  severity: 'hint',
  category: 'build',
  since: '0.2.0',
  why: 'A package that builds may still not start: a missing library shows at the first call. A test of one line finds it before others install the package.',
  controls: controls('SA-10', 'CM-2'),
  examples: {
    bad: [
      { text: HEAD, note: 'No test.' },
      { text: `${HEAD}test:\n  pipeline: []\n`, note: 'A test without steps.' },
      {
        text: `${HEAD}subpackages:\n  - name: hello-doc\n    pipeline:\n      - uses: split/manpages\n`,
        note: 'Neither package nor subpackage has one.',
      },
    ],
    good: [
      { text: `${HEAD}test:\n  pipeline:\n    - runs: hello --version\n`, note: 'One line is enough.' },
      {
        text: `${HEAD}subpackages:\n  - name: hello-cli\n    test:\n      pipeline:\n        - runs: hello-cli --help\n`,
        note: 'The subpackage that holds the program has one.',
      },
      {
        text: HEAD.replace('pipeline:\n  - runs: make\n', '  options:\n    no-provides: true\n'),
        note: 'A package that holds nothing.',
        nearMiss: true,
      },
    ],
  },
  refs: ['melange: test'],
  *check({ config }) {
    const pack = config.struct('package');
    const options = pack?.struct('options') ?? null;
    const key = config.fields.get('test')?.key ?? config.fields.get('package')?.key ?? null;
    const tested = [config.struct('test'), ...config.structs('subpackages').map(({ value }) => value.struct('test'))];
    if (key === null || (options !== null && options.bool('no-provides'))) return;
    if (tested.some((test) => test !== null && test.structs('pipeline').length > 0)) return;
    yield {
      span: spanOf(key),
      message:
        'Nothing tests this package once it is installed. Add a test, for example one that asks the program for its version.',
    };
  },
});
