// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const path = (permissions: string): string =>
  `contents:\n  packages: [app]\npaths:\n  - path: /data\n    type: directory\n    permissions: ${permissions}\n`;
/** Decimal numbers that are written like octal ones and are unlikely to be meant otherwise. */
const LIKE_OCTAL = /^[1-7]?[0-7]{3}$/;

export const permissionsNotOctal = defineRule({
  id: 'WB2013',
  slug: 'permissions-not-octal',
  title: 'Permissions written as a decimal number',
  language: 'apko',
  severity: 'warning',
  category: 'runtime',
  since: '0.2.0',
  why: "Without 0o in front the number is decimal: 755 becomes 1363 in octal, which sets the sticky bit and takes reading away from the owner's group. apko takes it without a word.",
  controls: controls('CM-6', 'AC-6'),
  examples: {
    bad: [
      { text: path('755'), note: 'Meant as rwxr-xr-x.' },
      { text: path('644'), note: 'Meant as rw-r--r--.' },
      { text: path('1777'), note: 'With a sticky bit.' },
    ],
    good: [
      { text: path('0o755'), note: 'Octal by YAML 1.2.', nearMiss: true },
      { text: path('0755'), note: 'Octal by YAML 1.1, which the Go reader takes as well.' },
      { text: path('493'), note: 'A decimal number that is no octal one.' },
    ],
  },
  refs: ['apko: paths[].permissions', 'yaml.v3: integers'],
  *check({ config }) {
    for (const { value } of config.structs('paths') ?? []) {
      const node = value.node('permissions');
      if (node?.kind !== 'scalar' || !LIKE_OCTAL.test(node.value)) continue;
      const real = value.number('permissions').toString(8);
      yield {
        span: spanOf(node),
        message: `${node.value} is read as a decimal number, and is 0o${real}. Write 0o${node.value}.`,
        fixes: [
          {
            title: `Write 0o${node.value}`,
            edits: [{ span: spanOf(node), newText: `0o${node.value}` }],
            preferred: true,
          },
        ],
      };
    }
  },
});
