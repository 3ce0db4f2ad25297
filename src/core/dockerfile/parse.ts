// SPDX-License-Identifier: Apache-2.0
import { SourceText } from '../text/source-text.ts';
import { readInstruction } from './instruction.ts';
import { LineReader } from './lines.ts';
import type {
  ArgDefinition,
  DockerfileError,
  DockerfileFacts,
  DockerfileOptions,
  Instruction,
  Stage,
} from './model.ts';
import { defineArgs, initialScope, stageOf } from './stages.ts';

/** Files over this are refused unread: 4 Mi UTF-16 units, hundreds of times the longest real Dockerfile known. */
const MAX_TEXT = 4 * 1024 * 1024;

export const DEFAULT_PLATFORM = 'linux/amd64';

/**
 * Parse a Dockerfile to stages and instructions with the meaning BuildKit v0.31.0 gives them. Never throws; `error`
 * is set exactly where BuildKit's parser refuses the file, and what was read before the error is kept.
 */
export function parseDockerfile(text: string, given: Partial<DockerfileOptions> = {}): DockerfileFacts {
  const options: DockerfileOptions = { buildArgs: given.buildArgs ?? {}, platform: given.platform ?? DEFAULT_PLATFORM };
  const source = new SourceText(text);
  if (text.length > MAX_TEXT) {
    const error = { message: `the file is longer than ${MAX_TEXT} characters`, span: { start: 0, end: 0 } };
    return { source, error, escape: '\\', globalArgs: [], stages: [] };
  }
  const reader = new LineReader(text);
  const scope = initialScope(options);
  const globalArgs: ArgDefinition[] = [];
  const stages: Stage[] = [];
  let current: Instruction[] = [];
  let error: DockerfileError | null = null;
  let count = 0;

  for (let line = reader.nextInstruction(); line !== null; line = reader.nextInstruction()) {
    count++;
    const read = readInstruction(line, reader);
    const { instruction } = read;
    if (read.error !== null) error ??= { message: read.error, span: instruction.span };
    if (instruction.keyword === 'FROM') {
      const stage = stageOf(instruction, line, scope, stages, globalArgs, reader.escape);
      if (stage !== null) {
        current = [];
        stages.push({ ...stage, final: false, instructions: current });
      }
    } else if (stages.length > 0) {
      current.push(instruction);
    } else if (instruction.keyword === 'ARG') {
      const definitions = argDefinitions(instruction);
      globalArgs.push(...definitions);
      defineArgs(scope, definitions, options, reader.escape);
    } else {
      error ??= { message: 'no build stage in current context', span: instruction.span };
    }
  }
  if (reader.error !== null) error ??= reader.error;
  if (count === 0) error ??= { message: 'file with no instructions', span: { start: 0, end: 0 } };
  const last = stages.pop();
  if (last !== undefined) stages.push({ ...last, final: true });
  return { source, error, escape: reader.escape, globalArgs, stages };
}

/** The assignments of an ARG instruction, left to right. */
export function argDefinitions(instruction: Instruction): readonly ArgDefinition[] {
  return instruction.words.map(({ text, span }) => {
    const equals = text.indexOf('=');
    if (equals < 0) return { name: text, value: null, valueSpan: null, span };
    return {
      name: text.slice(0, equals),
      value: text.slice(equals + 1),
      valueSpan: { start: span.start + equals + 1, end: span.end },
      span,
    };
  });
}
