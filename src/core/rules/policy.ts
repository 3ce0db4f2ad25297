// SPDX-License-Identifier: Apache-2.0
import { controls } from './controls.ts';
import type { RuleInfo } from './define.ts';

/** What is found in a policy file itself; `lint/policy-findings.ts` finds it. */
export const policyMistake = {
  id: 'WB0001',
  slug: 'policy-mistake',
  title: 'Policy file has a mistake',
  language: 'policy',
  severity: 'error',
  category: 'policy',
  since: '0.1.0',
  why: 'What a policy file says wrongly is not in force: a demand that is misspelt demands nothing. The rest of the file holds.',
  controls: controls('CM-2', 'CM-6'),
  examples: {
    bad: [
      { text: 'fisp: required\n', note: 'A setting that does not exist.' },
      { text: 'fips: requierd\n', note: 'A word that it does not take.' },
      { text: 'rules:\n  base-end-of-lif: error\n', note: 'A rule that does not exist.' },
    ],
    good: [
      { text: 'fips: required\nminimal:\n  final: preferred\n', note: 'For the final stage, and role by role.' },
      { text: 'rules:\n  WB1003: error\n  digest-missing: off\n', note: 'Rules by id and by name.' },
      { text: '# nothing yet\n', note: 'An empty policy demands nothing.' },
    ],
  },
  refs: ['docs/policy.md'],
} as const satisfies RuleInfo;

export const waiverExpired = {
  id: 'WB0002',
  slug: 'waiver-expired',
  title: 'Waiver has ended',
  language: 'policy',
  severity: 'warning',
  category: 'policy',
  since: '0.1.0',
  why: 'A waiver holds until its last day. After it the finding counts again; somebody has to renew the waiver with a reason, or fix what it was for.',
  controls: controls('CM-6'),
  examples: {
    bad: [
      {
        text: 'waivers:\n  - rule: base-end-of-life\n    owner: platform\n    reason: replaced with the next release\n    expires: 2026-11-01\n',
        note: 'Its last day was 1 November.',
      },
      {
        text: 'waivers:\n  - {vulnerability: CVE-2026-1234, owner: a, reason: not reached, expires: 2026-11-24}\n',
        note: 'It ended yesterday.',
      },
      {
        text: 'waivers:\n  - {rule: digest-missing, owner: a, reason: r, expires: 2027-01-31}\n  - {rule: WB1006, owner: a, reason: r, expires: 2020-02-29}\n',
        note: 'One of two.',
      },
    ],
    good: [
      {
        text: 'waivers:\n  - {rule: base-end-of-life, owner: a, reason: r, expires: 2026-11-25}\n',
        note: 'The last day itself still counts.',
      },
      {
        text: 'waivers:\n  - {vulnerability: CVE-2026-1234, owner: a, reason: not reached, expires: 2027-01-31}\n',
        note: 'It holds.',
      },
      { text: 'waivers: []\n', note: 'There is none.' },
    ],
  },
  refs: ['docs/policy.md'],
} as const satisfies RuleInfo;

export const policyRules: readonly RuleInfo[] = [policyMistake, waiverExpired];
