// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import type { Stage } from '../../dockerfile/model.ts';
import type { SourceText } from '../../text/source-text.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { nameOf } from '../image-uses.ts';
import { lineage } from '../lineage.ts';

/** `root`, `0` and `0:…`; a variable is unknown. */
function isRoot(user: string): boolean | null {
  if (user.includes('$')) return null;
  return /^(?:root|0+)(?::.*)?$/.test(user.replace(/^["']|["']$/g, ''));
}

/** Instructions that only describe the image: USER can stand before them. */
const DESCRIBING = new Set(['CMD', 'ENTRYPOINT', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'STOPSIGNAL']);

/** USER goes behind the last instruction that may need root. */
function addUser(stage: Stage, user: string, source: SourceText): Fix {
  const last = stage.instructions.findLast(({ keyword }) => !DESCRIBING.has(keyword)) ?? stage.from;
  const at = last.span.end;
  return {
    title: `Add USER ${user}`,
    caveat: 'ports below 1024 and files owned by root are then out of reach',
    preferred: true,
    edits: [{ span: { start: at, end: at }, newText: `${source.newline}USER ${user}` }],
  };
}

export const rootInFinalStage = defineRule({
  id: 'WB1006',
  slug: 'root-in-final-stage',
  title: 'Final stage runs as root',
  language: 'dockerfile',
  severity: 'warning',
  category: 'runtime',
  since: '0.1.0',
  why: 'A process that runs as root in a container is root for everything the container can reach. Few services need it.',
  controls: controls('AC-6', 'AC-6(10)', 'CM-7'),
  examples: {
    bad: [
      { text: 'FROM node:24\nCMD ["node", "a.js"]\n', note: 'The base runs as root and nothing changes that.' },
      { text: 'FROM gcr.io/distroless/static-debian13\nUSER 65532\nUSER root\n', note: 'The last USER counts.' },
      {
        text: 'FROM node:24 AS base\nUSER 0:0\nFROM base\nCMD ["node", "a.js"]\n',
        note: 'The user comes from the stage below.',
      },
      { text: 'FROM scratch\nCOPY app /\n', note: 'scratch has no user: without USER it is root.' },
    ],
    good: [
      { text: 'FROM node:24\nUSER node\n', note: 'A user is set.' },
      {
        text: 'FROM gcr.io/distroless/static-debian13:nonroot\n',
        note: 'The tag brings its own user.',
        nearMiss: true,
      },
      {
        text: 'FROM golang:1.27 AS build\nUSER root\nFROM build AS run\nUSER 1000\n',
        note: 'root in the builder, another user in the end.',
      },
      { text: 'FROM node:24\nARG APP_USER=node\nUSER ${APP_USER}\n', note: 'What a variable holds is not guessed.' },
      { text: 'FROM haproxy:3.2\n', note: 'This base does not run as root.' },
    ],
  },
  refs: ['NIST SP 800-190, section 4.4', 'facts of the catalogue on default users'],
  *check({ facts, catalogue }) {
    const stage = facts.stages.find(({ final }) => final);
    if (stage === undefined) return;
    const chain = lineage(stage, facts);
    for (const each of chain) {
      // A trigger sets the user of whatever is built on its stage.
      if (each !== stage && each.instructions.some(({ trigger }) => trigger?.keyword === 'USER')) return;
      const set = each.instructions.findLast(({ keyword }) => keyword === 'USER')?.words[0];
      if (set === undefined) continue;
      if (isRoot(set.text) === true) {
        yield {
          span: set.span,
          message: `The final stage runs as root: USER ${set.text} is the last one. Set a user without privileges.`,
        };
      }
      return;
    }
    const bottom = chain.at(-1) ?? stage;
    if (bottom.base.kind === 'scratch') {
      yield {
        span: stage.baseSpan,
        message:
          'The final stage runs as root: scratch has no user and none is set. Add USER with a number, such as 65532.',
        severity: 'info',
        fixes: [addUser(stage, '65532', facts.source)],
      };
    }
    if (bottom.base.kind !== 'image') return;
    const { reference } = bottom.base;
    const user = catalogue.user(reference);
    if (user === null || isRoot(user.value.split(/[,;]/)[0] ?? '') !== true) return;
    const other = catalogue.nonRootUser(reference);
    const note = catalogue.userNote(reference);
    const advice =
      other === null
        ? 'Add a user without privileges and set USER.'
        : `This base has the user ${other.value}: add USER ${other.value}.`;
    yield {
      span: stage.baseSpan,
      message:
        note === null
          ? `The final stage runs as root, as ${nameOf(bottom)} does. ${advice}`
          : `The final stage starts as root, as ${nameOf(bottom)} does; its entrypoint gives root up before the service starts. Set USER where the start does not need root.`,
      ...(user.source === null || note !== null ? { severity: 'hint' as const } : {}),
      ...(other === null ? {} : { fixes: [addUser(stage, other.value, facts.source)] }),
    };
  },
});
