// SPDX-License-Identifier: Apache-2.0
import { hostOf, isLocalHost, keyringOf, repositoriesOf, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const PACKAGES = '  packages: [ca-certificates-bundle]\n';

export const repositoryNotEncrypted = defineRule({
  id: 'WB2001',
  slug: 'repository-not-encrypted',
  title: 'Repository or key over plain HTTP',
  language: 'apko',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'Over plain HTTP anybody on the way can hold back updates, and a key that comes that way proves nothing: whoever changes the packages changes the key with them.',
  controls: controls('SC-8', 'SC-8(1)', 'SR-11'),
  examples: {
    bad: [
      {
        text: `contents:\n  repositories:\n    - http://dl-cdn.alpinelinux.org/alpine/v3.24/main\n${PACKAGES}`,
        note: 'A repository over HTTP.',
      },
      {
        text: `contents:\n  keyring:\n    - http://packages.example.com/key.rsa.pub\n${PACKAGES}`,
        note: 'A key over HTTP.',
      },
      {
        text: `contents:\n  repositories:\n    - "@extra http://packages.example.com/os"\n${PACKAGES}`,
        note: 'A tagged repository over HTTP.',
      },
    ],
    good: [
      {
        text: `contents:\n  repositories:\n    - https://packages.wolfi.dev/os\n${PACKAGES}`,
        note: 'Over HTTPS.',
        nearMiss: true,
      },
      { text: `contents:\n  repositories:\n    - "@local ./packages"\n${PACKAGES}`, note: 'A folder.' },
      {
        text: `contents:\n  repositories:\n    - http://localhost:8080/os\n${PACKAGES}`,
        note: 'A repository on this machine.',
      },
    ],
  },
  refs: ['apko: contents.repositories, contents.keyring'],
  *check({ config, source }) {
    for (const { text, span } of [...repositoriesOf(config), ...keyringOf(config)]) {
      const { address } = splitTag(text);
      const host = hostOf(address);
      if (!/^http:\/\//i.test(address) || host === null || isLocalHost(host)) continue;
      const at = source.text.indexOf('http:', span.start);
      const inside = at >= span.start && at < span.end;
      yield {
        span,
        message: `${host} is asked over plain HTTP, where anybody on the way can answer. Use https, where the server offers it.`,
        fixes: inside
          ? [
              {
                title: 'Use https',
                edits: [{ span: { start: at, end: at + 5 }, newText: 'https:' }],
                caveat: 'the server may not offer it',
              },
            ]
          : [],
      };
    }
  },
});
