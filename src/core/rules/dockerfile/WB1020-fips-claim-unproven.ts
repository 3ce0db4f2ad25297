// SPDX-License-Identifier: Apache-2.0
import type { ClaimId } from '../../fips/knowledge.ts';
import type { Claim } from '../../fips/model.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { fipsIntent, inSentence, sentence, usedStages } from '../fips-intent.ts';
import { definitionPlaces, nameOf } from '../image-uses.ts';
import { shippedCopies } from '../stage-sources.ts';

/** What other rules speak of. */
const ELSEWHERE: ReadonlySet<ClaimId> = new Set([
  'boring-cgo0',
  'systemcrypto-cgo0',
  'wolfi-go-127',
  'cites-historical',
]);

function message({ title, why, todo }: Claim): string {
  return `${sentence(title)} proves nothing: ${inSentence(why)}. ${todo}.`;
}

export const fipsClaimUnproven = defineRule({
  id: 'WB1020',
  slug: 'fips-claim-unproven',
  title: 'Says FIPS, and nothing shows it',
  language: 'dockerfile',
  severity: 'warning',
  category: 'cryptography',
  since: '0.1.0',
  why: 'A tag, a label, a variable or a package with fips in its name is a claim. What counts is a module that a certificate names, in the version it names, used as its security policy says. A wrong claim is worse than none, for nobody looks any further.',
  controls: controls('SC-13', 'CM-6'),
  examples: {
    bad: [
      { text: 'FROM example.com/team/base-fips:1\nUSER 1000\n', note: 'The name claims it, nothing shows it.' },
      {
        text: 'FROM alpine:3.24\nRUN apk add --no-cache openssl-fips\nUSER 1000\n',
        note: 'A package that no certificate names.',
      },
      { text: 'FROM debian:13\nENV OPENSSL_FIPS=1\nUSER 1000\n', note: 'A variable that OpenSSL 3 does not read.' },
      {
        text: 'FROM golang:1.27 AS build\nENV GOFIPS140=latest\nRUN go build -o /a\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'In a builder: latest is never a validated version.',
      },
      { text: 'FROM debian:13\nLABEL fips=enabled\nUSER 1000\n', note: 'A label.' },
      {
        text: 'FROM golang:1.26 AS build\nRUN go build -o /a\nFROM scratch\nENV GODEBUG=fips140=only\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'The mode of a module that nobody built in.',
      },
    ],
    good: [
      {
        text: 'FROM golang:1.26 AS build\nENV GOFIPS140=v1.0.0\nRUN go build -o /a\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'A version that a certificate names.',
        nearMiss: true,
      },
      {
        text: 'FROM golang:1.26 AS build\nENV GOFIPS140=v1.0.0\nRUN go build -o /a\nFROM scratch\nENV GODEBUG=fips140=only\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'The mode of a module that the builder built in.',
        nearMiss: true,
      },
      {
        text: 'FROM example.com/team/fipster:1\nLABEL fips=disabled\nUSER 1000\n',
        note: 'Another word, and a label that claims nothing.',
      },
      {
        text: 'FROM debian:13 AS test\nENV OPENSSL_FIPS=1\nFROM scratch\nCOPY a /\nUSER 1000\n',
        note: 'Nothing of this stage is shipped.',
      },
      {
        text: 'FROM cgr.dev/chainguard/wolfi-base:latest\nRUN apk add --no-cache openssl-fips\nUSER 65532\n',
        note: 'What is said of a package of Alpine does not hold for another distribution.',
      },
      {
        text: 'FROM example.com/geo/counties:1\nLABEL description="Looks up FIPS codes of counties"\nUSER 1000\n',
        note: 'Codes of counties are called FIPS too.',
      },
      {
        text: 'FROM registry.access.redhat.com/ubi9/nodejs-22-minimal:1\nENV NODE_OPTIONS=--enable-fips\nUSER 1001\n',
        note: 'Node.js of this base uses the OpenSSL of the system.',
      },
      {
        text: 'FROM debian:13\nLABEL fips=enabled\nUSER 1000\n',
        policy: 'fips: off\n',
        note: 'The policy says that FIPS is no matter here.',
      },
    ],
  },
  refs: [
    'src/core/catalogue/data/fips.json: claims, each with its confidence',
    'NIST CMVP: only modules are validated',
  ],
  *check(context) {
    const intent = fipsIntent(context);
    if (intent === null) return;
    const { fips, shared } = context;
    // The mode is switched on where a program runs, the module built in where it is made.
    const copiesModule = [...shippedCopies(context)].some(
      ({ sourceStage }) => sourceStage !== null && fips.stage(sourceStage).module.value === 'yes',
    );
    for (const stage of usedStages(context)) {
      const { claims, base } = fips.stage(stage);
      for (const claim of claims) {
        if (ELSEWHERE.has(claim.id) || (claim.id === 'godebug-only' && copiesModule)) continue;
        if (claim.span === null) {
          // By the name of a base: what is shipped counts, and only where the base is written.
          if (shared.roles[stage.index] !== 'final' || stage.base.kind !== 'image') continue;
          const says =
            base?.module.value === 'claimed' ? base.module.text : 'its name says FIPS, and a name is no evidence';
          const places = definitionPlaces(stage);
          yield {
            span: stage.baseSpan,
            message: `${nameOf(stage)}: ${says}. ${claim.todo}.`,
            severity: 'hint',
            data: { image: stage.base.resolved },
            ...(places.length === 0 ? {} : { related: places }),
          };
          continue;
        }
        yield {
          span: claim.span,
          message: message(claim),
          // What is built so has no validated module, whatever else the image brings.
          severity: !claim.sourced ? 'hint' : claim.id === 'gofips-latest' ? intent.severity('warning') : 'warning',
          data: { claim: claim.id },
        };
      }
    }
  },
});
