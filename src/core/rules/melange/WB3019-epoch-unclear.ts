// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { entriesInto } from '../config-edits.ts';
import { keySpan } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const file = (epoch: string): string => `package:\n  name: hello\n  version: 1.0.0\n${epoch}`;

export const epochUnclear = defineRule({
  id: 'WB3019',
  slug: 'epoch-unclear',
  title: 'Epoch that is missing, or not what it looks like',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'The epoch is the release of the package, and apk compares it as a number. Left out it is 0 without a word, and 010 is read as 8: a package that was meant to be newer is older.',
  controls: controls('CM-2', 'CM-8'),
  examples: {
    bad: [
      { text: file(''), note: 'No epoch.' },
      { text: file('  epoch: 010\n'), note: 'Read as an octal number, 8.' },
      { text: file('  epoch: 0x10\n'), note: 'Read as a hexadecimal number, 16.' },
      { text: file('  epoch: 1_0\n'), note: 'With a sign between its digits.' },
    ],
    good: [
      { text: file('  epoch: 10\n'), note: 'A number.', nearMiss: true },
      { text: file('  epoch: 0\n'), note: 'The first release.' },
      { text: file('  epoch: !!int "3"\n'), note: 'A number by its tag.' },
    ],
  },
  refs: ['melange: package.epoch', 'yaml.v3: integers'],
  *check({ config, root, source }) {
    // Of a file that melange takes the package is never left out.
    const pack = config.struct('package') ?? config;
    const node = pack.node('epoch');
    if (node === null) {
      const at = keySpan(pack, 'version', keySpan(config, 'package', spanOf(root)));
      const edit = entriesInto(config.node('package'), source, ['epoch: 0']);
      yield {
        span: at,
        message: 'The package has no epoch, and 0 is taken. Add "epoch: 0", so that it can be raised.',
        fixes: edit === null ? [] : [{ title: 'Add epoch: 0', edits: [edit] }],
      };
      return;
    }
    const value = String(pack.number('epoch'));
    if (node.kind !== 'scalar' || node.value === value) return;
    yield {
      span: spanOf(node),
      message: `This is read as ${value}. Write ${value}, or the number that is meant.`,
      fixes:
        node.style === 'plain' ? [{ title: `Write ${value}`, edits: [{ span: spanOf(node), newText: value }] }] : [],
    };
  },
});
