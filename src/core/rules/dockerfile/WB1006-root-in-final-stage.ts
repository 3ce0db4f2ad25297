// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import type { DockerfileFacts, Stage } from '../../dockerfile/model.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

/** `root`, `0` and `0:…`; a variable is unknown. */
function isRoot(user: string): boolean | null {
  if (user.includes('$')) return null;
  return /^(?:root|0+)(?::.*)?$/.test(user.replace(/^["']|["']$/g, ''));
}

/** The stages a stage is built from in this file, itself first. */
function lineage(stage: Stage, facts: DockerfileFacts): readonly Stage[] {
  const chain = [stage];
  for (let at: Stage | undefined = stage; at?.base.kind === 'stage';) {
    at = facts.stages[at.base.index];
    if (at === undefined || chain.includes(at)) break;
    chain.push(at);
  }
  return chain;
}

/** USER goes before the first ENTRYPOINT or CMD that no later instruction needs root behind, else to the end. */
function addUser(stage: Stage, user: string, facts: DockerfileFacts): Fix {
  const last = stage.instructions.findLastIndex(
    ({ keyword }) => !['CMD', 'ENTRYPOINT', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'STOPSIGNAL'].includes(keyword),
  );
  const before = stage.instructions[last + 1];
  const newline = facts.source.text.includes('\r\n') ? '\r\n' : '\n';
  const title = `Add USER ${user}`;
  const caveat = 'ports below 1024 and files owned by root are then out of reach';
  if (before !== undefined) {
    const at = before.span.start;
    return { title, caveat, edits: [{ span: { start: at, end: at }, newText: `USER ${user}${newline}` }] };
  }
  const at = (stage.instructions[last]?.span ?? stage.from.span).end;
  return { title, caveat, edits: [{ span: { start: at, end: at }, newText: `${newline}USER ${user}` }] };
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
    ],
    good: [
      { text: 'FROM node:24\nUSER node\n', note: 'A user is set.' },
      { text: 'FROM gcr.io/distroless/static-debian13:nonroot\n', note: 'The tag brings its own user.' },
    ],
  },
  refs: ['NIST SP 800-190, section 4.4', 'facts of the catalogue on default users'],
  *check({ facts, catalogue }) {
    const stage = facts.stages.find(({ final }) => final);
    if (stage === undefined) return;
    const chain = lineage(stage, facts);
    for (const each of chain) {
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
        fixes: [addUser(stage, '65532', facts)],
      };
      return;
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
          ? `The final stage runs as root, as ${bottom.written} does. ${advice}`
          : `The final stage starts as root; by the catalogue ${bottom.written} leaves it at start (${note}). Set USER where that is possible.`,
      ...(user.source === null || note !== null ? { severity: 'hint' as const } : {}),
      ...(other === null ? {} : { fixes: [addUser(stage, other.value, facts)] }),
    };
  },
});
