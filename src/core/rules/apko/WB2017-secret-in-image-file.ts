// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { namesSecret, shapedSecrets } from '../secrets.ts';

const CONTENTS = 'contents:\n  packages: [app]\n';

export const secretInImageFile = defineRule({
  id: 'WB2017',
  slug: 'secret-in-image-file',
  title: 'Secret in an apko file',
  language: 'apko',
  severity: 'error',
  category: 'secrets',
  since: '0.2.0',
  why: 'What stands in environment or annotations is in the configuration of the image, where everybody reads it who can pull it, and in the history of the repository for good.',
  controls: controls('IA-5(7)'),
  examples: {
    bad: [
      {
        text: `${CONTENTS}environment:\n  DATABASE_PASSWORD: correct-horse-battery\n`,
        note: 'A password by its name.',
      },
      {
        text: `${CONTENTS}environment:\n  CI_JOB: ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8\n`,
        note: 'A token by its shape.',
      },
      { text: `${CONTENTS}annotations:\n  build: AKIAQ3EGRSXHJ5V2M7WP\n`, note: 'In an annotation.' },
    ],
    good: [
      {
        text: `${CONTENTS}environment:\n  DATABASE_PASSWORD_FILE: /run/secrets/database\n`,
        note: 'Where the secret is, not what it is.',
      },
      { text: `${CONTENTS}environment:\n  LANG: C.UTF-8\n`, note: 'No secret.' },
      { text: `${CONTENTS}environment:\n  API_TOKEN: changeme\n`, note: 'A stand-in.', nearMiss: true },
    ],
  },
  refs: ['apko: environment, annotations'],
  *check({ config }) {
    for (const field of ['environment', 'annotations'] as const) {
      for (const [name, { value, node }] of config.map(field) ?? []) {
        const kind =
          shapedSecrets(value)[0]?.kind ?? (field === 'environment' && namesSecret(name, value) ? 'a secret' : null);
        if (kind === null) continue;
        yield {
          span: spanOf(node),
          message: `${name} holds ${kind}, which everybody reads who can pull the image. Give it when the container starts, and replace it.`,
        };
      }
    }
  },
});
