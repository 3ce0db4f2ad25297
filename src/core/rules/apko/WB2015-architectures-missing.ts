// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { keySpan } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const CONTENTS = 'contents:\n  packages: [app]\n';

export const architecturesMissing = defineRule({
  id: 'WB2015',
  slug: 'architectures-missing',
  title: 'No architectures are named',
  language: 'apko',
  severity: 'hint',
  category: 'build',
  since: '0.2.0',
  why: 'Without archs apko builds for every architecture it knows when it publishes, and for the one of the machine when it builds: what comes out depends on where and how it was called.',
  controls: controls('CM-2'),
  examples: {
    bad: [
      { text: CONTENTS, note: 'None at all.' },
      { text: `${CONTENTS}archs: []\n`, note: 'An empty list.' },
      { text: `${CONTENTS}accounts:\n  run-as: 65532\n`, note: 'Other settings, and no architecture.' },
    ],
    good: [
      { text: `${CONTENTS}archs: [x86_64, aarch64]\n`, note: 'Two of them.' },
      { text: `${CONTENTS}archs:\n  - amd64\n`, note: 'One of them.', nearMiss: true },
      { text: 'include: base.apko.yaml\ncontents:\n  packages: [app]\n', note: 'What is included may name them.' },
    ],
  },
  refs: ['apko: archs'],
  *check({ config, root }) {
    if (config.string('include') !== '' || config.strings('archs').length > 0) return;
    yield {
      span: keySpan(config, 'archs', keySpan(config, 'contents', spanOf(root))),
      message:
        'No architectures are named, so what is built depends on how apko is called. Add "archs", for example [x86_64, aarch64].',
    };
  },
});
