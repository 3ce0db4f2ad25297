// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { applyPreferredFixes } from '../../../src/core/lint/fix.ts';
import { lint } from '../../../src/core/lint/engine.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';
import { catalogue, findingsOf, lintText, TODAY } from '../../support/linting.ts';

const ids = (text: string): readonly string[] => lintText(text).findings.map(({ ruleId }) => ruleId);
const at = (ruleId: string, text: string): readonly string[] =>
  findingsOf(ruleId, text).map(({ span }) => text.slice(span.start, span.end));

describe('lint engine', () => {
  it('orders findings by place, then rule', () => {
    const { findings } = lintText('FROM node\nFROM debian:13\nUSER 1\n');
    const places = findings.map(
      ({ span, ruleId }) => `${String(span.start).padStart(5)} ${String(span.end).padStart(5)} ${ruleId}`,
    );
    assert.deepEqual(places, places.toSorted());
    assert.ok(findings.length >= 4);
  });

  it('judges each file by the rules of its own language', () => {
    const { error, findings } = lint('FROM node', 'apko', { catalogue, today: TODAY });
    assert.match(error?.message ?? '', /not keys and values/);
    assert.deepEqual(
      findings.map(({ ruleId }) => ruleId),
      ['WB2000'],
    );
  });

  it('says why a file is refused, where, and judges the rest of it', () => {
    const { error, findings } = lintText('FROM node\nFOO bar\nFROM debian:13\n');
    assert.match(error?.message ?? '', /unknown instruction: FOO/);
    assert.deepEqual(error?.range, { start: { line: 2, column: 1 }, end: { line: 2, column: 8 } });
    assert.ok(findings.some(({ ruleId }) => ruleId === 'WB1004'));
  });

  it('takes severities by name and by id, and switches rules off', () => {
    const text = 'FROM node\nUSER 1\n';
    const severity = (severities: Record<string, 'error' | 'hint' | 'off'>): string | undefined =>
      findingsOf('WB1004', text, { severities })[0]?.severity;
    assert.equal(severity({}), 'warning');
    assert.equal(severity({ 'mutable-tag': 'error' }), 'error');
    assert.equal(severity({ WB1004: 'hint' }), 'hint');
    assert.equal(severity({ 'mutable-tag': 'off' }), undefined);
  });

  it('puts ranges on the exact token', () => {
    assert.deepEqual(at('WB1004', 'FROM node:latest AS x\n'), ['latest']);
    assert.deepEqual(at('WB1004', 'FROM --platform=linux/amd64 localhost:5000/node\n'), ['localhost:5000/node']);
    assert.deepEqual(at('WB1004', 'ARG T=latest\nFROM node:$T\n'), ['$T']);
    assert.deepEqual(at('WB1004', 'ARG T=latest\nFROM node:${T:-x:y}\n'), ['${T:-x:y}']);
    assert.deepEqual(at('WB1004', 'ARG I=node:latest\nFROM ${I}\n'), ['${I}']);
    assert.deepEqual(at('WB1004', 'FROM "node:latest"\n'), ['"node:latest"']);
    assert.deepEqual(at('WB1003', 'FROM golang:1.21-alpine AS b\nFROM scratch\n'), ['1.21-alpine']);
    assert.deepEqual(at('WB1005', 'FROM scratch\nRUN --mount=type=bind,from=a/b:1,target=/x ["x"]\n'), ['a/b:1']);
    assert.deepEqual(at('WB1005', 'FROM scratch\nCOPY --link --from=a/b:1 x /\n'), ['a/b:1']);
    assert.deepEqual(at('WB1006', 'FROM node:24\nUSER node\nUSER \\\n  root\n'), ['root']);
  });

  it('leads from a variable to its ARG', () => {
    const text = 'ARG V=18\nARG N=node\nFROM ${N}:${V}\n';
    const [finding] = findingsOf('WB1003', text);
    assert.deepEqual(
      finding?.related?.map(({ span }) => text.slice(span.start, span.end)),
      ['N=node', 'V=18'],
    );
  });

  it('gives columns in UTF-16 units, with Windows line ends and a byte order mark', () => {
    const [finding] = findingsOf('WB1004', '\ufeff# \u{1f600}\r\nFROM \\\r\n  node:latest\r\n');
    assert.deepEqual(finding?.range, { start: { line: 3, column: 8 }, end: { line: 3, column: 14 } });
    const [first] = findingsOf('WB1004', '\ufeffFROM node:latest\r\n');
    assert.deepEqual(first?.range.start, { line: 1, column: 11 });
  });

  it('judges builders by their own lights', () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    assert.deepEqual(ids(`FROM golang:1.27${digest} AS build\nUSER root\nRUN go build\nFROM scratch\nUSER 1\n`), []);
  });

  it('makes nothing of stages, scratch and triggers', () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    const text = `FROM scratch AS latest\nFROM latest AS node\nFROM node\nCOPY --from=latest a b\nCOPY --from=0 a b\nONBUILD USER root\nUSER 1\nFROM gcr.io/distroless/static-debian13:nonroot${digest}\n`;
    assert.deepEqual(ids(text), []);
  });
});

