// SPDX-License-Identifier: Apache-2.0
import type { Stage } from '../../dockerfile/model.ts';
import type { Defeat, StageJudgement } from '../../fips/stage.ts';
import type { RawFinding } from '../../model/finding.ts';
import { controls } from '../controls.ts';
import { copySources } from '../copy-sources.ts';
import { defineRule, type DockerfileRuleContext } from '../define.ts';
import { settingsOf } from '../environment.ts';
import { fipsIntent, sentence, usedStages, type FipsIntent } from '../fips-intent.ts';
import { readArguments } from '../shell/options.ts';
import type { RunCommand } from '../shell/scripts.ts';

const TODO: Readonly<Record<Exclude<Defeat['id'], 'foreign-libcrypto'>, string>> = {
  'godebug-off': 'Leave fips140 out of GODEBUG, or set it to on',
  'gofips-off': 'Set GOFIPS140=v1.0.0 (certificate #5247)',
  'openssl-conf': 'Remove it, or include fipsmodule.cnf in the file it names',
};
/** What a module consists of on disk. */
const MODULE_FILE =
  /(?:^|\/)(?:fips\.so|fipsmodule\.cnf|ossl-modules\/?\*?|libcrypto\.so[^/]*\.hmac|\.libcrypto\.so[^/]*\.hmac)$/;
/** `FIPS` and `FIPS:OSPP`; every other policy lets other algorithms in. */
const FIPS_POLICY = /^FIPS(?::|$)/;

/** What programs of a base load in place of its own; a name that is a folder's or a source's is none. */
const SHADOWS = /(?:^|\/)(?:lib(?:crypto|ssl)\.so[\d.*]*|fips\.so)$/;

function hasModule({ module, base }: StageJudgement): boolean {
  return [module.value, base?.module.value].some((value) => value === 'yes' || value === 'claimed');
}

/** What a stage puts over the module that its base has, or beside it. */
function* byShadows(
  stage: Stage,
  { base }: StageJudgement,
  context: DockerfileRuleContext,
  intent: FipsIntent,
): Generator<RawFinding> {
  const has = base?.module.value === 'yes' || base?.module.value === 'claimed';
  for (const instruction of has ? stage.instructions : []) {
    const { keyword, flags } = instruction;
    for (const { name, value, literal, span } of settingsOf(instruction)) {
      if (name !== 'OPENSSL_MODULES' || value === null || !literal || /(?:^|\/)ossl-modules\/?$/.test(value)) continue;
      const message = `OPENSSL_MODULES=${value} points away from the provider of the base. Leave it out, or put the validated provider there.`;
      yield { span, message, severity: intent.severity('warning'), data: { defeat: 'openssl-modules' } };
    }
    // Where it comes from another image, another rule compares the two.
    if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some(({ name }) => name === 'from')) continue;
    for (const { text, span } of copySources(instruction, context.facts).sources) {
      if (!SHADOWS.test(text)) continue;
      const message = `${text} takes the place of the library that the base was validated with. Leave it out, and use that of the base.`;
      yield { span, message, severity: intent.severity('warning'), data: { defeat: 'overwritten' } };
    }
  }
}

function* byDefeats(judgement: StageJudgement, intent: FipsIntent): Generator<RawFinding> {
  const { defeats } = judgement;
  const has = hasModule(judgement);
  for (const { id, why, span } of defeats) {
    // Copies from elsewhere another rule judges, which knows from where they come.
    if (id === 'foreign-libcrypto') continue;
    // For a program that needs no module it is a usual way round an old configuration.
    if (id === 'openssl-conf' && !has && intent.wish === null) continue;
    yield {
      span,
      message: `${sentence(why)}. ${TODO[id]}.`,
      severity: intent.severity('warning'),
      data: { defeat: id },
    };
  }
}

