// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { ClaimId } from '../../../src/core/fips/knowledge.ts';
import { CLAIM_IDS } from '../../../src/core/fips/knowledge.ts';
import { judgeStage } from '../../../src/core/fips/stage.ts';

const data = catalogueData();
const catalogue = new Catalogue(data);
const TODAY = '2026-11-25';

/** The judgement of the last stage, with the text of every place it names. */
function judge(text: string) {
  const facts = parseDockerfile(text);
  const stage = facts.stages.at(-1);
  assert.ok(stage !== undefined);
  const judgement = judgeStage(stage, facts, catalogue, data, TODAY);
  const claims = judgement.claims.map(
    ({ id, span }) => [id, span === null ? null : text.slice(span.start, span.end)] as const,
  );
  return { ...judgement, named: claims, ids: claims.map(([id]) => id) };
}

interface Case {
  readonly says: readonly string[];
  readonly quiet: readonly string[];
}

const CASES: Readonly<Record<Exclude<ClaimId, 'name-says-fips'>, Case>> = {
  'alpine-openssl-fips': {
    says: [
      'FROM alpine:3.24\nRUN apk add --no-cache openssl-fips\n',
      'FROM alpine:3.24\nRUN apk --no-cache add curl \\\n    openssl-fips && rm -rf /x\n',
      'FROM alpine:3.24\nRUN <<EOF\napk add openssl-fips\nEOF\n',
    ],
    quiet: [
      'FROM alpine:3.24\nRUN apk add openssl\n',
      'FROM alpine:3.24\nRUN echo apk add # openssl-fipsy\n',
      'FROM alpine:3.24\nRUN apk add openssl-fips-provider-x\n',
    ],
  },
  'self-built-provider': {
    says: [
      'FROM debian:13\nRUN cd openssl-3.5.4 && ./Configure enable-fips && make\n',
      'FROM debian:13\nRUN ./config --prefix=/opt enable-fips\n',
    ],
    quiet: [
      'FROM debian:13\nRUN cd openssl-3.1.2 && ./Configure enable-fips && make\n',
      'FROM debian:13\nRUN ./Configure no-fips\n',
    ],
  },
  'openssl-fips-env': {
    says: [
      'FROM debian:13\nENV OPENSSL_FIPS=1\n',
      'FROM debian:13\nENV OPENSSL_FIPS 1\n',
      'FROM debian:13\nENV A=b OPENSSL_FIPS="1"\n',
    ],
    quiet: [
      'FROM debian:13\nENV OPENSSL_FIPS=0\n',
      'FROM debian:13\nENV MY_OPENSSL_FIPS=1\n',
      'FROM debian:13\nENV OPENSSL_FIPS=$X\n',
    ],
  },
  'node-enable-fips': {
    says: [
      'FROM node:24\nCMD ["node", "--enable-fips", "a.js"]\n',
      'FROM node:24\nENTRYPOINT node --force-fips a.js\n',
      'FROM node:24\nENV NODE_OPTIONS=--enable-fips\n',
    ],
    quiet: [
      'FROM node:24\nENV OPENSSL_CONF=/c OPENSSL_MODULES=/m\nCMD ["node", "--enable-fips", "a.js"]\n',
      'FROM node:24\nCMD ["node", "a.js"]\n',
      'FROM node:24\nCOPY fips.so /usr/lib/ossl-modules/fips.so\nCMD ["node", "--force-fips", "a.js"]\n',
    ],
  },
  'godebug-only': {
    says: [
      'FROM golang:1.26\nENV GODEBUG=fips140=on\nRUN go build ./...\n',
      'FROM scratch\nENV GODEBUG="madvdontneed=1,fips140=only"\n',
    ],
    quiet: [
      'FROM golang:1.26\nENV GODEBUG=fips140=on GOFIPS140=v1.0.0\nRUN go build ./...\n',
      'FROM golang:1.26\nENV GODEBUG=fips140=on\nRUN GOFIPS140=v1.0.0 go build ./...\n',
      'FROM golang:1.26\nENV GODEBUG=fips140=off\n',
      'FROM golang:1.26 AS base\nENV GOFIPS140=certified\nFROM base\nENV GODEBUG=fips140=on\n',
    ],
  },
  'gofips-latest': {
    says: [
      'FROM golang:1.26\nENV GOFIPS140=latest\n',
      'FROM golang:1.26\nARG GOFIPS140=inprocess\n',
      'FROM golang:1.26\nRUN GOFIPS140=latest go build ./...\n',
    ],
    quiet: ['FROM golang:1.26\nENV GOFIPS140=v1.0.0\n', 'FROM golang:1.26\nENV GOFIPS140=certified\n'],
  },
  'boring-cgo0': {
    says: [
      'FROM golang:1.26\nENV GOEXPERIMENT=boringcrypto CGO_ENABLED=0\nRUN go build ./...\n',
      'FROM golang:1.26\nRUN CGO_ENABLED=0 GOEXPERIMENT=boringcrypto go build ./...\n',
    ],
    quiet: [
      'FROM golang:1.26\nENV GOEXPERIMENT=boringcrypto CGO_ENABLED=1\n',
      'FROM golang:1.26\nENV CGO_ENABLED=0\n',
      'FROM golang:1.26\nENV CGO_ENABLED=0\nRUN CGO_ENABLED=1 GOEXPERIMENT=boringcrypto go build\n',
    ],
  },
  'systemcrypto-cgo0': {
    says: ['FROM golang:1.26\nENV GOEXPERIMENT=systemcrypto\nRUN CGO_ENABLED=0 go build ./...\n'],
    quiet: ['FROM golang:1.26\nENV GOEXPERIMENT=systemcrypto\nRUN go build ./...\n'],
  },
  'host-command': {
    says: [
      'FROM debian:13\nRUN touch /etc/system-fips\n',
      'FROM debian:13\nRUN echo 1 > /proc/sys/crypto/fips_enabled\n',
      'FROM fedora:43\nRUN fips-mode-setup --enable\n',
      'FROM fedora:43\nRUN update-crypto-policies --set FIPS\n',
    ],
    quiet: [
      'FROM fedora:43\nRUN fips-mode-setup --check\n',
      'FROM fedora:43\nRUN update-crypto-policies --set DEFAULT\n',
      'FROM debian:13\nRUN cat /proc/sys/crypto/fips_enabled\n',
    ],
  },
  'static-musl': {
    says: ['FROM alpine:3.24\nLABEL fips=true\n', 'FROM node:24-alpine\nLABEL com.example.crypto="FIPS 140-3"\n'],
    quiet: ['FROM alpine:3.24\nLABEL fips=false\n', 'FROM alpine:3.24\nLABEL team=fipster\n'],
  },
  'wolfi-go-127': {
    says: [
      'FROM cgr.dev/chainguard/go:latest\nENV GOFIPS140=v1.0.0\nRUN go build ./...\n',
      'FROM cgr.dev/chainguard/go:1.27\nRUN GOFIPS140=v1.0.0 go build\n',
    ],
    quiet: [
      'FROM cgr.dev/chainguard/go:1.26\nENV GOFIPS140=v1.0.0\nRUN go build\n',
      'FROM golang:1.27\nENV GOFIPS140=v1.0.0\nRUN go build\n',
    ],
  },
  'cites-historical': {
    says: [
      'FROM debian:13\nLABEL fips.certificate="#4282"\n',
      'FROM debian:13\nLABEL org.crypto="FIPS 140-2 certificate 4407"\n',
    ],
    quiet: ['FROM debian:13\nLABEL fips.certificate="#4985"\n', 'FROM debian:13\nLABEL issue="#4282"\n'],
  },
  'ubi-is-fips': {
    says: ['FROM registry.access.redhat.com/ubi9/ubi:9.6\nLABEL fips=enabled\n'],
    quiet: [
      'FROM registry.access.redhat.com/ubi9/ubi:9.6\nLABEL name=x\n',
      'FROM registry.access.redhat.com/ubi9/ubi:9.6\nLABEL fips="no"\n',
    ],
  },
  'label-says-fips': {
    says: [
      'FROM debian:13\nLABEL com.docker.dhi.compliance=fips,stig,cis\n',
      'FROM debian:13\nLABEL security.fips 140-3\n',
    ],
    quiet: ['FROM debian:13\nLABEL note=none\n', 'FROM debian:13\nLABEL fips=off\n'],
  },
  'pro-preview': {
    says: ['FROM ubuntu:24.04\nRUN pro enable --assume-yes fips-preview\n'],
    quiet: ['FROM ubuntu:22.04\nRUN pro enable --assume-yes fips-updates\n'],
  },
};

