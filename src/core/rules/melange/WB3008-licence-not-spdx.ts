// SPDX-License-Identifier: Apache-2.0
import { unknownLicenses } from '../../melange/spdx.ts';
import { spanOf } from '../../yaml/go/node.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const file = (license: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n  copyright:\n    - license: ${license}\n`;

export const licenceNotSpdx = defineRule({
  id: 'WB3008',
  slug: 'licence-not-spdx',
  title: 'Licence that is not on the SPDX list',
  language: 'melange',
  severity: 'warning',
  category: 'evidence',
  since: '0.2.0',
  why: 'melange writes the licence into the SBOM. What is no SPDX identifier becomes a LicenseRef there, which no tool can compare with what is allowed.',
  controls: controls('CM-8', 'SR-3'),
  examples: {
    bad: [
      { text: file('Apache 2.0'), note: 'A name, not an identifier.' },
      { text: file('MTI'), note: 'A slip.' },
      { text: file('MIT AND Custom'), note: 'Half of an expression.' },
    ],
    good: [
      { text: file('Apache-2.0'), note: 'An identifier.', nearMiss: true },
      { text: file('GPL-2.0-or-later WITH Classpath-exception-2.0 OR MIT'), note: 'An expression with an exception.' },
      { text: file('LicenseRef-Hello'), note: 'A licence of its own, said to be one.' },
    ],
  },
  refs: ['https://spdx.org/licenses/'],
  *check({ config }) {
    for (const { value } of config.struct('package')?.structs('copyright') ?? []) {
      const node = value.node('license');
      const license = value.string('license');
      if (node === null || license === '' || license.includes('${{')) continue;
      for (const { id, start, near } of unknownLicenses(license)) {
        const plain = node.kind === 'scalar' && node.style === 'plain' && node.end - node.start === license.length;
        const span = plain ? { start: node.start + start, end: node.start + start + id.length } : spanOf(node);
        yield {
          span,
          message: `${JSON.stringify(id)} is not on the SPDX list. ${near === null ? 'Use an identifier of the list, or LicenseRef-NAME with license-path.' : `Did you mean ${near}?`}`,
          fixes:
            near === null || !plain
              ? []
              : [
                  {
                    title: `Write ${near}`,
                    edits: [{ span, newText: near }],
                    caveat: 'make sure that it is this licence',
                  },
                ],
        };
      }
    }
  },
});
