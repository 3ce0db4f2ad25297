// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { unmet } from '../image-requirements.ts';
export const levelBelowPolicy = defineRule({
  id: 'WB4004',
  slug: 'level-below-policy',
  title: 'SLSA Build level is lower than the policy asks for',
  language: 'image',
  severity: 'error',
  category: 'evidence',
  since: '0.2.0',
  why: 'The level says how hard it is to change a build unseen: signed and hosted at level 2, isolated from those who run it at level 3. It is told by the steps of the specification, and always by claim of a builder.',
  controls: controls('SR-4', 'SR-4(3)', 'SA-10', 'SI-7'),
  examples: {
    bad: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'GitHub Actions is held at level 2, and the policy asks for 3.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    minimumLevel: 3\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1', runner: self-hosted}\n",
        note: 'A machine of their own is no hosted build.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    minimumLevel: 2\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/heads/main'}\n",
        note: 'Provenance by a workflow that the policy does not list.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    minimumLevel: 2\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, verdict: unsigned}\n",
        note: 'A claim that nobody signed reaches level 1.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    minimumLevel: 2\n',
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Level 2 is what is asked for.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    minimumLevel: 2\n',
        nearMiss: true,
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'The policy holds this workflow at level 3.',
        policy:
          "trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    minimumLevel: 3\n    builders:\n      - {id: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1', level: 3}\n",
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, verdict: unsigned}\n",
        note: 'Without a policy the level is shown and not judged.',
      },
    ],
  },
  refs: ['SLSA specification 1.2: verifying artifacts', 'docs/policy.md: trust'],
  *check({ evidence }) {
    for (const { id, reason } of unmet(evidence, ['level'])) if (id === 'level') yield { message: reason };
  },
});
