// SPDX-License-Identifier: Apache-2.0
import { isSpace } from './characters.ts';
import { replacePattern, trimPrefix, trimSuffix } from './shell-pattern.ts';

/**
 * Word splitting and variable expansion as BuildKit's frontend/dockerfile/shell does it (v0.31.0).
 * Every modifier it supports is here; every one it refuses is an error here too.
 */

export interface LexOptions {
  readonly escape: string;
  /** Keep quotes in the result. */
  readonly rawQuotes?: boolean;
  /** Keep escape characters in the result. */
  readonly rawEscapes?: boolean;
  /** Leave references to unset variables as they are. */
  readonly skipUnset?: boolean;
  /** Characters that may come from variables before the expansion is given up. */
  readonly maxLookedUp?: number;
}

export interface LexResult {
  readonly text: string;
  readonly words: readonly string[];
  /** Names that were looked up, found or not. */
  readonly names: ReadonlySet<string>;
  /** Characters that came from variables. */
  readonly lookedUp: number;
}

class LexError extends Error {}

/** Nesting such as ${A:-${B:-…}}; deeper is refused, so that hostile text cannot exhaust the stack. */
const MAX_DEPTH = 200;

class Lexer {
  readonly names = new Set<string>();
  lookedUp = 0;
  readonly #characters: readonly string[];
  readonly #env: ReadonlyMap<string, string>;
  readonly #options: LexOptions;
  #at = 0;
  #rawEscapes: boolean;
  #depth = 0;
  /** Shared by nested calls, as in BuildKit. */
  #buffer = '';

