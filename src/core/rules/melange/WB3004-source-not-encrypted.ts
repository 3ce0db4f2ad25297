// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { hostOf, isLocalHost, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';
const SHA = '0123456789abcdef'.repeat(4);
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export const sourceNotEncrypted = defineRule({
  id: 'WB3004',
  slug: 'source-not-encrypted',
  title: 'Source or package repository over an open connection',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'Over HTTP, the git protocol or FTP anybody on the way can answer. A checksum finds the change, but not who watches, and packages of an open repository have none in this file.',
  controls: controls('SC-8', 'SC-8(1)', 'SR-11'),
  examples: {
    bad: [
      {
        text: `${HEAD}pipeline:\n  - uses: fetch\n    with:\n      uri: http://example.com/hello.tar.gz\n      expected-sha256: ${SHA}\n`,
        note: 'A download over HTTP.',
      },
      {
        text: `${HEAD}pipeline:\n  - uses: git-checkout\n    with:\n      repository: git://example.com/hello\n      expected-commit: ${COMMIT}\n`,
        note: 'A checkout by the git protocol.',
      },
      {
        text: `${HEAD}environment:\n  contents:\n    repositories: [http://packages.example.com/os]\n`,
        note: 'A package repository over HTTP.',
      },
    ],
    good: [
      {
        text: `${HEAD}pipeline:\n  - uses: fetch\n    with:\n      uri: https://example.com/hello.tar.gz\n      expected-sha256: ${SHA}\n`,
        note: 'Over HTTPS.',
        nearMiss: true,
      },
      {
        text: `${HEAD}pipeline:\n  - uses: git-checkout\n    with:\n      repository: ssh://git@example.com/hello\n      expected-commit: ${COMMIT}\n`,
        note: 'Over SSH.',
      },
      {
        text: `${HEAD}environment:\n  contents:\n    repositories: [http://localhost:8080/os, ./packages]\n`,
        note: 'This machine and a folder.',
      },
    ],
  },
  refs: ['melange: pipelines fetch and git-checkout'],
  *check({ config, source }) {
    const places = stepsOf(config).flatMap(({ struct }) => {
      const name =
        struct.string('uses') === 'fetch' ? 'uri' : struct.string('uses') === 'git-checkout' ? 'repository' : null;
      const entry = name === null ? undefined : struct.map('with').get(name);
      return entry === undefined ? [] : [entry];
    });
    const environments = [config.struct('environment'), config.struct('test')?.struct('environment') ?? null];
    for (const environment of environments) {
      const contents = environment?.struct('contents') ?? null;
      for (const field of ['repositories', 'build_repositories', 'keyring'])
        places.push(...(contents?.strings(field) ?? []));
    }
    for (const { value, node } of places) {
      const scheme = /^(?:@\S+\s+)?(http|git|ftp):\/\//i.exec(value)?.[1];
      const host = hostOf(value.replace(/^@\S+\s+/, ''));
      if (scheme === undefined || host === null || isLocalHost(host)) continue;
      const span = spanOf(node);
      const at = source.text.indexOf(`${scheme}:`, span.start);
      yield {
        span,
        message: `${host} is asked over an open connection (${scheme}), where anybody on the way can answer. Use https, where the server offers it.`,
        fixes:
          at < span.start || at >= span.end
            ? []
            : [
                {
                  title: 'Use https',
                  edits: [{ span: { start: at, end: at + scheme.length }, newText: 'https' }],
                  caveat: 'the server may not offer it',
                },
              ],
      };
    }
  },
});
