// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const digestMissing = defineRule({
  id: 'WB1005',
  slug: 'digest-missing',
  title: 'Base is not pinned by digest',
  language: 'dockerfile',
  severity: 'info',
  category: 'pinning',
  since: '0.1.0',
  why: 'A version tag can be pushed again; a digest names one image for good. Only a digest lets a signature, an SBOM and a scan speak of the same image that was built from.',
  controls: controls('CM-2', 'SI-7', 'SI-7(1)', 'SR-11', 'CM-14'),
  examples: {
    bad: [
      { text: 'FROM golang:1.26 AS build\nFROM scratch\nUSER 1000\n', note: 'A version, and no digest.' },
      {
        text: 'ARG IMAGE=alpine:3.24\nFROM ${IMAGE} AS build\nFROM scratch\nUSER 1000\n',
        note: 'Through an ARG as well.',
      },
    ],
    good: [
      {
        text: `FROM golang:1.26@sha256:${'0'.repeat(64)} AS build\nFROM build\nUSER 1000\n`,
        note: 'Pinned; a stage needs no digest.',
      },
      { text: 'FROM scratch\nUSER 1000\n', note: 'scratch is no image.' },
    ],
  },
  refs: ['OCI image specification: descriptors'],
  *check({ facts }) {
    for (const stage of facts.stages) {
      if (stage.base.kind !== 'image' || stage.base.reference.digest !== null || stage.base.reference.tag === null)
        continue;
      yield {
        span: stage.baseSpan,
        message: `${stage.written} has no digest, so two builds can differ. Pin the digest.`,
        data: { image: stage.base.resolved },
      };
    }
  },
});
