// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeBase } from '../../../src/core/fips/base.ts';
import { parseImageReference } from '../../../src/core/model/image-reference.ts';
import { basesDocument, basesTable, catalogueVerdicts } from '../../../src/core/output/bases.ts';
import { basesDocumentSchema, type BasesDocument } from '../../../src/core/output/bases-schema.ts';
import { corpus } from '../../support/corpus.ts';
import { schemaErrors } from '../../support/json-schema.ts';
import { catalogue, TODAY } from '../../support/linting.ts';

const document = (files: Readonly<Record<string, string>>): BasesDocument =>
  basesDocument(
    Object.entries(files).map(([path, text]) => ({ path, text, language: 'dockerfile' as const })),
    {},
    catalogueVerdicts(catalogue, TODAY),
  );

describe('bases document', () => {
  it('has every field of the contract, absent ones null', () => {
    const { files } = document({
      Dockerfile: 'ARG T\nFROM --platform=$P golang:1.27$T AS Build\nFROM Build\nFROM scratch\nFROM $X\n',
    });
    const [first, ...rest] = files[0]?.stages ?? [];
    assert.deepEqual(
      { ...first, verdict: null },
      {
        index: 0,
        name: 'build',
        line: 2,
        written: 'golang:1.27$T',
        resolved: 'docker.io/library/golang:1.27',
        kind: 'image',
        platform: '$P',
        final: false,
        assumed: ['T'],
        verdict: null,
      },
    );
    assert.equal(first?.verdict?.repository, 'docker.io/library/golang');
    assert.deepEqual(
      rest.map(({ kind, resolved, final, verdict }) => ({ kind, resolved, final, verdict })),
      [
        { kind: 'unknown', resolved: null, final: false, verdict: null },
        { kind: 'scratch', resolved: 'scratch', final: false, verdict: null },
        { kind: 'unknown', resolved: null, final: true, verdict: null },
      ],
    );
  });

  it('gives the three FIPS answers that the hover gives', () => {
    for (const [base, module, certificate, enforced] of [
      ['golang:1.27', 'no', 'none', 'no'],
      ['registry.access.redhat.com/ubi9:9.6', 'yes', 'update', 'host'],
      ['dhi.io/python:3.13-fips', 'claimed', 'unknown', 'unknown'],
      ['gcr.io/distroless/static-debian13', 'none', 'none', 'no'],
      ['docker.io/bitnami/redis:latest', 'unknown', 'unknown', 'unknown'],
    ] as const) {
      const verdict = document({ Dockerfile: `FROM ${base}\n` }).files[0]?.stages[0]?.verdict;
      assert.ok(verdict, base);
      const answers = [verdict.validatedModule.value, verdict.fips.certificate.value, verdict.fips.enforced.value];
      assert.deepEqual(answers, [module, certificate, enforced], base);
      const parsed = parseImageReference(base);
      assert.ok(parsed.ok);
      const { reference, distribution } = {
        reference: parsed.value,
        distribution: catalogue.distribution(parsed.value),
      };
      assert.equal(
        verdict.validatedModule.reason,
        judgeBase({ reference, distribution }, catalogue.data, TODAY).module.text,
      );
    }
  });

  it('fits its zod schema and the published JSON Schema, on the whole corpus', () => {
    const files = Object.fromEntries(corpus().map(({ text }, i) => [`${i}.dockerfile`, text]));
    const all = document(files);
    basesDocumentSchema.parse(all);
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/schemas/bases.json'), 'utf8'));
    assert.deepEqual(schemaErrors(schema, JSON.parse(JSON.stringify(all))), []);
    const paths = all.files.map(({ path }) => path);
    assert.deepEqual(paths, paths.toSorted());
  });

  it('says what a refused file is refused for, with its line', () => {
    assert.equal(document({ x: 'FROM a\nFOO\n' }).files[0]?.error, 'line 2: unknown instruction: FOO');
  });
});

