// SPDX-License-Identifier: Apache-2.0
import type { RawFinding } from '../../model/finding.ts';
import { certificateText, type CertificateState } from '../../fips/certificate.ts';
import type { Stage } from '../../dockerfile/model.ts';
import type { StageJudgement } from '../../fips/stage.ts';
import type { Span } from '../../text/source-text.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { fipsIntent, sentence, usedStages, type FipsIntent } from '../fips-intent.ts';

/** Where the module of a stage is written: what brings it in, or the base of what is shipped. */
function placeOf(stage: Stage, { module }: StageJudgement, shipped: boolean): Span | null {
  const brought = module.evidence.find(({ span }) => span !== null)?.span;
  if (brought !== undefined && brought !== null) return brought;
  return shipped && stage.base.kind === 'image' ? stage.baseSpan : null;
}

function finding(span: Span, state: CertificateState, intent: FipsIntent, today: string): RawFinding | null {
  const data = { certificate: state.number, ends: state.ends, asOf: state.asOf, url: state.url };
  const text = sentence(certificateText(state, today));
  if (state.state === 'historical') {
    const next = state.supersededBy === null ? 'a module with an active certificate' : `#${state.supersededBy}`;
    return { span, data, message: `${text}. Move to ${next}.`, severity: intent.severity('warning') };
  }
  if (!state.lapsing) return null;
  return { span, data, message: `${text}. Plan the change to a module with a later date.`, severity: 'info' };
}

export const certificateHistoricalOrLapsing = defineRule({
  id: 'WB1021',
  slug: 'certificate-historical-or-lapsing',
  title: 'Certificate is Historical, or about to end',
  language: 'dockerfile',
  severity: 'warning',
  category: 'cryptography',
  since: '0.1.0',
  why: 'A certificate has a last day. After it CMVP lists the module as Historical, which agencies should not take for new procurement, and FedRAMP speaks of active validations. Every FIPS 140-2 certificate came to that day on 21 September 2026, by the published rule.',
  controls: controls('SC-13', 'SA-22'),
  examples: {
    bad: [
      {
        text: 'FROM registry.access.redhat.com/ubi8/ubi-minimal:8.10\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The OpenSSL of RHEL 8 has FIPS 140-2 certificates only.',
      },
      {
        text: 'FROM eclipse-temurin:21\nCOPY bc-fips-2.1.0.jar /app/\nUSER 1000\n',
        note: 'Active, by an interim validation that ends soon.',
      },
      {
        text: 'FROM debian:13\nLABEL org.example.fips="CMVP certificate #4282"\nUSER 1000\n',
        note: 'A label that cites a certificate of yesterday.',
      },
    ],
    good: [
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'Its OpenSSL is an update of what an active certificate names.',
        nearMiss: true,
      },
      {
        text: 'FROM registry.access.redhat.com/ubi8/ubi-minimal:8.10\nUSER 1000\n',
        note: 'Nobody asks for FIPS here.',
      },
      {
        text: 'FROM eclipse-temurin:21\nCOPY bc-fips-2.0.0.jar /app/\nLABEL fips.certificate="#4743"\nUSER 1000\n',
        note: 'Active, and with years to go.',
      },
    ],
  },
  refs: [
    'NIST CMVP certificates as of 2026-03-29 and later sources, state computed for today',
    'FIPS 140-2 transition: Historical after 21 September 2026, by the published rule',
  ],
  *check(context) {
    const intent = fipsIntent(context);
    if (intent === null) return;
    const { fips, shared, today } = context;
    for (const stage of usedStages(context)) {
      const judgement = fips.stage(stage);
      for (const { id, span, why, todo } of judgement.claims) {
        if (id !== 'cites-historical' || span === null) continue;
        yield { span, message: `${why}. ${todo}.`, severity: intent.severity('warning'), data: { claim: id } };
      }
      const { certificate, certificates } = judgement;
      const place = placeOf(stage, judgement, shared.roles[stage.index] === 'final');
      // The answer follows the first one that is active; where none is, the first.
      const state =
        certificate.value === 'historical' ? certificates[0] : certificates.find((each) => each.state === 'active');
      const found = place === null || state === undefined ? null : finding(place, state, intent, today);
      if (found !== null) yield found;
    }
  },
});
