// SPDX-License-Identifier: Apache-2.0
import { hostOf, repositoriesOf, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

/** The C library decides: what is built for one does not run with the other. */
function distributionOf(address: string): 'Alpine' | 'Wolfi' | null {
  const host = hostOf(address) ?? '';
  if (/(?:^|\.)alpinelinux\.org$/.test(host) || /\/alpine\/(?:v\d|edge|latest)/.test(address)) return 'Alpine';
  return /(?:^|\.)(?:wolfi\.dev|cgr\.dev)$/.test(host) ? 'Wolfi' : null;
}

const ALPINE = 'https://dl-cdn.alpinelinux.org/alpine/v3.24/main';
const WOLFI = 'https://packages.wolfi.dev/os';

export const distributionsMixed = defineRule({
  id: 'WB2009',
  slug: 'distributions-mixed',
  title: 'Repositories of two distributions in one image',
  language: 'apko',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'Alpine packages are built for musl and those of Wolfi for glibc. Mixed in one image they fail when they start, and scanners match them against the advisories of only one distribution.',
  controls: controls('CM-2', 'RA-5', 'CM-8'),
  examples: {
    bad: [
      {
        text: `contents:\n  repositories:\n    - ${WOLFI}\n    - ${ALPINE}\n  packages: [wolfi-base]\n`,
        note: 'Both side by side.',
      },
      {
        text: `contents:\n  repositories: [${ALPINE}]\n  build_repositories: [${WOLFI}]\n  packages: [alpine-base]\n`,
        note: 'One of them for building only.',
      },
      {
        text: `contents:\n  repositories: [https://packages.cgr.dev/extras, ${ALPINE}]\n  packages: [a]\n`,
        note: "Chainguard's packages are Wolfi's.",
      },
    ],
    good: [
      {
        text: `contents:\n  repositories: [${WOLFI}, https://packages.cgr.dev/extras]\n  packages: [wolfi-base]\n`,
        note: 'One distribution.',
      },
      {
        text: `contents:\n  repositories: [${ALPINE}, https://dl-cdn.alpinelinux.org/alpine/v3.24/community]\n  packages: [alpine-base]\n`,
        note: 'Two parts of one distribution.',
        nearMiss: true,
      },
      {
        text: `contents:\n  repositories: [${WOLFI}, "@local ./packages"]\n  packages: [wolfi-base, a@local]\n`,
        note: 'Own packages beside.',
      },
    ],
  },
  refs: ['https://wiki.alpinelinux.org/wiki/Musl', 'Wolfi: glibc'],
  *check({ config }) {
    let first: string | null = null;
    for (const { text, span } of repositoriesOf(config)) {
      const distribution = distributionOf(splitTag(text).address);
      if (distribution === null) continue;
      first ??= distribution;
      if (distribution === first) continue;
      yield {
        span,
        message: `This repository is ${distribution}'s, and the one above is ${first}'s: their packages need different C libraries. Keep to one distribution.`,
      };
    }
  },
});