  constructor(text: string, env: ReadonlyMap<string, string>, options: LexOptions) {
    this.#characters = [...(text.startsWith('\ufeff') ? text.slice(1) : text)];
    this.#env = env;
    this.#options = options;
    this.#rawEscapes = options.rawEscapes ?? false;
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(): string | undefined {
    return this.#characters[this.#at++];
  }

  /** Everything up to `stop`, or to the end where it is null. */
  run(stop: string | null, rawEscapes: boolean): { text: string; words: string[] } {
    if (++this.#depth > MAX_DEPTH) throw new LexError('substitutions are nested too deeply');
    const before = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    let text = '';
    const words: string[] = [];
    this.#buffer = '';
    let inWord = false;
    const addRaw = (value: string): void => {
      this.#buffer += value;
      inWord = true;
    };
    const addCharacter = (character: string): void => {
      if (!isSpace(character)) addRaw(character);
      else if (inWord && this.#buffer !== '') {
        words.push(this.#buffer);
        this.#buffer = '';
        inWord = false;
      }
    };
    const finish = (): { text: string; words: string[] } => {
      if (this.#buffer !== '') words.push(this.#buffer);
      this.#buffer = '';
      this.#rawEscapes = before;
      this.#depth--;
      return { text, words };
    };

    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (next === stop) {
        this.#take();
        return finish();
      }
      if (next === "'") {
        const quoted = this.#singleQuoted();
        text += quoted;
        addRaw(quoted);
      } else if (next === '"') {
        const quoted = this.#doubleQuoted();
        text += quoted;
        addRaw(quoted);
      } else if (next === '$') {
        const value = this.#dollar();
        text += value;
        for (const character of value) addCharacter(character);
      } else if (next === '<') {
        const redirect = this.#possibleHeredoc();
        text += redirect;
        addRaw(redirect);
      } else {
        this.#take();
        if (next === this.#options.escape) {
          if (this.#rawEscapes) {
            addRaw(next);
            text += next;
          }
          const escaped = this.#take();
          if (escaped === undefined) break;
          addRaw(escaped);
          text += escaped;
        } else {
          addCharacter(next);
          text += next;
        }
      }
    }
    if (stop !== null) throw new LexError(`unexpected end of statement while looking for matching ${stop}`);
    return finish();
  }

  #singleQuoted(): string {
    const quote = this.#take() ?? '';
    let result = this.#options.rawQuotes === true ? quote : '';
    for (;;) {
      const character = this.#take();
      if (character === undefined) {
        throw new LexError('unexpected end of statement while looking for matching single-quote');
      }
      if (character === "'") return this.#options.rawQuotes === true ? result + character : result;
      result += character;
    }
  }

  #doubleQuoted(): string {
    const quote = this.#take() ?? '';
    let result = this.#options.rawQuotes === true ? quote : '';
    for (;;) {
      const next = this.#peek();
      if (next === undefined) {
        throw new LexError('unexpected end of statement while looking for matching double-quote');
      }
      if (next === '"') {
        this.#take();
        return this.#options.rawQuotes === true ? result + next : result;
      }
      if (next === '$') {
        result += this.#dollar();
        continue;
      }
      let character = this.#take() ?? '';
      if (character === this.#options.escape) {
        if (this.#rawEscapes) result += character;
        const escaped = this.#peek();
        if (escaped === undefined) continue;
        if (escaped === '"' || escaped === '$' || escaped === this.#options.escape) character = this.#take() ?? '';
      }
      result += character;
    }
  }

  #dollar(): string {
    this.#take();
    if (this.#peek() !== '{') {
      const name = this.#name();
      if (name === '') return '$';
      const value = this.#lookUp(name);
      return value ?? (this.#options.skipUnset === true ? `$${name}` : '');
    }
    this.#take();
    const opening = this.#peek();
    if (opening === undefined) throw new LexError("syntax error: missing '}'");
    if (opening === '{' || opening === '}' || opening === ':') throw new LexError('syntax error: bad substitution');
    const name = this.#name();
    const modifier = this.#take();
    if (modifier === '}') {
      const value = this.#lookUp(name);
      return value ?? (this.#options.skipUnset === true ? `\${${name}}` : '');
    }
    if (modifier === '/') return this.#replace(name);
    if (modifier === ':') return this.#modified(name, this.#take(), true);
    if (modifier !== undefined && '+-?#%'.includes(modifier)) return this.#modified(name, modifier, false);
    throw new LexError(`unsupported modifier (${modifier ?? ''}) in substitution`);
  }

  #modified(name: string, modifier: string | undefined, nullIsUnset: boolean): string {
    const written = `${nullIsUnset ? ':' : ''}${modifier ?? ''}`;
    const trims = modifier === '#' || modifier === '%';
    if (nullIsUnset && trims) throw new LexError(`unsupported modifier (${written}) in substitution`);
    let word = this.#upTo('}', trims, "syntax error: missing '}'");
    const value = this.#lookUp(name);
    if (this.#options.skipUnset === true && value === undefined) return `\${${name}${written}${word}}`;
    const missing = value === undefined || (nullIsUnset && value === '');
    switch (modifier) {
      case '-':
        return missing ? word : (value ?? '');
      case '+':
        return missing ? '' : word;
      case '?':
        if (!missing) return value ?? '';
        throw new LexError(
          `${name}: ${word === '' ? `is not allowed to be ${value === undefined ? 'unset' : 'empty'}` : word}`,
        );
      case '#':
      case '%': {
        const greedy = word.startsWith(modifier);
        if (greedy) word = word.slice(1);
        const trimmed = (modifier === '%' ? trimSuffix : trimPrefix)(word, value ?? '', greedy);
        if (!trimmed.ok) throw new LexError(`invalid pattern (${word}) in substitution: ${trimmed.error}`);
        return trimmed.value;
      }
      default:
        throw new LexError(`unsupported modifier (${written}) in substitution`);
    }
  }

  #replace(name: string): string {
    const all = this.#peek() === '/';
    if (all) this.#take();
    const pattern = this.#upTo('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.#upTo('}', true, "syntax error: missing '}'");
    const value = this.#lookUp(name);
    if (this.#options.skipUnset === true && value === undefined) return `\${${name}/${pattern}/${replacement}}`;
    const replaced = replacePattern(pattern, replacement, value ?? '', all);
    if (!replaced.ok) throw new LexError(`invalid pattern (${pattern}) in substitution: ${replaced.error}`);
    return replaced.value;
  }

  #upTo(stop: string, rawEscapes: boolean, atEnd: string): string {
    try {
      return this.run(stop, rawEscapes).text;
    } catch (error) {
      if (error instanceof LexError && this.#peek() === undefined) throw new LexError(atEnd);
      throw error;
    }
  }

  #name(): string {
    let name = '';
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (name === '' && /\p{Nd}/u.test(next)) {
        for (let digit = this.#peek(); digit !== undefined && /\p{Nd}/u.test(digit); digit = this.#peek()) {
          name += digit;
          this.#take();
        }
        return name;
      }
      if (name === '' && '@*#?-$!0'.includes(next)) {
        this.#take();
        return next;
      }
      if (!/[\p{L}\p{Nd}_]/u.test(next)) break;
      name += next;
      this.#take();
    }
    return name;
  }

  #possibleHeredoc(): string {
    this.#take();
    if (this.#peek() !== '<') return '<';
    this.#take();
    let space = '';
    for (let next = this.#peek(); next === '\t' || next === '\r' || next === ' '; next = this.#peek()) {
      space += next;
      this.#take();
    }
    return `<<${space}`;
  }

  #lookUp(name: string): string | undefined {
    this.names.add(name);
    const value = this.#env.get(name);
    this.lookedUp += value?.length ?? 0;
    if (this.lookedUp > (this.#options.maxLookedUp ?? Infinity)) {
      throw new LexError('variables grow beyond what is expanded here');
    }
    return value;
  }
}

/** Expand and split `text`; the error says why it cannot be done. */
export function expandWord(
  text: string,
  env: ReadonlyMap<string, string>,
  options: LexOptions,
):
  | { readonly ok: true; readonly value: LexResult }
  | {
      readonly ok: false;
      readonly error: string;
      readonly names: ReadonlySet<string>;
      readonly lookedUp: number;
    } {
  const lexer = new Lexer(text, env, options);
  try {
    const result = lexer.run(null, options.rawEscapes ?? false);
    return { ok: true, value: { ...result, names: lexer.names, lookedUp: lexer.lookedUp } };
  } catch (error) {
    if (error instanceof LexError) {
      return { ok: false, error: error.message, names: lexer.names, lookedUp: lexer.lookedUp };
    }
    throw error;
  }
}
