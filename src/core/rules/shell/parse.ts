// SPDX-License-Identifier: Apache-2.0
import type { Pipeline, Redirection, ShellCommand, ShellList, ShellWord } from './model.ts';
import type { PlacedText } from './placed-text.ts';
import { WordBuilder } from './words.ts';

/** Groups and substitutions inside each other; what is deeper is passed over unread. */
const MAX_DEPTH = 24;

const BLANKS = ' \t\r\v\f';
/** Characters that end an unquoted word. */
const META = `${BLANKS}\n;&|<>()`;

/** A set of ASCII characters that is quick to ask. */
function characterSet(characters: string): (code: number) => boolean {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return (code) => table[code] === 1;
}

const isBlank = characterSet(BLANKS);
const isMeta = characterSet(META);
/** What ends a stretch of a word that can be taken as it is, outside and inside double quotes. */
const endsPlain = characterSet(`${META}'"$\`\\`);
const endsQuoted = characterSet('"$`\\');
const isDigit = characterSet('0123456789');
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=/;
/** Reserved words that only stand in front of a command. */
const LEADING = new Set(['if', 'then', 'elif', 'else', 'fi', 'while', 'until', 'do', 'done', 'esac', '!', 'time']);
const OPENS_CONDITION = new Set(['if', 'while', 'until', 'case', 'for', 'select']);
const CLOSES_CONDITION = new Set(['fi', 'done', 'esac']);

type Stop = ')' | '}' | null;

interface Draft {
  assignments: ShellWord[];
  words: ShellWord[];
  redirections: Redirection[];
  group: ShellList | null;
}

const emptyDraft = (): Draft => ({ assignments: [], words: [], redirections: [], group: null });

/**
 * Reads a POSIX or Bash script as far as rules need it: commands, pipes, lists, groups, conditions, quotes, expansions,
 * redirections and heredocs. It never fails: what is no valid script gives some commands or none.
 */
export function parseShell(script: PlacedText): ShellList {
  return new ShellReader(script).list(null);
}

class ShellReader {
  readonly #script: PlacedText;
  readonly #text: string;
  #at = 0;
  #end: number;
  #depth = 0;
  /** Delimiters of heredocs whose bodies begin behind the line. */
  #heredocs: { readonly delimiter: string; readonly chomp: boolean }[] = [];

  constructor(script: PlacedText) {
    this.#script = script;
    this.#text = script.text;
    this.#end = script.text.length;
  }

