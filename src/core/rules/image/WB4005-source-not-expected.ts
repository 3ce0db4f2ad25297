// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { unmet } from '../image-requirements.ts';
export const sourceNotExpected = defineRule({
  id: 'WB4005',
  slug: 'source-not-expected',
  title: 'Built from another source than the policy asks for',
  language: 'image',
  severity: 'error',
  category: 'evidence',
  since: '0.2.0',
  why: 'A builder that is trusted builds whatever it is given. Only the repository and the ref make its provenance an answer to where this image comes from.',
  controls: controls('SR-4', 'SR-4(3)', 'SA-10'),
  examples: {
    bad: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Another repository.',
        policy:
          "trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    source: {repository: 'https://github.com/northwind/other'}\n",
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Another ref.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    source: {ref: refs/heads/main}\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Nothing says where it was built from.',
        policy:
          "trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    source: {repository: 'https://github.com/northwind/payments-api'}\n",
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'The repository that is expected.',
        policy:
          "trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    source: {repository: 'https://github.com/northwind/payments-api'}\n",
        nearMiss: true,
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'A ref by its pattern.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    source: {refPattern: refs/tags/v*}\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Without a policy the source is shown and not judged.',
      },
    ],
  },
  refs: ['SLSA specification 1.2: verifying artifacts, expectations', 'docs/policy.md: trust'],
  *check({ evidence }) {
    for (const { id, reason } of unmet(evidence, ['source', 'missing'])) if (id === 'source') yield { message: reason };
  },
});
