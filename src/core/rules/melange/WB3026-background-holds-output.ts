// SPDX-License-Identifier: Apache-2.0
import { scriptLines, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const test = (script: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\ntest:\n  pipeline:\n    - runs: |\n${script
    .split('\n')
    .map((line) => `        ${line}\n`)
    .join('')}`;

/** A command that goes on in the background, by the `&` at its end: no `&&`, `>&` or `&>`. */
const BACKGROUND = /(?:^|[^&>|])(&)[ \t]*(?:#.*)?$/;
const REDIRECTED = /(?:^|[^<])>|\|\s*\S/;

/** One of these is in every script that this rule speaks of. */
const WORDS = /&/;

export const backgroundHoldsOutput = defineRule({
  id: 'WB3026',
  slug: 'background-holds-output',
  title: 'Process in the background keeps the output of the step',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'A step ends when its output is closed. A server that goes on in the background and writes there holds it open: the step hangs until its time is up, whatever the test found.',
  controls: controls('SA-10'),
  examples: {
    bad: [
      { text: test('hello --serve &\nsleep 1\ncurl -f http://localhost:8080'), note: 'A server with its output.' },
      { text: test('hello &'), note: 'A single command.' },
      { text: test('start & # in the background'), note: 'With a comment behind it.' },
    ],
    good: [
      { text: test('hello --serve > log 2>&1 &'), note: 'The output goes into a file.', nearMiss: true },
      { text: test('make &&\n  make install'), note: 'Two commands that are joined.', nearMiss: true },
      { text: test('hello --serve &> log &'), note: 'Both outputs at once.', nearMiss: true },
      { text: test('echo "a & b"'), note: 'A sign within quotes.' },
    ],
  },
  refs: ['wolfictl lint: background-process-without-redirect'],
  *check({ config, source }) {
    for (const step of stepsOf(config)) {
      for (const { text, start } of scriptLines(step, source, WORDS)) {
        const found = BACKGROUND.exec(text.trimEnd());
        if (found === null || REDIRECTED.test(text.slice(0, found.index + 1))) continue;
        const at = start + found.index + found[0].indexOf('&');
        yield {
          span: { start: at, end: at + 1 },
          message:
            'What runs on here keeps the output of the step open, and the step hangs. Write > FILE 2>&1 before the &.',
        };
      }
    }
  },
});
