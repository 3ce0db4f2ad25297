// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const evidenceNotChecked = defineRule({
  id: 'WB4008',
  slug: 'evidence-not-checked',
  title: 'What the policy asks for could not be checked',
  language: 'image',
  severity: 'warning',
  category: 'evidence',
  since: '0.2.0',
  why: 'A registry that does not answer, a key that cannot be used or a root that is not there leaves a question open. An open question is not a yes, and it is not a no.',
  controls: controls('SI-7', 'CM-14', 'SR-4(3)'),
  examples: {
    bad: [
      {
        text: 'places:\n  - {kind: referrers, state: failed, reason: ghcr.io answered 401}\nitems: []\n',
        note: 'The registry did not answer.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: 'items:\n  - {what: signature, verdict: could-not-check, reason: No trusted root could be had.}\n',
        note: 'There is no root to check it by.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: 'items:\n  - {what: signature, verdict: unsupported, reason: The key is Ed25519.}\n',
        note: 'A key that Waybill cannot use.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'It could be checked.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
        nearMiss: true,
      },
      {
        text: 'places:\n  - {kind: referrers, state: failed, reason: ghcr.io answered 401}\nitems: []\n',
        note: 'Without a policy nothing was asked.',
      },
      {
        text: "places:\n  - {kind: github-attestations, state: skipped, reason: off in settings}\nitems:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'What was not to be asked is not missing.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
    ],
  },
  refs: ['docs/policy.md: trust', 'docs/evidence.md'],
  *check({ evidence }) {
    for (const { state, reason } of evidence.policy.requirements)
      if (state === 'could-not-check') yield { message: reason };
  },
});
