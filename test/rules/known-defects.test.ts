// SPDX-License-Identifier: Apache-2.0
// What other tools get wrong about Dockerfiles, each as a test that Waybill gets it right.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { findingsOf, lintText } from '../support/linting.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

const bases = (text: string): readonly string[] => {
  const { error, stages } = parseDockerfile(text);
  assert.equal(error, null, text);
  return stages.map(({ base }) =>
    base.kind === 'image' ? base.resolved : base.kind === 'stage' ? base.name : base.kind,
  );
};
/** What every fix of every finding makes of a file. */
const allFixed = (text: string): readonly string[] =>
  lintText(text).findings.flatMap(({ fixes = [] }) => fixes.map(({ edits }) => applyEdits(text, edits)));

describe('defects of other tools: parsing', () => {
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a platform is no image',
      'FROM --platform=$BUILDPLATFORM golang:1.24 AS build\n',
      ['docker.io/library/golang:1.24'],
    ],
    ['a variable with a tag behind it', 'ARG BASE=alpine\nFROM $BASE:3.20\n', ['docker.io/library/alpine:3.20']],
    ['a default in the expansion', 'FROM ${X:-debian:12}\n', ['docker.io/library/debian:12']],
    ['lower case', 'from node:20\n', ['docker.io/library/node:20']],
    ['quotes of an ARG', 'ARG A="alpine:3.20"\nFROM $A\n', ['docker.io/library/alpine:3.20']],
    ['two assignments on one ARG', 'ARG V=1 BASE=alpine:3\nFROM $BASE\n', ['docker.io/library/alpine:3']],
    ['a continuation before AS', 'FROM alpine \\\n AS base\n', ['docker.io/library/alpine:latest']],
    ['FROM in a heredoc', 'FROM alpine\nRUN <<EOF\nFROM x\nEOF\n', ['docker.io/library/alpine:latest']],
    [
      'a heredoc with an interpreter, RUN right behind',
      'FROM alpine\nRUN <<EOF bash\nx\nEOF\nRUN y\n',
      ['docker.io/library/alpine:latest'],
    ],
    ['a registry with a port', 'FROM localhost:5000/team/app:1.0\n', ['localhost:5000/team/app:1.0']],
    [
      'an ARG of a stage stays there',
      'FROM alpine\nARG LEAK=1\nFROM img:x${LEAK}\n',
      ['docker.io/library/alpine:latest', 'docker.io/library/img:x'],
    ],
    ['a variable inside a name', 'ARG N=2\nFROM img${N}:1\n', ['docker.io/library/img2:1']],
    [
      'an ARG with tag and digest',
      `ARG IMG=alpine:3@${DIGEST}\nFROM \${IMG}\n`,
      [`docker.io/library/alpine:3@${DIGEST}`],
    ],
    ['a stage alias', 'FROM alpine:3.24 AS base\nFROM base\n', ['docker.io/library/alpine:3.24', 'base']],
    ['a stage alias in upper case', 'FROM alpine:3.24 AS Base\nFROM base\n', ['docker.io/library/alpine:3.24', 'base']],
    // BuildKit looks it up as it is written, and then it is no reference: the build ends.
    [
      'an alias that is asked for in upper case',
      'FROM alpine:3.24 AS a\nFROM A\n',
      ['docker.io/library/alpine:3.24', 'unknown'],
    ],
  ];
  for (const [what, text, expected] of table) it(`reads ${what}`, () => assert.deepEqual(bases(text), expected));

  it('refuses a comment behind FROM, as the builder does', () => {
    assert.match(parseDockerfile('FROM alpine:3.20 # c\n').error?.message ?? '', /either one or three arguments/);
  });

  it('does not lose the rest of a file to one odd line', () => {
    const text = 'FROM localhost:5000/team/app:1.0 AS a\nRUN <<EOF bash\nx\nEOF\nFROM node\nUSER root\n';
    const found = lintText(text).findings.map(({ ruleId }) => ruleId);
    assert.ok(found.includes('WB1004') && found.includes('WB1006'), found.join(' '));
  });

  it('says nothing of the tag where a variable brings one, or where a stage is meant', () => {
    for (const text of [
      'ARG N=:1\nFROM img${N}\n',
      'FROM ${X:-debian:12}\n',
      `ARG IMG=alpine:3@${DIGEST}\nFROM \${IMG}\n`,
      'FROM alpine:3.24 AS a\nFROM a\n',
      'FROM alpine:3.24 AS A\nFROM a\n',
      'FROM alpine:3.24 AS a\nFROM A\n',
    ]) {
      assert.deepEqual(findingsOf('WB1004', text), [], text);
    }
  });
});