describe('fixes', () => {
  const first = (ruleId: string, text: string): Finding => {
    const [finding] = findingsOf(ruleId, text);
    assert.ok(finding);
    return finding;
  };
  const fixed = (ruleId: string, text: string): string | null => {
    const fix = first(ruleId, text).fixes?.find(({ title }) => !title.startsWith('Ignore'));
    return fix === undefined ? null : applyEdits(text, fix.edits);
  };

  it('writes a newer version where the tag is known', () => {
    assert.equal(
      fixed('WB1003', 'FROM --platform=linux/amd64  golang:1.21.1 AS b # x'.replace(' # x', '\n')),
      'FROM --platform=linux/amd64  golang:1.27 AS b\n',
    );
    assert.equal(fixed('WB1003', 'FROM golang:1.21-alpine AS b\n'), 'FROM golang:1.27-alpine AS b\n');
  });

  it('follows an ARG to its definition, quotes kept', () => {
    assert.equal(fixed('WB1003', 'ARG V="18"\nFROM node:${V}\n'), 'ARG V="24"\nFROM node:${V}\n');
  });

  it('refuses where the new tag would be a guess', () => {
    for (const text of [
      'FROM golang:1.21-bullseye\n',
      'ARG V=1.21\nARG S=alpine\nFROM golang:$V-$S\n',
      'ARG V=node:18\nFROM $V\n',
      'ARG V=1\nFROM node:${V}8\n',
      'FROM rabbitmq:3.9\n',
      'FROM node:18-alpine3.18\n',
    ]) {
      assert.equal(fixed('WB1003', text), null, text);
    }
  });

  it('adds USER behind what may need root, before what only describes', () => {
    assert.equal(
      fixed('WB1006', 'FROM scratch\r\nCOPY a /\r\n# start\r\nENTRYPOINT ["/a"]\r\n'),
      'FROM scratch\r\nCOPY a /\r\nUSER 65532\r\n# start\r\nENTRYPOINT ["/a"]\r\n',
    );
    assert.equal(
      fixed('WB1006', 'FROM gcr.io/distroless/cc-debian13'),
      'FROM gcr.io/distroless/cc-debian13\nUSER 65532',
    );
    assert.equal(
      fixed('WB1006', 'FROM scratch\nCOPY <<EOF /x\na\nEOF\n'),
      'FROM scratch\nCOPY <<EOF /x\na\nEOF\nUSER 65532\n',
    );
    assert.equal(fixed('WB1006', 'FROM node:24\n'), null);
  });

  it('offers to ignore a finding, above the whole instruction, with its indentation and line ends', () => {
    const text = 'FROM a:1\r\n  COPY \\\r\n   --from=busybox:latest a b\r\n';
    const fix = first('WB1004', text).fixes?.at(-1);
    assert.equal(
      applyEdits(text, fix?.edits ?? []),
      'FROM a:1\r\n  # waybill ignore=mutable-tag owner=NAME reason to fill in\r\n  COPY \\\r\n   --from=busybox:latest a b\r\n',
    );
  });

  it('applies preferred fixes once, and none of what is ignored', () => {
    const text = 'FROM scratch\nCOPY a /\n';
    const { text: after, applied } = applyPreferredFixes(text, lintText(text).findings);
    assert.equal(after, 'FROM scratch\nCOPY a /\nUSER 65532\n');
    assert.deepEqual(
      applied.map(({ title }) => title),
      ['Add USER 65532'],
    );
    const ignored = `# waybill ignore=root-in-final-stage one file server\n${text}`;
    assert.deepEqual(applyPreferredFixes(ignored, lintText(ignored).findings), { text: ignored, applied: [] });
  });

  it('leaves a fix out whole where one of its edits overlaps an earlier fix', () => {
    const fix = (...spans: [number, number, string][]) => ({
      title: 'x',
      preferred: true,
      edits: spans.map(([start, end, newText]) => ({ span: { start, end }, newText })),
    });
    const [finding] = lintText('FROM node\n').findings;
    assert.ok(finding);
    const findings = [fix([0, 2, 'X']), fix([1, 3, 'Y'], [5, 5, 'Z']), fix([5, 6, 'W'])].map((each) => ({
      ...finding,
      fixes: [each],
    }));
    assert.equal(applyPreferredFixes('abcdefgh', findings).text, 'XcdeWgh');
  });
});

