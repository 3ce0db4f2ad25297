// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { type Judgement } from '../../../src/core/catalogue/lookup.ts';
import { parseImageReference, type ImageReference } from '../../../src/core/model/image-reference.ts';
import { catalogue, TODAY } from '../../support/linting.ts';

function reference(text: string): ImageReference {
  const parsed = parseImageReference(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

describe('catalogue look-up', () => {
  it('knows an image under every spelling, and none by the last part of its name', () => {
    for (const name of [
      'alpine:3.24',
      'docker.io/library/alpine',
      'index.docker.io/library/alpine',
      'public.ecr.aws/docker/library/alpine',
    ]) {
      assert.equal(catalogue.find(reference(name))?.repository, 'docker.io/library/alpine', name);
    }
    for (const name of [
      'registry.example.com/alpine',
      'team/alpine',
      'ghcr.io/library/alpine',
      'localhost:5000/library/alpine',
    ]) {
      assert.equal(catalogue.find(reference(name)), null, name);
    }
  });

  const minimal: Record<string, Judgement['value']> = {
    'debian:13-slim': 'no',
    'alpine:3.24': 'no',
    'node:24-alpine': 'no',
    'gcr.io/distroless/static-debian13:nonroot': 'yes',
    'gcr.io/distroless/static-debian13:debug': 'no',
    'cgr.dev/chainguard/static': 'yes',
    'cgr.dev/chainguard/node': 'no',
    'cgr.dev/chainguard/static:latest-dev': 'unknown',
    'mcr.microsoft.com/dotnet/aspnet:10.0': 'no',
    'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled': 'yes',
    'golang:1.27-nanoserver': 'no',
    'registry.example.com/x': 'unknown',
  };
  for (const [name, value] of Object.entries(minimal)) {
    it(`says ${value} to ${name} being minimal`, () => {
      const judged = catalogue.minimal(reference(name));
      assert.equal(judged.value, value, judged.reason);
      assert.ok(judged.reason.length > 0);
    });
  }

  it('tells the package manager of a version', () => {
    const manager = (name: string): string | undefined => catalogue.packageManager(reference(name))?.value;
    assert.equal(manager('amazonlinux:2'), 'yum');
    assert.equal(manager('amazonlinux:2.0.20260101.0'), 'yum');
    assert.equal(manager('amazonlinux:2023'), 'dnf');
    assert.equal(manager('amazonlinux'), 'dnf');
    assert.equal(manager('amazonlinux:1'), undefined);
    assert.equal(manager('oraclelinux:9'), 'dnf/microdnf');
  });

  it('reads the distribution off the tag, not off another variant', () => {
    const built = (name: string): string => catalogue.distribution(reference(name))?.value ?? '';
    assert.match(built('eclipse-temurin:21-jre-alpine'), /^alpine/);
    assert.doesNotMatch(built('eclipse-temurin:21-jre'), /alpine|debian/);
    assert.match(built('node:24-bookworm'), /^debian/);
    assert.doesNotMatch(built('mcr.microsoft.com/dotnet/aspnet:10.0-azurelinux3.0'), /debian/);
    assert.doesNotMatch(built('mcr.microsoft.com/dotnet/aspnet:10.0'), /^debian/);
  });

  it('knows users by the tag, and no user where variants differ', () => {
    const user = (name: string): string | null => catalogue.user(reference(name))?.value ?? null;
    assert.equal(user('node:24'), 'root');
    assert.equal(user('gcr.io/distroless/static-debian13'), 'root');
    assert.equal(user('gcr.io/distroless/static-debian13:nonroot'), '65532');
    assert.equal(user('haproxy:3.2'), 'haproxy');
    assert.equal(user('mcr.microsoft.com/dotnet/aspnet:10.0'), 'root');
    assert.equal(user('mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled'), 'non-root');
    assert.equal(user('cgr.dev/chainguard/python:latest-dev'), null);
    assert.equal(user('registry.example.com/x'), null);
    assert.equal(catalogue.nonRootUser(reference('gcr.io/distroless/static-debian13'))?.value, '65532');
    assert.equal(catalogue.nonRootUser(reference('node:24')), null);
    assert.match(catalogue.userNote(reference('postgres:18')) ?? '', /drops privileges/);
  });
});

describe('life cycles', () => {
  const first = (name: string, today = TODAY) => {
    const answer = catalogue.lifecycles(reference(name), today)[0];
    return answer === undefined ? null : `${answer.product} ${answer.cycle} ${answer.state}`;
  };
  const table: Record<string, string | null> = {
    'golang:1.21.1': 'go 1.21 ended',
    'golang:1.27': 'go 1.27 supported',
    'node:20-bookworm-slim': 'nodejs 20 ended',
    'node:24-bookworm': 'debian 12 extended',
    'node:24-alpine3.18': 'alpine-linux 3.18 ended',
    'alpine:3.21': 'alpine-linux 3.21 ended',
    'alpine:3': 'alpine-linux 3.24 supported',
    'debian:bullseye-slim': 'debian 11 ended',
    'debian:13.1': 'debian 13 supported',
    'ubuntu:jammy-20260101': 'ubuntu 22.04 supported',
    'gcr.io/distroless/static-debian12:nonroot': 'distroless debian12 ended',
    'mcr.microsoft.com/dotnet/aspnet:8.0': 'dotnet 8 ended',
    'python:3.14': 'python 3.14 supported',
    'php:8.2-fpm': 'php 8.2 ending',
    'node:latest': null,
    node: null,
    'node:99': null,
    'registry.example.com/golang:1.21': null,
  };
  for (const [name, expected] of Object.entries(table)) {
    it(`answers ${expected ?? 'nothing'} for ${name}`, () => assert.equal(first(name), expected));
  }

  it('counts days from today: the day of the end has ended, 90 days before it ends', () => {
    assert.equal(first('alpine:3.22', '2027-05-01'), 'alpine-linux 3.22 ended');
    assert.equal(first('alpine:3.22', '2027-04-30'), 'alpine-linux 3.22 ending');
    assert.equal(first('alpine:3.22', '2027-01-31'), 'alpine-linux 3.22 ending');
    assert.equal(first('alpine:3.22', '2027-01-30'), 'alpine-linux 3.22 supported');
  });

  it('names what is supported, newest first, by number and not by letter', () => {
    const supported = (name: string) => catalogue.lifecycles(reference(name), TODAY)[0]?.supported.slice(0, 3);
    assert.deepEqual(supported('node:18'), ['26', '24', '22']);
    assert.deepEqual(supported('python:3.8'), ['3.14', '3.13', '3.12']);
    assert.deepEqual(supported('golang:1.9'), undefined);
  });
});