describe('defects of other tools: advice', () => {
  it('names no other product and no larger one for a base', () => {
    const said = (base: string): string =>
      lintText(`FROM ${base}\nUSER 1000\n`)
        .findings.flatMap(({ message, fixes = [] }) => [message, ...fixes.map(({ title }) => title)])
        .join('\n');
    assert.doesNotMatch(said('redis:7.2'), /sentinel/);
    const runtime = said('eclipse-temurin:17-jre');
    assert.match(runtime, /not minimal/);
    assert.doesNotMatch(runtime, /jdk/);
    assert.match(said('eclipse-temurin:17'), /cgr\.dev\/chainguard\/jdk/);
  });

  it('leaves a FIPS image of an organisation what it is, on purpose', () => {
    for (const fixed of allFixed('FROM cgr.dev/acme.com/python-fips:3.12\nRUN true\n')) {
      assert.ok(fixed.includes('FROM cgr.dev/acme.com/python-fips:3.12\n'), fixed);
    }
    assert.deepEqual(findingsOf('WB1002', 'FROM cgr.dev/acme.com/python-fips:3.12\n'), []);
  });

  it('takes no private image for a public one of the same name', () => {
    for (const image of [
      'registry.corp.example/team/debian:7',
      'localhost:5000/team/redis:6',
      'ghcr.io/someone/node:12',
    ]) {
      const { findings } = lintText(`FROM ${image}\nUSER 1\n`);
      assert.deepEqual(
        findings.map(({ ruleId }) => ruleId),
        ['WB1005'],
        image,
      );
    }
  });

  it('calls a minimal image minimal, and keeps its variant', () => {
    const text = `FROM gcr.io/distroless/static-debian13:nonroot@${DIGEST}\n`;
    assert.deepEqual(findingsOf('WB1001', text), []);
    assert.deepEqual(findingsOf('WB1006', text), []);
  });

  it('does not send a Dockerfile on alpine to another distribution', () => {
    for (const { message } of lintText('FROM node:24-alpine\nUSER node\n').findings) {
      assert.doesNotMatch(message, /-slim|bookworm|trixie/);
    }
  });
});

describe('defects of other tools: fixes', () => {
  const TEXT = `# syntax=docker/dockerfile:1\nARG V="18"\nFROM  --platform=$BUILDPLATFORM  node:\${V}  AS  build   \n\n# why\nRUN true\nFROM node:20@${DIGEST} AS run\nCOPY --from=build /a /a\n`;

  it('keeps --platform, alias, spacing, comments and the variable', () => {
    const fixed = allFixed(TEXT);
    assert.ok(
      fixed.some((text) => text.includes('ARG V="24"\nFROM  --platform=$BUILDPLATFORM  node:${V}  AS  build   \n')),
    );
    for (const text of fixed) {
      assert.ok(text.includes('# why\nRUN true\n') && text.startsWith('# syntax=docker/dockerfile:1\n'), text);
      assert.match(text, /FROM {2}--platform=\$BUILDPLATFORM {2}node:\$\{V\} {2}AS {2}build {3}\n/);
    }
  });

  it('never drops a digest', () => {
    for (const text of allFixed(TEXT)) assert.ok(text.includes(`node:20@${DIGEST} AS run`), text);
  });

  it('names no image that is not known to exist', () => {
    const text = 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.4\n';
    for (const fixed of allFixed(text))
      assert.ok(fixed.includes('registry.access.redhat.com/ubi9/ubi-minimal:9.4'), fixed);
  });

  it('brings no development variant in because a stage has a RUN, nor USER root', () => {
    for (const fixed of allFixed('FROM python:3.12-slim-bookworm\nRUN true\n')) {
      assert.doesNotMatch(fixed, /-dev\b|USER root/);
    }
  });
});
