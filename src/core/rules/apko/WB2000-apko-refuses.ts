// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const apkoRefuses = defineRule({
  id: 'WB2000',
  slug: 'apko-refuses',
  title: 'apko refuses the file',
  language: 'apko',
  severity: 'error',
  category: 'build',
  since: '0.2.0',
  onRefused: true,
  why: 'apko reads a file strictly: a key it does not know, a value of another type or a user without a name ends the build before it begins. This says the same before the build is started, for each place at once.',
  controls: controls('CM-2', 'CM-6', 'SA-10'),
  examples: {
    bad: [
      {
        text: 'contents:\n  repositories:\n    - https://packages.wolfi.dev/os\n  pakages:\n    - wolfi-base\n',
        note: 'A misspelt key.',
      },
      {
        text: 'contents:\n  packages: wolfi-base\n',
        note: 'One name where a list is wanted.',
      },
      {
        text: 'contents:\n  packages: [wolfi-base]\naccounts:\n  users:\n    - username: app\n      uid: 0\n',
        note: 'A user with the UID of root.',
      },
      {
        text: 'contents:\n  baseimage:\n    image: ./base\n  packages: [curl]\ncmd: /usr/bin/curl\n',
        note: 'A command on top of a base image.',
      },
    ],
    good: [
      { text: 'contents:\n  packages: [wolfi-base]\n', note: 'A list of packages is enough.', nearMiss: true },
      {
        text: 'contents:\n  packages: [wolfi-base]\npaths:\n  - path: /data\n    type: directory\n    permissions: 0o755\n    uid: 65532\n',
        note: 'Permissions as octal numbers.',
      },
      {
        text: 'contents:\n  packages: [wolfi-base]\naccounts:\n  run-as: 65532\n  users:\n    - username: app\n      uid: 65532\n',
        note: 'A number where a text is read.',
      },
    ],
  },
  refs: ['apko v1.2.37, ImageConfiguration.Load and Validate'],
  *check({ file }) {
    for (const { span, message, fixes, related } of file.problems) {
      yield { span, message, fixes, ...(related === undefined ? {} : { related: [related] }) };
    }
  },
});
