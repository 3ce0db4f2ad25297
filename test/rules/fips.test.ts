// SPDX-License-Identifier: Apache-2.0
// Rules about cryptography and about what a policy asks for, beyond their examples.
import assert from 'node:assert/strict';
import { applyEdits } from '../../src/core/text/edit.ts';
import { findingsOf, lintText, underPolicy } from '../support/linting.ts';

const FIPS_RULES = /^WB102\d$/;
const marked = async (ruleId: string, text: string, policy = ''): Promise<readonly string[]> =>
  findingsOf(ruleId, text, await underPolicy(policy)).map(
    ({ span, severity }) => `${severity}: ${text.slice(span.start, span.end)}`,
  );
const GO = 'FROM golang:1.26 AS build\n';
const SHIP = 'FROM scratch\nCOPY --from=build /app /app\n';

describe('FIPS rules', () => {
  it('leave a file alone in which nobody asks for FIPS or says it', async () => {
    const texts = [
      `${GO}RUN go build -o /app\n${SHIP}`,
      'FROM registry.access.redhat.com/ubi8/ubi:8.10\nENV OPENSSL_CONF=/dev/null\n',
      'FROM alpine:3.24 AS a\nFROM debian:13\nCOPY --from=a /usr/lib/libcrypto.so.3 /usr/lib/\n',
      '# FIPS is not asked for\nFROM debian:13\nRUN echo fipsy\n',
    ];
    for (const text of texts) {
      assert.deepEqual(
        lintText(text).findings.filter(({ ruleId }) => FIPS_RULES.test(ruleId)),
        [],
        text,
      );
    }
  });

  it('are silent where the policy says off, whatever the file says', async () => {
    const text = `${GO}ENV GOFIPS140=latest GODEBUG=fips140=off\nRUN go build -o /app\nFROM alpine:3.24\nRUN apk add openssl-fips\nCOPY --from=build /app /app\n`;
    assert.ok(lintText(text).findings.some(({ ruleId }) => FIPS_RULES.test(ruleId)));
    const { findings } = lintText(text, await underPolicy('fips: off\n'));
    assert.deepEqual(
      findings.filter(({ ruleId }) => FIPS_RULES.test(ruleId)),
      [],
    );
  });

  it('speak as loudly as the policy asks', async () => {
    const text = `${GO}RUN go build -o /app\n${SHIP}`;
    assert.deepEqual(await marked('WB1025', text, 'fips: required\n'), ['error: go build']);
    assert.deepEqual(await marked('WB1025', text, 'fips: preferred\n'), ['warning: go build']);
    assert.deepEqual(await marked('WB1025', text, 'fips: {builder: required}\n'), ['error: go build']);
    assert.deepEqual(await marked('WB1025', text, 'fips: {builder: off}\n'), []);
  });
});

