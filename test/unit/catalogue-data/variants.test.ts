// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { conventionalName, variantsOf } from '../../../src/core/catalogue/variants.ts';
import { formatImageReference, parseImageReference } from '../../../src/core/model/image-reference.ts';

const data = catalogueData();

function image(text: string) {
  const parsed = parseImageReference(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

describe('variants by vendor', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'cgr.dev/chainguard/node:latest': [],
    'cgr.dev/chainguard/node:latest-dev': ['development'],
    'cgr.dev/acme.example/node-fips:24': ['fips'],
    'cgr.dev/acme.example/node-fips:24-dev': ['development', 'fips'],
    'dhi.io/node:24-debian13-dev': ['development'],
    'dhi.io/node:24-debian13-fips': ['fips'],
    'dhi.io/node:24-fips-dev': ['development', 'fips'],
    'gcr.io/distroless/static-debian13:nonroot': ['nonroot'],
    'gcr.io/distroless/static-debian13:debug-nonroot': ['nonroot', 'debug'],
    'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra': ['stripped', 'other'],
    'mcr.microsoft.com/dotnet/aspnet:10.0': [],
    'mcr.microsoft.com/oss/go/microsoft/golang:1.26-fips-bookworm': ['fips'],
    'oraclelinux:9-slim-fips': ['fips', 'slim'],
    'registry.access.redhat.com/ubi9/ubi-minimal:9.6': ['slim'],
    'registry.access.redhat.com/ubi9/ubi-micro:9.6': ['stripped'],
    'python:3.13-slim-bookworm': ['slim'],
    'python:3.13-alpine3.22': ['other'],
    'example.com/node-fips:24-dev': [],
  };
  for (const [text, kinds] of Object.entries(cases)) {
    it(`${text}: ${kinds.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(
        variantsOf(image(text), data).map(({ kind }) => kind),
        kinds,
      );
    });
  }

  it('says which user a variant runs as, with the source', () => {
    const [nonroot] = variantsOf(image('gcr.io/distroless/base-debian13:nonroot'), data);
    assert.equal(nonroot?.user, '65532');
    assert.ok(nonroot?.source !== null);
  });

  it('spells a variant as its vendor does: in the name, or in the tag', () => {
    const fips = (text: string): string | null => {
      const named = conventionalName(image(text), 'fips', data);
      return named === null ? null : `${formatImageReference(named.reference)}${named.paid ? ' paid' : ''}`;
    };
    assert.equal(fips('cgr.dev/acme.example/node:24'), 'cgr.dev/acme.example/node-fips:24 paid');
    assert.equal(fips('dhi.io/node:24-debian13'), 'dhi.io/node:24-debian13-fips paid');
    assert.equal(fips('dhi.io/node'), 'dhi.io/node:latest-fips paid');
    assert.equal(fips(`dhi.io/node:24@sha256:${'0'.repeat(64)}`), 'dhi.io/node:24-fips paid');
    for (const text of [
      'dhi.io/node:24-fips',
      'cgr.dev/acme.example/node-fips:24',
      'node:24',
      'oraclelinux:9',
      'example.com/x',
    ]) {
      assert.equal(fips(text), null, text);
    }
  });
});
