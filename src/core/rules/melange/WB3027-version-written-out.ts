// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const SHA = '0123456789abcdef'.repeat(4);
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const fetch = (uri: string, version = '1.2.3'): string =>
  `package:\n  name: hello\n  version: ${version}\n  epoch: 0\npipeline:\n  - uses: fetch\n    with:\n      uri: ${uri}\n      expected-sha256: ${SHA}\n`;
const checkout = (tag: string): string =>
  `package:\n  name: hello\n  version: 1.2.3\n  epoch: 0\npipeline:\n  - uses: git-checkout\n    with:\n      repository: https://example.com/hello\n      tag: ${tag}\n      expected-commit: ${COMMIT}\n`;
const VERSION = '${{package.version}}';

export const versionWrittenOut = defineRule({
  id: 'WB3027',
  slug: 'version-written-out',
  title: 'Version of the source is written out',
  language: 'melange',
  severity: 'info',
  category: 'build',
  since: '0.2.0',
  why: 'Where the address repeats the version, the next update changes one of the two: the package has a new number and the old source, and its checksum still fits.',
  controls: controls('CM-2', 'SI-2', 'SA-10'),
  examples: {
    bad: [
      { text: fetch('https://example.com/hello-1.2.3.tar.gz'), note: 'In an address.' },
      { text: checkout('v1.2.3'), note: 'In a tag.' },
      { text: fetch('https://example.com/1.2.3/hello-1.2.3.tar.gz'), note: 'Twice.' },
    ],
    good: [
      { text: fetch(`https://example.com/hello-${VERSION}.tar.gz`), note: 'A variable.', nearMiss: true },
      { text: fetch('https://example.com/hello-11.2.34.tar.gz'), note: 'Another version.', nearMiss: true },
      { text: fetch('https://example.com/v1/data.tar.gz', '1'), note: 'A version that may be part of anything.' },
      { text: checkout(`v${VERSION}`), note: 'A tag with a variable.' },
    ],
  },
  refs: ['wolfictl lint: fetch-templating', 'melange: package.version'],
  *check({ config, source }) {
    const version = config.struct('package')?.string('version') ?? '';
    // One with fewer parts stands in addresses for other reasons.
    if (!/^\d+\.\d+[\w.]*$/.test(version)) return;
    const whole = RegExp(String.raw`(?<![\w.])(v?)${version.replaceAll('.', String.raw`\.`)}(?![\w]|\.\d)`, 'g');
    for (const { struct, of } of stepsOf(config)) {
      const uses = struct.string('uses');
      const name = uses === 'fetch' ? 'uri' : uses === 'git-checkout' ? 'tag' : null;
      const entry = name === null || of === 'test' ? undefined : struct.map('with').get(name);
      if (entry === undefined || entry.value.includes('${{')) continue;
      const { start, end } = entry.node;
      const edits = [...source.text.slice(start, end).matchAll(whole)].map((found) => {
        const at = start + found.index + (found[1] ?? '').length;
        return { span: { start: at, end: at + version.length }, newText: VERSION };
      });
      const [first] = edits;
      if (first === undefined) continue;
      yield {
        span: edits.length === 1 ? first.span : spanOf(entry.node),
        message: `The version ${version} is written out here, and the next update may miss it. Write ${VERSION}.`,
        fixes: [{ title: `Write ${VERSION}`, edits, preferred: true }],
      };
    }
  },
});