describe('WB1025 build-without-validated-module', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`${GO}RUN export GOFIPS140=v1.0.0 && go build -o /app\n${SHIP}`, []],
    [`${GO}ENV GOFIPS140=v1.0.0\nFROM build AS again\nRUN go build -o /app\n${SHIP.replace('build', 'again')}`, []],
    [
      `${GO}ARG GOFIPS140=v1.0.0\nFROM build AS again\nRUN go build -o /app\n${SHIP.replace('build', 'again')}`,
      ['error: go build'],
    ],
    [`${GO}RUN go build -o /app\nENV GOFIPS140=v1.0.0\n${SHIP}`, ['error: go build']],
    [`${GO}ENV GOEXPERIMENT=boringcrypto\nRUN go build -o /app\n${SHIP}`, []],
    [`${GO}ARG X\nRUN GOEXPERIMENT=$X go build -o /app\n${SHIP}`, []],
    [`${GO}RUN GOEXPERIMENT=rangefunc go build -o /app\n${SHIP}`, ['error: go build']],
    [`FROM example.com/golang-fips:1 AS build\nRUN go build -o /app\n${SHIP}`, []],
    [`${GO}LABEL fips=true\nRUN go build -o /app\n${SHIP}`, ['error: go build']],
    ['FROM python:3.14\nRUN pip download cryptography\n', []],
    ['FROM maven:3 AS build\nRUN mvn package\nFROM example.com/jre-fips:1\nCOPY --from=build /a /a\n', []],
    [`${GO}RUN go test ./... && go vet && echo go build\n${SHIP}`, []],
    [`${GO}RUN go install example.com/tool/cmd/lint@v1.2 && make\n${SHIP}`, []],
    [
      `${GO}RUN go install example.com/tool@v1.2\nFROM scratch\nCOPY --from=build /go/bin/tool /tool\n`,
      ['error: go install'],
    ],
    [
      'FROM registry.access.redhat.com/ubi9/go-toolset:1.25 AS build\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\n',
      [],
    ],
    ['FROM python:3.14\nRUN pip install "cryptography>=45" requests\n', ['hint: "cryptography>=45"']],
    ['FROM python:3.14\nRUN pip install --no-binary cryptography cryptography cryptography-vectors\n', []],
    ['FROM rust:1.90\nRUN cargo build --release --features fips\n', []],
    ['FROM rust:1.90\nRUN cargo build --release && cargo test\n', ['hint: cargo']],
    [
      'FROM maven:3 AS build\nRUN ./mvnw -q package\nFROM eclipse-temurin:21\nCOPY --from=build /a /a\n',
      ['hint: ./mvnw'],
    ],
    [
      'FROM maven:3 AS build\nRUN mvn package\nFROM eclipse-temurin:21\nCOPY bc-fips-2.0.0.jar /a/\nCOPY --from=build /a /a\n',
      [],
    ],
  ];
  for (const [text, expected] of cases) {
    it(`marks ${expected.join(', ') || 'nothing'} in ${JSON.stringify(text)}`, async () =>
      assert.deepEqual(await marked('WB1025', text, 'fips: required\n'), expected));
  }

  const packed: readonly (readonly [string, boolean])[] = [
    ['pkg . -o /a', true],
    ['npx --yes pkg@5 .', true],
    ['npx @yao-pkg/pkg .', true],
    ['node --experimental-sea-config sea.json', true],
    ['node --build-sea=sea.json', true],
    ['bun build --compile ./a.ts', true],
    ['deno compile a.ts', true],
    ['bun build ./a.ts', false],
    ['bun install --compile', false],
    ['deno run compile', false],
    ['node build.js', false],
    ['npx tsc --compile', false],
    ['npx', false],
    ['npm run pkg', false],
    ['dotnet restore', false],
    ['dotnet build', true],
    ['dotnet publish -c Release', true],
  ];
  for (const [command, found] of packed) {
    it(`${found ? 'hints at' : 'leaves'} ${command}`, async () => {
      const text = `FROM debian:13 AS build\nRUN ${command}\nFROM debian:13\nCOPY --from=build /a /a\n`;
      const marks = await marked('WB1025', text, 'fips: required\n');
      assert.deepEqual(marks, found ? [`hint: ${command.split(' ')[0]}`] : []);
    });
  }

  it('takes a runtime with a module, by its record or by its name, for .NET', async () => {
    for (const [base, hints] of [
      ['cgr.dev/acme.com/aspnet-runtime-fips:10', 0],
      ['registry.access.redhat.com/ubi9/ubi-minimal:9.6', 0],
      ['example.com/aspnet-fips:10', 0],
      ['example.com/aspnet:10', 1],
      ['scratch', 1],
    ] as const) {
      const text = `FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nRUN dotnet publish\nFROM ${base}\nCOPY --from=build /a /a\n`;
      assert.equal((await marked('WB1025', text, 'fips: required\n')).length, hints, base);
    }
  });

  it('leaves the weak guesses out where only the file speaks of FIPS', async () => {
    assert.deepEqual(await marked('WB1025', 'FROM rust:1.90\nLABEL fips=true\nRUN cargo build\n'), []);
  });
});

