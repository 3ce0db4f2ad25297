// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import type { Placed } from '../../yaml/go/types.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { namesSecret, shapedSecrets } from '../secrets.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';

export const secretInPackageFile = defineRule({
  id: 'WB3014',
  slug: 'secret-in-package-file',
  title: 'Secret in a melange file',
  language: 'melange',
  severity: 'error',
  category: 'secrets',
  since: '0.2.0',
  why: 'melange puts the whole build file into the package, and its history is in the repository: a secret that stands here is read by everybody who has either.',
  controls: controls('IA-5(7)'),
  examples: {
    bad: [
      {
        text: `${HEAD}environment:\n  environment:\n    REGISTRY_PASSWORD: correct-horse-battery\n`,
        note: 'A password by its name.',
      },
      { text: `${HEAD}vars:\n  upload: ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8\n`, note: 'A token by its shape.' },
      {
        text: `${HEAD}pipeline:\n  - runs: |\n      curl -H "Authorization: token ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8" https://example.com\n`,
        note: 'In a script.',
      },
    ],
    good: [
      {
        text: `${HEAD}environment:\n  environment:\n    REGISTRY_PASSWORD: \${{vars.none}}\nvars:\n  none: ""\n`,
        note: 'A variable.',
      },
      { text: `${HEAD}vars:\n  commit: 0123456789abcdef0123456789abcdef01234567\n`, note: 'A commit.', nearMiss: true },
      { text: `${HEAD}pipeline:\n  - runs: test -n "$GITHUB_TOKEN"\n`, note: 'A variable of the shell.' },
    ],
  },
  refs: ['melange: the build configuration is in each package'],
  *check({ config, source }) {
    for (const { start, end, kind } of shapedSecrets(source.text)) {
      yield {
        span: { start, end },
        message: `This is ${kind}, and everybody reads it who has the package or the repository. Take it out, and replace it.`,
      };
    }
    const maps: ReadonlyMap<string, Placed<string>>[] = [
      config.map('vars'),
      config.struct('environment')?.map('environment') ?? new Map(),
      ...stepsOf(config).flatMap(({ struct }) => [struct.map('environment'), struct.map('with')]),
    ];
    for (const [name, { value, node }] of maps.flatMap((map) => [...map])) {
      if (value.includes('${{') || value.includes('$') || shapedSecrets(value).length > 0 || !namesSecret(name, value))
        continue;
      yield {
        span: spanOf(node),
        message: `${name} holds a secret, and everybody reads it who has the package or the repository. Take it out, and replace it.`,
      };
    }
  },
});
