// SPDX-License-Identifier: Apache-2.0
// The formats of `waybill lint`, each held against its own standard where it has one.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintDocument } from '../../../src/core/output/lint-document.ts';
import { lintDocumentSchema, type LintDocument } from '../../../src/core/output/lint-schema.ts';
import {
  lintCheckstyle,
  lintGithub,
  lintGitlab,
  lintText as textFormat,
} from '../../../src/core/output/lint-formats.ts';
import { lintSarif } from '../../../src/core/output/sarif.ts';
import { dockerfileRules } from '../../../src/core/rules/index.gen.ts';
import { schemaErrors } from '../../support/json-schema.ts';
import { lintText } from '../../support/linting.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const TOOL = { name: 'waybill', version: '0.0.0' };
/** A path and a base with everything that a format has to escape. */
const NASTY = `a "b" <c>&d,e:f%\n☃'.dockerfile`;

function document(files: Readonly<Record<string, string>>, skipped = 0): LintDocument {
  const linted = Object.entries(files).map(([path, text]) => {
    const { error, findings } = lintText(text);
    return {
      path,
      language: 'dockerfile',
      error: error === null ? null : { message: error.message, line: error.range.start.line },
      findings,
    };
  });
  return lintDocument(linted, skipped, TOOL, dockerfileRules);
}

const FILES = {
  'b/Dockerfile': 'FROM node\nCOPY --from=golang:1.21 a b\nUSER 1\n',
  'a/Dockerfile': '# waybill ignore=mutable-tag owner=ana expires=2027-01-01 tested daily\nFROM node\nUSER 1\n',
  'broken.dockerfile': 'FROM scratch\nFOO\n',
  [NASTY]: 'FROM "node"\nFROM a\u001b[31m\nFROM busybox:stable\nUSER 1\n',
};
const full = document(FILES, 3);

describe('lint document', () => {
  it('fits its zod schema and the published JSON Schema', () => {
    lintDocumentSchema.parse(full);
    assert.deepEqual(schemaErrors(json('docs', 'schemas', 'lint.json'), JSON.parse(JSON.stringify(full))), []);
  });

  it('is ordered by path, place and rule, and counts what is not ignored', () => {
    const { files, findings, summary } = full;
    const paths = files.map(({ path }) => path);
    assert.deepEqual(paths, paths.toSorted());
    const key = ({ path, range, ruleId }: LintDocument['findings'][number]): string =>
      [
        path,
        ...[range.start.line, range.start.column, range.end.line, range.end.column].map((each) =>
          String(each).padStart(6),
        ),
        ruleId,
      ].join('\t');
    assert.deepEqual(findings.map(key), findings.map(key).toSorted());
    const counting = findings.filter(({ suppressed }) => suppressed === null);
    assert.equal(summary.files, 4);
    assert.equal(summary.skipped, 3);
    assert.equal(summary.error + summary.warning + summary.info + summary.hint, counting.length);
    assert.ok(counting.length < findings.length);
    assert.equal(files.find(({ path }) => path === 'broken.dockerfile')?.error, 'line 2: unknown instruction: FOO');
  });

  it('gives the same bytes for the same input', () => assert.deepEqual(document(FILES, 3), full));

  it('has controls and a page for every finding', () => {
    for (const { ruleId, controls, docs } of full.findings) {
      assert.ok(controls.length > 0);
      assert.ok(docs.endsWith(`/${ruleId}.md`));
    }
  });
});

describe('text', () => {
  it('has a line for each finding and a summary, and no control characters', () => {
    const lines = textFormat(full).trimEnd().split('\n');
    const counting = full.findings.filter(({ suppressed }) => suppressed === null);
    assert.equal(lines.length, counting.length + 1 + 1);
    assert.match(lines.at(-1) ?? '', /^4 files: .*\d+ warnings?.*, 1 ignored with a reason$/);
    assert.ok(lines.some((line) => /^b\/Dockerfile:1:6: warning: .* \[WB1004 mutable-tag\]$/.test(line)));
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(textFormat(full), /[\u0000-\u0009\u000b-\u001f]/);
  });

  it('says so where there is nothing', () => assert.equal(textFormat(document({})), '0 files: no findings\n'));
});

