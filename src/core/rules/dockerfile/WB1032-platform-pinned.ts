// SPDX-License-Identifier: Apache-2.0
import { parsePlatform } from '../../dockerfile/platform.ts';
import type { DockerfileFacts, Stage } from '../../dockerfile/model.ts';
import type { RawFinding } from '../../model/finding.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { lineage } from '../lineage.ts';

/** `$BUILDPLATFORM` and what is made of its parts. */
const BUILD = /\$\{?BUILD(?:PLATFORM|OS|ARCH|VARIANT)\b/;

/** Namespaces of Docker Hub that hold the official images of one architecture. */
const NAMESPACES: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  arm32v5: 'arm',
  arm32v6: 'arm',
  arm32v7: 'arm',
  arm64v8: 'arm64',
  i386: '386',
  mips64le: 'mips64le',
  ppc64le: 'ppc64le',
  riscv64: 'riscv64',
  s390x: 's390x',
};
const IN_TAG = /(?:^|-)(amd64|arm64|arm|ppc64le|riscv64|s390x)$/;

/** The architecture that a base's own name fixes; null where it does not. */
function namedArchitecture({ base }: Stage): string | null {
  if (base.kind !== 'image') return null;
  const { registry, repository, tag } = base.reference;
  const namespace = repository.split('/')[0] ?? '';
  if (registry === 'docker.io' && Object.hasOwn(NAMESPACES, namespace)) return NAMESPACES[namespace] ?? null;
  return IN_TAG.exec(tag ?? '')?.[1] ?? null;
}

/** Stages whose --platform and whose image name different architectures. */
function* contradictions({ stages }: DockerfileFacts): Generator<RawFinding> {
  for (const stage of stages) {
    const flag = stage.from.flags.find(({ name }) => name === 'platform');
    const named = namedArchitecture(stage);
    if (stage.platform === null || flag === undefined || named === null || stage.platform.includes('$')) continue;
    const { os, architecture } = parsePlatform(stage.platform);
    if (os !== 'linux' || architecture === '' || architecture === named) continue;
    yield {
      span: flag.valueSpan ?? flag.span,
      message: `${stage.written} is an image for ${named}, and --platform asks for ${architecture}. Leave --platform out, or name the image without its architecture.`,
    };
  }
}

export const platformPinned = defineRule({
  id: 'WB1032',
  slug: 'platform-pinned',
  title: 'Platform is pinned to the wrong one',
  language: 'dockerfile',
  severity: 'warning',
  category: 'build',
  since: '0.1.0',
  why: 'An image pinned to one architecture by its name and to another by --platform is never what was meant. A stage on $BUILDPLATFORM has the architecture of the machine that builds. That is right for a stage that cross-compiles; what is shipped from it has the wrong architecture on every other platform, and its SBOM and scan speak of packages nobody runs.',
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
      {
        text: 'FROM --platform=linux/arm64 amd64/alpine:3.24 AS build\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'The repository holds images of another architecture only.',
      },
    ],
    good: [
      {
        text: 'FROM --platform=$BUILDPLATFORM golang:1.27 AS build\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'A builder that cross-compiles.',
      },
      { text: 'FROM --platform=$TARGETPLATFORM node:24\nUSER node\n', note: 'The platform asked for.', nearMiss: true },
      {
        text: 'FROM --platform=$BUILDPLATFORM node:24 AS tools\nFROM --platform=$TARGETPLATFORM node:24\nUSER node\n',
        note: 'Each stage says its own.',
      },
      {
        text: 'FROM --platform=linux/aarch64 gcr.io/distroless/static-debian13:nonroot-arm64\n',
        note: 'The same architecture by another name; that it is a constant is the business of the build checks.',
      },
    ],
  },
  refs: ['Docker documentation: automatic platform ARGs in the global scope'],
  *check({ facts }) {
    yield* contradictions(facts);
    const final = facts.stages.find((stage) => stage.final);
    if (final === undefined) return;
    for (const stage of lineage(final, facts)) {
      const flag = stage.from.flags.find(({ name }) => name === 'platform');
      if (flag === undefined) continue;
      const platform = stage.platform ?? '';
      // The nearest flag decides; what stands below it in the file is built to its order.
      if (!BUILD.test(platform)) return;
      const { start, end } = flag.span;
      const behind = facts.source.text.charAt(end);
      yield {
        span: flag.valueSpan ?? flag.span,
        message: `The final image is made for the platform of the machine that builds it: ${platform}. Leave --platform out here, or keep this stage as a builder and copy from it.`,
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
