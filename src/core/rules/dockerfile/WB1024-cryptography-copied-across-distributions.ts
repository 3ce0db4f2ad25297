// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Word } from '../../dockerfile/model.ts';
import { controls } from '../controls.ts';
import { copySources } from '../copy-sources.ts';
import { defineRule } from '../define.ts';
import { fipsIntent, sentence } from '../fips-intent.ts';
import { bottomStage } from '../lineage.ts';
import { distributionName, imageBehind, shippedCopies, type CopyFrom } from '../stage-sources.ts';

/** Files of OpenSSL and of its FIPS provider. */
const CRYPTOGRAPHY = /(?:^|\/)(?:lib(?:crypto|ssl)\.so[\d.*]*|fips\.so|fipsmodule\.cnf|ossl-modules(?:\/\*?)?)$/;

/** The sources of a COPY that are such files. */
function libraries({ instruction }: CopyFrom, facts: DockerfileFacts): readonly Word[] {
  return copySources(instruction, facts).sources.filter(({ text }) => CRYPTOGRAPHY.test(text));
}

/** A distribution as people write it. */
function shownName(name: string): string {
  return name === 'rhel' ? 'RHEL' : sentence(name);
}

export const cryptographyCopiedAcrossDistributions = defineRule({
  id: 'WB1024',
  slug: 'cryptography-copied-across-distributions',
  title: 'Cryptographic library of another distribution',
  language: 'dockerfile',
  severity: 'warning',
  category: 'cryptography',
  since: '0.1.0',
  why: 'A certificate names a module as it was built and tested on its platform. A library that is copied into another distribution is no longer that: it can take the place of the validated one, and package managers and scans do not know of it.',
  controls: controls('SC-13', 'CM-2', 'SI-7'),
  examples: {
    bad: [
      {
        text: 'FROM alpine:3.24 AS ssl\nFROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nCOPY --from=ssl /usr/lib/libcrypto.so.3 /usr/lib64/\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The library of Alpine in an image of Red Hat.',
      },
      {
        text: 'FROM debian:13\nCOPY --from=registry.access.redhat.com/ubi9/ubi:9.6 /usr/lib64/ossl-modules/fips.so /usr/lib/ossl-modules/\nUSER 1000\n',
        note: 'The provider of Red Hat under the OpenSSL of Debian.',
      },
      {
        text: 'FROM ubuntu:24.04 AS ssl\nFROM cgr.dev/chainguard/wolfi-base:latest\nCOPY --from=ssl /usr/lib/x86_64-linux-gnu/libssl.so.3 /usr/lib/x86_64-linux-gnu/libcrypto.so.3 /usr/lib/\nUSER 65532\n',
        policy: 'fips: preferred\n',
        note: 'Each file by its own place.',
      },
    ],
    good: [
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi:9.6 AS ssl\nFROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nCOPY --from=ssl /usr/lib64/ossl-modules/fips.so /usr/lib64/ossl-modules/\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'From the same distribution.',
      },
      {
        text: 'FROM alpine:3.24 AS ssl\nFROM debian:13\nCOPY --from=ssl /usr/lib/libcrypto.so.3 /opt/musl/\nUSER 1000\n',
        note: 'Nobody asks for FIPS.',
      },
      {
        text: 'FROM debian:13 AS build\nFROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nCOPY --from=build /app/libcryptography.so /app/\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'Another library with a similar name.',
        nearMiss: true,
      },
      {
        text: 'FROM debian:13 AS ssl\nFROM scratch\nCOPY --from=ssl /usr/lib/x86_64-linux-gnu/libcrypto.so.3 /usr/lib/\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'An empty image has no distribution of its own.',
      },
    ],
  },
  refs: ['NIST CMVP: tested and affirmed environments', 'OpenSSL README-FIPS'],
  *check(context) {
    const intent = fipsIntent(context);
    if (intent === null) return;
    for (const copy of shippedCopies(context)) {
      const found = libraries(copy, context.facts);
      const source = found.length === 0 ? null : imageBehind(copy, context);
      if (source === null) continue;
      const { base } = bottomStage(copy.stage, context.facts);
      const [from, to] = [distributionName(source, context), distributionName(base, context)];
      if (from === null || to === null || from === to) continue;
      for (const { text, span } of found) {
        yield {
          span,
          message: `${text} of ${shownName(from)} is copied into an image of ${shownName(to)}, where no certificate names it. Take the library of the base, or ship the image it comes from.`,
          severity: intent.severity('warning'),
        };
      }
    }
  },
});
