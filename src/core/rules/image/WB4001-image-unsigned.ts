// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { unmet } from '../image-requirements.ts';
import { unanswered } from '../../attestations/trust-input.ts';
export const imageUnsigned = defineRule({
  id: 'WB4001',
  slug: 'image-unsigned',
  title: 'Image is not signed',
  language: 'image',
  severity: 'info',
  category: 'evidence',
  since: '0.2.0',
  why: 'A digest says which image it is, not who made it. Without a signature anybody who can push to the repository can have made it, and nobody can tell.',
  controls: controls('CM-14', 'SI-7', 'SR-4(3)', 'SR-11'),
  examples: {
    bad: [
      { text: 'items: []\n', note: 'Every place answered, and none holds a signature.' },
      {
        text: 'items: []\n',
        note: 'The policy asks for a signature, so it is an error.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: 'items:\n  - {what: signature, verdict: unsigned}\n',
        note: 'A signature without anything that proves it.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: "items:\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'An attestation about the image is no signature of it.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Signed; without a policy nobody is judged.',
        nearMiss: true,
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Signed by whom the policy lists.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: 'places:\n  - {kind: referrers, state: failed, reason: ghcr.io answered 401}\nitems: []\n',
        note: 'Where a place did not answer nobody knows, and another rule says so.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n',
      },
      {
        text: 'items:\n  - {what: signature, verdict: could-not-check, reason: No trusted root.}\n',
        note: 'A signature that could not be checked is there all the same.',
      },
      {
        text: 'items:\n  - {what: notation, verdict: unsupported, code: kind-unsupported}\n',
        note: 'A signature of Notation is one, and Waybill does not check it.',
      },
      {
        text: 'items:\n  - {what: signature, verdict: invalid, code: signature, reason: The signature does not fit.}\n',
        note: 'A signature that does not hold is told by another rule.',
      },
    ],
  },
  refs: ['sigstore/cosign: signatures of images', 'docs/policy.md: trust'],
  *check({ evidence, trust }) {
    for (const { id, reason } of unmet(evidence, ['missing', 'unsigned']))
      if (id === 'signature') yield { message: reason, severity: 'error' };
    if (trust !== null || unanswered(evidence.places).length > 0) return;
    const signed = evidence.items.some(
      ({ kind, content, verdict }) =>
        kind === 'notation-signature' || (content === 'signature' && verdict !== 'unsigned'),
    );
    if (signed) return;
    yield {
      message: `Not signed. ${evidence.places.length} places were looked at, and none holds a signature. Sign the digest with cosign sign.`,
    };
  },
});
