// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { closest } from '../../yaml/go/spelling.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const PERIODS = ['daily', 'weekly', 'monthly'];
const file = (schedule: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\nupdate:\n  enabled: true\n  git: {}\n  schedule:\n${schedule}`;

export const updateScheduleInvalid = defineRule({
  id: 'WB3025',
  slug: 'update-schedule-invalid',
  title: 'Schedule of updates that no tool follows',
  language: 'melange',
  severity: 'warning',
  category: 'lifecycle',
  since: '0.2.0',
  why: 'Tools that look for new versions know daily, weekly and monthly. Another word is passed over, and fixes wait until somebody notices.',
  controls: controls('SI-2'),
  examples: {
    bad: [
      { text: file('    period: dayly\n    reason: releases have no tags\n'), note: 'A slip.' },
      { text: file('    period: quarterly\n    reason: few releases\n'), note: 'A period that does not exist.' },
      { text: file('    reason: few releases\n'), note: 'No period.' },
      { text: file('    period: weekly\n'), note: 'No reason.' },
    ],
    good: [
      {
        text: file('    period: daily\n    reason: releases have no tags\n'),
        note: 'A period and its reason.',
        nearMiss: true,
      },
      { text: file('    period: monthly\n    reason: few releases\n'), note: 'Once a month.' },
      { text: file('    period: weekly\n').replace('  schedule:\n    period: weekly\n', ''), note: 'No schedule.' },
    ],
  },
  refs: ['melange: docs/UPDATE.md'],
  *check({ config }) {
    const update = config.struct('update') ?? null;
    const schedule = update?.struct('schedule') ?? null;
    if (update === null || schedule === null) return;
    const key = update.fields.get('schedule')?.key ?? null;
    const node = schedule.node('period') ?? key;
    const period = schedule.string('period');
    if (node !== null && !PERIODS.includes(period)) {
      const near = closest(period, PERIODS);
      yield {
        span: spanOf(node),
        message:
          period === ''
            ? 'The schedule has no period. Write daily, weekly or monthly.'
            : `No tool follows the period ${JSON.stringify(period.slice(0, 40))}. Write ${near ?? 'daily, weekly or monthly'}.`,
        fixes:
          near === null || schedule.node('period') === null
            ? []
            : [{ title: `Write ${near}`, edits: [{ span: spanOf(node), newText: near }], preferred: true }],
      };
    } else if (key !== null && schedule.string('reason') === '') {
      yield {
        span: spanOf(key),
        message: 'Nothing says why updates are looked for by a schedule. Add the reason.',
      };
    }
  },
});
