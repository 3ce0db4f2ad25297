// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { isApkVersion } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const file = (version: string): string => `package:\n  name: hello\n  version: ${version}\n  epoch: 0\n`;

export const versionNotApk = defineRule({
  id: 'WB3007',
  slug: 'version-not-apk',
  title: 'Version that apk cannot compare',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'apk orders versions by their parts. One that it cannot read is never older or newer than another: updates do not arrive, and scanners cannot tell whether a fix is in.',
  controls: controls('CM-8', 'SI-2'),
  examples: {
    bad: [
      { text: file('v1.2.3'), note: 'A letter in front.' },
      { text: file('1.2.3-rc1'), note: 'A hyphen before the candidate.' },
      { text: file('2024-01-31'), note: 'A date with hyphens.' },
      { text: file('1.2.3-r4'), note: 'The release, which the epoch holds.' },
    ],
    good: [
      { text: file('1.2.3'), note: 'Numbers and dots.', nearMiss: true },
      { text: file('1.2.3_rc1'), note: 'A candidate.' },
      { text: file('0_git20240131'), note: 'A day of a repository without releases.' },
    ],
  },
  refs: ['apk-tools: version comparison', 'apko v1.2.37, pkg/apk/apk/version.go'],
  *check({ config }) {
    const pack = config.struct('package') ?? null;
    const node = pack?.node('version') ?? null;
    const version = pack?.string('version') ?? '';
    if (node === null || version.includes('${{') || isApkVersion(version)) return;
    const without = version
      .replace(/^v/, '')
      .replace(/-r\d+$/, '')
      .replace(/-(alpha|beta|pre|rc)\.?(\d*)$/, '_$1$2');
    const better = isApkVersion(without) ? without : null;
    yield {
      span: spanOf(node),
      message: `apk cannot compare the version ${JSON.stringify(version)}. ${better === null ? 'Write numbers and dots, with _rc1, _p1 or _git20240131 behind them.' : `Write ${better}.`}`,
      fixes:
        better === null
          ? []
          : [
              {
                title: `Write ${better}`,
                edits: [{ span: spanOf(node), newText: better }],
                caveat: 'the name of the source may be built from it',
              },
            ],
    };
  },
});
