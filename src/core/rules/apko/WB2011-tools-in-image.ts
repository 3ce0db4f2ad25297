// SPDX-License-Identifier: Apache-2.0
import { packagesOf, splitPackage } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:busybox|bash|dash(?:-binsh)?|zsh|fish|ash|wolfi-base|alpine-base|chainguard-base)$/, 'a shell'],
  [/^(?:apk-tools|pip|py3(?:\.\d+)?-pip|npm|yarn|pnpm|rubygems)$/, 'a package manager'],
  [/^(?:build-base|gcc|g\+\+|clang(?:-\d+)?|go(?:-[\d.]+)?|rust|cargo|make|cmake|openjdk-\d+|llvm.*)$/, 'a compiler'],
  [/^(?:curl|wget|git|openssh-client|netcat-openbsd|socat|nmap|strace|gdb)$/, 'a tool for moving about'],
];
/** Said in the name of the file's packages themselves: an image for building. */
const image = (packages: string): string =>
  `contents:\n  repositories: [https://packages.wolfi.dev/os]\n  packages: [${packages}]\n`;

export const toolsInImage = defineRule({
  id: 'WB2011',
  slug: 'tools-in-image',
  title: 'Shell, package manager, compiler or tools in the image',
  language: 'apko',
  severity: 'hint',
  category: 'runtime',
  since: '0.2.0',
  why: 'Whatever the program does not need helps whoever breaks into it, and adds vulnerabilities that have to be answered for. An image that builds others may need all of it; one that runs a program rarely does.',
  controls: controls('CM-7', 'CM-7(1)', 'SA-8'),
  examples: {
    bad: [
      { text: image('nginx, busybox'), note: 'A shell.' },
      { text: image('python-3.13, py3.13-pip'), note: 'A package manager.' },
      { text: image('app, build-base'), note: 'A compiler.' },
    ],
    good: [
      { text: image('nginx, ca-certificates-bundle'), note: 'The program and its certificates.' },
      { text: image('wolfi-baselayout, tzdata'), note: 'Files without programs.', nearMiss: true },
      { text: image('bash-completion, gcc-doc'), note: 'Names that only look alike.' },
    ],
  },
  refs: ['NIST SP 800-190, 4.1.2'],
  *check({ config }) {
    for (const { text, span } of packagesOf(config)) {
      const { name } = splitPackage(text);
      const kind = text.startsWith('!') ? undefined : KINDS.find(([names]) => names.test(name))?.[1];
      if (kind === undefined) continue;
      yield {
        span,
        message: `${name} brings ${kind} into the image. Leave it out where the image only runs a program.`,
      };
    }
  },
});