function* byCommand(
  { invocation: { name, args, assignments } }: RunCommand,
  intent: FipsIntent,
): Generator<RawFinding> {
  for (const { value, span } of name === 'export' ? args : assignments) {
    if (value !== 'GOFIPS140=off') continue;
    const message = `GOFIPS140=off builds without the module. ${TODO['gofips-off']}.`;
    yield { span, message, severity: intent.severity('warning'), data: { defeat: 'gofips-off' } };
  }
  const { operands } = readArguments(args);
  if (name === 'rm' || name === 'unlink' || name === 'mv') {
    for (const { value, span } of name === 'mv' ? operands.slice(0, -1) : operands) {
      if (!MODULE_FILE.test(value)) continue;
      yield {
        span,
        message:
          'The module or its configuration is taken away here, so nothing validated is left. Leave it where it is.',
        severity: intent.severity('warning'),
      };
    }
  }
  if (name === 'update-crypto-policies' && args[0]?.value === '--set') {
    const policy = args[1];
    if (policy === undefined || !policy.literal || FIPS_POLICY.test(policy.value)) return;
    yield {
      span: policy.span,
      message: `The cryptographic policy ${policy.value} lets in what FIPS does not allow. Leave the policy as the host sets it, or set FIPS.`,
      severity: intent.severity('warning'),
    };
  }
}

export const fipsDefeated = defineRule({
  id: 'WB1022',
  slug: 'fips-defeated',
  title: 'Module is switched off or taken away',
  language: 'dockerfile',
  severity: 'warning',
  category: 'cryptography',
  since: '0.1.0',
  why: 'A validated module that is not used protects nothing, and nothing at run time says so: programs go on with other cryptography. One variable or one removed file is enough.',
  controls: controls('SC-13', 'CM-6'),
  examples: {
    bad: [
      {
        text: 'FROM golang:1.26 AS build\nENV GOFIPS140=v1.0.0\nRUN go build -o /a\nFROM scratch\nENV GODEBUG=fips140=off\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'Built with the module, and the mode is switched off.',
      },
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nENV OPENSSL_CONF=/dev/null\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The configuration that activates the provider is out of reach.',
      },
      {
        text: 'FROM cgr.dev/acme.com/python-fips:3.13-dev\nRUN rm -f /usr/lib/ossl-modules/fips.so\nUSER 65532\n',
        note: 'The provider is removed.',
      },
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi:9.6\nRUN update-crypto-policies --set LEGACY\nUSER 1000\n',
        policy: 'fips: preferred\n',
        note: 'Old algorithms are let in again.',
      },
      {
        text: 'FROM cgr.dev/acme.com/python-fips:3.13\nCOPY vendor/libcrypto.so.3 /usr/lib/\nENV OPENSSL_MODULES=/opt/modules\n',
        note: 'The library of the base is overwritten, and its provider is out of reach.',
      },
    ],
    good: [
      {
        text: 'FROM debian:13\nENV OPENSSL_CONF=/dev/null\nUSER 1000\n',
        note: 'Nothing here speaks of FIPS; it is a usual way round an old configuration.',
      },
      {
        text: 'FROM golang:1.26 AS build\nENV GOFIPS140=v1.0.0 GODEBUG=http2debug=1\nRUN go build -o /a\nFROM scratch\nENV GODEBUG=fips140=on\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'Another setting of GODEBUG, and the mode switched on.',
        nearMiss: true,
      },
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi:9.6\nRUN update-crypto-policies --set FIPS:OSPP && echo rm /usr/lib64/ossl-modules/fips.so\nUSER 1000\n',
        policy: 'fips: preferred\n',
        note: 'A stricter policy, and a text.',
      },
      {
        text: 'FROM cgr.dev/acme.com/python-fips:3.13\nCOPY vendor/libcrypto.so.3.md libcrypto.pc /usr/lib/\nENV OPENSSL_MODULES=/usr/lib/ossl-modules\n',
        note: 'A text about the library, and the folder of the base.',
        nearMiss: true,
      },
    ],
  },
  refs: [
    'Go documentation: FIPS 140-3 compliance',
    'OpenSSL documentation: fips_module',
    'RHEL documentation: system-wide cryptographic policies',
  ],
  *check(context) {
    const intent = fipsIntent(context);
    if (intent === null) return;
    const { fips, shared } = context;
    const seen = new Set<number>();
    for (const stage of usedStages(context)) {
      for (const found of byDefeats(fips.stage(stage), intent)) {
        // What a stage inherits was said where it is written.
        if (!seen.has(found.span.start)) yield found;
        seen.add(found.span.start);
      }
      yield* byShadows(stage, fips.stage(stage), context, intent);
    }
    for (const { stage, commands } of shared.scripts) {
      if (shared.roles[stage.index] === 'unused') continue;
      for (const command of commands) yield* byCommand(command, intent);
    }
  },
});
