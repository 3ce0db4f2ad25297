// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const baseWithoutValidatedModule = defineRule({
  id: 'WB1002',
  slug: 'base-without-validated-module',
  title: 'Base has no validated cryptographic module',
  language: 'dockerfile',
  severity: 'info',
  category: 'cryptography',
  since: '0.1.0',
  why: 'Where FIPS 140 is asked for, cryptography has to come from a module with a certificate, used as its security policy says. Only modules are validated, never an image; most upstream bases ship none. A name with fips in it is a claim, not evidence.',
  controls: controls('SC-13'),
  examples: {
    bad: [
      { text: 'FROM debian:13\nUSER 1000\n', note: 'No certificate names Debian.' },
      { text: 'FROM example.com/team/base-fips:1\nUSER 1000\n', note: 'The name claims it, nothing shows it.' },
    ],
    good: [
      { text: 'FROM debian:13 AS build\nFROM scratch\nUSER 1000\n', note: 'Only the final stage is judged.' },
      { text: 'FROM example.com/team/base:1\nUSER 1000\n', note: 'Nothing is known and nothing is claimed.' },
    ],
  },
  refs: [
    'NIST CMVP lists as of 2026-03-29, by a mirror',
    'FedRAMP policy for cryptographic module selection and use, 2025-01-16',
  ],
  *check({ facts, catalogue }) {
    const stage = facts.stages.find(({ final }) => final);
    if (stage === undefined || stage.base.kind !== 'image') return;
    const module = catalogue.validatedModule(stage.base.reference);
    if (module.value === 'no') {
      yield {
        span: stage.baseSpan,
        message: `${stage.written} has no validated cryptographic module: ${module.reason} (as of ${module.asOf ?? 'an unknown day'}). Where FIPS is asked for, use a base whose module has a certificate.`,
        ...(module.sourced ? {} : { severity: 'hint' as const }),
        data: { image: stage.base.resolved, asOf: module.asOf },
      };
    } else if (module.reason.startsWith('its name says FIPS')) {
      yield {
        span: stage.baseSpan,
        message: `${stage.written} claims FIPS by its name, and a name is no evidence. Audit the image to see which module it has.`,
        severity: 'hint',
        data: { image: stage.base.resolved, asOf: null },
      };
    }
  },
});
