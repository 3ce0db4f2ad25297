// SPDX-License-Identifier: Apache-2.0
import type { Instruction } from '../../dockerfile/model.ts';
import type { RawFinding } from '../../model/finding.ts';
import type { FindingSeverity } from '../../model/severity.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { settingsOf } from '../environment.ts';
import { instructionsOf } from '../instructions.ts';
import { lostEvidence, type LostEvidence } from '../shell/evidence.ts';

const AFTER: Readonly<Record<LostEvidence['kind'], { readonly text: string; readonly severity: FindingSeverity }>> = {
  packages: {
    text: 'is removed, and without it no SBOM and no scan sees what is installed. Keep it, and use a minimal base to be rid of packages.',
    severity: 'warning',
  },
  sbom: { text: 'is removed, and with it what its publisher says is inside. Keep it.', severity: 'info' },
  attestation: {
    text: 'of this build is switched off, so nothing tells later where the image came from. Leave it on.',
    severity: 'info',
  },
  revision: {
    text: 'is left out, so nothing tells later from which source it was built. Mount .git for this step and leave -buildvcs=false out.',
    severity: 'hint',
  },
};

const ON = /^(?:1|t|true)$/i;
const OFF = /^(?:0|f|false)$/i;

/** Variables that BuildKit and Buildx read. */
function* bySettings(instruction: Instruction): Generator<RawFinding> {
  for (const { name, value: given, span } of settingsOf(instruction)) {
    // A text with a variable in it is neither.
    const value = given ?? '';
    if (/^BUILDKIT_SBOM_SCAN_(?:STAGE|CONTEXT)$/.test(name) && instruction.keyword === 'ARG' && OFF.test(value)) {
      const part = name.endsWith('STAGE') ? 'This stage' : 'The build context';
      yield {
        span,
        message: `${part} is kept out of the SBOM that the builder makes. Set ${name}=true, or leave it to the one who builds.`,
        severity: 'info',
      };
    } else if (name === 'BUILDX_NO_DEFAULT_ATTESTATIONS' && ON.test(value)) {
      yield { span, message: `The provenance attestation ${AFTER.attestation.text}`, severity: 'info' };
    }
  }
}

function sentence({ what, kind }: LostEvidence): string {
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} ${AFTER[kind].text}`;
}

export const evidenceSuppressed = defineRule({
  id: 'WB1033',
  slug: 'evidence-suppressed',
  title: 'Evidence about the image is taken away',
  language: 'dockerfile',
  severity: 'warning',
  category: 'evidence',
  since: '0.1.0',
  why: 'An SBOM and a scan read what package managers and compilers leave behind. Where that is removed or never made, the image looks empty instead of clean, and vulnerabilities in it are found by nobody.',
  controls: controls('CM-8', 'CM-8(1)', 'RA-5', 'SR-3', 'SA-10'),
  examples: {
    bad: [
      {
        text: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl \\\n  && rm -rf /var/lib/apt/lists/* /var/lib/dpkg\nUSER 1000\n',
        note: 'The packages stay, the list of them goes.',
      },
      {
        text: 'FROM alpine:3.24 AS base\nRUN apk add --no-cache curl && rm -fr /lib/apk/db/*\nFROM base\nUSER 1000\n',
        note: 'In a stage that the final image stands on.',
      },
      {
        text: 'FROM cgr.dev/chainguard/bash:latest\nUSER root\nRUN rm -r /var/lib/db/sbom\nUSER 65532\n',
        note: 'The SBOM that the publisher put into the base.',
      },
      {
        text: 'ARG BUILDKIT_SBOM_SCAN_CONTEXT=false\nFROM golang:1.27 AS build\nARG BUILDKIT_SBOM_SCAN_STAGE=false\nRUN go build -buildvcs=false ./...\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'Settings of the builder, and a binary without its revision.',
      },
    ],
    good: [
      {
        text: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/* /var/lib/dpkg/*-old /var/cache/*\nUSER 1000\n',
        note: 'Caches and old copies are no evidence.',
        nearMiss: true,
      },
      {
        text: 'FROM debian:13 AS build\nRUN rm -rf /var/lib/dpkg\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'The package list of a builder is not shipped.',
      },
      {
        text: 'FROM golang:1.27 AS build\nARG BUILDKIT_SBOM_SCAN_STAGE=true\nRUN go build -buildvcs=true ./... && rm -rf /src/sbom /tmp/x.json\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'Switched on.',
      },
      {
        text: 'FROM rockylinux/rockylinux:10-minimal\nRUN rm -f /var/lib/rpm/__db* && echo rm -rf /var/lib/rpm\nUSER 1000\n',
        note: 'Locks of the database, and a text that only speaks of it.',
      },
    ],
  },
  refs: [
    'BuildKit documentation: SBOM attestations, BUILDKIT_SBOM_SCAN_CONTEXT and BUILDKIT_SBOM_SCAN_STAGE',
    'Buildx documentation: BUILDX_NO_DEFAULT_ATTESTATIONS',
    'Syft catalogers: dpkg, apk and rpm databases',
  ],
  *check({ facts, shared }) {
    for (const { stage, commands } of shared.scripts) {
      const role = shared.roles[stage.index];
      if (role === 'unused') continue;
      for (const command of commands) {
        for (const lost of lostEvidence(command)) {
          // What a builder has installed is not shipped, and its list of it neither.
          if (role !== 'final' && (lost.kind === 'packages' || lost.kind === 'sbom')) continue;
          yield { span: lost.word.span, message: sentence(lost), severity: AFTER[lost.kind].severity };
        }
      }
    }
    for (const instruction of facts.globals) yield* bySettings(instruction);
    for (const { instruction, stage } of instructionsOf(facts)) {
      if (shared.roles[stage.index] !== 'unused') yield* bySettings(instruction);
    }
  },
});
