// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { keySpan } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const file = (copyright: string): string => `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n${copyright}`;

export const licenceMissing = defineRule({
  id: 'WB3028',
  slug: 'licence-missing',
  title: 'Package without a licence',
  language: 'melange',
  severity: 'info',
  category: 'evidence',
  since: '0.2.0',
  why: 'melange takes the licence of package and SBOM from copyright. Without it they say NOASSERTION, and whoever has to answer for the image has to look at the source.',
  controls: controls('CM-8', 'SR-3'),
  examples: {
    bad: [
      { text: file(''), note: 'No copyright.' },
      { text: file('  copyright: []\n'), note: 'An empty list.' },
      { text: file('  copyright:\n    - attestation: someone\n'), note: 'An entry that names no licence.' },
    ],
    good: [
      { text: file('  copyright:\n    - license: MIT\n'), note: 'A licence.', nearMiss: true },
      { text: file('  copyright:\n    - license-path: LICENSE\n'), note: 'The file that holds it.' },
      { text: file('  copyright:\n    - license: LicenseRef-Hello\n'), note: 'A licence of its own.' },
    ],
  },
  refs: ['melange: package.copyright', 'SPDX 2.3, 7.13'],
  *check({ config, root }) {
    // Of a file that melange takes the package is never left out.
    const pack = config.struct('package') ?? config;
    const entries = pack.structs('copyright');
    if (entries.length === 0) {
      yield {
        span: keySpan(pack, 'copyright', keySpan(config, 'package', spanOf(root))),
        message: 'Nothing names the licence of this package. Add it under copyright, by its SPDX identifier.',
      };
    }
    for (const { value, node } of entries) {
      if (value.string('license') !== '' || value.string('license-path') !== '') continue;
      yield {
        span: spanOf(value.fields.values().next().value?.key ?? node),
        message: 'This entry names no licence. Add license with its SPDX identifier, or license-path.',
      };
    }
  },
});
