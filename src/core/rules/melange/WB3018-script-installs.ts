// SPDX-License-Identifier: Apache-2.0
import { scriptLines, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const build = (script: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - runs: |\n      ${script}\n`;

const COMMAND = String.raw`(?:^|[;&|(]|\bthen|\bdo|\belse)\s*(?:[A-Z_][A-Z0-9_]*=\S*\s+)*`;
interface Installer {
  readonly call: RegExp;
  /** Arguments by which nothing is fetched. */
  readonly offline: RegExp;
  readonly from: string;
}
const installer = (call: string, offline: string, from: string): Installer => ({
  call: RegExp(String.raw`${COMMAND}(${call})((?:\s[^;&|#\n]*)?)(?=$|[;&|#])`, 'g'),
  offline: RegExp(offline),
  from,
});

const LOCAL_FILE = String.raw`(?:^|\s)(?:\.{0,2}/\S*|\.|\S+\.(?:whl|tar\.gz|tgz|gem|apk|deb|rpm)|\S*\*\S*|["']?\$\S+)(?:\s|$)`;
const INSTALLERS: readonly Installer[] = [
  installer('(?:python3?\\s+-m\\s+)?pip3?\\s+(?:install|download)', `--no-index|${LOCAL_FILE}`, 'PyPI'),
  installer('npm\\s+(?:install|ci|i)', `--offline|${LOCAL_FILE}`, 'the npm registry'),
  installer('(?:yarn|pnpm)\\s+(?:install|add)', '--offline', 'the npm registry'),
  installer('gem\\s+install', `--local|-l\\b|${LOCAL_FILE}`, 'RubyGems'),
  installer('cargo\\s+install', '--path|--offline|--frozen', 'crates.io'),
  installer('go\\s+install', String.raw`^(?!.*@(?:v|latest|[0-9a-f]{7}))`, 'the Go proxy'),
  installer('go\\s+(?:get|mod\\s+download)', '-mod=vendor', 'the Go proxy'),
  installer(
    '(?:apk\\s+(?:-\\S+\\s+)*add|apt(?:-get)?\\s+(?:-\\S+\\s+)*install|(?:dnf|yum|microdnf)\\s+(?:-\\S+\\s+)*install)',
    LOCAL_FILE,
    'a package repository',
  ),
  installer('git\\s+(?:fetch|pull|submodule\\s+update)', '--no-fetch', 'a git server'),
  installer('(?:ssh|scp|rsync)', String.raw`^(?!.*\w@?[\w.-]+:)`, 'another machine'),
];

/** One of these is in every script that this rule speaks of. */
const WORDS = /\b(?:pip3?|npm|yarn|pnpm|gem|cargo|go|apk|apt|apt-get|dnf|yum|microdnf|git|ssh|scp|rsync)\s/;

export const scriptInstalls = defineRule({
  id: 'WB3018',
  slug: 'script-installs',
  title: 'Script takes something from the network',
  language: 'melange',
  severity: 'info',
  category: 'build',
  since: '0.2.0',
  why: 'What a script installs is not in the build environment that the file names, and not in the SBOM. The build is another one whenever the registry is, and ends where it has no network.',
  controls: controls('SI-7', 'SR-11', 'SA-10', 'CM-2'),
  examples: {
    bad: [
      { text: build('pip install --no-cache-dir wheel setuptools'), note: 'From PyPI.' },
      { text: build('cd web && npm ci'), note: 'From the npm registry, behind another command.' },
      { text: build('go install example.com/tool@latest'), note: 'A Go program at its latest version.' },
      { text: build('apk add --no-cache build-base'), note: 'Packages that the environment should name.' },
    ],
    good: [
      { text: build('pip install --no-index --find-links dist hello'), note: 'From a folder.', nearMiss: true },
      { text: build('pip install dist/hello-1.0-py3-none-any.whl'), note: 'A file that was built.', nearMiss: true },
      { text: build('go install ./cmd/hello'), note: 'The program itself.', nearMiss: true },
      { text: build('echo "run npm install first"'), note: 'A text that names one.' },
      {
        text: `${build('make')}test:\n  pipeline:\n    - runs: pip install wheel\n`,
        note: 'A test of what people will do.',
      },
    ],
  },
  refs: ['melange: environment.contents.packages', 'melange: pipelines of languages'],
  *check({ config, source }) {
    for (const step of stepsOf(config)) {
      if (step.of === 'test') continue;
      for (const { text, start } of scriptLines(step, source, WORDS)) {
        for (const { call, offline, from } of INSTALLERS) {
          for (const found of text.matchAll(call)) {
            const [whole, command = '', rest = ''] = found;
            if (offline.test(rest)) continue;
            const at = start + found.index + whole.length - rest.length - command.length;
            yield {
              span: { start: at, end: at + command.length },
              message: `This takes something from ${from} while the package is built, which no checksum and no SBOM here names. Put it into environment.contents.packages, or fetch it with its checksum.`,
            };
          }
        }
      }
    }
  },
});
