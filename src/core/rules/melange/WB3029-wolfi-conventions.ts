// SPDX-License-Identifier: Apache-2.0
import type { RawFinding } from '../../model/finding.ts';
import { spanOf, type GoNode } from '../../yaml/go/node.ts';
import type { GoStruct } from '../../yaml/go/types.ts';
import { keySpan, keyringOf, repositoriesOf, splitPackage, splitTag, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';
const environment = (contents: string): string => `${HEAD}environment:\n  contents:\n    ${contents}\n`;
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const checkout = (update: string, host = 'github.com'): string =>
  `${HEAD}pipeline:\n  - uses: git-checkout\n    with:\n      repository: https://${host}/a/b\n      tag: v1.0.0\n      expected-commit: ${COMMIT}\nupdate:\n  enabled: true\n${update}`;
const OWN = 'https://packages.wolfi.dev/os';

function* ofEnvironment(config: GoStruct): Generator<RawFinding> {
  for (const each of [config.struct('environment'), config.struct('test')?.struct('environment') ?? null]) {
    for (const { text, span } of repositoriesOf(each)) {
      if (text.replace(/\/$/, '') === OWN) {
        yield {
          span,
          message: "Wolfi's own repository is given when its packages are built. Remove it from the file.",
        };
      } else if (splitTag(text).tag !== null) {
        yield { span, message: 'Wolfi builds its packages from no tagged repository. Remove it, or its tag.' };
      }
    }
    for (const { text, span } of keyringOf(each)) {
      if (!text.startsWith(`${OWN}/`)) continue;
      yield { span, message: "Wolfi's own key is given when its packages are built. Remove it from the file." };
    }
  }
}

function* ofDependencies(config: GoStruct): Generator<RawFinding> {
  const owners = [config.struct('package'), ...config.structs('subpackages').map(({ value }) => value)];
  for (const owner of owners) {
    for (const { value, node } of owner?.struct('dependencies')?.strings('runtime') ?? []) {
      const { name } = splitPackage(value);
      if (!/^py3-[a-z]/.test(name)) continue;
      yield {
        span: spanOf(node),
        message: `Every Python version of Wolfi provides ${name}, so which one comes is left open. Name the one of this package, for example py3.13-${name.slice(4)}.`,
      };
    }
  }
}

function* ofUpdates(config: GoStruct, root: GoNode): Generator<RawFinding> {
  const update = config.struct('update');
  if (update === null || !update.bool('enabled') || update.bool('manual')) return;
  if (['github', 'git'].some((field) => update.fields.has(field))) return;
  const fromGitHub = stepsOf(config).some(
    ({ struct }) =>
      struct.string('uses') === 'git-checkout' &&
      (struct.map('with').get('repository')?.value ?? '').startsWith('https://github.com/'),
  );
  if (fromGitHub) {
    yield {
      span: keySpan(config, 'update', spanOf(root)),
      message: 'Wolfi looks for updates of a checkout from GitHub at GitHub itself. Add github with its identifier.',
    };
  }
}

export const wolfiConventions = defineRule({
  id: 'WB3029',
  slug: 'wolfi-conventions',
  title: "Against the conventions of Wolfi's own packages",
  language: 'melange',
  severity: 'warning',
  offByDefault: true,
  category: 'build',
  since: '0.2.0',
  why: 'Wolfi builds its packages from its own repository alone, and says which by the command line. What only Wolfi asks of a file is in this one rule, to be switched on by the policy of a repository that goes into Wolfi.',
  controls: controls('CM-2', 'CM-6'),
  examples: {
    bad: [
      { text: environment(`repositories: [${OWN}]`), note: "Wolfi's own repository." },
      { text: environment(`keyring: [${OWN}/wolfi-signing.rsa.pub]`), note: "Wolfi's own key." },
      { text: environment('repositories: ["@local ./packages"]'), note: 'A tagged repository.' },
      { text: `${HEAD}  dependencies:\n    runtime: [py3-requests]\n`, note: 'A Python package without its version.' },
      { text: checkout('  release-monitor:\n    identifier: 38\n'), note: 'Updates of GitHub, asked elsewhere.' },
    ],
    good: [
      { text: environment('packages: [busybox]'), note: 'Packages alone.' },
      {
        text: environment('repositories: [https://packages.example.com/os]'),
        note: 'Another repository.',
        nearMiss: true,
      },
      {
        text: `${HEAD}  dependencies:\n    runtime: [py3.13-requests]\n`,
        note: 'A Python package with its version.',
        nearMiss: true,
      },
      {
        text: checkout('  release-monitor:\n    identifier: 38\n', 'example.com'),
        note: 'Another host.',
        nearMiss: true,
      },
      { text: checkout('  github:\n    identifier: a/b\n'), note: 'Updates of GitHub.' },
    ],
  },
  refs: [
    'wolfictl lint: forbidden-repository-used, forbidden-keyring-used, tagged-repository-in-environment-repos',
    'wolfictl lint: git-checkout-must-use-github-updates, depends-on-unversioned-py-provides',
  ],
  *check({ config, root }) {
    yield* ofEnvironment(config);
    yield* ofDependencies(config);
    yield* ofUpdates(config, root);
  },
});
