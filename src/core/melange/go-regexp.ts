// SPDX-License-Identifier: Apache-2.0
// What Go's regexp package takes, and what its replacement gives. Go has no look-around and no back-references, and is
// stricter about repetition than JavaScript.

class Refused extends Error {}

const POSIX = new Set('alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '));
const MAX_REPEAT = 1000;
const MAX_DEPTH = 1000;

function isUnicodeClass(name: string): boolean {
  if (name === 'Any') return true;
  for (const property of [name, `Script=${name}`]) {
    try {
      // JavaScript knows the same categories and scripts; its other properties are not in Go.
      if (property === name && !/^[CLMNPSZ][a-z&]?$/.test(name)) continue;
      RegExp(`\\p{${property}}`, 'u');
      return true;
    } catch {
      continue;
    }
  }
  return false;
}

class Checker {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  check(): void {
    this.#alternatives();
    if (this.#at < this.#text.length) throw new Refused('")" closes no group');
  }

  #peek(): string | undefined {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  #alternatives(): void {
    if (++this.#depth > MAX_DEPTH) throw new Refused('it is nested too deeply');
    let repeatable = false;
    // 'op' behind a repetition that may not be repeated again.
    let repeated = false;
    for (;;) {
      const char = this.#peek();
      if (char === undefined || char === ')') break;
      const repetition = this.#repetition(char);
      if (repetition !== null) {
        if (!repeatable) throw new Refused(`"${repetition}" has nothing to repeat`);
        if (repeated) throw new Refused(`"${repetition}" repeats a repetition`);
        repeated = true;
        continue;
      }
      repeated = false;
      repeatable = this.#atom(char);
    }
    this.#depth--;
  }

