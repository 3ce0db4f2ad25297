// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { catalogueDay, lintStatus } from '../../../src/core/hover/status.ts';
import { lint, type LintResult } from '../../../src/core/lint/engine.ts';

const data = catalogueData();
const catalogue = new Catalogue(data);
const judge = (text: string): LintResult => lint(text, 'dockerfile', { catalogue, today: '2026-11-25' });

describe('the status of a document', () => {
  it('counts what counts, most severe first, and says what is ignored', () => {
    const result = judge(
      'FROM golang:1.21.1 AS a\n# waybill ignore=mutable-tag,digest-missing tested each week\nFROM debian:latest\nUSER 1\n',
    );
    const { text } = lintStatus(result, [], data, '2026-11-25');
    const by = (severity: string): number =>
      result.findings.filter((each) => each.suppressed === null && each.severity === severity).length;
    assert.ok(by('warning') > 0);
    assert.match(text, new RegExp(`^${by('warning')} warnings?\\b`));
    assert.match(text, /, [12] ignored with a reason$/);
  });

  it('says that nothing was found, that the builder refuses, and that nothing was judged', () => {
    assert.equal(lintStatus(judge('FROM scratch\nUSER 1\n'), [], data, '2026-11-25').text, 'No findings');
    assert.equal(lintStatus(judge('FORM x\n'), [], data, '2026-11-25').text, 'The builder refuses this file');
    assert.equal(lintStatus(null, [], data, '2026-11-25').text, 'Not judged');
  });

  it('names the policy in force and the age of the catalogue', () => {
    const day = catalogueDay(data);
    assert.match(day ?? '', /^\d{4}-\d{2}-\d{2}$/);
    assert.ok(Object.values(data.sources.sources).every(({ asOf }) => asOf <= (day ?? '')));
    assert.equal(lintStatus(null, [], data, day ?? '').detail, `No policy in force. Catalogue of ${day}.`);
    const next = new Date(Date.parse(day ?? '') + 86_400_000).toISOString().slice(0, 10);
    assert.equal(
      lintStatus(null, ['api/.waybill.yaml', 'base.yaml'], data, next).detail,
      `Policy api/.waybill.yaml, which builds on 1 more file. Catalogue of ${day}, 1 day old.`,
    );
  });
});
