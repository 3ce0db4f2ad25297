// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { unmet } from '../image-requirements.ts';
export const proofOfTimeMissing = defineRule({
  id: 'WB4012',
  slug: 'proof-of-time-missing',
  title: 'Nothing proves when it was signed',
  language: 'image',
  severity: 'error',
  category: 'evidence',
  since: '0.2.0',
  why: 'A key that is stolen signs as it did before. Only an entry in a log or a timestamp of an authority says that a signature was there before the theft, and lets its owner see what was signed in his name.',
  controls: controls('SI-7', 'CM-14'),
  examples: {
    bad: [
      {
        text: 'items:\n  - {what: signature, signer: key, signed: none}\n',
        note: 'By a key, without an entry in a log.',
        policy: 'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n',
      },
      {
        text: 'items:\n  - {what: signature, signer: key, signed: none}\n',
        note: 'The age is limited, and there is nothing to tell it by.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n        log: optional\n    freshness: 90 days\n',
      },
      {
        text: 'items:\n  - {what: signature, signer: key, signed: none}\n  - {what: spdx, signer: key}\n',
        note: 'The SBOM has an entry, the signature has none.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n    require: [signature, sbom]\n',
      },
    ],
    good: [
      {
        text: 'items:\n  - {what: signature, signer: key, signed: none}\n',
        note: 'The policy does not ask for an entry.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n        log: optional\n',
        nearMiss: true,
      },
      {
        text: 'items:\n  - {what: signature, signer: key}\n',
        note: 'It is in the log.',
        policy: 'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n',
      },
      {
        text: 'items:\n  - {what: signature, signer: key, signed: none}\n',
        note: 'Without a policy nothing is asked for.',
      },
    ],
  },
  refs: ['Sigstore: transparency log and signed timestamps', 'docs/policy.md: trust'],
  *check({ evidence }) {
    for (const { reason } of unmet(evidence, ['log', 'time'])) yield { message: reason };
  },
});
