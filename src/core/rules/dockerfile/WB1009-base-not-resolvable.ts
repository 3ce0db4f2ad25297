// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { definitionPlaces } from '../image-uses.ts';

export const baseNotResolvable = defineRule({
  id: 'WB1009',
  slug: 'base-not-resolvable',
  title: 'What a base is cannot be told from the file',
  language: 'dockerfile',
  severity: 'info',
  category: 'base',
  since: '0.1.0',
  why: 'Where the file alone does not say which image a stage stands on, neither a reviewer nor a tool can judge it, and a build without the right arguments fails or takes another image.',
  controls: controls('CM-2', 'SR-11'),
  examples: {
    bad: [
      { text: 'FROM ${BASE}\nUSER 1000\n', note: 'No ARG gives BASE a value.' },
      { text: 'ARG BASE\nFROM $BASE AS build\nFROM scratch\nUSER 1000\n', note: 'An ARG without a default.' },
      { text: 'ARG VERSION\nFROM node:${VERSION}\nUSER node\n', note: 'An empty tag is no reference.' },
      {
        text: 'FROM node:24\nARG TAG=24\nFROM node:${TAG}\nUSER node\n',
        note: 'An ARG behind the first FROM does not reach the next one.',
      },
    ],
    good: [
      { text: 'ARG BASE=node:24\nFROM ${BASE}\nUSER node\n', note: 'A default value.' },
      { text: 'FROM ${BASE:-node:24}\nUSER node\n', note: 'A default in the expansion.' },
      { text: 'FROM node:24-${TARGETARCH}\nUSER node\n', note: 'The builder sets the platform ARGs.' },
      {
        text: 'ARG SUFFIX\nFROM node:24${SUFFIX}\nUSER node\n',
        note: 'An empty ARG that leaves a whole reference.',
        nearMiss: true,
      },
    ],
  },
  refs: ['BuildKit v0.31.0, dockerfile2llb: expansion of base names'],
  *check({ facts }) {
    for (const stage of facts.stages) {
      if (stage.base.kind !== 'unknown') continue;
      const [empty] = stage.assumed;
      const undeclared = stage.variables.find(({ definition }) => definition === null)?.name;
      const places = definitionPlaces(stage);
      const advice =
        empty !== undefined
          ? `Give ARG ${empty} a default value, or pass it with --build-arg.`
          : undeclared === undefined
            ? 'Write a whole image reference.'
            : `Declare ARG ${undeclared} with a default value above the first FROM.`;
      yield {
        span: stage.baseSpan,
        message: `The image behind ${stage.written} cannot be told: ${stage.base.reason}. ${advice}`,
        ...(places.length === 0 ? {} : { related: places }),
      };
    }
  },
});
