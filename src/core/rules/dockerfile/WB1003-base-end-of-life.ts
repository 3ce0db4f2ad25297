// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import type { LifecycleAnswer } from '../../catalogue/lifecycle.ts';
import type { Stage } from '../../dockerfile/model.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

/** `1.26 and 1.27`, the two newest of the supported cycles in rising order. */
function supportedText(supported: readonly string[]): string {
  return supported.slice(0, 2).toReversed().join(' and ');
}

/**
 * Replace the version in the tag by the oldest cycle that is still supported. Offered only where the whole version is
 * written in FROM itself or in one ARG that it is the value of, so that nothing else changes.
 */
function newerTag(stage: Stage, answer: LifecycleAnswer, text: string): Fix | null {
  const target = answer.supported.at(-1);
  if (stage.base.kind !== 'image' || stage.base.reference.digest !== null || target === undefined) return null;
  const version = /^v?(\d+(?:\.\d+)*)/.exec(stage.base.reference.tag ?? '')?.[1];
  if (version === undefined || !(version === answer.cycle || version.startsWith(`${answer.cycle}.`))) return null;
  const [variable] = stage.variables;
  const place = variable === undefined ? stage.baseSpan : variable.definition?.valueSpan;
  if (place === undefined || place === null || stage.variables.length > 1) return null;
  const written = text.slice(place.start, place.end);
  const at = written.lastIndexOf(version);
  if (at < 0 || written.indexOf(version) !== at) return null;
  if (variable !== undefined && written.replace(/^["']|["']$/g, '') !== version) return null;
  const start = place.start + at;
  return {
    title: `Use ${answer.product} ${target}`,
    caveat: 'a newer version can behave differently: build and test it',
    edits: [{ span: { start, end: start + version.length }, newText: target }],
  };
}

export const baseEndOfLife = defineRule({
  id: 'WB1003',
  slug: 'base-end-of-life',
  title: 'Base is past its end of life, or near it',
  language: 'dockerfile',
  severity: 'warning',
  category: 'lifecycle',
  since: '0.1.0',
  why: 'After its end of life a base gets no security fixes: every weakness found from then on stays in the image. Findings in it have no fix to wait for.',
  controls: controls('SA-22', 'SI-2', 'RA-5', 'CM-2'),
  examples: {
    bad: [
      {
        text: 'FROM golang:1.21.1 AS build\nFROM scratch\nUSER 1000\n',
        note: 'Go 1.21 ended long ago; builders are judged too, for what they build is shipped.',
      },
      {
        text: 'ARG V=18\nFROM node:${V}-bookworm AS deps\nFROM scratch\nUSER 1000\n',
        note: 'The version comes from an ARG.',
      },
    ],
    good: [
      { text: 'FROM golang:1.26 AS build\nFROM scratch\nUSER 1000\n', note: 'Supported on the day of the catalogue.' },
      {
        text: 'FROM golang:latest AS build\nFROM scratch\nUSER 1000\n',
        note: 'No version is named, so no end can be told; another rule speaks of the tag.',
      },
    ],
  },
  refs: ['endoflife.date products as of 2026-08-22'],
  *check({ facts, catalogue, today }) {
    for (const stage of facts.stages) {
      if (stage.base.kind !== 'image') continue;
      const [answer] = catalogue.lifecycles(stage.base.reference, today);
      if (answer === undefined || answer.state === 'supported') continue;
      const name = `${answer.product} ${answer.cycle}`;
      const supported = supportedText(answer.supported);
      const advice = supported === '' ? 'Move to a supported version.' : `Supported: ${supported}.`;
      const fix = newerTag(stage, answer, facts.source.text);
      const definition = stage.variables.find((variable) => variable.definition !== null)?.definition;
      const ended = answer.ends === null ? '' : ` on ${answer.ends}`;
      const sentence = {
        ended: `${stage.written} is past end of life: ${name} ended${ended} and gets no security fixes. ${advice}`,
        extended: `${stage.written}: regular support of ${name} ended${ended}; extended support runs until ${answer.extendedUntil ?? ''}. ${advice}`,
        ending: `${stage.written}: support of ${name} ends${ended}. Plan the change. ${advice}`,
      }[answer.state];
      yield {
        span: stage.baseSpan,
        message: sentence,
        ...(answer.state === 'ended' ? {} : { severity: 'info' as const }),
        data: { product: answer.product, cycle: answer.cycle, ends: answer.ends, asOf: answer.asOf },
        ...(definition === undefined || definition === null
          ? {}
          : { related: [{ span: definition.span, message: `${definition.name} is defined here.` }] }),
        ...(fix === null ? {} : { fixes: [fix] }),
      };
    }
  },
});
