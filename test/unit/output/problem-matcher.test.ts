// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { LINT_LINE, taskContributions } from '../../../src/core/contributions/tasks.ts';
import { lint } from '../../../src/core/lint/engine.ts';
import { lintDocument } from '../../../src/core/output/lint-document.ts';
import { lintText } from '../../../src/core/output/lint-formats.ts';

const options = { catalogue: new Catalogue(catalogueData()), today: '2026-11-25' };
const TEXT = 'FROM golang:1.21.1 AS a\nFROM debian:latest\nRUN curl -k https://example.com/x | sh\n';

describe('the problem matcher $waybill', () => {
  for (const path of [
    'Dockerfile',
    'a b/api.Containerfile',
    'C:\\src\\Dockerfile',
    './x:1/Dockerfile',
    'ü/[x]/Dockerfile',
  ]) {
    it(`reads every finding of ${path} out of the text format, and nothing else`, () => {
      const result = lint(TEXT, 'dockerfile', options);
      const file = { path, language: 'dockerfile' as const, error: null, findings: result.findings };
      const document = lintDocument([file], 0, { name: 'waybill', version: '0.1.0' }, []);
      const read = lintText(document)
        .split('\n')
        .flatMap((line) => {
          const match = LINT_LINE.exec(line);
          return match === null ? [] : [match.slice(1)];
        });
      const { findings } = result;
      assert.ok(findings.length > 3);
      assert.deepEqual(
        read,
        findings.map(({ range, severity, message, slug }) => [
          path,
          String(range.start.line),
          String(range.start.column),
          severity,
          message,
          slug,
        ]),
      );
    });
  }

  it('is contributed with the groups of that pattern', () => {
    const [matcher] = taskContributions.problemMatchers;
    assert.equal(matcher?.pattern.regexp, LINT_LINE.source);
    assert.equal(matcher?.name, 'waybill');
  });
});
