// SPDX-License-Identifier: Apache-2.0
import { textOfBytes } from './bytes.ts';
import { keywordCase } from './characters.ts';
import type { LineReader, LogicalLine } from './lines.ts';
import type { Flag, Heredoc, Instruction, Word } from './model.ts';
import { expandWord } from './shell-lex.ts';
import { blankSeparated, jsonForm, quotedWords, splitInstruction, type Part } from './split.ts';
import { instructionError, keyValuePairs } from './validate.ts';

const TAKES_HEREDOC = new Set(['ADD', 'COPY', 'RUN']);
/** Instructions whose arguments may be a JSON array. */
const MAY_BE_JSON = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);
/** Instructions whose arguments are one string. */
const ONE_STRING = new Set(['MAINTAINER', 'STOPSIGNAL', 'USER', 'WORKDIR', 'RUN', 'CMD', 'ENTRYPOINT', 'SHELL']);

interface HeredocStart {
  readonly name: string;
  readonly chomp: boolean;
}

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/** BuildKit's ParseHeredoc: `<<NAME`, `3<<-"NAME"`; null for a word that is none, an error for one it cannot read. */
function heredocStart(word: string): HeredocStart | null | { readonly error: string } {
  const match = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(word);
  const rest = match?.[2] ?? '';
  if (match === null || rest === '') return null;
  const name = expandWord(rest, NO_VARIABLES, { escape: '\\', skipUnset: true });
  if (!name.ok) return { error: name.error };
  if (name.value.words.length !== 1) return null;
  return { name: name.value.words[0] ?? '', chomp: match[1] === '-' };
}

function isHeredoc(word: string): boolean {
  const start = heredocStart(word);
  return start !== null && !('error' in start);
}

/** Heredocs that a line begins; an error where one is written so that BuildKit cannot read it. */
function heredocStarts(line: string): readonly HeredocStart[] | { readonly error: string } {
  const words = expandWord(line, NO_VARIABLES, { escape: '\\', rawQuotes: true, rawEscapes: true, skipUnset: true });
  if (!words.ok) return [];
  const starts: HeredocStart[] = [];
  for (const word of words.value.words) {
    const start = heredocStart(word);
    if (start === null) continue;
    if ('error' in start) return start;
    starts.push(start);
  }
  return starts;
}

interface Draft {
  readonly instruction: Instruction;
  readonly error: string | null;
}

interface Arguments {
  readonly values: readonly string[];
  readonly json: boolean;
  readonly exec: readonly string[] | null;
  readonly error: string | null;
}

const NOT_STRINGS = 'when using JSON array syntax, arrays must be comprised of strings only';

function plain(values: readonly string[]): Arguments {
  return { values, json: false, exec: null, error: null };
}

function refused(error: string): Arguments {
  return { values: [], json: false, exec: null, error };
}

/** The arguments as BuildKit's line parsers split them, and what they refuse. */
function argumentsOf(keyword: string, line: string, args: Part, escape: string): Arguments {
  if (keyword === 'ENV' || keyword === 'LABEL') {
    const pairs = keyValuePairs(keyword, quotedWords(line, args, escape), args.text);
    return 'error' in pairs ? refused(pairs.error) : plain(pairs.pairs.map(({ key, value }) => `${key}=${value}`));
  }
  if (keyword === 'ARG') return plain(quotedWords(line, args, escape).map(({ text }) => text));
  if (keyword === 'HEALTHCHECK') {
    const [, type = '', command = ''] = /^([^\t-\r ]+)[\t-\r ]*([\s\S]*)$/.exec(args.text) ?? [];
    if (type === '') return plain([]);
    const json = jsonForm(command);
    if (json.kind === 'bad') return refused(NOT_STRINGS);
    if (json.kind === 'array') return { values: [type, ...json.values], json: true, exec: json.values, error: null };
    return plain(command === '' ? [type] : [type, command]);
  }
  if (MAY_BE_JSON.has(keyword)) {
    const json = jsonForm(args.text);
    if (json.kind === 'bad') return refused(NOT_STRINGS);
    if (json.kind === 'array') return { values: json.values, json: true, exec: json.values, error: null };
  }
  if (ONE_STRING.has(keyword)) return plain(args.text === '' ? [] : [args.text]);
  return plain(blankSeparated(line, args).map(({ text }) => text));
}

/** Deeper ONBUILD ONBUILD … is refused at the second anyway. */
const MAX_TRIGGERS = 4;

function draft(line: LogicalLine, offset: number, escape: string, depth: number): Draft {
  const text = offset === 0 ? line.text : ' '.repeat(offset) + line.text.slice(offset);
  const { keyword, flags, args } = splitInstruction(text, escape);
  const upper = keywordCase(keyword.text);
  const trigger =
    upper === 'ONBUILD' && args.text !== '' && depth < MAX_TRIGGERS ? draft(line, args.start, escape, depth + 1) : null;
  // BuildKit only reads a trigger's form; its meaning is judged where the image is used.
  const { values, json, exec, error } =
    trigger === null
      ? argumentsOf(upper, text, args, escape)
      : { ...plain([trigger.instruction.keyword]), error: trigger.error };
  const word = ({ text: written, start, end }: Part): Word => ({ text: written, span: line.span(start, end) });
  const instruction: Instruction = {
    keyword: upper,
    keywordSpan: line.span(keyword.start, keyword.end),
    span: line.span(keyword.start, Math.max(args.end, keyword.end)),
    argumentsSpan: line.span(args.start, args.end),
    flags: flags.map((flag) => flagOf(line, text, flag)),
    words: (upper === 'FROM' ? blankSeparated(text, args) : quotedWords(text, args, escape)).map(word),
    heredocs: [],
    exec,
    trigger: trigger?.instruction ?? null,
  };
  const judged =
    error ?? (depth === 0 ? instructionError({ keyword: upper, flags, args: values, json }, isHeredoc) : null);
  return { instruction, error: judged };
}

function flagOf(line: LogicalLine, text: string, flag: Part): Flag {
  const read = textOfBytes(flag.text);
  const equals = read.indexOf('=');
  const writtenEquals = text.slice(flag.start, flag.end).indexOf('=');
  return {
    name: read.slice(2, equals < 0 ? undefined : equals),
    value: equals < 0 ? null : read.slice(equals + 1),
    span: line.span(flag.start, flag.end),
    valueSpan: writtenEquals < 0 ? null : line.span(flag.start + writtenEquals + 1, flag.end),
  };
}

/** Read one instruction with its heredocs; the error is BuildKit's reason for refusing it. */
export function readInstruction(line: LogicalLine, reader: LineReader): Draft {
  const { instruction, error } = draft(line, 0, reader.escape, 0);
  const holder = instruction.trigger ?? instruction;
  if (!TAKES_HEREDOC.has(holder.keyword) || holder.exec !== null || !line.text.includes('<<'))
    return { instruction, error };
  const starts = heredocStarts(line.text);
  if ('error' in starts) return { instruction, error: starts.error };
  const heredocs: Heredoc[] = [];
  for (const { name, chomp } of starts) {
    const body = reader.heredoc(name, chomp);
    if (body === null) return { instruction, error: 'unterminated heredoc' };
    heredocs.push({ name, content: body.content, span: body.span });
  }
  const end = heredocs.at(-1)?.span.end ?? instruction.span.end;
  return { instruction: { ...instruction, heredocs, span: { start: instruction.span.start, end } }, error };
}