describe('claims that prove nothing', () => {
  it('every claim of the knowledge is tested here or with the base, and none has empty words', () => {
    const tested = new Set<string>([...Object.keys(CASES), 'name-says-fips']);
    assert.deepEqual(
      CLAIM_IDS.filter((id) => !tested.has(id)),
      [],
    );
    assert.deepEqual(data.fips.claims.map(({ id }) => id).toSorted(), [...CLAIM_IDS].toSorted());
  });

  for (const [id, { says, quiet }] of Object.entries(CASES)) {
    it(`${id}: seen in ${says.length}, not in ${quiet.length}`, () => {
      for (const text of says) {
        const found = judge(text);
        const claim = found.claims.find((each) => each.id === id);
        assert.ok(claim !== undefined, text);
        assert.ok(claim.span !== null && text.slice(claim.span.start, claim.span.end).length > 2, text);
        assert.ok(claim.why !== '' && claim.todo !== '');
      }
      for (const text of quiet) assert.ok(!judge(text).ids.includes(id as ClaimId), text);
    });
  }

  it('names the exact token, also behind a continuation', () => {
    const found = judge('FROM alpine:3.24\r\nRUN apk add curl \\\r\n  openssl-fips\r\n');
    assert.deepEqual(found.named, [['alpine-openssl-fips', 'openssl-fips']]);
    assert.deepEqual(judge('FROM debian:13\nENV A=1 OPENSSL_FIPS=1 B=2\n').named, [
      ['openssl-fips-env', 'OPENSSL_FIPS=1'],
    ]);
    assert.deepEqual(judge('FROM node:24\nCMD ["node", "--enable-fips"]\n').named, [
      ['node-enable-fips', '--enable-fips'],
    ]);
  });
});

