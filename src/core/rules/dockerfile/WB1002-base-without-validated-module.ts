// SPDX-License-Identifier: Apache-2.0
import type { Alternative, Source } from '../../catalogue/schema.ts';
import type { ImageReference } from '../../model/image-reference.ts';
import type { Given } from '../../policy/parse.ts';
import type { Wish } from '../../policy/schema.ts';
import { controls } from '../controls.ts';
import { defineRule, type DockerfileRuleContext } from '../define.ts';
import { alternativesFor, askedAt, demandedStages, demandSeverity } from '../demands.ts';
import { definitionPlaces, nameOf } from '../image-uses.ts';
import { bottomStage } from '../lineage.ts';
import { shippedCopies } from '../stage-sources.ts';
import { refusals, switchOf } from '../switch/offer.ts';

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
      {
        text: 'FROM rust:1 AS build\nRUN cargo build --release --features aws-lc-rs/fips\nFROM gcr.io/distroless/cc-debian13:nonroot\nCOPY --from=build /target/release/app /app\n',
        policy: 'fips: required\n',
        note: 'The program has its own module, and the base has none: look at what else runs.',
      },
      { text: 'FROM debian:13\nUSER 1000\n', note: 'No certificate names Debian.' },
      { text: 'FROM node:24-alpine\nUSER node\n', note: 'Alpine by the tag: no certificate names it either.' },
      {
        text: 'ARG BASE=cgr.dev/chainguard/node\nFROM ${BASE}:latest\n',
        note: 'Minimal is another question; the variable is followed.',
      },
      {
        text: 'FROM example.com/team/base:1\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'Where a policy requires a module, not to know is worth a hint.',
      },
      {
        text: 'FROM debian:13 AS build\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        policy: 'fips: {final: required, builder: preferred}\n',
        note: 'A builder, where the policy speaks of builders.',
      },
    ],
    good: [
      {
        text: 'FROM golang:1.26 AS build\nRUN GOFIPS140=v1.0.0 go build -o /app\nFROM debian:13\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'The program has the module in itself.',
      },
      {
        text: 'ARG OPENSSL_VERSION=3.1.2\nFROM debian:13 AS openssl\nARG OPENSSL_VERSION\nADD --checksum=sha256:a0ce69b8b97ea6a35b96875235aa453b966ba3cba8af2de23657d8b6767d6539 https://example.com/openssl-${OPENSSL_VERSION}.tar.gz /src/\nRUN cd /src && ./Configure enable-fips && make install_fips\nFROM debian:13\nCOPY --from=openssl /usr/local/lib64/ossl-modules/fips.so /usr/lib/x86_64-linux-gnu/ossl-modules/\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The provider of the version that certificate #4985 names is built and copied in.',
      },
      {
        text: 'FROM debian:13 AS build\nFROM scratch\nUSER 1000\n',
        note: 'Only the final stage is judged.',
        nearMiss: true,
      },
      { text: 'FROM example.com/team/base:1\nUSER 1000\n', note: 'Nothing is known and nothing is claimed.' },
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nUSER 1000\n',
        note: 'Its modules have certificates and are active on a host in FIPS mode: that is not "none".',
      },
      {
        text: 'FROM gcr.io/distroless/static-debian13:nonroot\n',
        note: 'There is no cryptography in it that could be validated.',
      },
      {
        text: 'FROM debian:13\nUSER 1000\n',
        policy: 'fips: off\n',
        note: 'The policy says that it is no matter here.',
      },
    ],
  },
  refs: [
    'NIST CMVP lists as of 2026-03-29, by a mirror',
    'FedRAMP policy for cryptographic module selection and use, 2025-01-16',
  ],
  *check(context) {
    const { facts, fips } = context;
    for (const { stage, wish } of demandedStages('fips', context)) {
      const bottom = bottomStage(stage, facts);
      if (bottom.base.kind !== 'image') continue;
      const { module } = fips.base(bottom.base.reference);
      // Whatever the stage brings in itself, or claims to, is for other rules.
      if (fips.stage(stage).module.value !== module.value) continue;
      const unknown = module.value === 'unknown' && wish?.value === 'required';
      if (module.value !== 'no' && !unknown) continue;
      const program = stage.final ? programWithModule(context) : null;
      if (program !== null) {
        if (wish === null) continue;
        yield {
          span: stage.baseSpan,
          message: `${nameOf(bottom)} ${unknown ? 'is not known to have a' : 'has no'} validated cryptographic module, and what is copied in has its own: ${program}. Audit the image, for whatever else runs in it uses the base.`,
          severity: unknown ? 'hint' : 'info',
          data: { image: bottom.base.resolved, asOf: null },
        };
        continue;
      }
      const sourced = !unknown && module.evidence.every(({ source }) => carries(source));
      const severity = sourced ? demandSeverity(wish, null) : 'hint';
      // The day of what the message says; what the image is built on comes behind it.
      const asOf = module.evidence[0]?.source?.asOf ?? null;
      const change = switchOf('fips', stage, context);
      const other = otherBase(bottom.base.reference, context);
      const places = [
        ...definitionPlaces(bottom),
        ...refusals(change, wish === null ? undefined : other?.image, stage),
      ];
      const advice = change === null ? adviceOn(other) : `a base such as ${change.target}`;
      yield {
        span: stage.baseSpan,
        message: `${nameOf(bottom)} ${unknown ? 'is not known to have a' : 'has no'} validated cryptographic module${asked(wish)}: ${module.text}${asOf === null ? '' : ` (as of ${asOf})`}. ${wish === null ? 'Where FIPS is asked for, use' : 'Use'} ${advice}.`,
        ...(severity === null ? {} : { severity }),
        data: { image: bottom.base.resolved, asOf },
        ...(places.length === 0 ? {} : { related: places }),
        ...(change === null || change.fix === null ? {} : { fixes: [change.fix] }),
      };
    }
  },
});

/** `go builds with GOFIPS140=v1.0.0`: a module that is linked into a program of the final image; null without one. */
function programWithModule(context: DockerfileRuleContext): string | null {
  for (const { sourceStage } of shippedCopies(context)) {
    const module = sourceStage === null ? null : context.fips.stage(sourceStage).module;
    if (module?.value === 'yes' && /^(?:go|cargo) builds with /.test(module.text)) return module.text;
  }
  return null;
}

function carries(source: Source | null): boolean {
  return source !== null && source.confidence !== 'memory';
}

function asked(wish: Given<Wish> | null): string {
  if (wish === null) return '';
  return wish.value === 'required'
    ? `, and this stage must have one (${askedAt(wish)})`
    : `, and the policy prefers one (${askedAt(wish)})`;
}

/** The same image with another build setting is for the rules about builds. */
function otherBase(reference: ImageReference, context: DockerfileRuleContext): Alternative | undefined {
  const own = context.catalogue.find(reference)?.repository;
  return alternativesFor('fips', reference, context).find(({ image }) => image !== own);
}

function adviceOn(other: Alternative | undefined): string {
  if (other === undefined) return 'a base whose module has a certificate';
  return `a base such as ${other.image}${other.caveat === undefined ? '' : ` (${other.caveat})`}`;
}
