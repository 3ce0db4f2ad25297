// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const path = (type: string, permissions: string): string =>
  `contents:\n  packages: [app]\npaths:\n  - path: /opt/app\n    type: ${type}\n    permissions: ${permissions}\n`;

export const riskyPermissions = defineRule({
  id: 'WB2014',
  slug: 'risky-permissions',
  title: 'Set-user-ID, set-group-ID or writable by everybody',
  language: 'apko',
  severity: 'warning',
  category: 'runtime',
  since: '0.2.0',
  why: "A set-user-ID file gives its owner's rights to whoever starts it, and a path that everybody may write to can be replaced by any process in the container.",
  controls: controls('AC-6', 'AC-6(10)', 'CM-6'),
  examples: {
    bad: [
      { text: path('permissions', '0o4755'), note: 'Set-user-ID.' },
      { text: path('permissions', '0o2755'), note: 'Set-group-ID.' },
      { text: path('directory', '0o777'), note: 'A folder that everybody may write to.' },
    ],
    good: [
      { text: path('directory', '0o755'), note: 'Only the owner writes.', nearMiss: true },
      {
        text: path('directory', '0o1777'),
        note: 'Like /tmp: everybody writes, and only the own files can be removed.',
      },
      { text: path('empty-file', '0o640'), note: 'For owner and group.' },
    ],
  },
  refs: ['apko: paths[].permissions', 'NIST SP 800-190, 4.1.2'],
  *check({ config }) {
    for (const { value } of config.structs('paths') ?? []) {
      const node = value.node('permissions');
      if (node === null) continue;
      const mode = Number(value.number('permissions') & 0o7777n);
      const octal = `0o${mode.toString(8)}`;
      const fix = (without: number): Fix[] => [
        {
          title: `Write 0o${without.toString(8)}`,
          edits: [{ span: spanOf(node), newText: `0o${without.toString(8)}` }],
          caveat: 'something may count on it',
        },
      ];
      if ((mode & 0o6000) !== 0) {
        yield {
          span: spanOf(node),
          message: `${octal} lets whoever starts this file act with the rights of its owner or group. Take the bit away: 0o${(mode & 0o1777).toString(8)}.`,
          fixes: fix(mode & 0o1777),
        };
      } else if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) {
        yield {
          span: spanOf(node),
          message: `${octal} lets everybody write to this path. Take that away: 0o${(mode & 0o775).toString(8)}.`,
          fixes: fix(mode & 0o775),
        };
      }
    }
  },
});
