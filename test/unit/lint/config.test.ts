// SPDX-License-Identifier: Apache-2.0
// apko and melange files in the engine: refusals, comments, policies, includes, and what cannot be judged.
import assert from 'node:assert/strict';
import { lint, type LintOptions, type LintResult } from '../../../src/core/lint/engine.ts';
import { catalogue, TODAY, underPolicy } from '../../support/linting.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';
const judge = (language: 'apko' | 'melange', text: string, options: Partial<LintOptions> = {}): LintResult =>
  lint(text, language, { catalogue, today: TODAY, ...options });
const ids = ({ findings }: LintResult): string[] =>
  findings.filter(({ suppressed }) => suppressed === null).map(({ ruleId }) => ruleId);

describe('apko and melange files in the engine', () => {
  it('says only why a file is refused while it is refused, every place at once', () => {
    const result = judge('melange', `${HEAD}  nam: x\npipeline:\n  - run: make\n`);
    assert.deepEqual(ids(result), ['WB3000', 'WB3000']);
    assert.equal(result.error?.range.start.line, 5);
    assert.deepEqual(result.findings[1]?.range, { start: { line: 7, column: 5 }, end: { line: 7, column: 8 } });
  });

  it('takes a comment above the entry, also where the finding is inside of a script', () => {
    const text = `${HEAD}pipeline:\n  # waybill ignore=script-downloads the mirror is our own\n  - runs: |\n      set -e\n      wget https://example.com/a\n`;
    const found = judge('melange', text).findings.filter(({ ruleId }) => ruleId === 'WB3012');
    assert.equal(found.length, 1);
    assert.equal(found[0]?.suppressed?.reason, 'the mirror is our own');
  });

  it('writes its comment where it is one, not into a script', () => {
    const text = `${HEAD}pipeline:\n  - name: get\n    runs: |\n      wget https://example.com/a\n`;
    const fix = judge('melange', text)
      .findings.find(({ ruleId }) => ruleId === 'WB3012')
      ?.fixes?.at(-1);
    assert.ok(fix);
    assert.equal(fix.edits[0]?.span.start, text.indexOf('    runs:'));
    assert.ok(fix.edits[0]?.newText.startsWith('    # waybill ignore=script-downloads'));
  });

  it('follows policies: severities and waivers', async () => {
    const policy = await underPolicy(
      'rules:\n  test-missing: off\n  update-missing: error\nwaivers:\n  - rule: fetch-without-checksum\n    owner: ops\n    reason: mirrored\n    expires: 2027-01-01\n',
    );
    const text = `${HEAD}pipeline:\n  - uses: fetch\n    with:\n      uri: https://example.com/a.tar.gz\n`;
    const { findings } = judge('melange', text, policy);
    assert.deepEqual(
      findings.map(({ ruleId, severity, suppressed }) => [ruleId, severity, suppressed?.by ?? null]),
      [
        ['WB3010', 'error', null],
        ['WB3028', 'info', null],
        ['WB3001', 'warning', 'waiver'],
      ],
    );
  });

  it('judges what an apko file includes where it may be read, and the file alone where not', () => {
    const text = 'include: base.yaml\ncontents:\n  packages: [nginx, busybox]\n';
    assert.deepEqual(ids(judge('apko', text)), ['WB2011']);
    assert.equal(judge('apko', text).error, null);
    assert.deepEqual(ids(judge('apko', text, { beside: () => null })), ['WB2000']);
    assert.deepEqual(ids(judge('apko', text, { beside: () => 'contnts: {}\n' })), ['WB2000']);
    assert.deepEqual(ids(judge('apko', text, { beside: () => 'cmd: x\n' })), ['WB2011']);
    assert.deepEqual(ids(judge('apko', text, { beside: () => text })), ['WB2000']);
  });

  it('does not judge what is too large, and says so', () => {
    const { error, findings } = judge('melange', 'x'.repeat(5_000_000));
    assert.match(error?.message ?? '', /not judged/);
    assert.deepEqual(findings, []);
  });
});
