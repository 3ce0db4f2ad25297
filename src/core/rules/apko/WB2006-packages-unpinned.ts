// SPDX-License-Identifier: Apache-2.0
import { lockNameOf } from '../../apko/lock.ts';
import { spanOf } from '../../yaml/go/node.ts';
import { keySpan, packagesOf, splitPackage } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const image = (packages: string, more = ''): string =>
  `contents:\n  repositories: [https://packages.wolfi.dev/os]\n  packages: [${packages}]\n${more}`;
const NONE = {};

export const packagesUnpinned = defineRule({
  id: 'WB2006',
  slug: 'packages-unpinned',
  title: 'Packages without versions, and no lock file',
  language: 'apko',
  severity: 'info',
  category: 'pinning',
  since: '0.2.0',
  why: 'Without versions each build takes what the repositories have that day, so that nobody can build the same image again or say which change brought a package in. A lock file holds every package to one version, those that come along as well.',
  controls: controls('CM-2', 'SA-10', 'SR-11'),
  examples: {
    bad: [
      { text: image('nginx, busybox'), note: 'No versions and no lock file.', files: NONE },
      { text: image('nginx=1.29.1-r0, busybox'), note: 'One of two has a version.', files: NONE },
      { text: image('nginx~1.29'), note: 'A version that later ones fit as well.', files: NONE },
      {
        text: 'contents:\n  baseimage:\n    image: ./base\n    apkindex: ./index\n  packages: [curl]\n',
        note: 'A base image, on which apko builds with a lock file only.',
        files: NONE,
      },
    ],
    good: [
      { text: image('nginx=1.29.1-r0'), note: 'A version for each.', files: NONE, nearMiss: true },
      { text: image('nginx'), note: 'A lock file beside it.', files: { 'image.apko.lock.json': '{}' }, nearMiss: true },
      { text: image('nginx'), note: 'A file of which nobody knows what lies beside it.' },
      { text: image('"!busybox"'), note: 'A package that is kept out.', files: NONE },
    ],
  },
  refs: ['apko lock, apko build --lockfile', 'apko v1.2.37: a base image needs a lock file'],
  *check({ config, root, neighbours }) {
    const contents = config.struct('contents') ?? null;
    if (contents === null || neighbours === null) return;
    const lock = lockNameOf(neighbours.name);
    if (neighbours.sibling(lock) !== null) return;
    if (contents.struct('baseimage') !== null) {
      yield {
        span: keySpan(contents, 'baseimage', spanOf(root)),
        severity: 'warning',
        message: `apko builds on a base image with a lock file only, and there is no ${lock}. Write it with "apko lock ${neighbours.name}".`,
      };
      return;
    }
    const packages = packagesOf(config).filter(({ text }) => !text.startsWith('!'));
    const open = packages.filter(({ text }) => splitPackage(text).operator !== '=');
    const [first] = open;
    if (first === undefined) return;
    const which =
      open.length === 1 ? `${splitPackage(first.text).name} has` : `${open.length} of ${packages.length} packages have`;
    yield {
      span: keySpan(contents, 'packages', first.span),
      message: `${which} no exact version and there is no ${lock}, so each build can take others. Write one with "apko lock ${neighbours.name}", or write NAME=VERSION.`,
    };
  },
});
