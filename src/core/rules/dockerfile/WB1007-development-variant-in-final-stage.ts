// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Stage, Word } from '../../dockerfile/model.ts';
import type { RawFinding } from '../../model/finding.ts';
import type { ImageReference } from '../../model/image-reference.ts';
import { controls } from '../controls.ts';
import { copySources } from '../copy-sources.ts';
import { defineRule, type DockerfileRuleContext } from '../define.ts';
import { developmentVariant } from '../development-variant.ts';
import { definitionPlaces, nameOf } from '../image-uses.ts';
import { lineage } from '../lineage.ts';
import { baseName } from '../shell/invocation.ts';
import { packageManagerOf, shellOf } from '../stage-contents.ts';
import { refusals, switchOf } from '../switch/offer.ts';

const TOOLS = new Map([
  ...['sh', 'bash', 'ash', 'dash', 'zsh', 'busybox', 'toybox'].map((name) => [name, 'a shell'] as const),
  ...['apk', 'apt', 'apt-get', 'dpkg', 'dnf', 'microdnf', 'yum', 'tdnf', 'rpm', 'zypper'].map(
    (name) => [name, 'a package manager'] as const,
  ),
]);
const PROGRAM_FOLDER = /(?:^|\/)s?bin\/[^/]+$|^\/busybox\/[^/]+$/;

/** The words of a COPY that bring a shell or a package manager, by the names of the files. */
function* broughtTools(
  stage: Stage,
  facts: DockerfileFacts,
): Generator<{ readonly word: Word; readonly what: string; readonly name: string }> {
  for (const instruction of stage.instructions) {
    // Only COPY and ADD take something from elsewhere.
    if (!instruction.flags.some(({ name }) => name === 'from')) continue;
    for (const word of copySources(instruction, facts).sources) {
      const name = baseName(word.text);
      const what = PROGRAM_FOLDER.test(word.text) ? TOOLS.get(name) : undefined;
      if (what !== undefined) yield { word, what, name };
    }
  }
}

function imageOf(stage: Stage): ImageReference | null {
  return stage.base.kind === 'image' ? stage.base.reference : null;
}

/** The stages of the final image that this file builds, and the stage with the image below them. */
function finalChain(facts: DockerfileFacts): readonly Stage[] {
  const final = facts.stages.find((stage) => stage.final);
  return final === undefined ? [] : lineage(final, facts);
}

/** What a final image gets that has neither shell nor package manager of its own. */
function* byTools(
  chain: readonly Stage[],
  final: Stage,
  { facts, catalogue }: DockerfileRuleContext,
): Generator<RawFinding> {
  const [shell, manager] = [shellOf(final, facts, catalogue), packageManagerOf(final, facts, catalogue)];
  if (shell?.value !== 'none' || manager?.value !== 'none') return;
  for (const stage of chain) {
    for (const { word, what, name } of broughtTools(stage, facts)) {
      yield {
        span: word.span,
        message: `${name} brings ${what} into a final image that has none. Leave it out, or keep it in a stage for debugging.`,
        severity: 'info',
      };
    }
  }
}

export const developmentVariantInFinalStage = defineRule({
  id: 'WB1007',
  slug: 'development-variant-in-final-stage',
  title: 'Final image is a development variant or brings a shell along',
  language: 'dockerfile',
  severity: 'warning',
  category: 'base',
  since: '0.1.0',
  why: 'Variants such as dev, debug and sdk are made for builders: they add a shell, a package manager or compilers to an image that does without. In the final image they are what an attacker would have to bring otherwise, and what a scan has to speak of.',
  controls: controls('CM-7', 'CM-7(1)', 'CM-6', 'SA-8'),
  examples: {
    bad: [
      {
        text: 'FROM cgr.dev/chainguard/python:latest-dev AS build\nFROM cgr.dev/chainguard/python:latest-dev\nCOPY --from=build /app /app\nUSER 65532\n',
        note: 'The variant of the builder, shipped.',
      },
      {
        text: 'FROM mcr.microsoft.com/dotnet/sdk:10.0 AS base\nFROM base\nUSER 1000\n',
        note: 'An SDK, through another stage.',
      },
      {
        text: 'FROM gcr.io/distroless/static-debian13:debug-nonroot\nCOPY app /\n',
        note: 'A debug variant with a shell.',
      },
      {
        text: 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=busybox:1.37 /bin/busybox /bin/sh\nCOPY app /\n',
        note: 'A minimal image, and a shell that is copied into it.',
      },
    ],
    good: [
      {
        text: 'FROM cgr.dev/chainguard/python:latest-dev AS build\nFROM cgr.dev/chainguard/python:latest\nCOPY --from=build /app /app\n',
        note: 'The development variant builds, the other one is shipped.',
        nearMiss: true,
      },
      {
        text: 'FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nFROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled\nCOPY --from=build /app /app\n',
        note: 'The SDK builds.',
      },
      {
        text: 'FROM example.com/team/app:1.4-dev\nUSER 1000\n',
        note: 'What dev means there is the business of its owner.',
      },
      {
        text: 'FROM debian:13\nCOPY --from=busybox:1.37 /bin/busybox /bin/busybox\nUSER 1000\n',
        note: 'A base with a shell already; another rule speaks of that.',
      },
      {
        text: 'FROM scratch\nCOPY --from=golang:1.27 /app/sh /app/bash/x /\nUSER 1000\n',
        note: 'Files of an application that only have such names.',
      },
    ],
  },
  refs: ['NIST SP 800-190, section 4.1.1', 'Variants as their publishers document them'],
  *check(context) {
    const { facts, catalogue } = context;
    const chain = finalChain(facts);
    const [final] = chain;
    if (final === undefined) return;
    const bottom = chain.at(-1) ?? final;
    const reference = imageOf(bottom);
    const variant = reference === null ? null : developmentVariant(reference, catalogue);
    if (variant === null) yield* byTools(chain, final, context);
    else {
      const change = switchOf('minimal', final, context);
      const places = [...definitionPlaces(bottom), ...refusals(change, variant.instead, final)];
      yield {
        span: final.baseSpan,
        message: `${nameOf(bottom)} is a development variant (${variant.name}) in the final image. Build with it, and copy the result into ${change?.target ?? variant.instead}.`,
        ...(variant.known ? {} : { severity: 'hint' as const }),
        data: { image: bottom.base.kind === 'image' ? bottom.base.resolved : bottom.written },
        ...(places.length === 0 ? {} : { related: places }),
        ...(change === null || change.fix === null ? {} : { fixes: [change.fix] }),
      };
    }
  },
});
