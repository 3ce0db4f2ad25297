// SPDX-License-Identifier: Apache-2.0
import type { Stage } from '../../dockerfile/model.ts';
import type { RawFinding } from '../../model/finding.ts';
import { controls } from '../controls.ts';
import { defineRule, type DockerfileRuleContext } from '../define.ts';
import { fipsIntent, inSentence, usedStages, type FipsIntent } from '../fips-intent.ts';
import { GO_EXPERIMENTS, UNKNOWN, variableFor } from '../go-cryptography.ts';
import type { Invocation } from '../shell/invocation.ts';
import { readArguments } from '../shell/options.ts';
import type { RunCommand, Script } from '../shell/scripts.ts';
import { shippedStages } from '../stage-sources.ts';

/** True where a stage has a module, or its publisher says so. */
function hasModule(stage: Stage, { fips }: DockerfileRuleContext): boolean {
  const { base, module } = fips.stage(stage);
  return [base?.module.value, module.value].some((value) => value === 'yes' || value === 'claimed');
}

/** A base that says FIPS by its name may set all that a build needs. */
function claimsByName(stage: Stage, { fips }: DockerfileRuleContext): boolean {
  return fips.stage(stage).claims.some(({ id }) => id === 'name-says-fips');
}

/** `go install example.com/lint@v1` in a builder whose program no COPY takes along. */
function isUnshippedTool(
  script: Script,
  { invocation }: RunCommand,
  { facts, shared }: DockerfileRuleContext,
): boolean {
  if (shared.roles[script.stage.index] !== 'builder' || invocation.args[0]?.value !== 'install') return false;
  const tools = invocation.args
    .slice(1)
    .flatMap(({ value }) => /(?:^|\/)([\w.-]+)(?:\/v\d+)?@[^@/]*$/.exec(value)?.[1] ?? []);
  if (tools.length === 0) return false;
  const copied = facts.stages.flatMap(({ instructions }) =>
    instructions
      .filter(({ keyword }) => keyword === 'COPY')
      .flatMap(({ words }) => words.slice(0, -1).map(({ text }) => text)),
  );
  return !copied.some(
    (path) => /(?:^|\/)(?:bin|go)\/?\*?$|^\/$/.test(path) || tools.some((tool) => path.endsWith(`/${tool}`)),
  );
}

function goBuild(
  script: Script,
  command: RunCommand,
  context: DockerfileRuleContext,
  intent: FipsIntent,
): RawFinding | null {
  const { invocation } = command;
  const verb = invocation.args[0];
  if (invocation.name !== 'go' || (verb?.value !== 'build' && verb?.value !== 'install')) return null;
  const value = (name: string): string | null => variableFor(name, command, script, context.facts);
  const [module, experiment] = [value('GOFIPS140'), value('GOEXPERIMENT')];
  if (module === UNKNOWN || experiment === UNKNOWN) return null;
  // Which version that is another rule judges, and `off` too.
  if (module !== null && module !== '') return null;
  if (experiment !== null && GO_EXPERIMENTS.test(experiment)) return null;
  // By its base alone: what the stage sets was looked at command by command.
  const base = context.fips.stage(script.stage).base?.module.value;
  if (base === 'yes' || base === 'claimed' || claimsByName(script.stage, context)) return null;
  if (isUnshippedTool(script, command, context)) return null;
  const { certificate, certified, from } = context.catalogue.data.fips.go;
  return {
    span: { start: invocation.program.span.start, end: Math.max(verb.span.end, invocation.program.span.end) },
    message: `go ${verb.value} makes a program without a validated module. Set GOFIPS140=${certified[0] ?? ''} (certificate #${certificate}) and use Go ${from} or later.`,
    severity: intent.severity('info'),
  };
}

const JAVA_BUILD = /^(?:package|install|verify|deploy|build|assemble|bootJar|shadowJar|jar)$/;
const JAVA_MODULE = /bc-?fips|bouncycastle-fips|ACCP|corretto-crypto-provider|aws-lc/i;

/** Programs that put a whole runtime, with cryptography of its own, into one file; the verb where it takes one. */
const PACKERS: Readonly<
  Record<string, { readonly verb: string | null; readonly option?: RegExp; readonly runtime: string }>