  /** A repetition at this place, read; null where there is none. */
  #repetition(char: string): string | null {
    let text: string;
    if (char === '*' || char === '+' || char === '?') text = char;
    else if (char === '{') {
      const found = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 24));
      if (found === null) return null;
      const [whole, low = '', comma, high = ''] = found;
      // A number with a leading zero is no number here, and the brace then stands for itself.
      if (/^0\d/.test(low) || /^0\d/.test(high)) return null;
      const [from, to] = [Number(low), comma === undefined || high === '' ? Number(low) : Number(high)];
      if (from > MAX_REPEAT || to > MAX_REPEAT || to < from) throw new Refused(`"${whole}" is no repetition`);
      text = whole;
    } else return null;
    this.#at += text.length;
    if (this.#text[this.#at] === '?') this.#at++;
    return text;
  }

  /** One thing; true where it can be repeated. */
  #atom(char: string): boolean {
    if (char === '(') return this.#group();
    if (char === '[') {
      this.#class();
      return true;
    }
    if (char === '\\') return this.#escape();
    this.#at += char.length;
    return char !== '|';
  }

  #group(): boolean {
    this.#at++;
    if (this.#text.startsWith('?', this.#at)) {
      const rest = this.#text.slice(this.#at);
      const named = /^\?P?<([^>]*)>/.exec(rest);
      if (named !== null) {
        const [whole, name = ''] = named;
        if (!/^[A-Za-z0-9_]+$/.test(name)) throw new Refused(`"(${whole}" names no group`);
        this.#at += whole.length;
      } else {
        const flags = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
        if (flags === null || (flags[1] === '' && flags[2] === undefined && flags[3] === ')')) {
          throw new Refused(`"(${rest.slice(0, 3)}" is not known to Go: it has no look-around`);
        }
        this.#at += flags[0].length;
        // Flags alone stand for nothing: what a repetition behind them repeats is what stood before.
        if (flags[3] === ')') return false;
      }
    }
    this.#alternatives();
    if (this.#text[this.#at] !== ')') throw new Refused('a group is not closed');
    this.#at++;
    return true;
  }

  #escape(): boolean {
    const next = this.#text.codePointAt(this.#at + 1);
    if (next === undefined) throw new Refused('it ends with a backslash');
    const letter = String.fromCodePoint(next);
    if (letter === 'Q') {
      const end = this.#text.indexOf('\\E', this.#at + 2);
      const empty = end === this.#at + 2;
      this.#at = end < 0 ? this.#text.length : end + 2;
      return !empty;
    }
    if ('AbBzdDsSwW'.includes(letter)) {
      this.#at += 2;
      return true;
    }
    this.#character(false);
    return true;
  }

  /** An escaped or plain character, or a class such as \d where `inClass` allows it; true for a single character. */
  #character(inClass: boolean): boolean {
    const char = this.#peek() ?? '';
    if (char !== '\\') {
      this.#at += char.length;
      return true;
    }
    const rest = this.#text.slice(this.#at, this.#at + 40);
    if (inClass && /^\\[dDsSwW]/.test(rest)) {
      this.#at += 2;
      return false;
    }
    const unicode = /^\\[pP](?:\{\^?([^}]*)\}|(.))/u.exec(rest);
    if (unicode !== null) {
      const name = unicode[1] ?? unicode[2] ?? '';
      if (!isUnicodeClass(name)) throw new Refused(`"${unicode[0]}" is no class of characters`);
      this.#at += unicode[0].length;
      return false;
    }
    const known =
      /^\\(?:[afnrtv]|0[0-7]{0,2}|[1-7][0-7]{1,2}|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\})/.exec(rest) ??
      // oxlint-disable-next-line no-control-regex -- Go takes them as well
      /^\\[\0-/:-@[-`{-\x7f]/.exec(rest);
    const code = known === null ? null : /^\\x\{(.+)\}$/.exec(known[0]);
    if (known === null || (code !== null && Number.parseInt(code[1] ?? '', 16) > 0x10ffff)) {
      throw new Refused(`"${rest.slice(0, 2)}" is no escape of Go`);
    }
    this.#at += known[0].length;
    return true;
  }

  #class(): void {
    this.#at++;
    if (this.#text[this.#at] === '^') this.#at++;
    for (let first = true; ; first = false) {
      const char = this.#peek();
      if (char === undefined) throw new Refused('"[" is not closed');
      if (char === ']' && !first) break;
      if (char === '-' && !first && !this.#text.startsWith(']', this.#at + 1)) {
        // Go takes a lone "-" only at the ends of a class, unless Perl's looser rule holds, which it does.
        this.#at++;
        continue;
      }
      const posix = /^\[:(\^?)([^]*?):\]/.exec(this.#text.slice(this.#at));
      if (posix !== null) {
        if (!POSIX.has(posix[2] ?? '')) throw new Refused(`"${posix[0]}" is no class of characters`);
        this.#at += posix[0].length;
        continue;
      }
      this.#range();
    }
    this.#at++;
  }

  #range(): void {
    const start = this.#at;
    if (!this.#character(true)) return;
    const low = characterCode(this.#text.slice(start, this.#at));
    if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']' || this.#at + 1 >= this.#text.length) return;
    this.#at++;
    const from = this.#at;
    const single = this.#character(true);
    const high = characterCode(this.#text.slice(from, this.#at));
    if (!single || high < low) throw new Refused(`"${this.#text.slice(start, this.#at)}" is no range`);
  }
}

const NAMED: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

function characterCode(written: string): number {
  if (!written.startsWith('\\')) return written.codePointAt(0) ?? 0;
  const letter = written[1] ?? '';
  if (letter === 'x') return Number.parseInt(written.replaceAll(/[^0-9A-Fa-f]/g, ''), 16);
  if (/[0-7]/.test(letter)) return Number.parseInt(written.slice(1), 8);
  return NAMED[letter] ?? letter.codePointAt(0) ?? 0;
}

/** Why Go does not take this expression; null where it does. */
export function refusedByGo(expression: string): string | null {
  try {
    new Checker(expression).check();
    return null;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.message;
    throw thrown;
  }
}

function compile(expression: string): RegExp | null {
  const leading = /^\(\?([imsU]+)\)/.exec(expression);
  const flags = (leading?.[1] ?? '').replaceAll('U', '');
  const body = expression
    .slice(leading?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\z', '$(?![^])')
    .replaceAll('\\A', '^');
  try {
    return RegExp(body, `gu${flags}`);
  } catch {
    try {
      return RegExp(body, `g${flags}`);
    } catch {
      return null;
    }
  }
}

/** How many steps matching may take; an expression that could take more is not run. */
const MAX_STEPS = 1e8;

/** True where a backtracking matcher is done in time: no repeated groups, and few repetitions for the text's length. */
function isQuick(expression: string, text: string): boolean {
  if (/\)[*+?{]/.test(expression)) return false;
  const repetitions = expression.match(/[*+?{]/g)?.length ?? 0;
  return (text.length + 2) ** (repetitions + 1) <= MAX_STEPS;
}

/** What Go's ReplaceAllString gives; null where that cannot be known here. */
export function replaceAllAsGo(expression: string, text: string, template: string): string | null {
  if (!isQuick(expression, text)) return null;
  const compiled = compile(expression);
  if (compiled === null) return null;
  return text.replaceAll(compiled, (...found: unknown[]) => {
    const last = found.at(-1);
    const groups = typeof last === 'object' && last !== null ? (last as Record<string, string | undefined>) : {};
    return template.replaceAll(/\$(?:\$|\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/g, (whole, braced, bare) => {
      const name = (braced ?? bare) as string | undefined;
      if (name === undefined) return whole === '$$' ? '$' : whole;
      const value = /^\d+$/.test(name) ? found[Number(name)] : groups[name];
      return typeof value === 'string' && (Number(name) < found.length || !/^\d+$/.test(name)) ? value : '';
    });
  });
}
