// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { alternativesFor, askedAt, demandedStages, demandSeverity } from '../demands.ts';
import { developmentVariant } from '../development-variant.ts';
import { definitionPlaces, nameOf } from '../image-uses.ts';
import { bottomStage } from '../lineage.ts';
import { refusals, switchOf } from '../switch/offer.ts';

export const baseNotMinimal = defineRule({
  id: 'WB1001',
  slug: 'base-not-minimal',
  title: 'Base of the final stage is not minimal',
  language: 'dockerfile',
  severity: 'info',
  category: 'base',
  since: '0.1.0',
  why: 'A shell and a package manager in the final image are tools for whoever breaks in, and every package is one more to patch. A builder may have them; what runs needs neither.',
  controls: controls('CM-7', 'CM-7(1)', 'CM-6', 'SA-8'),
  examples: {
    bad: [
      { text: 'FROM debian:13\nUSER 1000\n', note: 'The final image brings apt.' },
      {
        text: 'FROM golang:1.27 AS build\nFROM alpine:3.24\nUSER 1000\n',
        note: 'The builder is fine, the final alpine brings apk.',
      },
      {
        text: 'FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nRUN dotnet publish -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY --from=build /app /app\nUSER app\nENTRYPOINT ["dotnet", "/app/shop.dll"]\n',
        note: 'Nothing in it needs a shell, and the same image without one is known: a fix switches to it.',
      },
      {
        text: 'FROM node:24-slim AS base\nFROM base\nUSER node\n',
        note: 'slim is smaller and keeps apt; the stage is followed.',
      },
      {
        text: 'FROM golang:1.27 AS build\nRUN go build -o /a\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        policy: 'minimal:\n  builder: preferred\n',
        note: 'A builder, where the policy speaks of builders.',
      },
    ],
    good: [
      {
        text: 'FROM golang:1.27 AS build\nFROM gcr.io/distroless/static-debian13:nonroot\n',
        note: 'The builder has the tools, the final image has none.',
      },
      { text: 'FROM scratch\nUSER 1000\n', note: 'An empty base has nothing in it.' },
      {
        text: 'FROM golang:1.27 AS build\nFROM scratch\nUSER 1000\n',
        note: 'Only the builder is a distribution.',
        nearMiss: true,
      },
      {
        text: 'FROM registry.example.com/mirror/debian:13\nUSER 1000\n',
        note: 'An image of another registry is not judged by the last part of its name.',
      },
      {
        text: 'FROM debian:13\nUSER 1000\n',
        policy: 'minimal:\n  final: off\n',
        note: 'The policy wants nothing of the kind.',
      },
    ],
  },
  refs: ['NIST SP 800-190, section 4.1.1', 'FedRAMP KSI-CNA-MAT'],
  *check(context) {
    const { facts, catalogue } = context;
    for (const { stage, wish } of demandedStages('minimal', context)) {
      const bottom = bottomStage(stage, facts);
      if (bottom.base.kind !== 'image') continue;
      const { reference } = bottom.base;
      // Those another rule speaks of, which knows what to take instead.
      if (stage.final && developmentVariant(reference, catalogue) !== null) continue;
      const minimal = catalogue.minimal(reference);
      if (minimal.value !== 'no') continue;
      const change = switchOf('minimal', stage, context);
      const example = change?.example ?? alternativesFor('minimal', reference, context)[0]?.image;
      const keep = stage.final ? 'Keep it as the builder and copy the result into' : 'Build on';
      const instead = example === undefined ? 'a minimal base' : `a minimal base such as ${example}`;
      const fix = change?.fix ?? null;
      const advice =
        fix === null
          ? `${keep} ${instead}`
          : `Switch to ${change?.target ?? ''}: the stage asks for nothing that it lacks`;
      const asked =
        wish === null
          ? ''
          : wish.value === 'required'
            ? `, and this stage must be (${askedAt(wish)})`
            : `, and the policy prefers that it is (${askedAt(wish)})`;
      const severity = minimal.sourced ? demandSeverity(wish, null) : 'hint';
      const places = [...definitionPlaces(bottom), ...refusals(change, example, stage)];
      yield {
        span: stage.baseSpan,
        message: `${nameOf(bottom)} is not minimal${asked}: ${minimal.reason}. ${advice}.`,
        ...(severity === null ? {} : { severity }),
        data: { image: bottom.base.resolved, asOf: minimal.asOf },
        ...(places.length === 0 ? {} : { related: places }),
        ...(fix === null ? {} : { fixes: [fix] }),
      };
    }
  },
});
