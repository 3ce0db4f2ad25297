// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { packagesOf, splitPackage } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const SHELLS =
  /^(?:busybox(?:-.*)?|bash|dash-binsh|dash|zsh|ash|wolfi-base|alpine-base|chainguard-base|toybox|oksh|yash|mksh|cmd:sh|\/bin\/sh)$/;
const NEEDS_SHELL = /^(?:\/usr)?(?:\/bin\/)?(?:sh|bash|ash|dash)(?:\s|$)/;
const image = (packages: string, entrypoint: string): string =>
  `contents:\n  packages: [${packages}]\nentrypoint:\n${entrypoint}`;

export const entrypointWithoutShell = defineRule({
  id: 'WB2016',
  slug: 'entrypoint-without-shell',
  title: 'Entrypoint needs a shell that is not installed',
  language: 'apko',
  severity: 'warning',
  category: 'runtime',
  since: '0.2.0',
  why: 'A shell fragment is started with /bin/sh -c. Where no package brings a shell the image builds without a word, and its container ends at once because the program is not found.',
  controls: controls('CM-2', 'CM-6'),
  examples: {
    bad: [
      { text: image('nginx', '  shell-fragment: nginx -g "daemon off;"\n'), note: 'A fragment without a shell.' },
      { text: image('app', '  command: /bin/sh -c "exec app"\n'), note: 'A command that is a shell.' },
      { text: image('app, tzdata', '  command: bash /start.sh\n'), note: 'Another shell.' },
    ],
    good: [
      {
        text: image('nginx, busybox', '  shell-fragment: nginx -g "daemon off;"\n'),
        note: 'With a shell.',
        nearMiss: true,
      },
      { text: image('nginx', '  command: /usr/sbin/nginx\n'), note: 'A program.' },
      { text: image('wolfi-base', '  command: /bin/sh -l\n'), note: 'A base that brings one.' },
    ],
  },
  refs: ['apko: entrypoint.shell-fragment'],
  *check({ config }) {
    const entrypoint = config.struct('entrypoint') ?? null;
    if (entrypoint === null || config.string('include') !== '') return;
    const packages = packagesOf(config);
    if (packages.length === 0 || packages.some(({ text }) => SHELLS.test(splitPackage(text).name))) return;
    const fragment = entrypoint.string('shell-fragment') === '' ? null : entrypoint.node('shell-fragment');
    const command = NEEDS_SHELL.test(entrypoint.string('command')) ? entrypoint.node('command') : null;
    const node = fragment ?? command;
    if (node === null) return;
    const key = entrypoint.fields.get(fragment === null ? 'command' : 'shell-fragment')?.key ?? node;
    yield {
      span: spanOf(fragment === null ? node : key),
      message:
        'This is started by a shell, and no package of the list is one. Name the program as command, or add busybox.',
    };
  },
});