  /** The code of the next character, NaN behind the end. */
  get #code(): number {
    return this.#at < this.#end ? this.#text.charCodeAt(this.#at) : Number.NaN;
  }

  #peek(offset = 0): string {
    return this.#at + offset < this.#end ? this.#text.charAt(this.#at + offset) : '';
  }

  /** Everything up to `stop`, which is consumed, or to the end. */
  list(stop: Stop): ShellList {
    const pipelines: Pipeline[] = [];
    const open: string[] = [];
    let commands: ShellCommand[] = [];
    let draft = emptyDraft();
    let before: Pipeline['before'] = ';';
    const endCommand = (): void => {
      if (draft.words.length + draft.assignments.length + draft.redirections.length > 0 || draft.group !== null) {
        commands.push(draft);
      }
      draft = emptyDraft();
    };
    const endPipeline = (after: Pipeline['after']): void => {
      endCommand();
      if (commands.length > 0) {
        pipelines.push({ commands, before, after, conditional: open.some((word) => word !== 'for') });
      }
      commands = [];
      before = after;
    };
    if (++this.#depth > MAX_DEPTH) {
      this.#at = this.#end;
      this.#depth--;
      return [];
    }

    while (this.#at < this.#end) {
      const character = this.#peek();
      const fresh = draft.words.length === 0 && draft.group === null;
      if (isBlank(character.charCodeAt(0))) this.#at++;
      else if (character === '\\' && this.#peek(1) === '\n') this.#at += 2;
      else if (character === '#') this.#skipComment();
      else if (character === '\n') {
        this.#at++;
        endPipeline(';');
        this.#skipHeredocs();
      } else if (
        draft.words[0]?.value === '[[' &&
        draft.words.at(-1)?.value !== ']]' &&
        isMeta(character.charCodeAt(0))
      ) {
        this.#at++;
      } else if (character === ';') {
        this.#at++;
        endPipeline(';');
      } else if (character === '&' && this.#peek(1) !== '>') {
        const and = this.#peek(1) === '&';
        this.#at += and ? 2 : 1;
        endPipeline(and ? '&&' : ';');
      } else if (character === '|') {
        const or = this.#peek(1) === '|';
        this.#at += or || this.#peek(1) === '&' ? 2 : 1;
        if (or) endPipeline('||');
        else endCommand();
      } else if (character === ')') {
        this.#at++;
        if (stop === ')') break;
        // The end of a pattern of case: what was read since is no command.
        draft = emptyDraft();
        commands = [];
      } else if (character === '(') {
        this.#at++;
        const inner = this.list(')');
        if (fresh) draft.group = inner;
        // A function's parentheses, or an array: neither is a command.
        else if (inner.length === 0) draft = emptyDraft();
      } else if (this.#redirection(draft)) continue;
      else {
        const start = this.#at;
        const word = this.#word();
        const written = this.#text.slice(start, this.#at);
        if (fresh && written === '}' && stop === '}') break;
        if (fresh && draft.assignments.length === 0 && written === '{') {
          draft.group = this.list('}');
        } else if (fresh && draft.assignments.length === 0 && (LEADING.has(written) || written === '}')) {
          if (CLOSES_CONDITION.has(written)) open.pop();
          else if (OPENS_CONDITION.has(written)) open.push(written);
        } else if (fresh && ASSIGNMENT.test(written)) {
          draft.assignments.push(word);
          if (this.#peek() === '(') {
            this.#at++;
            this.list(')');
          }
        } else if (draft.group === null) {
          if (fresh && OPENS_CONDITION.has(written)) open.push(written);
          draft.words.push(word);
        }
      }
    }
    endPipeline(';');
    this.#depth--;
    return pipelines;
  }

  #skipComment(): void {
    const newline = this.#text.indexOf('\n', this.#at);
    this.#at = newline < 0 || newline > this.#end ? this.#end : newline;
  }

  #skipHeredocs(): void {
    for (const { delimiter, chomp } of this.#heredocs) {
      while (this.#at < this.#end) {
        const newline = this.#text.indexOf('\n', this.#at);
        const next = newline < 0 || newline >= this.#end ? this.#end : newline + 1;
        let line = this.#text.slice(this.#at, next).replace(/\r?\n$/, '');
        if (chomp) line = line.replace(/^\t+/, '');
        this.#at = next;
        if (line === delimiter) break;
      }
    }
    this.#heredocs = [];
  }

  /** Reads a redirection into the draft where one stands here. */
  #redirection(draft: Draft): boolean {
    let at = this.#at;
    while (at < this.#end && isDigit(this.#text.charCodeAt(at))) at++;
    if (!'<>&'.includes(this.#text.charAt(at)) || at >= this.#end) return false;
    const rest = this.#text.slice(at, Math.min(at + 3, this.#end));
    const operator = /^(?:&>>|<<<|<<-|&>|<<|>>|<&|>&|<>|>\||<|>)/.exec(rest)?.[0];
    if (operator === undefined || /^[<>]\(/.test(rest)) return false;
    if (operator.startsWith('&') && at > this.#at) return false;
    this.#at = at + operator.length;
    while (isBlank(this.#code)) this.#at++;
    const target = this.#word();
    draft.redirections.push({ operator, target });
    if (operator === '<<' || operator === '<<-') {
      this.#heredocs.push({ delimiter: target.value, chomp: operator === '<<-' });
    }
    return true;
  }

  #word(): ShellWord {
    const word = new WordBuilder(this.#script, this.#at);
    while (this.#at < this.#end) {
      const start = this.#at;
      const character = this.#peek();
      if (character === "'") this.#singleQuoted(word);
      else if (character === '"') this.#doubleQuoted(word);
      else if (character === '$') this.#dollar(word, false);
      else if (character === '`') this.#backticks(word);
      else if (character === '\\') {
        word.quoted = true;
        this.#at += 2;
        if (this.#text.charAt(start + 1) !== '\n') word.take(start + 1, Math.min(start + 2, this.#end));
      } else if ((character === '<' || character === '>') && this.#peek(1) === '(') {
        this.#at += 2;
        word.literal = false;
        word.substitutions.push(this.list(')'));
        word.take(start, Math.min(this.#at, this.#end));
      } else if (isMeta(character.charCodeAt(0))) break;
      else {
        while (this.#at < this.#end && !endsPlain(this.#text.charCodeAt(this.#at))) this.#at++;
        word.take(start, this.#at);
      }
    }
    this.#at = Math.min(this.#at, this.#end);
    return word.finish(this.#at);
  }

  #singleQuoted(word: WordBuilder): void {
    const close = this.#text.indexOf("'", this.#at + 1);
    const end = close < 0 || close >= this.#end ? this.#end : close;
    word.quoted = true;
    word.take(this.#at + 1, end);
    this.#at = Math.min(end + 1, this.#end);
  }

  #doubleQuoted(word: WordBuilder): void {
    word.quoted = true;
    this.#at++;
    while (this.#at < this.#end) {
      const start = this.#at;
      const character = this.#peek();
      if (character === '"') {
        this.#at++;
        return;
      }
      if (character === '$') this.#dollar(word, true);
      else if (character === '`') this.#backticks(word);
      else if (character === '\\' && /["$`\\\n]/.test(this.#peek(1))) {
        this.#at += 2;
        if (this.#text.charAt(start + 1) !== '\n') word.take(start + 1, start + 2);
      } else {
        this.#at++;
        while (this.#at < this.#end && !endsQuoted(this.#text.charCodeAt(this.#at))) this.#at++;
        word.take(start, this.#at);
      }
    }
  }

  #dollar(word: WordBuilder, inQuotes: boolean): void {
    const start = this.#at;
    const next = this.#peek(1);
    if (next === '(') {
      word.literal = false;
      this.#at += 2;
      if (this.#peek() === '(') this.#skipArithmetic();
      else word.substitutions.push(this.list(')'));
    } else if (next === '{') {
      word.literal = false;
      this.#skipBraces();
    } else if (next === "'" && !inQuotes) {
      this.#at++;
      this.#ansiQuoted(word);
      return;
    } else if (/[A-Za-z0-9_@*#?$!-]/.test(next)) {
      word.literal = false;
      this.#at += 2;
      if (/[A-Za-z_]/.test(next)) while (/[A-Za-z0-9_]/.test(this.#peek())) this.#at++;
    } else {
      this.#at++;
    }
    this.#at = Math.min(this.#at, this.#end);
    word.take(start, this.#at);
  }

  /** `$'…'`: its escapes are kept as written, no rule asks for them. */
  #ansiQuoted(word: WordBuilder): void {
    const start = this.#at + 1;
    this.#at = start;
    while (this.#at < this.#end && this.#peek() !== "'") this.#at += this.#peek() === '\\' ? 2 : 1;
    this.#at = Math.min(this.#at, this.#end);
    word.quoted = true;
    word.take(start, this.#at);
    this.#at = Math.min(this.#at + 1, this.#end);
  }

  #skipArithmetic(): void {
    for (let level = 1; this.#at < this.#end && level > 0; this.#at++) {
      if (this.#peek() === '(') level++;
      else if (this.#peek() === ')') level--;
    }
  }

  /** `${…}` with whatever is nested in it. */
  #skipBraces(): void {
    let level = 0;
    for (; this.#at < this.#end; this.#at++) {
      const character = this.#peek();
      if (character === '\\') this.#at++;
      else if (character === '"') {
        const close = this.#text.indexOf('"', this.#at + 1);
        this.#at = close < 0 || close >= this.#end ? this.#end : close;
      } else if (character === '{') level++;
      else if (character === '}' && --level === 0) {
        this.#at++;
        return;
      }
    }
  }

  #backticks(word: WordBuilder): void {
    const start = this.#at;
    let close = start + 1;
    while (close < this.#end && this.#text.charAt(close) !== '`') close += this.#text.charAt(close) === '\\' ? 2 : 1;
    close = Math.min(close, this.#end);
    const outer = this.#end;
    this.#at = start + 1;
    this.#end = close;
    const inner = this.list(null);
    this.#end = outer;
    this.#at = Math.min(close + 1, outer);
    word.literal = false;
    word.substitutions.push(inner);
    word.take(start, this.#at);
  }
}