> = {
  pkg: { verb: null, runtime: 'Node.js' },
  nexe: { verb: null, runtime: 'Node.js' },
  node: { verb: null, option: /^--(?:experimental-sea-config|build-sea)(?:=|$)/, runtime: 'Node.js' },
  bun: { verb: 'build', option: /^--compile$/, runtime: 'Bun' },
  deno: { verb: 'compile', runtime: 'Deno' },
};

/** The runtime that a command packs into a program; null where it packs none. */
function packedRuntime({ name, args }: Invocation): string | null {
  // `npx pkg .` runs it like any other.
  const [first, ...rest] = name === 'npx' || name === 'bunx' ? readArguments(args).operands : [];
  const program = first === undefined ? name : (/^(?:@[\w.-]+\/)?([\w.-]+)/.exec(first.value)?.[1] ?? '');
  const packer = Object.hasOwn(PACKERS, program) ? PACKERS[program] : undefined;
  if (packer === undefined) return null;
  const words = first === undefined ? args : rest;
  if (packer.verb !== null && words[0]?.value !== packer.verb) return null;
  return packer.option === undefined || words.some(({ value }) => packer.option?.test(value)) ? packer.runtime : null;
}

/** What other languages build: whether a module is in it their own files say, so this is never more than a hint. */
function otherBuild({ invocation }: RunCommand, context: DockerfileRuleContext): RawFinding | null {
  const { name, args, program } = invocation;
  const { operands } = readArguments(args);
  const verb = operands[0]?.value ?? '';
  const hint = (message: string): RawFinding => ({ span: program.span, message, severity: 'hint' });
  if (name === 'cargo' && (verb === 'build' || verb === 'install')) {
    if (args.some(({ value }) => /fips/i.test(value))) return null;
    return hint(
      'cargo builds whatever cryptography Cargo.toml names. Where it is rustls or aws-lc-rs, build with the feature fips.',
    );
  }
  if (['mvn', 'mvnw', 'gradle', 'gradlew'].includes(name) && operands.some(({ value }) => JAVA_BUILD.test(value))) {
    if (JAVA_MODULE.test(context.facts.source.text)) return null;
    const [final] = shippedStages(context);
    if (final !== undefined && (hasModule(final, context) || claimsByName(final, context))) return null;
    return hint(
      'The providers of the JDK have no certificate, and nothing here brings another. Use a runtime with a validated provider, such as one with bc-fips.',
    );
  }
  if (name === 'dotnet' && (verb === 'publish' || verb === 'build')) {
    const [final] = shippedStages(context);
    if (final !== undefined && (hasModule(final, context) || claimsByName(final, context))) return null;
    return hint(
      '.NET encrypts with the OpenSSL of the image it runs in, and nothing here brings a validated one. Ship it on a base with a validated provider.',
    );
  }
  const runtime = packedRuntime(invocation);
  if (runtime !== null) {
    return hint(
      `${runtime} goes into this program with cryptography of its own, which no certificate names. Ship the script, and run it on a base with a validated provider.`,
    );
  }
  const packages = /^pip[\d.]*$/.test(name) && verb === 'install' ? operands.slice(1) : [];
  const wheel = packages.find(({ value }) => /^cryptography(?:$|[=<>!~[ ])/.test(value));
  if (wheel !== undefined && !args.some(({ value }) => value.startsWith('--no-binary'))) {
    return {
      span: wheel.span,
      message:
        'The wheel of cryptography brings an OpenSSL of its own, which no certificate names. Build it against the OpenSSL of the base with --no-binary cryptography.',
      severity: 'hint',
    };
  }
  return null;
}

export const buildWithoutValidatedModule = defineRule({
  id: 'WB1025',
  slug: 'build-without-validated-module',
  title: 'Program is built without a validated module',
  language: 'dockerfile',
  severity: 'warning',
  category: 'cryptography',
  since: '0.1.0',
  why: 'Compiled programs carry their cryptography with them, or decide at build time where it comes from. A base with a validated module does not help a Go program that has its own, and the setting is easily left out or switched off again.',
  controls: controls('SC-13', 'SA-8'),
  examples: {
    bad: [
      {
        text: 'FROM golang:1.26 AS build\nRUN CGO_ENABLED=0 go build -o /app ./cmd/app\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The policy asks for it, the build does not choose the module.',
      },
      {
        text: 'FROM golang:1.26 AS build\nENV GOEXPERIMENT=systemcrypto CGO_ENABLED=0\nRUN go build -o /app\nFROM cgr.dev/acme.com/glibc-openssl-fips:latest\nCOPY --from=build /app /app\n',
        note: 'Without cgo the library cannot be called.',
      },
      {
        text: 'FROM cgr.dev/acme.com/go:1.27 AS build\nENV GOFIPS140=v1.0.0\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'This Go has no snapshot of the module to build with.',
      },
      {
        text: 'FROM golang:1.26 AS build\nRUN <<EOF\nexport GOOS=linux\ngo install ./...\nEOF\nFROM cgr.dev/acme.com/static-fips:latest\nCOPY --from=build /go/bin/app /app\n',
        note: 'The file ships a FIPS base, and a program that does not use it.',
      },
      {
        text: 'FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nRUN dotnet publish -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY --from=build /app /app\nUSER app\n',
        policy: 'fips: required\n',
        note: '.NET has no module of its own, and this runtime has none either.',
      },
      {
        text: 'FROM node:24 AS build\nRUN npx @yao-pkg/pkg . --output /app\nFROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nCOPY --from=build /app /app\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The program brings a whole Node.js along, past the OpenSSL of the base.',
      },
    ],
    good: [
      {
        text: 'FROM golang:1.26 AS build\nRUN GOFIPS140=v1.0.0 CGO_ENABLED=0 go build -o /app ./cmd/app\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The native module needs no cgo.',
        nearMiss: true,
      },
      {
        text: 'FROM golang:1.26 AS build\nRUN go build -o /app && go vet ./...\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        note: 'Nobody asks for FIPS.',
      },
      {
        text: 'FROM golang:1.26 AS build\nARG MODULE\nENV GOFIPS140=$MODULE\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'What comes from outside is not guessed.',
      },
      {
        text: 'FROM golang:1.26 AS build\nRUN go env -w GOFIPS140=certified\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'Set once for every build of the stage.',
      },
      {
        text: 'FROM golang:1.26 AS tools\nRUN go install example.com/lint@v1\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /\n',
        policy: 'fips: required\n',
        note: 'What this stage builds reaches nothing.',
      },
      {
        text: 'FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nRUN dotnet publish -o /app\nFROM registry.access.redhat.com/ubi9/dotnet-100-runtime:1\nCOPY --from=build /app /app\nUSER 1001\n',
        policy: 'fips: required\n',
        note: 'This runtime has the OpenSSL of Red Hat.',
        nearMiss: true,
      },
    ],
  },
  refs: [
    'Go documentation: FIPS 140-3 compliance, certificate #5247',
    'Microsoft build of Go: migration guide',
    'src/core/catalogue/data/fips.json: claims boring-cgo0, systemcrypto-cgo0 and wolfi-go-127',
  ],
  *check(context) {
    const intent = fipsIntent(context);
    if (intent === null) return;
    for (const stage of usedStages(context)) {
      for (const { id, span, title, why, todo, sourced } of context.fips.stage(stage).claims) {
        if (span === null || !['boring-cgo0', 'systemcrypto-cgo0', 'wolfi-go-127'].includes(id)) continue;
        yield {
          span,
          message: `${title} has no validated module: ${inSentence(why)}. ${todo}.`,
          severity: sourced ? intent.severity('warning') : 'hint',
          data: { claim: id },
        };
      }
    }
    for (const script of context.shared.scripts) {
      if (context.shared.roles[script.stage.index] === 'unused' || script.instruction.keyword !== 'RUN') continue;
      for (const command of script.commands) {
        const found =
          goBuild(script, command, context, intent) ?? (intent.wish === null ? null : otherBuild(command, context));
        if (found !== null) yield found;
      }
    }
  },
});
