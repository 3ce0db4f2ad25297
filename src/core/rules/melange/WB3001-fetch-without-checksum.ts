// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { entriesInto } from '../config-edits.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const fetch = (inputs: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - uses: fetch\n    with:\n      uri: https://example.com/hello-\${{package.version}}.tar.gz\n${inputs}`;

export const fetchWithoutChecksum = defineRule({
  id: 'WB3001',
  slug: 'fetch-without-checksum',
  title: 'Source is fetched without a checksum',
  language: 'melange',
  severity: 'warning',
  category: 'pinning',
  since: '0.2.0',
  why: 'A checksum says that the source is the one that was reviewed. Without it the build takes whatever the server answers that day, or ends, because fetch wants one.',
  controls: controls('SI-7', 'SI-7(1)', 'SR-11', 'SA-10'),
  examples: {
    bad: [
      { text: fetch(''), note: 'No checksum at all.' },
      { text: fetch("      expected-sha256: ''\n"), note: 'An empty one.' },
      { text: fetch('      expected-none: true\n'), note: 'The check is switched off.' },
    ],
    good: [
      { text: fetch(`      expected-sha256: ${'0123456789abcdef'.repeat(4)}\n`), note: 'SHA-256.', nearMiss: true },
      { text: fetch(`      expected-sha512: ${'0123456789abcdef'.repeat(8)}\n`), note: 'SHA-512.' },
      { text: fetch('').replace('uses: fetch', 'uses: our/fetch'), note: 'Another pipeline.' },
    ],
  },
  refs: ['melange: pipeline fetch'],
  *check({ config, source }) {
    for (const { struct, node } of stepsOf(config)) {
      if (struct.string('uses') !== 'fetch') continue;
      const given = struct.map('with');
      const none = given.get('expected-none');
      if (none !== undefined && none.value !== '') {
        yield {
          span: spanOf(none.key ?? none.node),
          message: 'The check of what is fetched is switched off. Give expected-sha256 or expected-sha512 instead.',
        };
        continue;
      }
      const has = (name: string): boolean => (given.get(name)?.value ?? '') !== '';
      if (has('expected-sha256') || has('expected-sha512')) continue;
      const edit = ['expected-sha256', 'expected-sha512'].some((name) => given.has(name))
        ? null
        : entriesInto(struct.node('with'), source, ['expected-sha256: ""']);
      yield {
        span: spanOf(given.get('uri')?.node ?? struct.node('uses') ?? node),
        message:
          'Nothing says what this download has to be, and fetch ends the build. Add expected-sha256 with the checksum of the file you reviewed.',
        // Only a person knows the value; an empty one leaves the build as it is, refused.
        fixes:
          edit === null
            ? []
            : [
                {
                  title: 'Add expected-sha256, to be filled in',
                  edits: [edit],
                  caveat: 'fetch ends the build until it is',
                },
              ],
      };
    }
  },
});
