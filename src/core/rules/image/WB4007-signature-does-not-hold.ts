// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const signatureDoesNotHold = defineRule({
  id: 'WB4007',
  slug: 'signature-does-not-hold',
  title: 'Signature or attestation does not hold',
  language: 'image',
  severity: 'error',
  category: 'evidence',
  since: '0.2.0',
  why: 'It was checked, and it is not what it says: changed after it was signed, by a certificate that leads to no trusted root, or without the proof of when it was signed. Nothing in it counts.',
  controls: controls('SI-7', 'CM-14', 'SR-4(3)'),
  examples: {
    bad: [
      {
        text: 'items:\n  - {what: signature, verdict: invalid, code: signature, reason: The signature does not fit the payload.}\n',
        note: 'Changed after it was signed.',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, verdict: invalid, code: certificate-chain, reason: The certificate leads to no trusted root.}\n",
        note: 'Under a root that nobody trusts.',
      },
      { text: 'items:\n  - {what: spdx, verdict: invalid, code: log-entry}\n', note: 'Without a reason in words.' },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'All of it holds.',
        nearMiss: true,
      },
      {
        text: 'items:\n  - {what: signature, verdict: could-not-check, reason: No trusted root.}\n',
        note: 'What could not be checked is not wrong.',
      },
      {
        text: 'items:\n  - {what: signature, verdict: unsupported, reason: The key is Ed25519.}\n',
        note: 'What Waybill cannot check is not wrong.',
      },
      {
        text: 'items:\n  - {what: cyclonedx, about: another, verdict: invalid, code: subject, reason: It names another image.}\n',
        note: 'About another image is told by another rule.',
      },
    ],
  },
  refs: ['docs/evidence.md', 'Sigstore: verification of bundles'],
  *check({ evidence }) {
    for (const { verdict, aboutOther, label, reason, code } of evidence.items)
      if (verdict === 'invalid' && !aboutOther)
        yield {
          message: `${label} does not hold: ${reason === '' ? code.replaceAll('-', ' ') : reason.replace(/\.$/, '')}. Nothing in it counts; find out who pushed it.`,
        };
  },
});