describe('suppressions', () => {
  const of = (comment: string) => findingsOf('WB1004', `${comment}\nFROM node\n`)[0]?.suppressed;

  it('counts with a reason, and keeps owner and expiry', () => {
    assert.deepEqual(of('# waybill ignore=mutable-tag we test each build'), {
      by: 'comment',
      owner: null,
      reason: 'we test each build',
      expires: null,
    });
    assert.deepEqual(of('#waybill ignore=WB1004,digest-missing owner=ana expires=2026-12-01 until the move'), {
      by: 'comment',
      owner: 'ana',
      reason: 'until the move',
      expires: '2026-12-01',
    });
    assert.equal(of('# waybill ignore=mutable-tag expires=2027-01-01 owner=bo x')?.owner, 'bo');
  });

  const without: Record<string, string> = {
    'without a reason': '# waybill ignore=mutable-tag',
    'with owner and no reason': '# waybill ignore=mutable-tag owner=ana',
    'for another rule': '# waybill ignore=digest-missing x',
    'that has expired': '# waybill ignore=mutable-tag expires=2026-11-24 x',
    'with a day that is none': '# waybill ignore=mutable-tag expires=2026-02-30 x',
    'with an unreadable day': '# waybill ignore=mutable-tag expires=soon x',
    'not directly above': '# waybill ignore=mutable-tag x\n',
    'with a prefix': '# see waybill ignore=mutable-tag x',
    'of a longer name': '# waybill ignore=mutable-tags x',
  };
  for (const [what, comment] of Object.entries(without)) {
    it(`does not count ${what}`, () => assert.equal(of(comment), null));
  }

  it('still counts on its last day, and among other comments', () => {
    assert.notEqual(of('# waybill ignore=mutable-tag expires=2026-11-25 x'), null);
    assert.notEqual(of('# waybill ignore=mutable-tag x\n# more\n#'), null);
  });

  it('stands above the instruction, not above the line of the token', () => {
    const text = '# waybill ignore=mutable-tag x\nFROM \\\n  --platform=linux/amd64 \\\n  node\n';
    assert.notEqual(findingsOf('WB1004', text)[0]?.suppressed, null);
  });

  it('stands below the parser directives for what is said of those', () => {
    const text = '# syntax=docker/dockerfile:1\n# waybill ignore=digest-missing x\nFROM scratch\n';
    assert.notEqual(findingsOf('WB1005', text)[0]?.suppressed, null);
    const fix = findingsOf('WB1005', '# syntax=docker/dockerfile:1')[0]?.fixes?.at(-1);
    assert.equal(
      applyEdits('# syntax=docker/dockerfile:1', fix?.edits ?? []),
      '# syntax=docker/dockerfile:1\n# waybill ignore=digest-missing owner=NAME reason to fill in',
    );
  });

  it('is not slowed down by blanks without end', () => {
    const comment = `# waybill ignore=mutable-tag a${' '.repeat(60_000)}b`;
    assert.equal(of(comment)?.reason, 'a b');
  });
});
