// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { addWaiver, openOwner } from '../../../src/core/policy/add-waiver.ts';
import { parsePolicy } from '../../../src/core/policy/parse.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';

const SKELETON = { rule: 'digest-missing', file: 'api/Dockerfile', expires: '2027-02-23' };

function added(text: string): string | null {
  const edit = addWaiver(text, parsePolicy(text, 'p.yaml').waivers, SKELETON);
  return edit === null ? null : applyEdits(text, [edit]);
}

/** What the waiver says once a person has filled it in. */
function filled(text: string): string {
  return text.replace(/owner:(?=\r?$)/m, 'owner: me').replace(/reason:(?=\r?$)/m, 'reason: because');
}

describe('adding a waiver', () => {
  const OLD = '- rule: a\n    owner: o\n    reason: r\n    expires: 2027-01-31';
  for (const [what, text, count] of [
    ['to an empty file', '', 1],
    ['behind other settings without a last line end', 'fips: required', 1],
    ['behind the waivers that are there', `waivers:\n  ${OLD}\n\nfips: required\n`, 2],
    ['behind waivers that are not set in', `waivers:\n- rule: a\n  owner: o\n  reason: r\n  expires: 2027-01-31`, 2],
    [
      'behind one in braces',
      'waivers:\n    - {rule: a, owner: o, reason: r, expires: 2027-01-31} # x\nminimal: off\n',
      2,
    ],
    ['to an empty list', 'waivers: [] # none yet\nfips: off\n', 1],
    ['to a key without a value', 'fips: off\nwaivers:\nminimal: off\n', 1],
    [
      'with Windows line ends',
      'fips: off\r\nwaivers:\r\n  - rule: a\r\n    owner: o\r\n    reason: r\r\n    expires: 2027-01-31\r\n',
      2,
    ],
  ] as const) {
    it(`${what}: a mistake until it is filled in, then in force; all else stays`, () => {
      const before = parsePolicy(text, 'p.yaml');
      const result = added(text);
      assert.ok(result !== null);
      const open = parsePolicy(result, 'p.yaml');
      assert.equal(open.waivers.length, count - 1, result);
      assert.ok(open.problems.length > before.problems.length);
      const owner = openOwner(result);
      assert.ok(owner !== null && result.slice(0, owner).endsWith('owner:'));
      const done = parsePolicy(filled(result), 'p.yaml');
      assert.deepEqual(done.problems, before.problems, result);
      assert.deepEqual(done.waivers.at(-1)?.value, {
        rule: 'digest-missing',
        scope: { files: ['api/Dockerfile'] },
        owner: 'me',
        reason: 'because',
        expires: '2027-02-23',
      });
      assert.deepEqual(
        [done.parts.fips?.value, done.parts.minimal?.value],
        [before.parts.fips?.value, before.parts.minimal?.value],
      );
      if (text.includes('\r\n')) assert.doesNotMatch(result, /(?<!\r)\n/);
    });
  }

  it('leaves waivers in one line to a person', () => {
    assert.equal(added('waivers: [{rule: a, owner: o, reason: r, expires: 2027-01-31}]\n'), null);
    assert.equal(added('waivers: {oops: true}\n'), null);
  });
});
