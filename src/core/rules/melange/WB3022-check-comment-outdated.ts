// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const COMMENT = /#[ \t]*CHECK-WHEN-VERSION-CHANGES:?[ \t]*([^\s#]+)/g;
const file = (version: string, comment: string): string =>
  `package:\n  name: hello\n  version: ${version}\n  epoch: 0\npipeline:\n  - uses: patch\n    with:\n      # ${comment}\n      patches: fix.patch\n`;

export const checkCommentOutdated = defineRule({
  id: 'WB3022',
  slug: 'check-comment-outdated',
  title: 'What was to be checked with the next version was not',
  language: 'melange',
  severity: 'error',
  category: 'lifecycle',
  since: '0.2.0',
  why: 'A comment CHECK-WHEN-VERSION-CHANGES names the version for which a patch or a setting was last looked at. With another version somebody has to look again, and write that down.',
  controls: controls('CM-2', 'SI-2'),
  examples: {
    bad: [
      { text: file('1.0.1', 'CHECK-WHEN-VERSION-CHANGES: 1.0.0'), note: 'Checked for the version before.' },
      {
        text: file('2.0', 'CHECK-WHEN-VERSION-CHANGES: 1.9 is the patch still needed?'),
        note: 'With words behind it.',
      },
      { text: file('1.0.0', 'CHECK-WHEN-VERSION-CHANGES 1.0'), note: 'Without a colon, and with a shorter version.' },
    ],
    good: [
      { text: file('1.0.1', 'CHECK-WHEN-VERSION-CHANGES: 1.0.1'), note: 'Checked for this version.', nearMiss: true },
      { text: file('1.0.1', 'is this needed by 1.0.0?'), note: 'Another comment.' },
      {
        text: file('1.0.1', 'x').replace('patches: fix.patch', 'patches: "#CHECK-WHEN-VERSION-CHANGES: 1.0.0"'),
        note: 'A value that looks like it.',
      },
    ],
  },
  refs: ['wolfictl lint: check-when-version-changes'],
  *check({ config, source }) {
    const version = config.struct('package')?.string('version') ?? '';
    for (const found of source.text.matchAll(COMMENT)) {
      const [whole, checked = ''] = found;
      const { line } = source.positionAt(found.index);
      const lead = source.text.slice(source.lineSpan(line).start, found.index);
      // A comment has its line to itself, or a blank before it outside of quotes.
      const comment = lead.trim() === '' || (/\s$/.test(lead) && !/["']/.test(lead));
      if (!comment || checked === version) continue;
      const end = found.index + whole.length;
      yield {
        span: { start: end - checked.length, end },
        message: `This was last checked for ${checked.slice(0, 60)}, and the version is ${version.slice(0, 60)}. Check it, and write ${version.slice(0, 60)} here.`,
      };
    }
  },
});
