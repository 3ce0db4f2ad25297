// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueProblems } from '../../../src/build/catalogue-check.ts';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import type { CatalogueData } from '../../../src/core/catalogue/schema.ts';
import { exactMatch } from '../../../src/core/catalogue/switches.ts';
import type { SwitchRow } from '../../../src/core/catalogue/switches-schema.ts';
import { formatImageReference, parseImageReference } from '../../../src/core/model/image-reference.ts';

const data = catalogueData();
const TODAY = '2026-11-25';

const [first] = data.switches.switches;
assert.ok(first !== undefined);

const withRow = (row: object): CatalogueData => ({
  ...data,
  switches: { schemaVersion: 1, switches: [{ ...first, id: 'tried', ...row } as SwitchRow] },
});
/** What the check says of one row in place of all. */
const problems = (row: object): readonly string[] =>
  catalogueProblems(withRow(row), TODAY).filter((each) => /tried|switches\.json/.test(each));

function matched(kind: 'minimal' | 'fips', text: string): string | null {
  const parsed = parseImageReference(text);
  assert.ok(parsed.ok, text);
  const match = exactMatch(kind, parsed.value, data);
  return match === null ? null : formatImageReference(match.target);
}

describe('exact matches', () => {
  for (const [kind, from, to] of [
    ['minimal', 'mcr.microsoft.com/dotnet/aspnet:10.0', 'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra'],
    [
      'minimal',
      'mcr.microsoft.com/dotnet/runtime:8.0-jammy',
      'mcr.microsoft.com/dotnet/runtime:8.0-jammy-chiseled-extra',
    ],
    ['minimal', 'gcr.io/distroless/java21-debian13:debug', 'gcr.io/distroless/java21-debian13:latest'],
    ['minimal', 'cgr.dev/chainguard/ruby:latest-dev', 'cgr.dev/chainguard/ruby:latest'],
    ['minimal', 'dhi.io/node:24-debian13-dev', 'dhi.io/node:24-debian13'],
    ['minimal', 'node:22-trixie-slim', 'dhi.io/node:22-debian13'],
    ['minimal', 'python:3.14-slim-trixie', 'dhi.io/python:3.14-debian13'],
    ['minimal', 'python:3.13-slim', 'dhi.io/python:3.13-debian13'],
    ['fips', 'oraclelinux:9-slim', 'docker.io/library/oraclelinux:9-slim-fips'],
    ['fips', 'cgr.dev/example.com/python:latest-dev', 'cgr.dev/example.com/python-fips:latest-dev'],
    ['fips', 'cgr.dev/example.com/node', 'cgr.dev/example.com/node-fips:latest'],
    // What differs in more than what is left out, or is named by no source.
    ['minimal', 'node:24', null],
    ['minimal', 'node:24-bookworm-slim', null],
    ['minimal', 'node:24.1.0-slim', null],
    ['minimal', 'python:3.14', null],
    ['minimal', 'python:3.14-slim-bookworm', null],
    ['minimal', 'mcr.microsoft.com/dotnet/aspnet:8.0', null],
    ['minimal', 'mcr.microsoft.com/dotnet/aspnet:10.0-alpine', null],
    ['minimal', 'mcr.microsoft.com/dotnet/runtime-deps:10.0', null],
    ['minimal', 'fedora:43', null],
    ['minimal', 'ubuntu:24.04', null],
    ['minimal', 'openjdk:21', null],
    ['minimal', 'eclipse-temurin:21', null],
    ['minimal', 'alpine:3.24', null],
    ['minimal', 'debian:12', null],
    ['minimal', 'dhi.io/node:24-sfw-dev', null],
    ['fips', 'python:3.13', null],
    ['fips', 'oraclelinux:9', null],
    ['fips', 'cgr.dev/chainguard/python:latest', null],
    ['fips', 'cgr.dev/example.com/cosign:latest', null],
  ] as const) {
    it(`${from} for ${kind}: ${to ?? 'none'}`, () => assert.equal(matched(kind, from), to));
  }

  describe('are refused by the check', () => {
    it('not as they are', () => assert.deepEqual(problems({}), []));

    for (const [what, row, message] of [
      ['without a tag', { tags: {} }, /names no tags/],
      ['without a source', { source: undefined }, /switches\.json at .*source/],
      ['with a source that is not recorded', { source: 'nowhere' }, /not recorded|no source that was looked up/],
      ['on a tag pattern that fits parts', { tags: { debug: 'latest' } }, /switches\.json/],
      ['without programs and users, where something is missing', { programs: undefined }, /which programs, users/],
      ['leading to what keeps a shell', { tags: { '^debug-nonroot$': 'debug' } }, /not known to be minimal/],
      ['not fitting their example', { example: 'docker.io/library/node:24' }, /does not fit its example/],
      ['leading out of the catalogue', { to: 'docker.io/nobody/nothing' }, /not in the catalogue/],
    ] as const) {
      it(what, () => assert.match(problems(row).join('\n'), message));
    }

    it('by a convention alone', () => {
      const { sources } = data;
      const weak = {
        ...sources,
        sources: { ...sources.sources, [first.source]: { ...sources.sources[first.source], confidence: 'convention' } },
      };
      const said = catalogueProblems({ ...data, sources: weak } as CatalogueData, TODAY);
      assert.ok(said.some((each) => each.includes(`The switch ${first.id} has no source that was looked up`)));
    });

    it('as a mark on an alternative', () => {
      const [image, ...others] = data.images.images.filter(({ alternatives = [] }) => alternatives.length > 0);
      assert.ok(image !== undefined);
      const marked = { ...image, alternatives: image.alternatives?.map((each) => ({ ...each, exact: true })) };
      const said = catalogueProblems(
        { ...data, images: { ...data.images, images: [marked, ...others] } } as CatalogueData,
        TODAY,
      );
      assert.ok(
        said.some((each) => /images\.json at images\.0\.alternatives/.test(each)),
        said.slice(0, 3).join('\n'),
      );
    });
  });
});
