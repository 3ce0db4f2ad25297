// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { definitionPlaces } from '../image-uses.ts';
import { bottomStage } from '../lineage.ts';

export const baseWithoutValidatedModule = defineRule({
  id: 'WB1002',
  slug: 'base-without-validated-module',
  title: 'Base has no validated cryptographic module',
  language: 'dockerfile',
  severity: 'info',
  category: 'cryptography',
  since: '0.1.0',
  why: 'Where FIPS 140 is asked for, cryptography has to come from a module with a certificate, used as its security policy says. Only modules are validated, never an image; most upstream bases ship none.',
  controls: controls('SC-13'),
  examples: {
    bad: [
      { text: 'FROM debian:13\nUSER 1000\n', note: 'No certificate names Debian.' },
      { text: 'FROM node:24-alpine\nUSER node\n', note: 'Alpine by the tag: no certificate names it either.' },
      {
        text: 'ARG BASE=cgr.dev/chainguard/static\nFROM ${BASE}:latest\n',
        note: 'Minimal is another question; the variable is followed.',
      },
    ],
    good: [
      { text: 'FROM debian:13 AS build\nFROM scratch\nUSER 1000\n', note: 'Only the final stage is judged.' },
      { text: 'FROM example.com/team/base:1\nUSER 1000\n', note: 'Nothing is known and nothing is claimed.' },
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nUSER 1000\n',
        note: 'Its modules have certificates and are active on a host in FIPS mode: that is not "none".',
      },
    ],
  },
  refs: [
    'NIST CMVP lists as of 2026-03-29, by a mirror',
    'FedRAMP policy for cryptographic module selection and use, 2025-01-16',
  ],
  *check({ facts, catalogue }) {
    const stage = facts.stages.find(({ final }) => final);
    if (stage === undefined) return;
    const bottom = bottomStage(stage, facts);
    if (bottom.base.kind !== 'image') return;
    const module = catalogue.validatedModule(bottom.base.reference);
    if (module.value !== 'no') return;
    const places = definitionPlaces(bottom);
    yield {
      span: stage.baseSpan,
      message: `${bottom.written} has no validated cryptographic module: ${module.reason} (as of ${module.asOf ?? 'an unknown day'}). Where FIPS is asked for, use a base whose module has a certificate.`,
      ...(module.sourced ? {} : { severity: 'hint' as const }),
      data: { image: bottom.base.resolved, asOf: module.asOf },
      ...(places.length === 0 ? {} : { related: places }),
    };
  },
});
