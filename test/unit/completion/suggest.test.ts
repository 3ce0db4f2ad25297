// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { ImageNames, suggest, type Suggestions } from '../../../src/core/completion/suggest.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';

const catalogue = new Catalogue(catalogueData());
const names = new ImageNames();

/** `|` is the cursor. */
function at(text: string): Suggestions | null {
  const offset = text.indexOf('|');
  assert.ok(offset >= 0);
  const whole = text.slice(0, offset) + text.slice(offset + 1);
  return suggest(parseDockerfile(whole), offset, catalogue, names, '2026-11-25');
}

/** The text once a suggestion is taken. */
function taken(text: string, suggestion: string): string {
  const found = at(text);
  assert.ok(found !== null, text);
  assert.ok(
    found.suggestions.some((each) => each.text === suggestion),
    `${suggestion} is not among ${found.suggestions.length}`,
  );
  const whole = text.replace('|', '');
  return whole.slice(0, found.span.start) + suggestion + whole.slice(found.span.end);
}

const find = (text: string, suggestion: string) => at(text)?.suggestions.find((each) => each.text === suggestion);

describe('completion of images', () => {
  for (const [before, choice, after] of [
    ['FROM |', 'golang', 'FROM golang'],
    ['from gol|', 'golang', 'from golang'],
    [
      'FROM --platform=linux/arm64 gol|ang:1.27 AS build\n',
      'python',
      'FROM --platform=linux/arm64 python:1.27 AS build\n',
    ],
    ['FROM gcr.io/dist|', 'gcr.io/distroless/static-debian13', 'FROM gcr.io/distroless/static-debian13'],
    ['FROM golang:|', '1.27', 'FROM golang:1.27'],
    ['FROM golang:1.|21.1-alpine AS x', '1.26-alpine', 'FROM golang:1.26-alpine AS x'],
    ['FROM golang:1.27 \\\r\n  AS x\r\nFROM |\r\n', 'x', 'FROM golang:1.27 \\\r\n  AS x\r\nFROM x\r\n'],
    ['FROM \\\n  --platform=linux/amd64 \\\n  al|', 'alpine', 'FROM \\\n  --platform=linux/amd64 \\\n  alpine'],
    ['# escape=`\nFROM `\n  al|', 'alpine', '# escape=`\nFROM `\n  alpine'],
    [
      'FROM golang AS build\nFROM scratch\nCOPY --from=| /a /a\n',
      'build',
      'FROM golang AS build\nFROM scratch\nCOPY --from=build /a /a\n',
    ],
    [
      'FROM golang\nFROM scratch\nCOPY --chown=1 --from=| /a /a\n',
      '0',
      'FROM golang\nFROM scratch\nCOPY --chown=1 --from=0 /a /a\n',
    ],
    [
      'FROM alpine\nRUN --mount=type=bind,from=bu|,target=/x ls\n',
      'busybox',
      'FROM alpine\nRUN --mount=type=bind,from=busybox,target=/x ls\n',
    ],
    [
      'FROM scratch\nCOPY --from=gcr.io/distroless/static-debian13:| /a /a\n',
      'nonroot',
      'FROM scratch\nCOPY --from=gcr.io/distroless/static-debian13:nonroot /a /a\n',
    ],
  ] as const) {
    it(JSON.stringify(before), () => assert.equal(taken(before, choice), after));
  }

  for (const text of [
    '# FROM |',
    'FROM alpine AS |',
    'FROM alpine |',
    'FROM ${BASE}|',
    'FROM alpine@sha256:|',
    'FROM --plat|',
    'ARG FROM=|',
    'FROM alpine\nRUN psql -c "SELECT \\\n  FROM |"\n',
    'FROM alpine\nRUN <<EOF\nFROM |\nEOF\n',
    'FROM alpine\nRUN cp --from=|\n',
    'FROM alpine\nCOPY a | b\n',
    'FROM alpine\nRUN --mount=type=bind,target=| ls\n',
  ]) {
    it(`offers nothing in ${JSON.stringify(text)}`, () => assert.equal(at(text), null));
  }

  it('names only stages above, and in FROM only those that have a name', () => {
    const text = 'FROM golang\nFROM debian AS one\nFROM |\nFROM alpine AS later\n';
    const stages = at(text)?.suggestions.filter(({ kind }) => kind === 'stage') ?? [];
    assert.deepEqual(
      stages.map(({ text: name, detail }) => [name, detail]),
      [['one', 'stage of line 2, from debian']],
    );
    assert.equal(
      at('FROM golang AS own\nCOPY --from=| /a /a\n')?.suggestions.some(({ text: name }) => name === 'own'),
      false,
    );
  });

  it('marks what is past its end as deprecated and says until when the rest is supported', () => {
    assert.equal(find('FROM golang:|', '1.21')?.deprecated, true);
    assert.match(find('FROM golang:|', '1.21')?.detail ?? '', /^Go 1\.21 ended 2024-08-13/);
    assert.equal(find('FROM golang:|', '1.27')?.deprecated, false);
    assert.equal(find('FROM node:|', '18-bookworm')?.deprecated, true);
  });

  it('puts what is supported first, newest before older', () => {
    const tags = at('FROM node:|')?.suggestions ?? [];
    const ended = tags.findIndex(({ deprecated }) => deprecated);
    assert.ok(ended > 0 && tags.slice(ended).every(({ deprecated }) => deprecated));
    const plain = tags.slice(0, ended).flatMap(({ text }) => (/^\d+$/.test(text) ? [Number(text)] : []));
    assert.ok(plain.length > 1);
    // The one that is published as such leads.
    assert.deepEqual(
      plain.slice(1),
      plain.slice(1).toSorted((a, b) => b - a),
    );
  });

  it('says minimal and FIPS in the detail, and which tags nobody looked up', () => {
    assert.match(find('FROM |', 'cgr.dev/chainguard/static')?.detail ?? '', /\bminimal\b/);
    assert.match(find('FROM |', 'registry.access.redhat.com/ubi9/ubi-minimal')?.detail ?? '', /FIPS module/);
    assert.doesNotMatch(find('FROM |', 'debian')?.detail ?? '', /minimal|FIPS/);
    assert.match(find('FROM golang:|', '1.26-alpine')?.detail ?? '', /by convention, not checked$/);
    assert.doesNotMatch(find('FROM golang:|', '1.27')?.detail ?? '', /not checked/);
  });

  it('has every image of the catalogue once, and tags for no image that it does not know', () => {
    const texts = at('FROM |')?.suggestions.map(({ text }) => text) ?? [];
    assert.equal(new Set(texts).size, texts.length);
    assert.equal(texts.length, catalogue.size + 1);
    assert.deepEqual(at('FROM example.com/nobody/knows:|')?.suggestions, []);
    assert.deepEqual(at('FROM UPPER:|')?.suggestions, []);
  });

  it('bounds the tags of every image, and each of them is one', () => {
    for (const { repository } of catalogue.data.images.images) {
      const found = at(`FROM ${repository}:|`)?.suggestions ?? [];
      assert.ok(found.length <= 250, repository);
      for (const { text } of found) assert.match(text, /^[A-Za-z0-9_][\w.-]*$/, repository);
    }
  });
});
