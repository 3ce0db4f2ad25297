// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const imageNotInPolicy = defineRule({
  id: 'WB4013',
  slug: 'image-not-in-policy',
  title: 'Policy says nothing of who may sign this image',
  language: 'image',
  severity: 'warning',
  category: 'policy',
  since: '0.2.0',
  why: 'A policy with trust entries that has none for an image trusts nobody with it. That is usually a name that is misspelt, or an image that nobody thought of.',
  controls: controls('CM-14', 'CM-7(5)', 'SR-11'),
  examples: {
    bad: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Another namespace.',
        policy:
          'trust:\n  - images: ghcr.io/other/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: 'items: []\n',
        note: 'The name is misspelt.',
        policy:
          'trust:\n  - images: ghcr.io/nortwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'The pattern stops at a slash.',
        policy:
          'trust:\n  - images: ghcr.io/*\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'There is an entry for it.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
        nearMiss: true,
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'The policy has no trust entries at all.',
        policy: 'fips: required\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'There is no policy.',
      },
    ],
  },
  refs: ['docs/policy.md: trust'],
  *check({ evidence }) {
    const { state, file } = evidence.policy;
    if (state === 'no-rule')
      yield {
        message: `${file ?? 'The policy'} has no trust entry for this image, so nobody is trusted with it. Add one, or correct its patterns.`,
      };
  },
});
