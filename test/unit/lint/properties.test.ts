// SPDX-License-Identifier: Apache-2.0
// What holds for every file, made and damaged ones included.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { applyPreferredFixes } from '../../../src/core/lint/fix.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';
import { corpus } from '../../support/corpus.ts';
import { damagedFile, grammarFile, Random, type MadeFile } from '../../support/dockerfile-grammar.ts';
import { findingsOf, lintText } from '../../support/linting.ts';
import { lineage } from '../../../src/core/rules/lineage.ts';
import { dockerfileRules } from '../../../src/core/rules/index.gen.ts';

/** What no fix changes; `WB1032` is the one that takes `--platform` away. */
const stagesOf = (text: string, buildArgs: MadeFile['buildArgs'], ruleId = '', title = '') =>
  parseDockerfile(text, { buildArgs }).stages.map(({ name, base, platform, instructions, final }) => ({
    name,
    platform: ruleId === 'WB1032' && final ? null : platform,
    kind: base.kind,
    // What a fix may change: tag and digest of a base.
    repository:
      base.kind === 'image' && !title.startsWith('Switch to ')
        ? `${base.reference.registry}/${base.reference.repository}`
        : null,
    instructions: instructions.filter(({ keyword }) => keyword !== 'USER').map(({ keyword }) => keyword),
  }));

function files(): readonly MadeFile[] {
  const given = corpus();
  const random = new Random(11);
  const made = Array.from({ length: 1500 }, (_, i) => (i % 2 === 0 ? grammarFile(random) : damagedFile(random, given)));
  const examples = dockerfileRules.flatMap(({ examples: { bad, good } }) => [...bad, ...good]);
  return [...given, ...made, ...examples.map(({ text }) => ({ text, buildArgs: {} }))];
}

describe('every file', function () {
  this.timeout(60_000);
  const all = files();

  it('is judged without an exception, ranges inside the document', () => {
    let findings = 0;
    for (const { text, buildArgs } of all) {
      for (const { span, range, related = [], fixes = [], message } of lintText(text, { dockerfile: { buildArgs } })
        .findings) {
        findings++;
        for (const each of [
          span,
          ...related.map((place) => place.span),
          ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.span)),
        ]) {
          assert.ok(each.start >= 0 && each.start <= each.end && each.end <= text.length, text);
        }
        assert.ok(range.start.line < range.end.line || range.start.column <= range.end.column, text);
        assert.ok(message.length > 20);
        assert.ok(fixes.filter(({ preferred }) => preferred === true).length <= 1);
      }
    }
    assert.ok(findings > all.length / 2, String(findings));
  });

  it('still means the same after any single fix', () => {
    let tried = 0;
    for (const { text, buildArgs } of all) {
      if (parseDockerfile(text, { buildArgs }).error !== null) continue;
      for (const { fixes = [], ruleId } of lintText(text, { dockerfile: { buildArgs } }).findings) {
        for (const { edits, title } of fixes) {
          tried++;
          const after = applyEdits(text, edits);
          assert.equal(parseDockerfile(after, { buildArgs }).error, null, `${ruleId} ${title}\n${text}\n--\n${after}`);
          assert.deepEqual(
            stagesOf(after, buildArgs, ruleId, title),
            stagesOf(text, buildArgs, ruleId, title),
            `${ruleId} ${title}\n${text}\n--\n${after}`,
          );
        }
      }
    }
    assert.ok(tried > 1000, String(tried));
  });

  it('is fixed once and for all: a second time changes nothing', () => {
    let changed = 0;
    for (const { text, buildArgs } of all) {
      const options = { dockerfile: { buildArgs } };
      if (parseDockerfile(text, { buildArgs }).error !== null) continue;
      const once = applyPreferredFixes(text, lintText(text, options).findings);
      if (once.text === text) continue;
      changed++;
      const twice = applyPreferredFixes(once.text, lintText(once.text, options).findings);
      assert.equal(twice.text, once.text, text);
    }
    assert.ok(changed > 8, String(changed));
  });

  it('loses a finding that its fix removes', () => {
    for (const { text, buildArgs } of all) {
      if (parseDockerfile(text, { buildArgs }).error !== null) continue;
      for (const { ruleId, span, message, fixes = [] } of lintText(text, { dockerfile: { buildArgs } }).findings) {
        for (const { edits, title } of fixes) {
          const after = applyEdits(text, edits);
          const left = findingsOf(ruleId, after, { dockerfile: { buildArgs } });
          // Writing a comment with its reason to fill in suppresses; any other fix makes the finding go away.
          const shift = edits.reduce((sum, edit) => sum + edit.newText.length - (edit.span.end - edit.span.start), 0);
          const same = left.filter(
            (finding) =>
              finding.message === message &&
              (finding.span.start === span.start || finding.span.start === span.start + shift),
          );
          assert.ok(
            same.every(({ suppressed }) => suppressed !== null),
            `${ruleId} ${title}\n${text}\n--\n${after}`,
          );
        }
      }
    }
  });

  it('has no finding about builders where only what is shipped counts', () => {
    const shipped = new Set(['WB1001', 'WB1006', 'WB1007']);
    let seen = 0;
    const random = new Random(12);
    const made = Array.from({ length: 5000 }, () => grammarFile(random));
    for (const { text, buildArgs } of [...all, ...made]) {
      const facts = parseDockerfile(text, { buildArgs });
      const final = facts.stages.at(-1);
      const own = final === undefined ? [] : lineage(final, facts);
      for (const { ruleId, span } of lintText(text, { dockerfile: { buildArgs } }).findings) {
        if (!shipped.has(ruleId)) continue;
        seen++;
        const stage = facts.stages.findLast(({ from }) => from.span.start <= span.start);
        assert.ok(
          own.some(({ index }) => index === stage?.index),
          `${ruleId}\n${text}`,
        );
      }
    }
    assert.ok(seen > 200, String(seen));
  });
});
