// SPDX-License-Identifier: Apache-2.0
// Rules about what a base has and a step needs, about digests and platforms, beyond their examples.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { applyPreferredFixes } from '../../src/core/lint/fix.ts';
import { findingsOf } from '../support/linting.ts';

const marked = (ruleId: string, text: string): readonly string[] =>
  findingsOf(ruleId, text).map(({ span }) => text.slice(span.start, span.end));
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const STATIC = 'FROM gcr.io/distroless/static-debian13:nonroot\n';

describe('WB1030 shell-form-without-shell', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`${STATIC}CMD /a\nCMD ["/a"]\n`, []],
    [`${STATIC}CMD ["/a"]\nCMD /a\n`, ['CMD']],
    [`${STATIC}ENTRYPOINT ["/a"]\nCMD --port 80\n`, []],
    [`${STATIC}ENTRYPOINT /a\nCMD ["x"]\n`, ['ENTRYPOINT']],
    [`${STATIC}HEALTHCHECK --interval=5s CMD ["/a", "-h"]\nHEALTHCHECK NONE\n`, []],
    [`${STATIC}SHELL ["/busybox/sh", "-c"]\nRUN a\n`, []],
    [`${STATIC}RUN ["/app/sh", "x"]\n`, []],
    [`${STATIC}RUN ["/bin/sh", "-c", "x"]\n`, ['/bin/sh']],
    [`${STATIC}CMD ["bash", "-c", "/a"]\n`, ['bash']],
    [`${STATIC}ENTRYPOINT ["/usr/bin/sh", "/a.sh"]\nCMD ["sh"]\n`, ['/usr/bin/sh']],
    [`${STATIC}HEALTHCHECK CMD ["/bin/ash", "-c", "a"]\nCMD ["/a", "sh"]\n`, ['/bin/ash']],
    [`${STATIC}CMD ["$SH", "-c", "a"]\n`, []],
    [`${STATIC}CMD []\n`, []],
    [`${STATIC}RUN ["/a", "x"]\nONBUILD RUN a\n`, []],
    [`${STATIC}RUN --mount=type=cache,target=/c a\n`, ['RUN']],
    [`${STATIC}COPY --from=busybox:1.37 /bin/sh /bin/sh\nRUN a\n`, []],
    [`${STATIC}RUN a\nCOPY bin/ /usr/local/bin/\n`, ['RUN']],
    [`${STATIC}COPY a $DEST\nCMD /a\n`, []],
    [`${STATIC}COPY a .\nCMD /a\n`, []],
    [`FROM scratch AS a\nRUN b\nFROM debian:13\n`, []],
    [`FROM scratch AS a\nRUN b\nFROM debian:13\nCOPY --from=a /b /b\n`, ['RUN']],
    [`FROM example.com/base:1\nRUN a\nCMD b\n`, []],
    [`# escape=\`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nRUN a\n`, []],
  ];
  for (const [text, expected] of cases) {
    it(`marks ${expected.join(', ') || 'nothing'} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(marked('WB1030', text), expected));
  }

  const fixes: readonly (readonly [string, string | null])[] = [
    ['CMD /app/a --listen ":80"', 'CMD ["/app/a", "--listen", ":80"]'],
    [`ENTRYPOINT  exec /app/a 'b c'`, 'ENTRYPOINT  ["/app/a", "b c"]'],
    ['HEALTHCHECK --retries=2 CMD /app/a -h', 'HEALTHCHECK --retries=2 CMD ["/app/a", "-h"]'],
    ['CMD /app/a $PORT', null],
    ['CMD /app/a && /app/b', null],
    ['CMD A=1 /app/a', null],
    ['CMD /app/a > /log', null],
    ['CMD /app/a *.txt', null],
    ['CMD /app/a \\\n  # why\n  b', null],
  ];
  for (const [line, expected] of fixes) {
    it(`${expected === null ? 'does not offer to rewrite' : 'rewrites'} ${JSON.stringify(line)}`, () => {
      const text = `${STATIC}${line}\n`;
      const found = findingsOf('WB1030', text);
      assert.equal(found.length, 1);
      const fixed = applyPreferredFixes(text, found).text;
      assert.equal(fixed, expected === null ? text : `${STATIC}${expected}\n`);
      if (expected === null) return;
      assert.equal(parseDockerfile(fixed).error, null);
      assert.deepEqual(findingsOf('WB1030', fixed), []);
    });
  }
});

describe('WB1031 package-manager-absent', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      'FROM alpine:3.24\nRUN apt-get update && apt-get install x\nRUN /usr/bin/apt-get -y upgrade\n',
      ['apt-get', '/usr/bin/apt-get'],
    ],
    ['FROM alpine:3.24\nRUN --mount=type=cache,target=/var/cache/apt sudo -E apt-get update\n', ['apt-get']],
    ['FROM fedora:44\nRUN yum install -y x && microdnf clean all\n', []],
    ['FROM debian:13\nRUN dnf --version || true\n', []],
    ['FROM debian:13\nRUN apt-get install -y dnf && dnf install x\n', []],
    ['FROM debian:13\nCOPY --from=alpine:3.24 /sbin/apk /sbin/apk\nRUN apk add x\n', []],
    ['FROM debian:13\nRUN curl -o /usr/local/bin/apk https://x && apk add x\n', []],
    ['FROM debian:13\nRUN ./apk add x && /opt/apk/apk add y\n', []],
    ['FROM debian:13\nRUN case $X in apk) apk add x;; esac\n', []],
    ['FROM debian:13\nONBUILD RUN apk add x\n', []],
    ['FROM example.com/x:1\nRUN apk add x\n', []],
    ['FROM gcr.io/distroless/static-debian13\nRUN apt-get update\n', []],
    ['FROM gcr.io/distroless/static-debian13\nRUN ["apt-get", "update"]\n', ['apt-get']],
    ['ARG V=alpine\nFROM node:24-${V}\nRUN apt update\n', ['apt']],
    ['FROM node:24\nRUN apt-get update\n', []],
  ];
  for (const [text, expected] of cases) {
    it(`marks ${expected.join(', ') || 'nothing'} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(marked('WB1031', text), expected));
  }
});

