// SPDX-License-Identifier: Apache-2.0
import type { RawFinding } from '../../model/finding.ts';
import { spanOf, type GoNode } from '../../yaml/go/node.ts';
import { closest } from '../../yaml/go/spelling.ts';
import type { GoStruct } from '../../yaml/go/types.ts';
import { isApkVersion, keySpan, packagesOf, repositoriesOf, splitPackage } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const MUTATIONS = ['directory', 'empty-file', 'hardlink', 'symlink', 'permissions'];
const ARCHITECTURES = ['386', 'amd64', 'arm64', 'arm/v6', 'arm/v7', 'loong64', 'ppc64le', 'riscv64', 's390x'];
const APK_NAMES = ['x86', 'x86_64', 'aarch64', 'armhf', 'armv7', 'loongarch64'];
const KNOWN_ARCHITECTURES = new Set([...ARCHITECTURES, ...APK_NAMES]);
/** What the command line takes for --arch, and a file does not. */
const COMMAND_LINE = new Set(['all', 'host']);

function* layering(config: GoStruct, root: GoNode): Generator<RawFinding> {
  const layers = config.struct('layering');
  if (layers === null) return;
  const strategy = layers.string('strategy');
  if (strategy === '' && layers.number('budget') === 0n) return;
  const span = keySpan(config, 'layering', spanOf(root));
  if (strategy !== 'origin') {
    yield {
      span: keySpan(layers, 'strategy', span),
      message: `apko knows no layering strategy ${JSON.stringify(strategy)}. Write "strategy: origin", the only one.`,
    };
  } else if (layers.number('budget') < 0n) {
    yield {
      span: keySpan(layers, 'budget', span),
      message: 'apko crashes on a budget below 0. Write how many layers there may be.',
    };
  } else if ((config.struct('contents')?.struct('baseimage') ?? null) !== null) {
    yield {
      span,
      message: 'apko cannot split an image on a base image into layers. Remove layering or baseimage.',
    };
  }
}

function* mutations(config: GoStruct): Generator<RawFinding> {
  for (const { value, node } of config.structs('paths')) {
    const type = value.string('type');
    if (!MUTATIONS.includes(type)) {
      const near = closest(type, MUTATIONS);
      yield {
        span: spanOf(value.node('type') ?? value.node('path') ?? node),
        message:
          type === ''
            ? `This path has no type. Write one of ${MUTATIONS.join(', ')}.`
            : `apko does nothing called ${JSON.stringify(type)} to a path.${near === null ? ` Write one of ${MUTATIONS.join(', ')}.` : ` Did you mean ${JSON.stringify(near)}?`}`,
      };
    } else if (type.endsWith('link') && value.string('source') === '') {
      const hard = type === 'hardlink';
      yield {
        span: spanOf(value.node('type') ?? node),
        severity: hard ? 'error' : 'warning',
        message: hard
          ? 'apko never ends on a hard link without a source. Add "source" with the file it is to be.'
          : 'This link leads nowhere, and apko writes it all the same. Add "source" with the path it leads to.',
      };
    }
  }
}

function* repositories(config: GoStruct): Generator<RawFinding> {
  for (const { text, span } of repositoriesOf(config)) {
    const [first = '', ...rest] = text.trim().split(/ +/);
    if (rest.length === 0 || (first.startsWith('@') && rest.length === 1)) continue;
    // A folder may have blanks in its name; an address has none, and a tag is no folder.
    if (!first.startsWith('@') && !text.includes('://') && first.includes('/')) continue;
    yield { span, message: `${JSON.stringify(text)} is no repository. Write an address, or "@TAG ADDRESS".` };
  }
}

/** Why apko looks for no package by this text; null where it may be there. */
function packageMistake(written: string): string | null {
  const text = written.trim();
  if (text === '') return 'This package has no name. Remove it.';
  if (text.startsWith('!')) return 'apko keeps no package out, and looks for one of this name. Remove it.';
  if (/\s/.test(text))
    return 'apko takes each word here for a package of its own. Write NAME, NAME=VERSION or NAME@TAG.';
  const { name, operator, version } = splitPackage(text);
  // Behind a version blanks do nothing.
  if (text !== written && operator === '') return 'apko takes the blanks for a part of the name. Remove them.';
  if (/[=<>~@]/.test(name)) return `${JSON.stringify(text)} is no package. Write NAME, NAME=VERSION or NAME@TAG.`;
  return operator === '' || isApkVersion(version.replace(/-r\d+$/, ''))
    ? null
    : `apko cannot read the version ${JSON.stringify(version)}. Write one as the index has it, for example 1.2.3-r0.`;
}

