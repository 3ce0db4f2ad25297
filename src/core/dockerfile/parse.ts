// SPDX-License-Identifier: Apache-2.0
import { SourceText } from '../text/source-text.ts';
import { argDefinitions, GlobalScope } from './arguments.ts';
import { readInstruction } from './instruction.ts';
import { LineReader, type LogicalLine } from './lines.ts';
import type {
  ArgDefinition,
  DockerfileError,
  DockerfileFacts,
  DockerfileOptions,
  Instruction,
  Stage,
} from './model.ts';
import { stageName, StageReader } from './stages.ts';

/** Files over this are refused unread: 4 Mi UTF-16 units, hundreds of times the longest real Dockerfile known. */
const MAX_TEXT = 4 * 1024 * 1024;

export const DEFAULT_PLATFORM = 'linux/amd64';

interface Read {
  readonly instruction: Instruction;
  readonly line: LogicalLine;
}

/**
 * Parse a Dockerfile to stages and instructions with the meaning BuildKit v0.31.0 gives them. Never throws; `error`
 * is set exactly where BuildKit's parser refuses the file, and what was read before the error is kept.
 */
export function parseDockerfile(text: string, given: Partial<DockerfileOptions> = {}): DockerfileFacts {
  const options: DockerfileOptions = { buildArgs: given.buildArgs ?? {}, platform: given.platform ?? DEFAULT_PLATFORM };
  const source = new SourceText(text);
  if (text.length > MAX_TEXT) {
    const error = { message: `the file is longer than ${MAX_TEXT} characters`, span: { start: 0, end: 0 } };
    return { source, error, escape: '\\', directives: [], globals: [], globalArgs: [], stages: [] };
  }
  const reader = new LineReader(text);
  const all: Read[] = [];
  let error: DockerfileError | null = null;
  let target: string | null = null;
  let stageSeen = false;
  for (let line = reader.nextInstruction(); line !== null; line = reader.nextInstruction()) {
    const { instruction, error: refusal } = readInstruction(line, reader);
    all.push({ instruction, line });
    if (instruction.keyword === 'FROM') {
      stageSeen = true;
      target = stageName(instruction);
    }
    if (refusal !== null) error ??= { message: refusal, span: instruction.span };
    else if (!stageSeen && instruction.keyword !== 'ARG') {
      error ??= { message: 'no build stage in current context', span: instruction.span };
    }
  }
  if (reader.error !== null) error ??= reader.error;
  if (all.length === 0) error ??= { message: 'file with no instructions', span: { start: 0, end: 0 } };

  const scope = new GlobalScope(options, reader.escape, target ?? 'default');
  const { escape, directives } = reader;
  return { source, error, escape, directives, ...stagesOf(all, scope, escape) };
}

function stagesOf(
  all: readonly Read[],
  scope: GlobalScope,
  escape: string,
): Pick<DockerfileFacts, 'globals' | 'globalArgs' | 'stages'> {
  const globals: Instruction[] = [];
  const globalArgs: ArgDefinition[] = [];
  const definitions = new Map<string, ArgDefinition>();
  const reader = new StageReader(scope, definitions, escape);
  const stages: Stage[] = [];
  let current: Instruction[] = [];
  for (const { instruction, line } of all) {
    if (instruction.keyword === 'FROM') {
      const head = reader.read(instruction, line);
      if (head === null) continue;
      current = [];
      stages.push({ ...head, final: false, instructions: current });
    } else if (stages.length > 0) {
      current.push(instruction);
    } else if (instruction.keyword === 'ARG') {
      globals.push(instruction);
      for (const definition of argDefinitions(instruction, line)) {
        globalArgs.push(definition);
        definitions.set(definition.name, definition);
        scope.define(definition);
      }
    }
  }
  const last = stages.pop();
  if (last !== undefined) stages.push({ ...last, final: true });
  return { globals, globalArgs, stages };
}
