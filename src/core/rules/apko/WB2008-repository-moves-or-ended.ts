// SPDX-License-Identifier: Apache-2.0
import { parseImageReference } from '../../model/image-reference.ts';
import { repositoriesOf, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const ALPINE = /\/alpine\/(edge|latest-stable|v(\d+\.\d+))(?:\/|$)/;
const repository = (branch: string): string =>
  `contents:\n  repositories:\n    - https://dl-cdn.alpinelinux.org/alpine/${branch}/main\n  packages: [alpine-base]\n`;

export const repositoryMovesOrEnded = defineRule({
  id: 'WB2008',
  slug: 'repository-moves-or-ended',
  title: 'Distribution branch that moves, or is past its end of life',
  language: 'apko',
  severity: 'warning',
  category: 'lifecycle',
  since: '0.2.0',
  why: 'A branch such as edge becomes another distribution from one day to the next, and a branch past its end of life gets no more fixes: each build takes in what is known to be broken.',
  controls: controls('CM-2', 'SA-22', 'SI-2'),
  examples: {
    bad: [
      { text: repository('edge'), note: 'The development branch.' },
      { text: repository('latest-stable'), note: 'A branch that jumps to each new release.' },
      { text: repository('v3.14'), note: 'A branch that gets no more fixes.' },
    ],
    good: [
      { text: repository('v3.24'), note: 'A branch with support.', nearMiss: true },
      {
        text: 'contents:\n  repositories: [https://packages.wolfi.dev/os]\n  packages: [wolfi-base]\n',
        note: 'A distribution without branches.',
      },
      {
        text: 'contents:\n  repositories: ["@edge https://dl-cdn.alpinelinux.org/alpine/edge/testing", https://dl-cdn.alpinelinux.org/alpine/v3.24/main]\n  packages: [alpine-base, tool@edge]\n',
        note: 'A moving branch behind a tag, for single packages.',
      },
    ],
  },
  refs: ['https://alpinelinux.org/releases/'],
  *check({ config, catalogue, today }) {
    for (const { text, span } of repositoriesOf(config)) {
      const { tag, address } = splitTag(text);
      const [, branch, version] = ALPINE.exec(address) ?? [];
      if (branch === undefined || tag !== null) continue;
      if (version === undefined) {
        yield {
          span,
          message: `Alpine's branch ${branch} becomes another distribution without notice. Name a release, for example v3.24.`,
        };
      }
      const image = parseImageReference(`docker.io/library/alpine:${version ?? branch}`);
      const known = image.ok ? catalogue.lifecycles(image.value, today) : [];
      const ended = known.find(({ state }) => state === 'ended');
      if (ended === undefined) continue;
      yield {
        span,
        message: `Alpine ${version} is past its end of life${ended.ends === null ? '' : ` since ${ended.ends}`} and gets no more fixes. Move to a release with support.`,
        data: { product: ended.product, cycle: ended.cycle, ends: ended.ends },
      };
    }
  },
});
