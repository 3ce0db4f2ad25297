// SPDX-License-Identifier: Apache-2.0
import { productLabel } from '../../catalogue/products.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { nameOf, related, tagSpan } from '../image-uses.ts';
import { newerTag, supportAdvice } from '../lifecycle-advice.ts';

export const baseEndOfLife = defineRule({
  id: 'WB1003',
  slug: 'base-end-of-life',
  title: 'Base is past its end of life',
  language: 'dockerfile',
  severity: 'warning',
  category: 'lifecycle',
  since: '0.1.0',
  why: 'After its end of life a base gets no security fixes: every weakness found from then on stays in the image. Findings in it have no fix to wait for.',
  controls: controls('SA-22', 'SI-2', 'RA-5', 'CM-2'),
  examples: {
    bad: [
      {
        text: 'FROM golang:1.21.1 AS build\nFROM scratch\nUSER 1000\n',
        note: 'Go 1.21 ended long ago; builders are judged too, for what they build is shipped.',
      },
      {
        text: 'ARG V=18\nFROM node:${V}-bookworm AS deps\nFROM scratch\nUSER 1000\n',
        note: 'The version comes from an ARG.',
      },
      {
        text: 'FROM scratch\nCOPY --from=alpine:3.16 /etc/passwd /etc/passwd\nUSER 1000\n',
        note: 'What is copied from an image is judged like a base.',
      },
    ],
    good: [
      {
        text: 'FROM golang:1.27 AS build\nFROM scratch\nUSER 1000\n',
        note: 'Supported on the day of the catalogue.',
        nearMiss: true,
      },
      {
        text: 'FROM golang:latest AS build\nFROM scratch\nUSER 1000\n',
        note: 'No version is named, so no end can be told; another rule speaks of the tag.',
      },
      {
        text: 'FROM registry.example.com/team/golang:1.21 AS build\nFROM scratch\nUSER 1000\n',
        note: 'An image of another registry is not judged by the last part of its name.',
      },
    ],
  },
  refs: ['endoflife.date products as of 2026-08-22', 'distroless SUPPORT_POLICY as of 2026-08-21'],
  *check({ facts, shared, catalogue, today }) {
    for (const use of shared.uses) {
      const [answer] = catalogue.lifecycles(use.reference, today);
      if (answer === undefined || (answer.state !== 'ended' && answer.state !== 'extended')) continue;
      const name = productLabel(answer);
      const ended = answer.ends === null ? '' : ` on ${answer.ends}`;
      const past = answer.estimated
        ? `is past the end of life that was estimated for it: ${name}${ended}`
        : `is past end of life: ${name} ended${ended} and gets no security fixes`;
      const fix = newerTag(use, answer, facts.source, catalogue);
      yield {
        span: tagSpan(use, facts.source),
        message:
          answer.state === 'ended'
            ? `${nameOf(use)} ${past}. ${supportAdvice(answer)}`
            : `Regular support of ${name} in ${nameOf(use)} ended${ended}, and extended support runs until ${answer.extendedUntil ?? ''}. ${supportAdvice(answer)}`,
        ...(answer.state === 'ended' ? {} : { severity: 'info' as const }),
        data: { product: answer.product, cycle: answer.cycle, ends: answer.ends, asOf: answer.asOf },
        ...related(use),
        ...(fix === null ? {} : { fixes: [fix] }),
      };
    }
  },
});
