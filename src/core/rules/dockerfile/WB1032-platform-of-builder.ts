// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { lineage } from '../lineage.ts';

/** `$BUILDPLATFORM` and what is made of its parts. */
const BUILD = /\$\{?BUILD(?:PLATFORM|OS|ARCH|VARIANT)\b/;

export const platformOfBuilder = defineRule({
  id: 'WB1032',
  slug: 'platform-of-builder',
  title: 'Final image is made for the platform of the builder',
  language: 'dockerfile',
  severity: 'warning',
  category: 'build',
  since: '0.1.0',
  why: 'A stage on $BUILDPLATFORM has the architecture of the machine that builds. That is right for a stage that cross-compiles; what is shipped from it has the wrong architecture on every other platform, and its SBOM and scan speak of packages nobody runs.',
  controls: controls('CM-2', 'SI-7'),
  examples: {
    bad: [
      { text: 'FROM --platform=$BUILDPLATFORM node:24\nUSER node\n', note: 'The only stage, and so the final one.' },
      {
        text: 'FROM --platform=${BUILDPLATFORM} golang:1.27 AS base\nFROM base\nUSER 1000\n',
        note: 'Through a stage as well.',
      },
      {
        text: 'FROM golang:1.27 AS build\nFROM --platform=linux/$BUILDARCH debian:13\nUSER 1000\n',
        note: 'Only the architecture is enough.',
      },
    ],
    good: [
      {
        text: 'FROM --platform=$BUILDPLATFORM golang:1.27 AS build\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'A builder that cross-compiles.',
      },
      { text: 'FROM --platform=$TARGETPLATFORM node:24\nUSER node\n', note: 'The platform asked for.' },
      {
        text: 'FROM --platform=$BUILDPLATFORM node:24 AS tools\nFROM --platform=$TARGETPLATFORM node:24\nUSER node\n',
        note: 'Each stage says its own.',
      },
    ],
  },
  refs: ['Docker documentation: automatic platform ARGs in the global scope'],
  *check({ facts }) {
    const final = facts.stages.find((stage) => stage.final);
    if (final === undefined) return;
    for (const stage of lineage(final, facts)) {
      const flag = stage.from.flags.find(({ name }) => name === 'platform');
      if (stage.platform === null || flag === undefined) continue;
      // The nearest flag decides; what stands below it in the file is built to its order.
      if (!BUILD.test(stage.platform)) return;
      const { start, end } = flag.span;
      const behind = facts.source.text.charAt(end);
      yield {
        span: flag.valueSpan ?? flag.span,
        message: `The final image is made for the platform of the machine that builds it: ${stage.platform}. Leave --platform out here, or keep this stage as a builder and copy from it.`,
        ...(stage === final && behind === ' '
          ? {
              fixes: [
                {
                  title: 'Remove --platform',
                  caveat: 'RUN instructions of the stage then run under emulation when another platform is built',
                  edits: [{ span: { start, end: end + 1 }, newText: '' }],
                },
              ],
            }
          : {}),
      };
      return;
    }
  },
});