describe('bases table', () => {
  it('has a row for each FROM, notes on assumed ARGs and refused files', () => {
    const table = basesTable(
      document({ 'a/Dockerfile': 'ARG T\nFROM node:20$T AS deps\nFROM deps\n', b: 'FROM a\nFOO\n' }),
    );
    const lines = table.trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^WHERE +STAGE +BASE/);
    assert.match(
      lines[1] ?? '',
      /^a\/Dockerfile:2 +deps +docker\.io\/library\/node:20 +no +no +nodejs 20 ended, 2026-04-30$/,
    );
    assert.match(lines[2] ?? '', /^a\/Dockerfile:3 +1 \(final\) +deps \(stage\)$/);
    assert.ok(lines.includes('ARG T has no value and was taken as empty; give it with --build-arg.'));
    assert.equal(lines.at(-1), 'b: line 2: unknown instruction: FOO');
  });

  it('sends no control characters to a terminal', () => {
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(basesTable(document({ 'x\u001b[1m': 'FROM a\u001b[31m\n' })), /[\u0000-\u0009\u000b-\u001f]/);
  });

  it('says so where there is nothing', () => assert.equal(basesTable(document({})), 'No FROM was found.\n'));

  it('lists what apko and melange files are made of', () => {
    const { files } = basesDocument(
      [
        {
          path: 'a.apko.yaml',
          language: 'apko',
          text: 'contents:\n  repositories:\n    - "@local ./packages"\n    - https://packages.wolfi.dev/os\n  packages: [hello=1.2-r0@local, tool]\n',
        },
        {
          path: 'b.apko.yaml',
          language: 'apko',
          text: 'include: a.yaml\ncontents:\n  baseimage:\n    image: ./base\n    apkindex: ./index\n',
        },
        { path: 'c.apko.yaml', language: 'apko', text: 'contents:\n  pakages: []\n' },
        {
          path: 'd.yaml',
          language: 'melange',
          text: 'package:\n  name: d\n  version: 1\n  epoch: 0\nenvironment:\n  contents:\n    packages: [busybox]\n',
        },
      ],
      {},
      () => null,
    );
    assert.deepEqual(
      files.map(({ stages }) => stages.map(({ line, written, resolved, kind }) => [line, written, resolved, kind])),
      [[[1, 'scratch', 'scratch', 'scratch']], [[4, './base', null, 'unknown']], [], []],
    );
    assert.deepEqual(
      files.map(({ error }) => error?.slice(0, 8) ?? null),
      [null, null, 'line 2: ', null],
    );
    const [first, second, third, fourth] = files.map(({ contents }) => contents);
    assert.deepEqual(first, {
      include: null,
      baseImage: null,
      repositories: [
        { line: 3, written: '@local ./packages', tag: 'local', address: './packages', host: null },
        {
          line: 4,
          written: 'https://packages.wolfi.dev/os',
          tag: null,
          address: 'https://packages.wolfi.dev/os',
          host: 'packages.wolfi.dev',
        },
      ],
      packages: [
        { line: 5, written: 'hello=1.2-r0@local', name: 'hello', operator: '=', version: '1.2-r0', tag: 'local' },
        { line: 5, written: 'tool', name: 'tool', operator: null, version: null, tag: null },
      ],
    });
    assert.deepEqual([second?.include, second?.baseImage], ['a.yaml', { image: './base', apkindex: './index' }]);
    assert.equal(third, null);
    assert.deepEqual(
      fourth?.packages.map(({ name }) => name),
      ['busybox'],
    );
    const all = { schemaVersion: 1 as const, files };
    basesDocumentSchema.parse(all);
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/schemas/bases.json'), 'utf8'));
    assert.deepEqual(schemaErrors(schema, JSON.parse(JSON.stringify(all))), []);
    const table = basesTable(all);
    assert.match(table, /b\.apko\.yaml:4 +0 \(final\) +\.\/base \(unknown\)/);
    assert.match(table, /^a\.apko\.yaml: packages hello=1\.2-r0@local, tool$/m);
    assert.match(table, /^b\.apko\.yaml: includes a\.yaml$/m);
  });
});
