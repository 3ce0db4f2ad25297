// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { keySpan } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';

export const updateMissing = defineRule({
  id: 'WB3010',
  slug: 'update-missing',
  title: 'Nothing says how the package is kept up to date',
  language: 'melange',
  severity: 'hint',
  category: 'lifecycle',
  since: '0.2.0',
  why: 'Fixes arrive as new versions. Without an update block nobody is told of them, and one that is switched off without a reason looks the same as one that was forgotten.',
  controls: controls('SI-2', 'SA-22'),
  examples: {
    bad: [
      { text: HEAD, note: 'No update block.' },
      { text: `${HEAD}update:\n  enabled: false\n`, note: 'Switched off without a reason.' },
      { text: `${HEAD}update:\n  enabled: true\n`, note: 'Switched on, and nothing is watched.' },
    ],
    good: [
      {
        text: `${HEAD}update:\n  enabled: true\n  github:\n    identifier: hello/hello\n`,
        note: 'Releases of a repository are watched.',
      },
      {
        text: `${HEAD}update:\n  enabled: false\n  exclude-reason: upstream is archived\n`,
        note: 'Switched off with a reason.',
      },
      { text: `${HEAD}update:\n  enabled: true\n  manual: true\n`, note: 'A person does it.', nearMiss: true },
    ],
  },
  refs: ['melange: update'],
  *check({ config, root }) {
    const update = config.struct('update');
    const span = keySpan(config, 'update', keySpan(config, 'package', spanOf(root)));
    if (update === null) {
      yield {
        span,
        message: 'Nothing says where new versions of this package are found. Add an update block.',
      };
      return;
    }
    if (update.bool('enabled')) {
      const watched = ['release-monitor', 'github', 'git', 'oci', 'version_data'].some((field) =>
        update.fields.has(field),
      );
      if (watched || update.bool('manual') || update.struct('schedule') !== null) return;
      yield {
        span,
        message: 'Updates are switched on, and nothing says where to look. Add github, git or release-monitor.',
      };
    } else if (update.string('exclude-reason') === '') {
      yield {
        span: keySpan(update, 'enabled', span),
        message: 'Updates are switched off without a reason. Say why under exclude-reason.',
      };
    }
  },
});
