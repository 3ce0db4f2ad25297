// SPDX-License-Identifier: Apache-2.0
import { productLabel } from '../../catalogue/products.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { nameOf, related, tagSpan } from '../image-uses.ts';
import { supportAdvice } from '../lifecycle-advice.ts';

export const baseEndsSoon = defineRule({
  id: 'WB1012',
  slug: 'base-ends-soon',
  title: 'Base reaches its end of life within 90 days',
  language: 'dockerfile',
  severity: 'info',
  category: 'lifecycle',
  since: '0.1.0',
  why: 'A move to a newer base takes time to test. Begun before the end of life it is work that can be planned; begun after it, every new weakness waits for it.',
  controls: controls('SA-22', 'SI-2', 'CM-2'),
  examples: {
    bad: [
      { text: 'FROM php:8.2-fpm\nUSER www-data\n', note: 'PHP 8.2 ends on 2026-12-31.' },
      { text: 'FROM redis:8.0\nUSER redis\n', note: 'Redis 8.0 ends on 2026-12-01.' },
      {
        text: 'ARG F=43\nFROM fedora:${F} AS build\nFROM scratch\nUSER 1000\n',
        note: 'Builders too; the ARG is followed.',
      },
    ],
    good: [
      { text: 'FROM php:8.4-fpm\nUSER www-data\n', note: 'Years are left.', nearMiss: true },
      { text: 'FROM php:8.0-fpm\nUSER www-data\n', note: 'Already ended: that is another rule.' },
      { text: 'FROM registry.example.com/php:8.2\nUSER 1000\n', note: 'An image of another registry.' },
    ],
  },
  refs: ['endoflife.date products as of 2026-08-22'],
  *check({ facts, shared, catalogue, today }) {
    for (const use of shared.uses) {
      const answers = catalogue.lifecycles(use.reference, today);
      // What has ended already is more pressing, and said by its own rule.
      if (answers.some(({ state }) => state === 'ended')) continue;
      const answer = answers.find(({ state }) => state === 'ending');
      if (answer === undefined) continue;
      const estimated = answer.estimated ? ' (estimated)' : '';
      yield {
        span: tagSpan(use, facts.source),
        message: `${productLabel(answer)} in ${nameOf(use)} gets no security fixes after ${answer.ends ?? ''}${estimated}. ${supportAdvice(answer)}`,
        data: { product: answer.product, cycle: answer.cycle, ends: answer.ends, asOf: answer.asOf },
        ...related(use),
      };
    }
  },
});
