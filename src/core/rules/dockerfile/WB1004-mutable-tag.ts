// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

/** Tags that mean "whatever is newest", by the usage of registries; a version says more and is left to WB1005. */
const FLOATING = new Set([
  'latest',
  'stable',
  'edge',
  'nightly',
  'current',
  'lts',
  'main',
  'master',
  'mainline',
  'rolling',
  'testing',
  'unstable',
  'devel',
  'rawhide',
  'next',
  'canary',
]);

function isFloating(tag: string): boolean {
  return FLOATING.has(tag.split('-')[0] ?? tag);
}

export const mutableTag = defineRule({
  id: 'WB1004',
  slug: 'mutable-tag',
  title: 'Tag means whatever is newest',
  language: 'dockerfile',
  severity: 'warning',
  category: 'pinning',
  since: '0.1.0',
  why: 'A tag such as latest, or none at all, names another image from one day to the next. A build cannot be repeated, and a change nobody decided reaches production.',
  controls: controls('CM-2', 'SI-7', 'SI-7(1)', 'SR-11'),
  examples: {
    bad: [
      { text: 'FROM node\nUSER node\n', note: 'No tag means latest.' },
      { text: 'FROM cgr.dev/chainguard/node:latest\n', note: 'latest, however good the image.' },
    ],
    good: [
      {
        text: `FROM node:latest@sha256:${'0'.repeat(64)}\nUSER node\n`,
        note: 'With a digest the tag is only a comment.',
      },
      { text: 'FROM node:24.9\nUSER node\n', note: 'A version; its digest is another matter.' },
    ],
  },
  refs: ['OCI distribution specification: tags can be moved, digests cannot'],
  *check({ facts }) {
    for (const stage of facts.stages) {
      if (stage.base.kind !== 'image' || stage.base.reference.digest !== null) continue;
      const { tag } = stage.base.reference;
      if (tag !== null && !isFloating(tag)) continue;
      yield {
        span: stage.baseSpan,
        message:
          tag === null
            ? `${stage.written} has no tag, so it means latest, whatever that is on the day of the build. Name a version and pin its digest.`
            : `The tag ${tag} is another image from one day to the next. Name a version and pin its digest.`,
        data: { image: stage.base.resolved, tag },
      };
    }
  },
});
