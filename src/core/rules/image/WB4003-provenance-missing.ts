// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { unmet } from '../image-requirements.ts';
import { unanswered } from '../../attestations/trust-input.ts';
export const provenanceMissing = defineRule({
  id: 'WB4003',
  slug: 'provenance-missing',
  title: 'No provenance says where the image comes from',
  language: 'image',
  severity: 'hint',
  category: 'evidence',
  since: '0.2.0',
  why: 'Provenance names the source, the commit and the builder of an image. Without it a finding in the image leads to no line of code, and a build on any machine looks like every other.',
  controls: controls('SR-4', 'SR-4(3)', 'SA-10'),
  examples: {
    bad: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Signed, and nothing says from what it was built.',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'The policy asks for provenance, so it is an error.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    require: [signature, provenance]\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, verdict: unsigned}\n",
        note: 'Provenance that nobody signed is not what a policy asks for.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    require: [signature, provenance]\n',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'A level is asked for, and there is nothing to tell one by.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    minimumLevel: 2\n',
      },
    ],
    good: [
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'There is provenance.',
        nearMiss: true,
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, verdict: unsigned}\n",
        note: 'Unsigned provenance is provenance; without a policy nothing more is asked.',
      },
      {
        text: "items:\n  - {what: signature, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n  - {what: provenance, signer: 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1'}\n",
        note: 'Signed by whom the policy lists.',
        policy:
          'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - issuer: https://token.actions.githubusercontent.com\n        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*\n    require: [signature, provenance]\n    minimumLevel: 2\n',
      },
    ],
  },
  refs: ['SLSA specification 1.2: provenance', 'docs/policy.md: trust'],
  *check({ evidence, trust }) {
    const asked = unmet(evidence, ['missing', 'unsigned']).filter(({ id }) => id === 'provenance' || id === 'level');
    const [first] = asked;
    if (first !== undefined) {
      yield { message: first.reason, severity: 'error' };
      return;
    }
    if (trust !== null || unanswered(evidence.places).length > 0) return;
    if (evidence.items.some(({ type }) => type === 'provenance')) return;
    yield {
      message:
        'No provenance was found, so nothing says from which source the image was built. Let the builder attest it.',
    };
  },
});