describe('WB1020 to WB1024', () => {
  it('say each claim once, where it is written', async () => {
    const text = 'FROM cgr.dev/acme.com/base-fips:1 AS base\nENV OPENSSL_FIPS=1\nFROM base AS mid\nFROM mid\nUSER 1\n';
    assert.deepEqual(await marked('WB1020', text), ['hint: cgr.dev/acme.com/base-fips:1', 'warning: OPENSSL_FIPS=1']);
  });

  it('find GOFIPS140=off before a command, and a defeat once through stages', async () => {
    assert.deepEqual(await marked('WB1022', `${GO}RUN GOFIPS140=off go build -o /app\n${SHIP}`), [
      'warning: GOFIPS140=off',
    ]);
    const text = 'FROM cgr.dev/acme.com/base-fips:1 AS base\nENV OPENSSL_CONF=/dev/null\nFROM base\nUSER 1\n';
    assert.deepEqual(await marked('WB1022', text), ['warning: OPENSSL_CONF=/dev/null']);
  });

  it('speak of a claim as loudly as the policy only where nothing can make up for it', async () => {
    const required = 'fips: required\n';
    assert.deepEqual(await marked('WB1020', `${GO}ENV GOFIPS140=latest\nRUN go build -o /app\n${SHIP}`, required), [
      'error: GOFIPS140=latest',
    ]);
    assert.deepEqual(await marked('WB1020', 'FROM debian:13\nENV OPENSSL_FIPS=1\n', required), [
      'warning: OPENSSL_FIPS=1',
    ]);
  });

  it('find what is put over the module of a base, from the context alone', async () => {
    const base = 'FROM cgr.dev/acme.com/python-fips:3.13\n';
    const shadow = (text: string): Promise<readonly string[]> => marked('WB1022', text);
    assert.deepEqual(await shadow(`${base}COPY ["libssl.so.3", "fips.so", "/usr/lib/"]\n`), [
      'warning: libssl.so.3',
      'warning: fips.so',
    ]);
    assert.deepEqual(await shadow(`${base}ADD libcrypto.so /usr/lib/\n`), ['warning: libcrypto.so']);
    assert.deepEqual(await shadow(`${base}COPY --from=debian:13 /usr/lib/libcrypto.so.3 /usr/lib/\n`), []);
    assert.deepEqual(
      await shadow(`${base}RUN cp libcrypto.so.3 /usr/lib/\nENV OPENSSL_MODULES=$M\nARG OPENSSL_MODULES\n`),
      [],
    );
    assert.deepEqual(
      await shadow('FROM debian:13\nLABEL fips=true\nCOPY libcrypto.so.3 /l/\nENV OPENSSL_MODULES=/x\n'),
      [],
    );
    assert.deepEqual(await shadow('FROM registry.access.redhat.com/ubi9/ubi:9.6\nCOPY libcrypto.so.3 /l/\n'), []);
    assert.deepEqual(
      await marked(
        'WB1022',
        'FROM registry.access.redhat.com/ubi9/ubi:9.6\nENV OPENSSL_MODULES=/x\n',
        'fips: required\n',
      ),
      ['error: OPENSSL_MODULES=/x'],
    );
  });

  it('do not follow a builder that ships nothing, nor one that ends in an unknown base', async () => {
    const build = 'FROM cgr.dev/acme.com/node-fips:24-dev AS build\n';
    assert.deepEqual(await marked('WB1023', `${build}FROM node:24\nCOPY --from=build /a /a\n`), ['warning: build']);
    assert.deepEqual(await marked('WB1023', `${build}FROM node:24\nCOPY --from=0 /a /a\nCOPY --from=build /b /b\n`), [
      'warning: 0',
    ]);
    assert.deepEqual(await marked('WB1023', `${build}FROM node:24\n`), []);
    assert.deepEqual(await marked('WB1023', `${build}FROM example.com/x:1\nCOPY --from=build /a /a\n`), []);
    assert.deepEqual(await marked('WB1023', `${build}FROM scratch\nCOPY --from=build /a /a\n`), []);
  });

  it('see a library in either form of COPY', async () => {
    for (const words of ['/usr/lib/libcrypto.so.3 "/usr/lib/libssl.so.3" /l/', '["/usr/lib/libcrypto.so.3", "/l/"]']) {
      const text = `FROM alpine:3.24 AS a\nFROM registry.access.redhat.com/ubi9/ubi:9.6\nCOPY --from=a ${words}\n`;
      const found = await marked('WB1024', text, 'fips: preferred\n');
      assert.equal(found.length, words.startsWith('[') ? 1 : 2, words);
    }
  });

  it('ask for no host where no module is known', async () => {
    const micro = 'FROM registry.access.redhat.com/ubi9/ubi-micro:9.6\n';
    assert.deepEqual(await marked('WB1026', micro, 'fips: required\n'), []);
  });

  it('look at what is set, not at what is shown', async () => {
    const run = (command: string): string => `FROM registry.access.redhat.com/ubi9/ubi:9.6\nRUN ${command}\n`;
    const policy = 'fips: preferred\n';
    assert.deepEqual(await marked('WB1022', run('update-crypto-policies --show'), policy), []);
    assert.deepEqual(await marked('WB1022', run('update-crypto-policies --set $P'), policy), []);
    assert.deepEqual(await marked('WB1022', run('update-crypto-policies --set DEFAULT:SHA1'), policy), [
      'warning: DEFAULT:SHA1',
    ]);
    assert.deepEqual(await marked('WB1022', run('mv /etc/ssl/fipsmodule.cnf /tmp/'), policy), [
      'warning: /etc/ssl/fipsmodule.cnf',
    ]);
    assert.deepEqual(await marked('WB1022', run('cp /tmp/fips.so /x/ && mv a fips.so'), policy), []);
  });

  it('judge a certificate that a builder brings in', async () => {
    const text =
      'FROM eclipse-temurin:21 AS build\nCOPY bc-fips-1.0.2.5.jar /x/\nFROM eclipse-temurin:21\nCOPY --from=build /x /x\n';
    assert.deepEqual(await marked('WB1021', text), ['warning: bc-fips-1.0.2.5.jar']);
  });
});

