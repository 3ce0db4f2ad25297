// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { unmet } from '../image-requirements.ts';
export const evidenceNamesAnotherImage = defineRule({
  id: 'WB4006',
  slug: 'evidence-names-another-image',
  title: 'Attestation is about another image',
  language: 'image',
  severity: 'warning',
  category: 'evidence',
  since: '0.2.0',
  why: 'An SBOM or provenance that names another digest says nothing about this image, however well it is signed. It usually was made for the build before, and readers take it for the truth about this one.',
  controls: controls('SR-4(3)', 'SI-7', 'CM-8'),
  examples: {
    bad: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: cyclonedx, about: another, verdict: invalid, code: subject, reason: 'The SBOM names another image.'}\n",
        note: 'Attached to the wrong digest.',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: cyclonedx, about: another, verdict: invalid, code: subject, reason: 'The SBOM names another image.'}\n",
        note: 'The policy asks for one about this image, so it is an error.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    require: [signature, sbom]\n',
      },
      {
        text: 'items:\n  - {what: spdx, about: another, verdict: unsigned}\n',
        note: 'It need not be signed to be about another image.',
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: cyclonedx, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'About this image.',
        nearMiss: true,
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: cyclonedx, about: platform, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'About the image of this platform.',
      },
      { text: 'items: []\n', note: 'There is none.' },
    ],
  },
  refs: ['in-toto attestation framework: subject', 'docs/evidence.md'],
  *check({ evidence }) {
    const asked = unmet(evidence, ['subject']);
    for (const { reason } of asked) yield { message: reason, severity: 'error' };
    const told = new Set(asked.flatMap(({ items }) => items));
    for (const item of evidence.items)
      if (item.aboutOther && !told.has(item.digest))
        yield {
          message: `${item.label} is about another image and says nothing of this one. Attest again with the digest that was pushed.`,
        };
  },
});
