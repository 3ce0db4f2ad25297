// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { nameOf, related, tagSpan } from '../image-uses.ts';
import { isFloating } from '../tags.ts';

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
      { text: 'FROM cgr.dev/chainguard/static:latest\n', note: 'latest, however good the image.' },
      {
        text: 'ARG TAG=lts-alpine\nFROM node:${TAG} AS build\nFROM scratch\nUSER 1000\n',
        note: 'A variant of the newest release; the ARG is followed.',
      },
      {
        text: 'FROM scratch\nCOPY --from=busybox:stable /bin/busybox /bin/\nUSER 1000\n',
        note: 'In COPY --from as well.',
      },
    ],
    good: [
      {
        text: `FROM node:latest@sha256:${'0'.repeat(64)}\nUSER node\n`,
        note: 'With a digest the tag is only a comment.',
      },
      { text: 'FROM node:24.9\nUSER node\n', note: 'A version; its digest is another matter.', nearMiss: true },
      { text: 'FROM debian:trixie-slim\nUSER 1000\n', note: 'A release by its name.' },
      {
        text: 'FROM node:24.9 AS latest\nFROM latest\nUSER node\n',
        note: 'A stage of that name is no tag.',
      },
    ],
  },
  refs: ['OCI distribution specification: tags can be moved, digests cannot'],
  *check({ facts, shared }) {
    for (const use of shared.uses) {
      const { tag, digest } = use.reference;
      if (digest !== null || (tag !== null && !isFloating(tag))) continue;
      yield {
        span: tagSpan(use, facts.source),
        message:
          tag === null
            ? `${nameOf(use)} has no tag, so it means latest, whatever that is on the day of the build. Name a version and pin its digest.`
            : `The tag ${tag} is another image from one day to the next. Name a version where there is one, and pin the digest.`,
        data: { image: use.resolved, tag },
        ...related(use),
      };
    }
  },
});