describe('WB1011 registry-not-allowed', () => {
  const policy =
    'registries:\n  allowed: [mirror.example.com/**]\nimages:\n  - {from: docker.io/, to: mirror.example.com/hub/}\n';

  it('offers the mirror by its mapping, and keeps tag, digest and platform', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    for (const [from, to] of [
      [
        'FROM --platform=$BUILDPLATFORM  node:24@DIGEST AS x',
        'FROM --platform=$BUILDPLATFORM  mirror.example.com/hub/library/node:24@DIGEST AS x',
      ],
      ['FROM someone/app', 'FROM mirror.example.com/hub/someone/app'],
      ['FROM docker.io/someone/app:1', 'FROM mirror.example.com/hub/someone/app:1'],
    ] as const) {
      const text = `${from.replace('DIGEST', digest)}\n`;
      const [finding] = findingsOf('WB1011', text, await underPolicy(policy));
      const fix = finding?.fixes?.find(({ title }) => title.startsWith('Use '));
      assert.ok(fix !== undefined && fix.caveat !== undefined && fix.preferred !== true, text);
      const fixed = applyEdits(text, fix.edits);
      assert.equal(fixed, `${to.replace('DIGEST', digest)}\n`);
      assert.deepEqual(findingsOf('WB1011', fixed, await underPolicy(policy)), []);
    }
  });

  it('offers nothing where no mapping fits or the name is a variable', async () => {
    for (const text of ['FROM quay.io/a/b:1\n', 'ARG N=node\nFROM $N:24\n']) {
      const [finding] = findingsOf('WB1011', text, await underPolicy(policy));
      assert.ok(finding !== undefined && finding.fixes?.every(({ title }) => !title.startsWith('Use ')), text);
    }
  });
});
