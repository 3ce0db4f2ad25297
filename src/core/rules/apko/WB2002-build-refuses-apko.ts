// SPDX-License-Identifier: Apache-2.0
import type { RawFinding } from '../../model/finding.ts';
import { spanOf } from '../../yaml/go/node.ts';
import { closest } from '../../yaml/go/spelling.ts';
import type { GoStruct } from '../../yaml/go/types.ts';
import { packagesOf, repositoriesOf, splitPackage, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const MUTATIONS = ['directory', 'empty-file', 'hardlink', 'symlink', 'permissions'];
const ARCHITECTURES = ['386', 'amd64', 'arm64', 'arm/v6', 'arm/v7', 'loong64', 'ppc64le', 'riscv64', 's390x'];
const APK_NAMES = ['x86', 'x86_64', 'aarch64', 'armhf', 'armv7', 'loongarch64'];
const KNOWN_ARCHITECTURES = new Set([...ARCHITECTURES, ...APK_NAMES, 'all', 'host']);

function* layering(config: GoStruct): Generator<RawFinding> {
  const layers = config.struct('layering');
  if (layers === null) return;
  const strategy = layers.string('strategy');
  const key = config.fields.get('layering')?.key;
  if ((strategy === '' && layers.number('budget') === 0n) || key === null || key === undefined) return;
  if (strategy !== 'origin') {
    yield {
      span: spanOf(layers.node('strategy') ?? key),
      message: `apko knows no layering strategy ${JSON.stringify(strategy)}. Write "strategy: origin", the only one.`,
    };
  } else if (config.struct('contents')?.struct('baseimage') !== null && config.struct('contents') !== null) {
    yield {
      span: spanOf(key),
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
      yield {
        span: spanOf(value.node('type') ?? node),
        message: `A ${type} needs a source. Add "source" with the path it leads to.`,
      };
    }
  }
}

function* repositories(config: GoStruct): Generator<RawFinding> {
  const tags = new Set<string>();
  for (const { text, span } of repositoriesOf(config)) {
    const parts = text.split(' ');
    if (parts.length > 2 || (parts.length === 2 && !/^@./.test(parts[0] ?? ''))) {
      yield { span, message: `${JSON.stringify(text)} is no repository. Write an address, or "@TAG ADDRESS".` };
      continue;
    }
    const { tag } = splitTag(text);
    if (tag !== null) tags.add(tag);
  }
  if (config.string('include') !== '') return;
  for (const { text, span } of packagesOf(config)) {
    const { tag } = splitPackage(text);
    if (tag !== '' && !tags.has(tag)) {
      yield {
        span,
        message: `No repository has the tag @${tag}, so ${text} cannot be found. Tag a repository, or remove the tag.`,
      };
    }
  }
}

function* architectures(config: GoStruct): Generator<RawFinding> {
  for (const { value, node } of config.strings('archs')) {
    if (KNOWN_ARCHITECTURES.has(value)) continue;
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
  why: 'Some mistakes pass when apko reads the file and end the build: a path with a type that apko does not know, a layering strategy that does not exist, a package from a repository that nobody tagged, an architecture that no package is built for.',
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
        text: 'contents:\n  repositories: [https://packages.wolfi.dev/os]\n  packages: [hello@local]\n',
        note: 'A tag that no repository has.',
      },
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
  *check({ file: { config } }) {
    if (config === null) return;
    yield* layering(config);
    yield* mutations(config);
    yield* repositories(config);
    yield* architectures(config);
  },
});
