// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Instruction, Stage, Word } from '../dockerfile/model.ts';
import type { Span } from '../text/source-text.ts';

/** A name set to a value in a stage; the value is null where it holds a variable and so is not known. */
export interface Setting {
  readonly name: string;
  readonly value: string | null;
  readonly span: Span;
}

/** The text of a command, with line continuations turned into blanks so that offsets still fit the document. */
export interface Command {
  readonly text: string;
  /** Where `text` starts in the document. */
  readonly start: number;
}

/** What of a stage can bear on cryptography. */
export interface StageSettings {
  readonly environment: readonly Setting[];
  readonly args: readonly Setting[];
  readonly labels: readonly Setting[];
  /** RUN, in the order of the file. */
  readonly run: readonly Command[];
  /** CMD and ENTRYPOINT. */
  readonly start: readonly Command[];
  /** COPY and ADD. */
  readonly copies: readonly Command[];
}

const MAX_COMMAND = 200_000;

function unquoted(text: string): string {
  return text.replaceAll(/(["'])(.*?)\1/gs, '$2').replaceAll(/\\(.)/gs, '$1');
}

function setting(name: string, value: string, word: Word): Setting {
  return { name: unquoted(name), value: value.includes('$') ? null : unquoted(value), span: word.span };
}

/** `A=b C="d"`, or the old form `A b` where the first word has no `=`. */
function pairs({ words, keyword }: Instruction): readonly Setting[] {
  const [first] = words;
  if (first === undefined) return [];
  if (!first.text.includes('=') && keyword !== 'ARG') {
    const rest = words.slice(1);
    const last = rest.at(-1);
    if (last === undefined) return [];
    const value = rest.map(({ text }) => text).join(' ');
    return [setting(first.text, value, { text: value, span: { start: first.span.start, end: last.span.end } })];
  }
  return words.flatMap((word) => {
    const at = word.text.indexOf('=');
    return at <= 0 ? [] : [setting(word.text.slice(0, at), word.text.slice(at + 1), word)];
  });
}

/** `ARG NAME` in a stage, which takes the default that is set before the first FROM. */
function declared({ words }: Instruction, { globalArgs }: DockerfileFacts): readonly Setting[] {
  return words.flatMap(({ text, span }) => {
    const global = globalArgs.findLast(({ name }) => name === text);
    return global === undefined || global.value === null ? [] : [{ name: text, value: global.value, span }];
  });
}

/** The whole of an instruction as one line of the same length; a text too long to search is cut. */
export function commandOf(instruction: Instruction, facts: DockerfileFacts): Command {
  const { start } = instruction.argumentsSpan;
  const end = Math.min(
    Math.max(instruction.span.end, ...instruction.heredocs.map(({ span }) => span.end)),
    start + MAX_COMMAND,
  );
  const continued = facts.escape === '`' ? /`[ \t]*\r?\n/g : /\\[ \t]*\r?\n/g;
  const text = facts.source.text.slice(start, end).replaceAll(continued, (found) => ' '.repeat(found.length));
  return { text, start };
}

export function settingsOf(stage: Stage, facts: DockerfileFacts): StageSettings {
  const of = (...keywords: readonly string[]): readonly Instruction[] =>
    stage.instructions.filter(({ keyword }) => keywords.includes(keyword));
  const commands = (...keywords: readonly string[]): readonly Command[] =>
    of(...keywords).map((instruction) => commandOf(instruction, facts));
  return {
    environment: of('ENV').flatMap(pairs),
    args: of('ARG').flatMap((instruction) => [...declared(instruction, facts), ...pairs(instruction)]),
    labels: of('LABEL').flatMap(pairs),
    run: commands('RUN'),
    start: commands('CMD', 'ENTRYPOINT'),
    copies: commands('COPY', 'ADD'),
  };
}

/** The last setting of a name. */
export function lastOf(settings: readonly Setting[], name: string): Setting | null {
  return settings.findLast((each) => each.name === name) ?? null;
}

/** Every match of a pattern in commands, as spans of the document. The pattern has to be global. */
export function* matches(
  commands: readonly Command[],
  pattern: RegExp,
): Generator<{ match: RegExpExecArray; span: Span }> {
  for (const { text, start } of commands) {
    for (const match of text.matchAll(pattern)) {
      yield { match, span: { start: start + match.index, end: start + match.index + match[0].length } };
    }
  }
}
