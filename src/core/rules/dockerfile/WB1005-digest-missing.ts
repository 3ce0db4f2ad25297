// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { nameOf, related } from '../image-uses.ts';
import { isFloating } from '../tags.ts';

export const digestMissing = defineRule({
  id: 'WB1005',
  slug: 'digest-missing',
  title: 'Image is not pinned by digest',
  language: 'dockerfile',
  severity: 'info',
  category: 'pinning',
  since: '0.1.0',
  why: 'A version tag can be pushed again; a digest names one image for good. Only a digest lets a signature, an SBOM and a scan speak of the same image that was built from.',
  controls: controls('CM-2', 'SI-7', 'SI-7(1)', 'SR-11', 'CM-14'),
  examples: {
    bad: [
      { text: 'FROM golang:1.27 AS build\nFROM scratch\nUSER 1000\n', note: 'A version, and no digest.' },
      {
        text: 'ARG IMAGE=alpine:3.24\nFROM ${IMAGE} AS build\nFROM scratch\nUSER 1000\n',
        note: 'Through an ARG as well.',
      },
      {
        text: 'FROM scratch\nCOPY --from=example.com/tools:1.4 /bin/tool /bin/\nUSER 1000\n',
        note: 'In COPY --from.',
      },
      {
        text: 'FROM scratch\nRUN --mount=type=bind,from=example.com/tools:1.4,target=/t ["/t/run"]\nUSER 1000\n',
        note: 'In RUN --mount.',
      },
      {
        text: '# syntax=docker/dockerfile:1\nFROM scratch\nUSER 1000\n',
        note: 'The frontend that reads the file is an image too.',
      },
    ],
    good: [
      {
        text: `FROM golang:1.27@sha256:${'0'.repeat(64)} AS build\nFROM build\nUSER 1000\n`,
        note: 'Pinned; a stage needs no digest.',
        nearMiss: true,
      },
      { text: 'FROM scratch\nUSER 1000\n', note: 'scratch is no image.' },
      {
        text: `ARG D=sha256:${'0'.repeat(64)}\nFROM golang:1.27@$D AS build\nFROM scratch\nCOPY --from=build /a /a\nCOPY --from=0 /b /b\nUSER 1000\n`,
        note: 'The digest comes from an ARG; COPY --from names stages.',
      },
    ],
  },
  refs: ['OCI image specification: descriptors'],
  *check({ shared }) {
    for (const use of shared.uses) {
      const { digest, tag } = use.reference;
      // Of a tag that names no version WB1004 says what to do, digest included.
      if (digest !== null || tag === null || isFloating(tag)) continue;
      yield {
        span: use.span,
        message:
          use.how === 'syntax'
            ? `The frontend ${nameOf(use)} has no digest, so another version can read this file tomorrow. Pin the digest.`
            : `${nameOf(use)} has no digest, so two builds can differ. Pin the digest.`,
        ...(use.how === 'syntax' ? { severity: 'hint' as const } : {}),
        data: { image: use.resolved },
        ...related(use),
      };
    }
  },
});
