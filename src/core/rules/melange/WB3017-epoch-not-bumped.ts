// SPDX-License-Identifier: Apache-2.0
import { builtContent } from '../../melange/content.ts';
import { readMelange } from '../../melange/validate.ts';
import { spanOf } from '../../yaml/go/node.ts';
import { entriesInto } from '../config-edits.ts';
import { keySpan } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const file = (epoch: number, script: string, version = '1.0.0', more = ''): string =>
  `package:\n  name: hello\n  version: ${version}\n  epoch: ${epoch}\npipeline:\n  - runs: ${script}\n${more}`;

export const epochNotBumped = defineRule({
  id: 'WB3017',
  slug: 'epoch-not-bumped',
  title: 'Package changed, and its epoch did not',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'apk takes a package anew only where version or epoch grew. A fix that is built under the same number reaches nobody who has the package, and two different packages go by one name.',
  controls: controls('CM-2', 'CM-8', 'SI-2'),
  examples: {
    bad: [
      { text: file(1, 'make CFLAGS=-O2'), note: 'Another script under the same epoch.', head: file(1, 'make') },
      { text: file(1, 'make all'), note: 'The epoch went back.', head: file(2, 'make') },
      {
        text: `${file(0, 'make').replace('  epoch: 0\n', '  epoch: 0\n  dependencies:\n    runtime: [busybox]\n')}`,
        note: 'A dependency was added.',
        head: file(0, 'make'),
      },
    ],
    good: [
      { text: file(2, 'make CFLAGS=-O2'), note: 'The epoch grew.', head: file(1, 'make'), nearMiss: true },
      { text: file(0, 'make all', '1.0.1'), note: 'Another version.', head: file(4, 'make'), nearMiss: true },
      {
        text: `# why\n${file(1, 'make', '1.0.0', 'update:\n  enabled: true\n  github:\n    identifier: a/b\n')}`,
        note: 'Nothing that goes into the package changed.',
        head: file(1, 'make'),
        nearMiss: true,
      },
      { text: file(1, 'make all'), note: 'A file of which git knows nothing.' },
    ],
  },
  refs: ['apk-tools: versions', 'melange: package.epoch'],
  *check({ config, root, source, neighbours }) {
    const head = neighbours?.head();
    if (typeof head !== 'string' || head === source.text) return;
    const { config: before, problems } = readMelange(head);
    if (before === null || problems.length > 0) return;
    // Of a file that melange takes the package is never left out.
    const [pack = config, old = before] = [config, before].map((each) => each.struct('package') ?? undefined);
    const [was, is] = [old.number('epoch'), pack.number('epoch')];
    if (old.string('version') !== pack.string('version') || old.string('name') !== pack.string('name') || is > was)
      return;
    if (is === was && builtContent(before) === builtContent(config)) return;
    const next = String(was + 1n);
    const node = pack.node('epoch');
    const edit =
      node === null
        ? entriesInto(config.node('package'), source, [`epoch: ${next}`])
        : { span: spanOf(node), newText: next };
    yield {
      span: node === null ? keySpan(config, 'package', spanOf(root)) : spanOf(node),
      message:
        is < was
          ? `The epoch was ${was} in the last commit, and apk takes no package anew whose number shrinks. Write ${next}.`
          : `What goes into the package changed since the last commit, and its epoch is still ${was}. Write ${next}.`,
      fixes: edit === null ? [] : [{ title: `Raise the epoch to ${next}`, edits: [edit], preferred: true }],
    };
  },
});
