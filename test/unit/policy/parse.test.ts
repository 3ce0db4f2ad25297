// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parsePolicy } from '../../../src/core/policy/parse.ts';
import { editDistance, suggestion } from '../../../src/core/policy/suggest.ts';

const WHOLE = `extends: ../org/.waybill.yaml
fips:
  final: required
  builder: off
minimal: preferred
registries:
  allowed:
    - registry.example.com/**
rules:
  digest-missing: error
  WB1001: off
images:
  - from: docker.io/library/
    to: registry.example.com/hub/library/
catalogue:
  - image: registry.example.com/base/node
    like: node
    user: 65532
entitlements: [chainguard]
waivers:
  - rule: base-end-of-life
    scope:
      files: [legacy/**]
    owner: team-payments
    reason: replaced in spring
    expires: 2027-03-31
`;

/** Each problem as `line:column: message`. */
const problems = (text: string): readonly string[] =>
  parsePolicy(text, '.waybill.yaml').problems.map(
    ({ message, range }) => `${range.start.line}:${range.start.column}: ${message}`,
  );

describe('policy file', () => {
  it('reads every part, with the line it stands on', () => {
    const policy = parsePolicy(WHOLE, '.waybill.yaml');
    assert.deepEqual(policy.problems, []);
    assert.deepEqual(
      policy.extends.map(({ value, line }) => [value, line]),
      [['../org/.waybill.yaml', 1]],
    );
    assert.deepEqual(policy.parts.fips?.value, { final: 'required', builder: 'off' });
    assert.equal(policy.parts.fips?.line, 2);
    assert.deepEqual(policy.parts.rules?.value, { 'digest-missing': 'error', WB1001: 'off' });
    assert.deepEqual(policy.catalogue[0]?.value.user, 65_532);
    assert.equal(policy.waivers[0]?.value.expires, '2027-03-31');
    assert.equal(policy.waivers[0]?.line, 21);
  });

  it('an empty file says nothing and is no mistake', () => {
    for (const text of ['', '\n', '# nothing yet\n', '---\n', 'null\n']) assert.deepEqual(problems(text), [], text);
  });

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['fipz: required\n', ['1:1: Unknown setting "fipz". Did you mean fips?']],
    ['fips: requird\n', ['1:7: Unknown value "requird". Did you mean required?']],
    ['fips:\n  finl: required\n', ['2:3: Unknown setting "finl". Did you mean final?']],
    ['minimal:\n  final: sometimes\n', ['2:10: "sometimes" is none of required, preferred, off.']],
    ['rules:\n  digest-missing: eror\n', ['2:19: Unknown value "eror". Did you mean error?']],
    ['rules: [a]\n', ['1:8: This has to be a group of settings.']],
    ['registries: docker.io\n', ['1:13: "docker.io" has to be a group of settings.']],
    ['registries:\n  alowed: [a]\n', ['2:3: Unknown setting "alowed". Did you mean allowed?']],
    ['entitlements: [chaingard]\n', ['1:16: Unknown value "chaingard". Did you mean chainguard?']],
    ['waivers: yes\n', ['1:10: This has to be a list: start each entry with "- ".']],
    ['waivers:\n  - rule: a\n    owner: me\n    expires: 2027-01-31\n', ['2:5: "reason" is missing.']],
    [
      'waivers:\n  - owner: me\n    reason: x\n    expires: 2027-01-31\n',
      ['2:5: A waiver names a rule or a vulnerability.'],
    ],
    [
      'waivers:\n  - rule: a\n    vulnerability: b\n    owner: me\n    reason: x\n    expires: 2027-01-31\n',
      ['2:5: A waiver names a rule or a vulnerability, not both.'],
    ],
    ['waivers:\n  - rule: a\n    owner: me\n    reason: x\n    expires: 2027-02-30\n', ['5:14: There is no such day.']],
    [
      'waivers:\n  - rule: a\n    owner: me\n    reason: x\n    expires: soon\n',
      ['5:14: A day is written YYYY-MM-DD.'],
    ],
    [
      'waivers:\n  - rule: a\n    ownr: me\n    reason: x\n    expires: 2027-01-31\n',
      ['3:5: Unknown setting "ownr". Did you mean owner?'],
    ],
    [
      'waivers:\n  - rule: a\n    owner: me\n    reason: x\n    expires: 2027-01-31\n    scope: {digests: [sha256:1]}\n',
      ['6:23: A digest is sha256: and 64 hexadecimal digits.'],
    ],
    ['- fips\n', ['1:1: A policy is a list of settings such as "fips: required".']],
    ['fips: required\nfips: off\n', ['2:1: fips is given twice.']],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)}: ${expected[0]}`, () => assert.deepEqual(problems(text), expected));
  }

  it('a mistake in one part leaves the others in force, and one bad waiver leaves the good ones', () => {
    const policy = parsePolicy(
      'fips: requird\nminimal: required\nwaivers:\n  - rule: a\n  - {rule: b, owner: me, reason: x, expires: 2027-01-31}\n',
      'p.yaml',
    );
    assert.equal(policy.parts.fips, undefined);
    assert.equal(policy.parts.minimal?.value, 'required');
    assert.deepEqual(
      policy.waivers.map(({ value }) => value.rule),
      ['b'],
    );
    assert.ok(policy.problems.length >= 2);
  });

  it('broken YAML is a problem on its line, and what could be read stays', () => {
    const policy = parsePolicy('fips: required\nrules: {a: error\n', 'p.yaml');
    assert.ok(policy.problems.length > 0);
    assert.equal(policy.parts.fips?.value, 'required');
  });

  it('never throws on mutated policies, and every place lies in the file', () => {
    const mutation = fc.record({
      at: fc.nat(WHOLE.length),
      drop: fc.nat(12),
      add: fc.string({ maxLength: 8, unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        let text = WHOLE;
        for (const { at, drop, add } of mutations) text = text.slice(0, at) + add + text.slice(at + drop);
        const policy = parsePolicy(text, 'p.yaml');
        for (const { span, range, message } of policy.problems) {
          assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, message);
          assert.ok(range.start.line >= 1 && range.start.column >= 1);
          assert.ok(message.endsWith('.') || message.endsWith('?'), message);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('did you mean', () => {
  it('counts letters added, left out, changed and swapped', () => {
    assert.equal(editDistance('fips', 'fips'), 0);
    assert.equal(editDistance('fisp', 'fips'), 1);
    assert.equal(editDistance('fip', 'fips'), 1);
    assert.equal(editDistance('abc', 'xyz'), 3);
  });

  it('names the near word and none that is far', () => {
    assert.equal(suggestion('waiver', ['waivers', 'rules']), 'waivers');
    assert.equal(suggestion('Fips', ['fips']), 'fips');
    assert.equal(suggestion('colour', ['fips', 'rules']), null);
    assert.equal(suggestion('x'.repeat(100_000), ['rules']), null);
  });
});