describe('WB1007 development-variant-in-final-stage', () => {
  it('never speaks of a base beside base-not-minimal', () => {
    for (const base of [
      'mcr.microsoft.com/dotnet/sdk:10.0',
      'gcr.io/distroless/static:debug',
      'debian:13',
      'golang:1.27',
      'cgr.dev/acme.com/python-fips:3.13-dev',
      'dhi.io/python:3.13-debian13-dev',
    ]) {
      const text = `FROM ${base}\nUSER 1000\n`;
      assert.ok(findingsOf('WB1007', text).length + findingsOf('WB1001', text).length <= 1, base);
    }
    assert.equal(findingsOf('WB1001', 'FROM debian:13\n').length, 1);
  });

  it('is sure of what the catalogue knows, and hints at what only the naming says', () => {
    assert.equal(findingsOf('WB1007', 'FROM mcr.microsoft.com/dotnet/sdk:10.0\n')[0]?.severity, 'warning');
    assert.equal(findingsOf('WB1007', 'FROM cgr.dev/acme.com/own-thing:1-dev\n')[0]?.severity, 'hint');
    assert.deepEqual(findingsOf('WB1007', 'FROM cgr.dev/acme.com/dev:1\n'), []);
  });
});

describe('WB1007 and tools that are copied', () => {
  const MICRO = 'FROM registry.access.redhat.com/ubi9/ubi-micro:9.6\n';
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`${STATIC}COPY --from=busybox:1.37 /bin/busybox /sbin/apk /bin/\n`, ['/bin/busybox', '/sbin/apk']],
    [`${STATIC}COPY bin/sh /bin/sh\n`, []],
    [`${STATIC}COPY --from=busybox:1.37 ["/bin/sh", "/sbin/apk", "/bin/"]\n`, ['/bin/sh', '/sbin/apk']],
    [`${STATIC}COPY --from=busybox:1.37 "/bin/sh" /bin/sh\n`, ['"/bin/sh"']],
    [`${MICRO}COPY --from=busybox:1.37 /bin/busybox /bin/busybox\n`, []],
    ['FROM scratch\nCOPY --from=busybox:1.37 /bin/sh /bin/sh\n', ['/bin/sh']],
  ];
  for (const [text, expected] of cases) {
    it(`marks ${expected.join(', ') || 'nothing'} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(marked('WB1007', text), expected));
  }
});

describe('WB1010 base-unknown', () => {
  it('knows stages by name and by number', () => {
    const text = 'FROM debian:13 AS A\nFROM scratch\nCOPY --from=a /x /x\nCOPY --from=0 /y /y\nCOPY --from=$Z /z /z\n';
    assert.deepEqual(findingsOf('WB1010', text), []);
  });
});

describe('WB1013 digest-tag-disagrees', () => {
  const cases: readonly (readonly [string, number])[] = [
    [`FROM a:1.2@sha256:${A} AS x\nFROM a:1.3@sha256:${A}\nCOPY --from=x / /\n`, 1],
    [`FROM a:1.2@sha256:${A} AS x\nFROM b:1.3@sha256:${A}\n`, 0],
    [`FROM a:v2-alpine3.24@sha256:${A} AS x\nFROM a:2.1-alpine@sha256:${A}\n`, 0],
    [`FROM a:latest@sha256:${A} AS x\nFROM a:latest@sha256:${B}\n`, 0],
    [`FROM a:1.2@sha256:${A} AS x\nFROM a:1.2@sha256:${B}\n`, 1],
    [`FROM --platform=$BUILDPLATFORM a:1.2@sha256:${A} AS x\nFROM a:1.2@sha256:${A}\n`, 0],
    [`FROM a:1.2@sha256:${A}\nCOPY --from=a:1.2@sha256:${B} / /\n`, 1],
    [`# a:1.2 was here before\nFROM a:1.3@sha256:${A}\n`, 0],
    [`# image: a:1.2\nFROM a:1.3@sha256:${A}\n`, 1],
    [`# b:1.2\nFROM a:1.3@sha256:${A}\n`, 0],
    [`# a:1.3.4\nFROM a:1.3@sha256:${A}\n`, 0],
    [`# a:1.2\nFROM a:1.3\n`, 0],
  ];
  for (const [text, count] of cases) {
    it(`finds ${count} in ${JSON.stringify(text.replaceAll(A, 'A').replaceAll(B, 'B'))}`, () =>
      assert.equal(findingsOf('WB1013', text).length, count));
  }
});