describe('FIPS judgement of a stage', () => {
  it('is that of the base where the stage brings nothing', () => {
    const found = judge('FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6 AS a\nFROM a\nRUN echo\n');
    assert.deepEqual([found.module.value, found.certificate.value, found.enforced.value], ['yes', 'update', 'host']);
    assert.equal(found.base?.module.value, 'yes');
    assert.equal(judge('FROM scratch\nCOPY a /\n').module.value, 'none');
    assert.equal(judge('FROM $X\nRUN echo\n').module.value, 'unknown');
  });

  it('sees the Go module where go builds with a certified version', () => {
    const found = judge('FROM golang:1.26\nENV GOFIPS140=v1.0.0\nRUN go build -o /a ./...\n');
    assert.deepEqual([found.module.value, found.certificate.value, found.enforced.value], ['yes', 'active', 'unknown']);
    assert.match(found.certificate.text, /#5247/);
    assert.equal(judge('FROM golang:1.26\nENV GOFIPS140=v1.0.0\nRUN go vet\n').module.value, 'no');
    assert.equal(judge('FROM golang:1.26\nENV GOFIPS140=v1.26.0\nRUN go build\n').module.value, 'no');
  });

  it('sees packages of Ubuntu Pro, a RHEL provider, and Bouncy Castle by its version', () => {
    const pro = judge('FROM ubuntu:22.04\nRUN pro enable --assume-yes fips-updates\n');
    assert.match(pro.certificate.text, /#4794/);
    const jar = (version: string) => judge(`FROM eclipse-temurin:21\nADD bc-fips-${version}.jar /opt/\n`);
    assert.equal(jar('2.0.0').certificates[0]?.number, 4743);
    assert.equal(jar('2.1.0').certificates[0]?.lapsing, true);
    assert.equal(jar('1.0.2.5').certificate.value, 'historical');
    assert.deepEqual([jar('2.1.2').module.value, jar('2.1.2').certificate.value], ['yes', 'unknown']);
  });

  it('names what takes a module out of use', () => {
    const ids = (text: string) => judge(text).defeats.map(({ id }) => id);
    assert.deepEqual(ids('FROM golang:1.26\nENV GODEBUG=fips140=off\n'), ['godebug-off']);
    assert.deepEqual(ids('FROM golang:1.26\nENV GOFIPS140=off\n'), ['gofips-off']);
    assert.deepEqual(ids('FROM debian:13\nENV OPENSSL_CONF=/dev/null\n'), ['openssl-conf']);
    assert.deepEqual(ids('FROM debian:13\nCOPY --from=a /usr/lib/libcrypto.so.3 /usr/lib/\n'), ['foreign-libcrypto']);
    assert.deepEqual(ids('FROM debian:13\nENV OPENSSL_CONF=/etc/ssl/openssl.cnf\nCOPY libcrypto.md /\n'), []);
  });

  it('survives whatever is in a file', () => {
    const odd = [
      'FROM a\nENV\n',
      'FROM a\nENV =\n',
      'FROM a\nLABEL "x\n',
      'FROM a\nENV A\n',
      'FROM a\nRUN\n',
      'FROM a AS a\nFROM a\n',
      `FROM a\nRUN ${'apk add x '.repeat(20_000)}\n`,
    ];
    for (const text of odd) {
      const facts = parseDockerfile(text);
      for (const stage of facts.stages)
        assert.doesNotThrow(() => judgeStage(stage, facts, catalogue, data, TODAY), text.slice(0, 40));
    }
  });

  it('never throws on whatever stands in a file, and every place lies in it', () => {
    const piece = fc.constantFrom(
      'FROM alpine:3.24\n',
      'FROM a AS b\n',
      'FROM b\n',
      'RUN ',
      'ENV ',
      'LABEL ',
      'ARG ',
      'CMD ',
      'COPY ',
      'apk add ',
      'openssl-fips',
      'GOFIPS140=',
      'latest',
      'v1.0.0',
      'GODEBUG=fips140=on',
      'CGO_ENABLED=0',
      'GOEXPERIMENT=boringcrypto',
      'go build',
      ' ',
      '\n',
      '\\\n',
      '"',
      "'",
      '$X',
      '=',
      '[',
      ']',
      ',',
      'fips',
      '#4282',
      'node ',
      '--enable-fips',
      '<<EOF\n',
      'EOF\n',
      '\r\n',
      '# escape=`\n',
      '`\n',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = `FROM debian:13\n${pieces.join('')}`;
        const facts = parseDockerfile(text);
        for (const stage of facts.stages) {
          const { claims, defeats, module } = judgeStage(stage, facts, catalogue, data, TODAY);
          const spans = [...claims, ...defeats, ...module.evidence].flatMap(({ span }) =>
            span === null ? [] : [span],
          );
          for (const { start, end } of spans) assert.ok(0 <= start && start < end && end <= text.length, text);
        }
      }),
      { numRuns: 400 },
    );
  });
});
