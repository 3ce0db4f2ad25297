// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Instruction } from '../../dockerfile/model.ts';
import type { RawFinding } from '../../model/finding.ts';
import type { SourceText } from '../../text/source-text.ts';
import { controls } from '../controls.ts';
import { copySources } from '../copy-sources.ts';
import { defineRule } from '../define.ts';
import { settingsOf } from '../environment.ts';
import { instructionsOf } from '../instructions.ts';
import { credentialFile, namesSecret, passwordsIn, shapedSecrets } from '../secrets.ts';

/** A made-up token in the shape of a real one, put together here so that no scanner takes this file for a leak. */
const TOKEN = ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_');
/** Neither is this one anybody's. */
const PASSWORD = ['hunter2', 'prod'].join('-');
const KEY_LINE = `-----BEGIN ${'PRIVATE'} KEY-----`;

const ADVICE = 'Take it out, replace it, and give it to the step that needs it with RUN --mount=type=secret.';

function* byShape({ keyword, span }: Instruction, source: SourceText): Generator<RawFinding> {
  const text = source.slice(span);
  const shaped = shapedSecrets(text);
  const others = passwordsIn(text).filter(
    ({ start, end }) => !shaped.some((each) => each.start < end && start < each.end),
  );
  for (const [list, severity] of [
    [shaped, 'error'],
    [others, 'warning'],
  ] as const) {
    for (const { start, end, kind } of list) {
      yield {
        span: { start: span.start + start, end: span.start + end },
        severity,
        message: `${keyword} holds ${kind}, which stays in the image's layers or history. ${ADVICE}`,
      };
    }
  }
}

function* byName(instruction: Instruction): Generator<RawFinding> {
  const { keyword } = instruction;
  for (const { name, nameSpan, value, literal } of settingsOf(instruction)) {
    // `$VAR` comes from outside; a secret with a dollar in it is rarer than that.
    if (value === null || !literal || !namesSecret(name, value)) continue;
    if (shapedSecrets(value).length + passwordsIn(value).length > 0) continue;
    yield {
      span: nameSpan,
      severity: 'warning',
      message:
        keyword === 'ENV'
          ? `ENV ${name} has its value in the file, and everyone who has the image can read it. Set it when the container starts, or give it to one build step with RUN --mount=type=secret.`
          : `ARG ${name} has its value in the file, and build arguments stand in the image's history and provenance. Give it to the step that needs it with RUN --mount=type=secret.`,
    };
  }
}

/** COPY and ADD of what clients keep their keys and passwords in. */
function* byFile(instruction: Instruction, facts: DockerfileFacts): Generator<RawFinding> {
  const { keyword } = instruction;
  if (keyword !== 'COPY' && keyword !== 'ADD') return;
  for (const { text, span } of copySources(instruction, facts).sources) {
    const found = credentialFile(text);
    if (found === null) continue;
    yield {
      span,
      severity: found.sure ? 'warning' : 'info',
      message: `${text} ${found.sure ? 'holds' : 'may hold'} ${found.what}, and its layer keeps it whatever a later step removes. Give it to the step that needs it with RUN --mount=type=secret.`,
    };
  }
}

export const secretInBuild = defineRule({
  id: 'WB1043',
  slug: 'secret-in-build',
  title: 'Secret is written into the build',
  language: 'dockerfile',
  severity: 'error',
  category: 'secrets',
  since: '0.1.0',
  why: 'What ENV, ARG and RUN say is kept in layers, in the history and in provenance attestations, and a Dockerfile is kept in a repository. Whoever has one of them has the secret.',
  controls: controls('IA-5(7)', 'CM-6'),
  examples: {
    bad: [
      {
        text: `FROM node:24\nENV GITHUB_TOKEN=${TOKEN}\nUSER node\n`,
        note: 'A token known by its shape.',
      },
      {
        text: 'ARG DB_PASSWORD="hunter2-prod"\nFROM node:24\nARG DB_PASSWORD\nUSER node\n',
        note: 'A password by its name, as a default of an ARG.',
      },
      { text: 'FROM node:24\nENV apiKey 4f7dd0c1\nUSER node\n', note: 'The old form of ENV.' },
      {
        text: `FROM node:24\nCOPY <<EOF /key.pem\n${KEY_LINE}\nMC4CAQ\nEOF\nUSER node\n`,
        note: 'A private key in a heredoc.',
      },
      {
        text: `FROM node:24\nENV DATABASE_URL=postgres://app:${PASSWORD}@db.example.com/app\nUSER node\n`,
        note: 'A password in an address.',
      },
      {
        text: 'FROM node:24\nCOPY package.json .npmrc ./\nCOPY id_ed25519 /root/.ssh/\nRUN npm ci && rm .npmrc\nUSER node\n',
        note: 'Files of clients: what is removed later stays in its layer.',
      },
    ],
    good: [
      {
        text: 'FROM node:24\nARG NPM_TOKEN\nRUN --mount=type=secret,id=npm npm ci\nENV API_TOKEN=$NPM_TOKEN\nUSER node\n',
        note: 'No value is written here.',
      },
      {
        text: 'FROM node:24\nENV DB_PASSWORD_FILE=/run/secrets/db DB_PASSWORD=/run/secrets/db SECRET_KEY_BASE=dummy\nUSER node\n',
        note: 'Where a secret is, and a stand-in.',
      },
      {
        text: 'FROM node:24\nENV TOKEN_TTL=3600 MYSQL_ALLOW_EMPTY_PASSWORD=yes PUBLIC_KEY=abcdef MAX_TOKENS=4096 BYPASS=none\nUSER node\n',
        note: 'Names that only sound like secrets.',
      },
      {
        text: 'FROM node:24 AS build\nCOPY package.json .npmrc ./\nRUN npm ci\nFROM node:24\nCOPY --from=build /node_modules /node_modules\nENV DATABASE_URL=postgres://app:${PASSWORD}@db.example.com/app\nUSER node\n',
        note: 'A file that stays in the builder, and a password that comes from outside.',
      },
      {
        text: 'FROM node:24\nENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nUSER node\n',
        note: 'The key of the documentation.',
        nearMiss: true,
      },
    ],
  },
  refs: ['Dockerfile reference: RUN --mount=type=secret', 'Token formats as their issuers document them'],
  *check({ facts, shared }) {
    for (const instruction of facts.globals) {
      yield* byShape(instruction, facts.source);
      yield* byName(instruction);
    }
    for (const { instruction, stage } of instructionsOf(facts)) {
      yield* byShape(instruction, facts.source);
      yield* byName(instruction);
      // The layers of a builder are not shipped.
      if (shared.roles[stage.index] === 'final') yield* byFile(instruction, facts);
    }
  },
});