describe('WB1032 platform-pinned', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['FROM --platform=linux/amd64 arm64v8/debian:13\n', ['linux/amd64']],
    ['FROM --platform=linux/x86_64 amd64/debian:13\n', []],
    ['FROM --platform=linux/arm/v7 arm32v7/debian:13\n', []],
    ['FROM --platform=linux/amd64 gcr.io/distroless/static-debian13:latest-arm64\n', ['linux/amd64']],
    ['FROM --platform=linux/amd64 debian:13\n', []],
    ['FROM --platform=$TARGETPLATFORM amd64/debian:13\n', []],
    ['FROM amd64/debian:13\n', []],
    ['FROM --platform=linux/amd64 example.com/amd64/x:1\n', []],
  ];
  for (const [text, expected] of cases) {
    it(`marks ${expected.join(', ') || 'nothing'} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(marked('WB1032', text), expected));
  }
});

describe('WB1033 evidence-suppressed', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      'FROM x\nRUN rm -rf /var/lib/dpkg/* /var/lib/dpkg/info/*.list\n',
      ['/var/lib/dpkg/*', '/var/lib/dpkg/info/*.list'],
    ],
    ['FROM x\nRUN rm -rf /var/lib/dpkg/info/*.postinst /var/lib/dpkg/lock* /var/lib/rpm/.rpm.lock\n', []],
    ['FROM x\nRUN rm -rf -- "/var/lib/rpm"\n', ['"/var/lib/rpm"']],
    ['FROM x\nRUN rm -rf /usr/lib/python3/dist-packages/*.egg-info\n', ['/usr/lib/python3/dist-packages/*.egg-info']],
    ['FROM x\nRUN rm /usr/share/app.spdx.json ./local.spdx.json\n', ['/usr/share/app.spdx.json']],
    ['FROM x\nENV BUILDX_NO_DEFAULT_ATTESTATIONS=1\n', ['BUILDX_NO_DEFAULT_ATTESTATIONS=1']],
    ['FROM x\nENV BUILDX_NO_DEFAULT_ATTESTATIONS=0\nENV BUILDKIT_SBOM_SCAN_STAGE=false\n', []],
    ['FROM x\nARG BUILDKIT_SBOM_SCAN_STAGE=$SCAN\nARG BUILDKIT_SBOM_SCAN_CONTEXT\n', []],
    ['FROM x\nRUN docker buildx build --provenance=false --sbom=true .\n', ['--provenance=false']],
    ['FROM x\nRUN tool build --provenance=false .\n', []],
    ['FROM x AS a\nRUN rm -rf /lib/apk/db\nFROM y\nCOPY --from=a /x /x\n', []],
    ['FROM x\nRUN rm -rf /var/lib/{apt,dpkg,cache}\n', ['/var/lib/{apt,dpkg,cache}']],
    ['FROM x\nRUN rm -rf /var/lib/{apt,cache}/* /var/lib/dpkg/info/{a,b}.postinst\n', []],
    ['FROM x\nWORKDIR /var\nRUN cd lib && rm -rf ./dpkg\nRUN rm -rf lib/apt\n', ['./dpkg']],
    ['FROM x\nRUN rm -rf /var/lib/* && rm -rf /usr/share/* /usr/lib/* /lib/*\n', ['/var/lib/*']],
    ['FROM x\nRUN rm -rf /lib/apk /var/lib/pacman/local/*/desc\n', ['/lib/apk', '/var/lib/pacman/local/*/desc']],
    ['FROM x\nRUN mv /var/lib/dpkg /tmp/ && mv /tmp/x /var/lib/dpkg\n', ['/var/lib/dpkg']],
    ['FROM x\nRUN : > /var/lib/dpkg/status && echo x >> /var/lib/dpkg/status\n', ['/var/lib/dpkg/status']],
    ['FROM x\nRUN truncate -s 0 /var/lib/rpm/rpmdb.sqlite\n', ['/var/lib/rpm/rpmdb.sqlite']],
    ['FROM x\nRUN find /usr -type d -name "*.dist-info" -exec rm -rf {} +\n', ['"*.dist-info"']],
    ['FROM x\nRUN find / -name __pycache__ -exec rm -rf {} \\; && find /usr -name "*.pyc" -delete\n', []],
    ['FROM x\nRUN find /var/lib/dpkg -delete && find /var/cache -type f -delete\n', ['/var/lib/dpkg']],
    ['FROM x\nRUN find /var -mtime +1 -delete; find /var/lib/dpkg -name "*.list"; find -delete\n', []],
    ['FROM x\nRUN find /var/lib/dpkg -name "*.list" -ok rm {} ";"\n', ['"*.list"']],
    ['FROM x\nRUN find /var/lib -name "*.list" -o -name x -delete\n', []],
    ['FROM x\nRUN rm -rf $ROOT/var/lib/dpkg /mnt/var/lib/dpkg var/lib/dpkg\n', []],
  ];
  for (const [text, expected] of cases) {
    it(`marks ${expected.join(', ') || 'nothing'} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(marked('WB1033', text), expected));
  }
});