function* packages(config: GoStruct): Generator<RawFinding> {
  for (const { text, span } of packagesOf(config)) {
    const message = packageMistake(text);
    if (message !== null) yield { span, message };
  }
}

function* architectures(config: GoStruct): Generator<RawFinding> {
  for (const { value, node } of config.strings('archs')) {
    // Nothing at all is the architecture of the machine.
    if (value === '' || KNOWN_ARCHITECTURES.has(value)) continue;
    if (COMMAND_LINE.has(value)) {
      yield {
        span: spanOf(node),
        message: `Only the command line takes ${JSON.stringify(value)}; here apko looks for packages of that name. Name the architectures, or leave archs out.`,
      };
      continue;
    }
    const near = closest(value, [...KNOWN_ARCHITECTURES]);
    yield {
      span: spanOf(node),
      message: `apko builds for no architecture ${JSON.stringify(value)}.${near === null ? ` It knows ${ARCHITECTURES.join(', ')}.` : ` Did you mean ${JSON.stringify(near)}?`}`,
    };
  }
}

const CONTENTS =
  'contents:\n  repositories:\n    - https://packages.wolfi.dev/os\n  packages:\n    - ca-certificates-bundle\n';

export const apkoBuildRefuses = defineRule({
  id: 'WB2002',
  slug: 'apko-build-refuses',
  title: 'A build with apko would fail',
  language: 'apko',
  severity: 'error',
  category: 'build',
  since: '0.2.0',
  why: 'Some mistakes pass when apko reads the file and end the build: a path with a type that apko does not know, a layering strategy that does not exist, a package by a version that cannot be one, an architecture that no package is built for.',
  controls: controls('CM-2', 'CM-6', 'SA-10'),
  examples: {
    bad: [
      {
        text: `${CONTENTS}paths:\n  - path: /data\n    type: dir\n    uid: 65532\n`,
        note: 'A type of path that apko does not know.',
      },
      {
        text: `${CONTENTS}layering:\n  strategy: size\n  budget: 10\n`,
        note: 'A layering strategy that does not exist.',
      },
      {
        text: 'contents:\n  repositories: [https://packages.wolfi.dev/os]\n  packages: [hello=v1.2, "!curl", "a b"]\n',
        note: 'A version that is none, a package to keep out, and two in one.',
      },
      {
        text: 'contents:\n  repositories: ["local ./packages"]\n  packages: [hello]\n',
        note: 'A tag without its @.',
      },
      { text: `${CONTENTS}archs: [all]\n`, note: 'A word that only the command line takes.' },
      { text: `${CONTENTS}layering:\n  strategy: origin\n  budget: -1\n`, note: 'A budget below 0.' },
      { text: `${CONTENTS}paths:\n  - path: /bin/x\n    type: hardlink\n`, note: 'A hard link to nothing.' },
      { text: `${CONTENTS}archs: [x64]\n`, note: 'An architecture by a name that apko does not know.' },
      { text: `${CONTENTS}paths:\n  - path: /bin/sh\n    type: symlink\n`, note: 'A link that leads nowhere.' },
    ],
    good: [
      {
        text: `${CONTENTS}paths:\n  - path: /data\n    type: directory\n    uid: 65532\n  - path: /bin/x\n    type: symlink\n    source: /bin/y\n`,
        note: 'Types that apko knows, and a link with its source.',
      },
      {
        text: `${CONTENTS}layering:\n  strategy: origin\n  budget: 10\narchs: [x86_64, arm64]\n`,
        note: 'The one strategy there is, and both kinds of names.',
        nearMiss: true,
      },
      {
        text: 'contents:\n  repositories:\n    - "@local ./packages"\n    - https://packages.wolfi.dev/os\n  packages: [hello@local]\n',
        note: 'A package from a tagged repository.',
      },
    ],
  },
  refs: ['apko v1.2.37, pkg/build/paths.go, layers.go', 'apko v1.2.37, pkg/build/types/types.go'],
  *check({ config, root }) {
    yield* layering(config, root);
    yield* mutations(config);
    yield* repositories(config);
    yield* packages(config);
    yield* architectures(config);
  },
});
