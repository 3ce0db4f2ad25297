// SPDX-License-Identifier: Apache-2.0
import { ROOT_STALE_DAYS } from '../../attestations/model.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const DAY = 86_400_000;
/** Days before the end of a key at which it is told. */
const KEY_DAYS = 30;

export const trustRootOrKeyStale = defineRule({
  id: 'WB4009',
  slug: 'trust-root-or-key-stale',
  title: 'Trust root or key is stale',
  language: 'image',
  severity: 'warning',
  category: 'evidence',
  since: '0.2.0',
  why: 'Trust roots change when keys are replaced or withdrawn, and a key that is past its days should sign nothing. What was checked by an old root may be refused by the new one.',
  controls: controls('CM-14', 'SC-13', 'SI-7'),
  examples: {
    bad: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1', root: 'seed', rootAsOf: '2026-01-10'}\n",
        note: 'The root that Waybill brings is 10 months old.',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1', root: 'tuf:tuf-repo-cdn.sigstore.dev', rootAsOf: '2026-05-01'}\n",
        note: 'Fetched half a year ago and not since.',
      },
      {
        text: 'items:\n  - {what: signature, signer: key}\n',
        note: 'The key ended in October.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n        validUntil: 2026-10-31\n',
      },
      {
        text: 'items:\n  - {what: signature, signer: key}\n',
        note: 'The key ends in a week.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n        validUntil: 2026-11-30\n',
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1', root: 'seed', rootAsOf: '2026-11-21'}\n",
        note: 'A root of this week.',
        nearMiss: true,
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1', root: 'file:trusted_root.json', rootAsOf: '2020-01-10'}\n",
        note: 'A root of your own is for you to renew.',
      },
      {
        text: 'items:\n  - {what: signature, signer: key}\n',
        note: 'The key has a year to go.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - key: cosign.pub\n        validUntil: 2027-11-30\n',
      },
    ],
  },
  refs: ['The Update Framework: expiry of metadata', 'docs/evidence.md'],
  *check({ evidence, trust, now }) {
    const roots = new Map(
      evidence.items.flatMap(({ root }) =>
        root === null || root.asOf === null ? [] : [[root.source, root.asOf] as const],
      ),
    );
    for (const [source, asOf] of roots) {
      const days = Math.floor((now - Date.parse(asOf)) / DAY);
      if (!/^(?:file:|key)/.test(source) && days > ROOT_STALE_DAYS)
        yield {
          message: `The trust root ${source} is of ${asOf.slice(0, 10)}, ${days} days ago. Let Waybill fetch the current one, or give it with --trusted-root.`,
        };
    }
    for (const signer of trust?.signers ?? []) {
      if (signer.kind !== 'key' || signer.validUntil === null) continue;
      const left = Math.ceil((Date.parse(`${signer.validUntil}T23:59:59Z`) - now) / DAY);
      if (left <= 0)
        yield {
          message: `The key ${signer.name} ended on ${signer.validUntil}. Sign with its successor, and list that in the policy.`,
        };
      else if (left <= KEY_DAYS)
        yield {
          severity: 'info',
          message: `The key ${signer.name} ends on ${signer.validUntil}, in ${left} days. List its successor in the policy before that.`,
        };
    }
  },
});
