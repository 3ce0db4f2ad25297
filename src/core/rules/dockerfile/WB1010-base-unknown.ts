// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { nameOf, related } from '../image-uses.ts';

export const baseUnknown = defineRule({
  id: 'WB1010',
  slug: 'base-unknown',
  title: 'Image is not in the catalogue',
  language: 'dockerfile',
  severity: 'hint',
  offByDefault: true,
  category: 'base',
  since: '0.1.0',
  why: 'About an image that the catalogue does not know nothing is judged: whether it is minimal, which user it has, when its support ends, whether it has a validated module. Silence about it is no good sign.',
  controls: controls('CM-2', 'CM-8', 'SR-3'),
  examples: {
    bad: [
      { text: 'FROM example.com/team/base:1.4\nUSER 1000\n', note: 'An image of one organisation.' },
      {
        text: 'ARG IMAGE=someone/tool\nFROM ${IMAGE}:2 AS build\nFROM scratch\nUSER 1000\n',
        note: 'The variable is followed, the builder counts.',
      },
      {
        text: 'FROM scratch\nCOPY --from=example.com/tools:1.4 /bin/tool /bin/\nUSER 1000\n',
        note: 'In COPY --from.',
      },
    ],
    good: [
      { text: 'FROM debian:13\nUSER 1000\n', note: 'The catalogue knows it.' },
      { text: 'FROM index.docker.io/library/debian:13\nUSER 1000\n', note: 'By its other names too.' },
      {
        text: '# syntax=example.com/frontend:1\nFROM scratch\nUSER 1000\n',
        note: 'A frontend is not part of the image, and scratch is none.',
      },
      {
        text: 'FROM scratch\nCOPY --from=busybox:1.37 /bin/tool /bin/\nUSER 1000\n',
        note: 'In COPY --from as well.',
        nearMiss: true,
      },
      { text: 'FROM debian:13 AS base\nFROM base\nUSER 1000\n', note: 'A stage is known by its own base.' },
    ],
  },
  refs: ['docs/catalogue.md'],
  *check({ shared, catalogue }) {
    for (const use of shared.uses) {
      if (use.how === 'syntax' || catalogue.find(use.reference) !== null) continue;
      yield {
        span: use.span,
        message: `The catalogue does not know ${nameOf(use)}, so nothing is judged about it. Add an entry of your own, or audit the image.`,
        data: { image: use.resolved },
        ...related(use),
      };
    }
  },
});
