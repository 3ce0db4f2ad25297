// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const image = (more: string): string => `contents:\n  packages: [app]\n${more}`;
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const OCI = 'org.opencontainers.image';
/** Where packages write down what they are; scanners and apko's own SBOM read it. */
const RECORDS = /^\/?(?:var\/lib\/db\/sbom|(?:usr\/)?lib\/apk\/db|etc\/os-release|usr\/lib\/os-release)(?:\/|$)/;
const REPLACES = new Set(['empty-file', 'hardlink', 'symlink']);

export const originLost = defineRule({
  id: 'WB2019',
  slug: 'origin-lost',
  title: 'Where the image comes from gets lost',
  language: 'apko',
  severity: 'warning',
  category: 'evidence',
  since: '0.2.0',
  why: 'apko writes source and commit into annotations and SBOM only where vcs-url is ADDRESS@COMMIT, parts it at the first @, and writes over what annotations say of them. Records of packages that are replaced leave the SBOM and scanners without an answer.',
  controls: controls('CM-8', 'SR-3', 'SA-10'),
  examples: {
    bad: [
      { text: image('vcs-url: https://example.com/app\n'), note: 'No commit.' },
      { text: image(`vcs-url: git@example.com:app.git@${COMMIT}\n`), note: 'An address with an @ of its own.' },
      {
        text: image(`vcs-url: https://example.com/app@${COMMIT}\nannotations:\n  ${OCI}.revision: v1.2.3\n`),
        note: 'An annotation that apko writes over.',
      },
      {
        text: image(`annotations:\n  ${OCI}.created: "2026-11-25"\n`),
        note: 'The time of creation is always its own.',
      },
      {
        text: image('paths:\n  - path: /etc/os-release\n    type: empty-file\n'),
        note: 'The record of the distribution is emptied.',
      },
    ],
    good: [
      { text: image(`vcs-url: https://example.com/app@${COMMIT}\n`), note: 'Address and commit.', nearMiss: true },
      {
        text: image(`annotations:\n  ${OCI}.source: https://example.com/app\n`),
        note: 'Annotations, where no vcs-url writes over them.',
        nearMiss: true,
      },
      { text: image(''), note: 'apko asks git itself.' },
      {
        text: image('paths:\n  - path: /var/lib/db/sbom\n    type: permissions\n    permissions: 0o755\n'),
        note: 'Only the permissions of the records.',
      },
    ],
  },
  refs: ['apko v1.2.37: annotations of built images', 'OCI image spec: pre-defined annotation keys'],
  *check({ config }) {
    const address = config.string('vcs-url');
    const node = config.node('vcs-url');
    const [before = '', after] = address.split(/@(.*)/s);
    if (node !== null && address !== '') {
      if (after === undefined) {
        yield {
          span: spanOf(node),
          message:
            'Without a commit apko writes neither source nor revision into the image. Write ADDRESS@COMMIT, or leave vcs-url out where apko runs in the repository.',
        };
      } else if (!/^[a-z][a-z0-9+.-]*:\/\/./i.test(before) || /[@:/]/.test(after)) {
        yield {
          span: spanOf(node),
          message: `apko parts this at its first @, so the source becomes ${JSON.stringify(before.slice(0, 60))}. Write an https address without a user, then @COMMIT.`,
        };
      }
    }
    const overwritten = new Set([`${OCI}.created`]);
    if (after !== undefined) overwritten.add(`${OCI}.source`).add(`${OCI}.revision`);
    for (const [name, { key, node: value }] of config.map('annotations')) {
      if (!overwritten.has(name)) continue;
      yield {
        span: spanOf(key ?? value),
        message: `apko writes its own value over ${name}, and this one is lost. Remove it, or use another name.`,
      };
    }
    for (const { value } of config.structs('paths')) {
      const path = value.string('path');
      const at = value.node('path');
      if (at === null || !REPLACES.has(value.string('type')) || !RECORDS.test(path)) continue;
      yield {
        span: spanOf(at),
        message: `${path.slice(0, 60)} records what is in the image, and this replaces it. Leave it as the packages have it.`,
      };
    }
  },
});
