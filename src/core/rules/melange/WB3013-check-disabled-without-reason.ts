// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';

export const checkDisabledWithoutReason = defineRule({
  id: 'WB3013',
  slug: 'check-disabled-without-reason',
  title: 'Check of the package is switched off without a reason',
  language: 'melange',
  severity: 'info',
  category: 'build',
  since: '0.2.0',
  why: 'The checks of melange find set-user-ID files, files in the wrong place and broken packages. One that is switched off without a word stays off when its reason is long gone.',
  controls: controls('CM-6', 'SA-10'),
  examples: {
    bad: [
      { text: `${HEAD}  checks:\n    disabled:\n      - setuidgid\n`, note: 'No reason.' },
      { text: `${HEAD}  checks:\n    disabled: [empty, strip]\n`, note: 'Two of them, and no reason.' },
      {
        text: `${HEAD}subpackages:\n  - name: hello-dev\n    checks:\n      disabled:\n        - usrmerge\n`,
        note: 'In a subpackage.',
      },
    ],
    good: [
      {
        text: `${HEAD}  checks:\n    disabled:\n      - setuidgid # sudo has to be set-user-ID\n`,
        note: 'A reason behind it.',
      },
      {
        text: `${HEAD}  checks:\n    disabled:\n      # the program is a script\n      - strip\n`,
        note: 'A reason above it.',
      },
      { text: `${HEAD}  checks:\n    disabled: []\n`, note: 'Nothing is switched off.', nearMiss: true },
    ],
  },
  refs: ['melange: checks.disabled', 'melange: linters'],
  *check({ config, source }) {
    const owners = [config.struct('package'), ...config.structs('subpackages').map(({ value }) => value)];
    const explained = (offset: number): boolean => {
      const { line } = source.positionAt(offset);
      const text = (number: number): string => (number < 1 ? '' : source.slice(source.lineSpan(number)));
      return /\s#\s*\S/.test(text(line)) || /^\s*#\s*\S/.test(text(line - 1));
    };
    for (const owner of owners) {
      const checks = owner?.struct('checks') ?? null;
      const key = checks?.fields.get('disabled')?.key ?? null;
      if (key !== null && explained(key.start)) continue;
      for (const { value, node } of checks?.strings('disabled') ?? []) {
        if (explained(node.start)) continue;
        yield {
          span: spanOf(node),
          message: `Nothing says why the check ${JSON.stringify(value)} is switched off. Write the reason as a comment behind it.`,
        };
      }
    }
  },
});
