// SPDX-License-Identifier: Apache-2.0
import { parseImageReference } from '../../model/image-reference.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { developmentVariant } from '../development-variant.ts';
import { definitionPlaces } from '../image-uses.ts';
import { bottomStage } from '../lineage.ts';

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
        text: 'FROM node:24-slim AS base\nFROM base\nUSER node\n',
        note: 'slim is smaller and keeps apt; the stage is followed.',
      },
    ],
    good: [
      {
        text: 'FROM golang:1.27 AS build\nFROM gcr.io/distroless/static-debian13:nonroot\n',
        note: 'The builder has the tools, the final image has none.',
      },
      { text: 'FROM scratch\nUSER 1000\n', note: 'An empty base has nothing in it.' },
      {
        text: 'FROM registry.example.com/mirror/debian:13\nUSER 1000\n',
        note: 'An image of another registry is not judged by the last part of its name.',
      },
    ],
  },
  refs: ['NIST SP 800-190, section 4.1.1', 'FedRAMP KSI-CNA-MAT'],
  *check({ facts, catalogue }) {
    const stage = facts.stages.find(({ final }) => final);
    if (stage === undefined) return;
    const bottom = bottomStage(stage, facts);
    if (bottom.base.kind !== 'image') return;
    const { reference } = bottom.base;
    // Those another rule speaks of, which knows what to take instead.
    if (developmentVariant(reference, catalogue) !== null) return;
    const minimal = catalogue.minimal(reference);
    if (minimal.value !== 'no') return;
    // An alternative with a place to fill in, such as an organisation's name, is no reference that could be used.
    const alternative = catalogue
      .find(reference)
      ?.alternatives.find((each) => each.for === 'minimal' && each.checked && parseImageReference(each.image).ok);
    const advice =
      alternative === undefined
        ? 'Keep it as the builder and copy the result into a minimal base.'
        : `Keep it as the builder and copy the result into a minimal base such as ${alternative.image}.`;
    const places = definitionPlaces(bottom);
    yield {
      span: stage.baseSpan,
      message: `${bottom.written} is not minimal: ${minimal.reason}. ${advice}`,
      ...(minimal.sourced ? {} : { severity: 'hint' as const }),
      data: { image: bottom.base.resolved, asOf: minimal.asOf },
      ...(places.length === 0 ? {} : { related: places }),
    };
  },
});
