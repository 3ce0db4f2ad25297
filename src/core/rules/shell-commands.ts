// SPDX-License-Identifier: Apache-2.0
import type { Instruction, Word } from '../dockerfile/model.ts';
import type { SourceText, Span } from '../text/source-text.ts';

/** One simple command of a RUN: its words as written, quotes kept. */
export interface ShellCommand {
  readonly words: readonly Word[];
  /** True where its standard input is another command's output. */
  readonly piped: boolean;
}

/** Words beyond this are not looked at: no command that a rule knows is longer. */
const MAX_WORDS = 20_000;
/** What stands between commands; longest first. */
const OPERATORS = ['&&', '||', ';;', '|&', ';', '|', '&', '(', ')', '\n'];
/** Words before a command that do not change which command it is. */
const PREFIXES = new Set([
  'sudo',
  'exec',
  'command',
  'time',
  'nohup',
  'then',
  'do',
  'else',
  'if',
  'while',
  'until',
  '!',
  '{',
  'env',
]);

/**
 * The commands of a RUN in shell form or of its heredoc: enough of the shell's grammar to say which program is called
 * with which words. Expansions are left as written.
 */
export function shellCommands(instruction: Instruction, source: SourceText): readonly ShellCommand[] {
  if (instruction.exec !== null) return execCommands(instruction.exec, instruction.argumentsSpan);
  const commands = new CommandList();
  // Continuation lines and the comments between them are gone from the words already.
  for (const { text, span } of instruction.words) {
    commands.scan(text, source.slice(span) === text ? span.start : null, span);
    commands.endWord();
  }
  commands.endCommand(false);
  // The body of `<<EOF` is a script where it stands alone or is a shell's; of `python3 <<EOF` it is something else.
  const [first] = commands.commands;
  if (first === undefined || !(programOf(first).startsWith('<<') || SHELL.test(programOf(first))))
    return commands.commands;
  for (const { content, span } of instruction.heredocs) {
    if (/^#!(?!.*sh\s)/.test(content)) continue;
    commands.scan(content, span.start, span, true);
    commands.endCommand(false);
  }
  return commands.commands;
}

const SHELL = /^(?:ba|da|a|z|k)?sh$/;

/** `["sh", "-c", "…"]` is the shell form in other clothes; anything else is one command. */
function execCommands(exec: readonly string[], span: Span): readonly ShellCommand[] {
  const [shell = '', option = '', script = ''] = exec;
  if (SHELL.test(shell.replace(/^.*\//, '')) && /^-[a-z]*c$/.test(option)) {
    const commands = new CommandList();
    commands.scan(script, null, span, true);
    commands.endCommand(false);
    return commands.commands;
  }
  return [{ words: exec.map((text) => ({ text, span })), piped: false }];
}

class CommandList {
  readonly commands: ShellCommand[] = [];
  #words: Word[] = [];
  #piped = false;
  #text = '';
  #start = 0;
  #end = 0;
  #total = 0;

  /** Read text; `at` is where it stands in the file, null where only the span of all of it is known. */
  scan(text: string, at: number | null, span: Span, script = false): void {
    let quote = '';
    for (let i = 0; i < text.length; i++) {
      const character = text.charAt(i);
      const place = at === null ? span : { start: at + i, end: at + i + 1 };
      if (quote !== '') {
        if (character === quote) quote = '';
        else if (character === '\\' && quote === '"') this.#add(text.charAt(i++), place);
        this.#add(text.charAt(i), place);
        continue;
      }
      if (script && character === '\\' && /^\r?\n/.test(text.slice(i + 1, i + 3))) {
        i += text.charAt(i + 1) === '\r' ? 2 : 1;
        this.endWord();
        continue;
      }
      if (character === '\\') {
        this.#add(character, place);
        if (++i < text.length) this.#add(text.charAt(i), at === null ? span : { start: at + i, end: at + i + 1 });
        continue;
      }
      if (character === '"' || character === "'") quote = character;
      if (script && character === '#' && this.#text === '') {
        const newline = text.indexOf('\n', i);
        i = (newline < 0 ? text.length : newline) - 1;
        continue;
      }
      if (script && (character === ' ' || character === '\t' || character === '\r')) {
        this.endWord();
        continue;
      }
      const operator = ';&|()\n'.includes(character) ? OPERATORS.find((each) => text.startsWith(each, i)) : undefined;
      // `>&` and `&>` redirect, `$(` substitutes: what is inside is a command of its own all the same.
      if (operator !== undefined && !(operator === '&' && (text.charAt(i - 1) === '>' || text.charAt(i + 1) === '>'))) {
        this.endCommand(operator === '|' || operator === '|&');
        i += operator.length - 1;
        continue;
      }
      this.#add(character, place);
    }
  }

  #add(character: string, place: Span): void {
    if (this.#text === '') this.#start = place.start;
    this.#text += character;
    this.#end = place.end;
  }

  endWord(): void {
    if (this.#text === '') return;
    if (this.#total++ < MAX_WORDS) this.#words.push({ text: this.#text, span: { start: this.#start, end: this.#end } });
    this.#text = '';
  }

  endCommand(pipes: boolean): void {
    this.endWord();
    if (this.#words.length > 0) this.commands.push({ words: withoutPrefixes(this.#words), piped: this.#piped });
    this.#words = [];
    this.#piped = pipes;
  }
}

/** Leaves out `sudo`, `VAR=value` and the like in front; at least one word stays. */
function withoutPrefixes(words: readonly Word[]): readonly Word[] {
  let first = 0;
  while (first < words.length - 1) {
    const text = words[first]?.text ?? '';
    const previous = words[first - 1]?.text;
    const option = text.startsWith('-') && (previous === 'sudo' || previous === 'env');
    if (!PREFIXES.has(text) && !option && !/^[A-Za-z_]\w*=/.test(text)) break;
    first++;
  }
  return words.slice(first);
}

/** The program a command calls, without its folder and quotes: `curl` of `/usr/bin/curl`. */
export function programOf({ words }: ShellCommand): string {
  return unquoted(words[0]?.text ?? '').replace(/^.*\//, '');
}

/** A word without its quotes, as far as that needs no expansion. */
export function unquoted(text: string): string {
  return text.replace(/["']/g, '');
}
