// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const melangeRefuses = defineRule({
  id: 'WB3000',
  slug: 'melange-refuses',
  title: 'melange refuses the file',
  language: 'melange',
  severity: 'error',
  category: 'build',
  since: '0.2.0',
  onRefused: true,
  why: 'melange reads a file strictly: a key it does not know, a value of another type or a name that is no name ends the build before it begins. This says the same before the build is started, for each place at once.',
  controls: controls('CM-2', 'CM-6', 'SA-10'),
  examples: {
    bad: [
      {
        text: 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n  dependancies:\n    runtime:\n      - busybox\n',
        note: 'A misspelt key.',
      },
      {
        text: 'package:\n  name: hello\n  version: 1.0.0\n  epoch: first\n',
        note: 'A text where a number is wanted.',
      },
      {
        text: 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - with:\n      uri: https://example.com/hello.tar.gz\n',
        note: 'Inputs for no pipeline.',
      },
      {
        text: 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n  dependencies:\n    provides:\n      - hello-abi=${{vars.abi}}\n',
        note: 'A variable that is defined nowhere.',
      },
    ],
    good: [
      {
        text: 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n',
        note: 'Name, version and epoch are enough.',
        nearMiss: true,
      },
      {
        text: 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0x10\nupdate:\n  enabled: yes\n',
        note: 'Numbers and truth values as the Go reader takes them.',
      },
      {
        text: 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n  dependencies: &deps\n    runtime: [busybox]\nsubpackages:\n  - name: hello-tools\n    dependencies:\n      <<: *deps\n      provides: [hello-cli]\n',
        note: 'Anchors and merged maps.',
      },
    ],
  },
  refs: ['melange v0.59.1, config.ParseConfiguration'],
  *check({ file }) {
    for (const { span, message, fixes, related } of file.problems) {
      yield { span, message, fixes, ...(related === undefined ? {} : { related: [related] }) };
    }
  },
});
