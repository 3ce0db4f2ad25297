// SPDX-License-Identifier: Apache-2.0
import { buildProblems } from '../../melange/build.ts';
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';

export const melangeBuildRefuses = defineRule({
  id: 'WB3002',
  slug: 'melange-build-refuses',
  title: 'A build with melange would fail before its first step',
  language: 'melange',
  severity: 'error',
  category: 'build',
  since: '0.2.0',
  why: 'Some mistakes pass when melange reads the file and end the build: an input that the pipeline does not have or is missing, a hash that is too short, a variable that nothing defines, a condition that cannot be evaluated.',
  controls: controls('CM-2', 'CM-6', 'SA-10'),
  examples: {
    bad: [
      {
        text: `${HEAD}pipeline:\n  - uses: go/build\n    with:\n      packages: ./cmd/hello\n`,
        note: 'A required input is missing.',
      },
      {
        text: `${HEAD}pipeline:\n  - uses: autoconf/make\n    with:\n      option: V=1\n`,
        note: 'An input that the pipeline does not have.',
      },
      {
        text: `${HEAD}pipeline:\n  - uses: autoconf/confgure\n`,
        note: 'A misspelt pipeline.',
      },
      {
        text: `${HEAD}pipeline:\n  - uses: git-checkout\n    with:\n      repository: https://example.com/hello\n      expected-commit: 3f2a9c1\n`,
        note: 'A shortened commit.',
      },
      {
        text: `${HEAD}pipeline:\n  - runs: make DESTDIR="\${{targets.destdr}}" install\n`,
        note: 'A variable that is defined nowhere.',
      },
      {
        text: `${HEAD}pipeline:\n  - if: \${{build.arch}} = 'x86_64'\n    runs: make\n`,
        note: 'A condition with a single equals sign.',
      },
      {
        text: `${HEAD}pipeline:\n  - if: \${{package.name}} == 'hello'\n    runs: make\n`,
        note: 'A variable whose value comes in without quotes.',
      },
    ],
    good: [
      {
        text: `${HEAD}pipeline:\n  - uses: go/build\n    with:\n      packages: ./cmd/hello\n      output: hello\n`,
        note: 'Every required input is there.',
        nearMiss: true,
      },
      {
        text: `${HEAD}pipeline:\n  - uses: our/own-pipeline\n    with:\n      anything: goes\n`,
        note: 'A pipeline that is not built in and cannot be looked for.',
      },
      {
        text: `${HEAD}pipeline:\n  - if: \${{build.arch}} == 'x86_64' && (\${{ package.name }} != "x" || \${{context.name}} == 'hello')\n    runs: make DESTDIR="\${{targets.destdir}}" install\n`,
        note: 'Conditions and variables as melange knows them.',
      },
    ],
  },
  refs: ['melange v0.59.1, pkg/build/compile.go', 'melange v0.59.1, pkg/cond'],
  *check({ config, beside }) {
    for (const { node, message, instead } of buildProblems(config, beside)) {
      const span = spanOf(node);
      const fix =
        instead === undefined
          ? []
          : [
              {
                title: `Change it to ${instead}`,
                edits: [{ span, newText: instead }],
                preferred: true,
              },
            ];
      yield { span, message, fixes: fix };
    }
  },
});
