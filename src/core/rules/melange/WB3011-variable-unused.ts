// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';

export const variableUnused = defineRule({
  id: 'WB3011',
  slug: 'variable-unused',
  title: 'Variable or list that nothing uses',
  language: 'melange',
  severity: 'info',
  category: 'build',
  since: '0.2.0',
  why: 'A variable that nothing uses is often a version or a hash that somebody believes to be in force: it is changed, and the build stays the same.',
  controls: controls('CM-2', 'SA-10'),
  examples: {
    bad: [
      { text: `${HEAD}vars:\n  prefix: /usr\npipeline:\n  - runs: make\n`, note: 'A variable.' },
      {
        text: `${HEAD}var-transforms:\n  - from: \${{package.version}}\n    match: "\\\\."\n    replace: _\n    to: underscored\n`,
        note: 'A transformed variable.',
      },
      { text: `${HEAD}data:\n  - name: plugins\n    items:\n      a: one\n`, note: 'A list for ranges.' },
    ],
    good: [
      {
        text: `${HEAD}vars:\n  prefix: /usr\npipeline:\n  - runs: make prefix=\${{vars.prefix}}\n`,
        note: 'Used in a script.',
        nearMiss: true,
      },
      {
        text: `${HEAD}vars:\n  prefix: /usr\npipeline:\n  - runs: make prefix=\${{ vars.prefix }}\n`,
        note: 'With blanks inside the braces.',
      },
      {
        text: `${HEAD}data:\n  - name: plugins\n    items:\n      a: one\nsubpackages:\n  - range: plugins\n    name: hello-\${{range.key}}\n`,
        note: 'A list that a subpackage ranges over.',
      },
    ],
  },
  refs: ['melange: vars, var-transforms, data'],
  *check({ config, source }) {
    const used = new Set([...source.text.matchAll(/\$\{\{\s*vars\.([A-Za-z0-9._-]+)\s*\}\}/g)].map(([, name]) => name));
    for (const [name, { key }] of config.map('vars')) {
      if (used.has(name) || key === null) continue;
      yield {
        span: spanOf(key),
        message: `Nothing uses the variable ${JSON.stringify(name)}. Remove it, or write \${{vars.${name}}} where it belongs.`,
      };
    }
    for (const { value } of config.structs('var-transforms')) {
      const node = value.node('to');
      const name = value.string('to');
      if (node === null || used.has(name)) continue;
      yield {
        span: spanOf(node),
        message: `Nothing uses the variable ${JSON.stringify(name)}. Remove the transform, or write \${{vars.${name}}} where it belongs.`,
      };
    }
    const ranges = new Set(config.structs('subpackages').map(({ value }) => value.string('range')));
    for (const { value, node } of config.structs('data')) {
      const name = value.string('name');
      if (ranges.has(name)) continue;
      yield {
        span: spanOf(value.node('name') ?? node),
        message: `No subpackage ranges over ${JSON.stringify(name)}. Remove the list, or write "range: ${name}" where it belongs.`,
      };
    }
  },
});
