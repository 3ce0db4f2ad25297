// SPDX-License-Identifier: Apache-2.0
import { saysFips } from '../../fips/base.ts';
import type { Stage } from '../../dockerfile/model.ts';
import { controls } from '../controls.ts';
import { defineRule, type DockerfileRuleContext } from '../define.ts';
import { settingsOf } from '../environment.ts';
import { fipsIntent } from '../fips-intent.ts';
import { LOADS_OPENSSL } from '../go-cryptography.ts';
import { bottomStage, lineage } from '../lineage.ts';
import { shippedCopies, shippedStages } from '../stage-sources.ts';

/** What a FIPS builder leaves to the runtime: `openssl` for a program that loads it, `all` for an interpreter. */
type Needs = 'openssl' | 'all';

const MICROSOFT_GO = /^(?:mcr\.microsoft\.com\/oss\/go\/microsoft\/golang|cgr\.dev\/[^/]+\/go-msft(?:-fips)?)$/;
/** Go compilers that put the module into the program. */
const STATIC_GO = /\/(?:go|golang)(?:-[a-z]+)*$/;

function experiment(stage: Stage, context: DockerfileRuleContext): string {
  const settings = lineage(stage, context.facts).flatMap(({ instructions }) => instructions.flatMap(settingsOf));
  return settings.find(({ name }) => name === 'GOEXPERIMENT')?.value ?? '';
}

function needsOf(builder: Stage, context: DockerfileRuleContext): Needs | null {
  const bottom = bottomStage(builder, context.facts);
  if (bottom.base.kind !== 'image') return null;
  if (LOADS_OPENSSL.test(experiment(builder, context))) return 'openssl';
  const reference = context.catalogue.canonical(bottom.base.reference);
  if (!saysFips(reference)) return null;
  const name = `${reference.registry}/${reference.repository}`;
  if (MICROSOFT_GO.test(name)) return 'openssl';
  return STATIC_GO.test(name) ? null : 'all';
}

export const runtimeWithoutModuleAfterFipsBuilder = defineRule({
  id: 'WB1023',
  slug: 'runtime-without-module-after-fips-builder',
  title: 'Built with a module, shipped without',
  language: 'dockerfile',
  severity: 'warning',
  category: 'cryptography',
  since: '0.1.0',
  why: 'A FIPS builder says nothing about what is shipped: interpreters, and programs that load OpenSSL when they start, use the cryptography of the image they run in. A final stage without a module makes the care of the builder useless.',
  controls: controls('SC-13', 'CM-6'),
  examples: {
    bad: [
      {
        text: 'FROM cgr.dev/acme.com/python-fips:3.13-dev AS build\nRUN pip install --target /app x\nFROM python:3.13-slim\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'The interpreter that is shipped uses the OpenSSL of Debian.',
      },
      {
        text: 'FROM mcr.microsoft.com/oss/go/microsoft/golang:1.26-fips-azurelinux3.0 AS build\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'This Go loads OpenSSL when the program starts, and there is none.',
      },
      {
        text: 'FROM golang:1.26 AS build\nENV GOEXPERIMENT=systemcrypto\nRUN go build -o /app\nFROM alpine:3.24\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'The OpenSSL of Alpine has no validated module.',
      },
    ],
    good: [
      {
        text: 'FROM cgr.dev/acme.com/python-fips:3.13-dev AS build\nFROM cgr.dev/acme.com/python-fips:3.13\nCOPY --from=build /app /app\n',
        note: 'Both of the same kind.',
        nearMiss: true,
      },
      {
        text: 'FROM cgr.dev/acme.com/go-fips:1.26 AS build\nRUN GOFIPS140=v1.0.0 go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'The native module is inside the program.',
      },
      {
        text: 'FROM cgr.dev/acme.com/node-fips:24-dev AS assets\nRUN npm run build\nFROM nginx:1.31\nCOPY assets /x\nUSER 1000\n',
        note: 'Nothing of the builder reaches the final image.',
      },
      {
        text: 'FROM registry.access.redhat.com/ubi9/python-312 AS build\nFROM python:3.13-slim\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'The builder has a module, and nobody speaks of FIPS.',
      },
    ],
  },
  refs: ['Microsoft build of Go: migration guide', 'src/core/catalogue/data/fips.json: bases'],
  *check(context) {
    const intent = fipsIntent(context);
    if (intent === null) return;
    const [final] = shippedStages(context);
    if (final === undefined) return;
    const { base, module } = context.fips.stage(final);
    const bottom = bottomStage(final, context.facts);
    // Nothing is said of an image that nothing is recorded about, or that brings in a module of its own.
    const has = base?.module.value ?? (bottom.base.kind === 'scratch' ? 'none' : 'unknown');
    if ((has !== 'no' && has !== 'none') || module.evidence.some(({ span }) => span !== null)) return;
    const reported = new Set<number>();
    for (const { flag, sourceStage } of shippedCopies(context)) {
      if (sourceStage === null || reported.has(sourceStage.index)) continue;
      const needs = needsOf(sourceStage, context);
      // What an empty image runs is what is copied, and of that only a program that loads OpenSSL can be told here.
      if (needs === null || (needs === 'all' && has === 'none')) continue;
      reported.add(sourceStage.index);
      const builder = bottomStage(sourceStage, context.facts).written;
      yield {
        span: flag.valueSpan ?? flag.span,
        message:
          needs === 'openssl'
            ? `What ${builder} builds loads the OpenSSL of the image it runs in, and ${bottom.written} has no validated one. Ship it on a base with a validated provider.`
            : `${builder} builds with FIPS, and ${bottom.written}, which is shipped, has no validated module. Ship on the FIPS image of the same kind.`,
        severity: intent.severity('warning'),
        related: [{ span: final.baseSpan, message: 'This is what is shipped.' }],
      };
    }
  },
});
