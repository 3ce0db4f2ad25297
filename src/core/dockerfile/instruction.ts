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

/** BuildKit's ParseHeredoc: `<<NAME`, `3<<-"NAME"`; null for anything else. */
function heredocStart(word: string): HeredocStart | null {
  const match = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(word);
  const rest = match?.[2] ?? '';
  if (match === null || rest === '') return null;
  const name = expandWord(rest, NO_VARIABLES, { escape: '\\', skipUnset: true });
  if (!name.ok || name.value.words.length !== 1) return null;
  return { name: name.value.words[0] ?? '', chomp: match[1] === '-' };
}

/** Heredocs that a line begins; an error where one is written so that BuildKit cannot read it. */
function heredocStarts(line: string): readonly HeredocStart[] | { readonly error: string } {
  const words = expandWord(line, NO_VARIABLES, { escape: '\\', rawQuotes: true, rawEscapes: true, skipUnset: true });
  if (!words.ok) return [];
  const starts: HeredocStart[] = [];
  for (const word of words.value.words) {
    const match = /^\d*<<-?[\t\n\f\r ]*([^<]*)$/.exec(word);
    if (match !== null && (match[1] ?? '') !== '') {
      const name = expandWord(match[1] ?? '', NO_VARIABLES, { escape: '\\', skipUnset: true });
      if (!name.ok) return { error: name.error };
    }
    const start = heredocStart(word);
    if (start !== null) starts.push(start);
  }
  return starts;
}

interface Draft {
  readonly instruction: Instruction;
  readonly error: string | null;
}

/** The arguments as BuildKit's line parsers split them, and what they refuse. */
function argumentsOf(
  keyword: string,
  line: string,
  args: Part,
  escape: string,
): {
  readonly values: readonly string[];
  readonly json: boolean;
  readonly exec: readonly string[] | null;
  readonly error: string | null;
} {
  const plain = (values: readonly string[], error: string | null = null) => ({
    values,
    json: false,
    exec: null,
    error,
  });
  if (keyword === 'ENV' || keyword === 'LABEL') {
    const pairs = keyValuePairs(keyword, quotedWords(line, args, escape), args.text);
    return 'error' in pairs ? plain([], pairs.error) : plain(pairs.pairs.map(({ key, value }) => `${key}=${value}`));
  }
  if (keyword === 'ARG') return plain(quotedWords(line, args, escape).map(({ text }) => text));
  if (keyword === 'HEALTHCHECK') {
    const match = /^([^\t-\r ]+)[\t-\r ]*([\s\S]*)$/.exec(args.text);
    if (match === null) return plain([]);
    const json = jsonForm(match[2] ?? '');
    if (json.kind === 'bad') return plain([], 'when using JSON array syntax, arrays must be comprised of strings only');
    if (json.kind === 'array') {
      return { values: [match[1] ?? '', ...json.values], json: true, exec: json.values, error: null };
    }
    return plain(match[2] === '' ? [match[1] ?? ''] : [match[1] ?? '', match[2] ?? '']);
  }
  if (MAY_BE_JSON.has(keyword)) {
    const json = jsonForm(args.text);
    if (json.kind === 'bad') return plain([], 'when using JSON array syntax, arrays must be comprised of strings only');
    if (json.kind === 'array') return { values: json.values, json: true, exec: json.values, error: null };
  }
  if (ONE_STRING.has(keyword)) return plain(args.text === '' ? [] : [args.text]);
  return plain(blankSeparated(line, args).map(({ text }) => text));
}

function draft(line: LogicalLine, offset: number, escape: string, depth: number): Draft {
  const text = offset === 0 ? line.text : ' '.repeat(offset) + line.text.slice(offset);
  const { keyword, flags, args } = splitInstruction(text, escape);
  const upper = keywordCase(keyword.text);
  let trigger: Draft | null = null;
  let values: readonly string[];
  let json = false;
  let exec: readonly string[] | null = null;
  let error: string | null = null;
  if (upper === 'ONBUILD' && args.text !== '' && depth < 8) {
    trigger = draft(line, args.start, escape, depth + 1);
    values = [trigger.instruction.keyword];
    // BuildKit only reads the trigger's form here; its meaning is judged where the image is used.
    error = trigger.error;
  } else {
    ({ values, json, exec, error } = argumentsOf(upper, text, args, escape));
  }
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
  if (error === null && (depth === 0 || upper === 'ONBUILD')) {
    const isHeredoc = (each: string): boolean => heredocStart(each) !== null;
    if (depth === 0) error = instructionError({ keyword: upper, flags, args: values, json }, isHeredoc);
  }
  return { instruction, error };
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
