// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { hostOf, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';
const SHA = '0123456789abcdef'.repeat(4);
const fetch = (uri: string): string =>
  `${HEAD}pipeline:\n  - uses: fetch\n    with:\n      uri: ${uri}\n      expected-sha256: ${SHA}\n`;
const SCHEMES = /^(?:https?|ftp):\/\//i;

export const sourceAddressInvalid = defineRule({
  id: 'WB3020',
  slug: 'source-address-invalid',
  title: 'Address without a scheme or host',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'fetch hands the address to wget. Without a scheme wget asks over plain HTTP, and a path or a blank ends the build after its environment was set up.',
  controls: controls('CM-2', 'SA-10'),
  examples: {
    bad: [
      { text: fetch('example.com/hello-1.0.0.tar.gz'), note: 'No scheme.' },
      { text: fetch('./hello-1.0.0.tar.gz'), note: 'A path.' },
      { text: fetch('https:///hello-1.0.0.tar.gz'), note: 'No host.' },
      { text: fetch('"https://example.com/hello 1.0.0.tar.gz"'), note: 'A blank.' },
    ],
    good: [
      { text: fetch('https://example.com/hello-1.0.0.tar.gz'), note: 'An address.', nearMiss: true },
      {
        text: fetch('https://example.com/hello-${{package.version}}.tar.gz'),
        note: 'With a variable.',
        nearMiss: true,
      },
      {
        text: `${fetch('${{vars.mirror}}/hello.tar.gz')}vars:\n  mirror: https://example.com\n`,
        note: 'It begins with a variable.',
      },
    ],
  },
  refs: ['melange: pipeline fetch'],
  *check({ config }) {
    for (const { struct } of stepsOf(config)) {
      const entry = struct.string('uses') === 'fetch' ? struct.map('with').get('uri') : undefined;
      const address = (entry?.value ?? '').replaceAll(/\$\{\{[^}]*\}\}/g, 'x');
      if (entry === undefined || entry.value === '' || entry.value.startsWith('${{')) continue;
      const why = /\s/.test(address)
        ? 'A blank cannot stand in an address, so fetch ends the build'
        : /^[\w-]+(?:\.[\w-]+)+(?::\d+)?\//.test(address)
          ? 'Without a scheme wget asks over plain HTTP, where anybody on the way can answer'
          : !SCHEMES.test(address) || hostOf(address) === null
            ? 'This names no server, so fetch ends the build'
            : null;
      if (why !== null) yield { span: spanOf(entry.node), message: `${why}. Write https:// and the whole address.` };
    }
  },
});