describe('SARIF', () => {
  const log = JSON.parse(lintSarif(full, dockerfileRules, hash));

  it('fits the schema of SARIF 2.1.0', () => {
    assert.deepEqual(schemaErrors(json('test', 'fixtures', 'sarif', 'sarif-2.1.0-rtm.5.json'), log), []);
  });

  it('has every finding with its rule, place, level and fingerprint, ignored ones marked', () => {
    const [run] = log.runs;
    assert.equal(run.results.length, full.findings.length);
    assert.equal(run.columnKind, 'utf16CodeUnits');
    run.results.forEach((result: Record<string, unknown> & { ruleIndex: number }, i: number) => {
      const finding = full.findings[i];
      assert.equal(run.tool.driver.rules[result.ruleIndex].id, finding?.ruleId);
      assert.equal(result['suppressions'] !== undefined, finding?.suppressed !== null);
    });
    const levels = new Set(run.results.map(({ level }: { level: string }) => level));
    for (const level of levels) assert.ok(['error', 'warning', 'note'].includes(level as string));
    const prints = run.results.map((result: { partialFingerprints: object }) =>
      JSON.stringify(result.partialFingerprints),
    );
    assert.equal(new Set(prints).size, prints.length);
  });

  it('writes paths as URIs that lead back to them', () => {
    const uris = log.runs[0].artifacts.map(({ location }: { location: { uri: string } }) => location.uri);
    assert.deepEqual(
      uris.map((uri: string) => decodeURIComponent(uri)),
      full.files.map(({ path }) => path),
    );
    for (const uri of uris) assert.match(uri, /^[A-Za-z0-9%/._!'()*~-]+$/);
  });

  it('reports refused files', () => {
    const notes = log.runs[0].invocations[0].toolExecutionNotifications;
    assert.equal(notes.length, 1);
    assert.match(notes[0].message.text, /unknown instruction/);
  });
});

describe('GitHub commands', () => {
  it('are one line each, with everything escaped that could end a field', () => {
    const lines = lintGithub(full).trimEnd().split('\n');
    assert.equal(lines.length, full.findings.filter(({ suppressed }) => suppressed === null).length);
    for (const line of lines) {
      assert.match(
        line,
        /^::(?:error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+,col=\d+(?:,endColumn=\d+)?,title=WB\d{4}::\S/,
      );
    }
    assert.ok(lines.some((line) => line.includes('file=a "b" <c>&d%2Ce%3Af%25%0A☃\'.dockerfile')));
  });
});

describe('GitLab code quality', () => {
  it('has what GitLab asks for, fingerprints apart', () => {
    const issues = JSON.parse(lintGitlab(full, hash)) as {
      description: string;
      check_name: string;
      fingerprint: string;
      severity: string;
      location: { path: string; lines: { begin: number } };
    }[];
    assert.equal(issues.length, full.findings.filter(({ suppressed }) => suppressed === null).length);
    for (const { description, check_name: name, fingerprint, severity, location } of issues) {
      assert.ok(description.length > 0);
      assert.match(name, /^WB\d{4}$/);
      assert.match(fingerprint, /^[0-9a-f]{64}$/);
      assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(severity));
      assert.ok(location.lines.begin >= 1 && location.path in FILES);
    }
    assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
  });
});

describe('Checkstyle', () => {
  const text = lintCheckstyle(full);

  it('is well-formed: every angle bracket belongs to a tag, every ampersand to an entity', () => {
    const inside = text.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '');
    const rest = inside.replace(/<\/?[a-z]+(?: [a-z]+="[^"<>]*")*\/?>/g, '');
    assert.match(rest, /^\s*$/);
    assert.doesNotMatch(inside, /&(?!(?:amp|lt|gt|quot|#9|#10|#13);)/);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f]/);
  });

  it('has every file and finding', () => {
    assert.equal(text.match(/<file /g)?.length, full.files.length);
    assert.equal(text.match(/<error /g)?.length, full.findings.filter(({ suppressed }) => suppressed === null).length);
    assert.ok(text.includes('<file name="a &quot;b&quot; &lt;c&gt;&amp;d,e:f%&#10;☃\'.dockerfile">'));
  });
});
