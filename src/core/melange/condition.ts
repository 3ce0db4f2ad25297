// SPDX-License-Identifier: Apache-2.0
// The conditions of `if:`: values compared by == and !=, joined by && and ||, grouped by parentheses.

class Refused extends Error {}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    this.#expression();
    if (this.#rest() !== '') throw new Refused(`${JSON.stringify(this.#rest().slice(0, 20))} cannot follow`);
  }

  #rest(): string {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#text.slice(this.#at);
  }

  #expression(): void {
    if (++this.#depth > 100) throw new Refused('it is nested too deeply');
    this.#atom();
    while (/^(?:&&|\|\|)/.test(this.#rest())) {
      this.#at += 2;
      this.#atom();
    }
    this.#depth--;
  }

  #atom(): void {
    if (this.#rest().startsWith('(')) {
      this.#at++;
      this.#expression();
      if (!this.#rest().startsWith(')')) throw new Refused('")" is missing');
      this.#at++;
      return;
    }
    this.#value();
    if (!/^[=!]=/.test(this.#rest())) throw new Refused('"==" or "!=" is missing');
    this.#at += 2;
    this.#value();
  }

  #value(): void {
    const rest = this.#rest();
    if (rest === '') throw new Refused('a value is missing at its end');
    const found =
      /^'(?:[^'\\]|\\[^])*'/.exec(rest) ??
      /^"(?:[^"\\]|\\[^])*"/.exec(rest) ??
      /^\$\{\{[ \t\n\r]*[A-Za-z0-9._-]+[ \t\n\r]*\}\}/.exec(rest);
    if (found === null) {
      throw new Refused(`${JSON.stringify(rest.slice(0, 20))} is no value: put it in quotes, or write \${{NAME}}`);
    }
    this.#at += found[0].length;
  }
}

/** What is wrong with a condition; null where melange can evaluate it. */
export function conditionError(text: string): string | null {
  if (text === '') return null;
  try {
    new Reader(text).whole();
    return null;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.message;
    throw thrown;
  }
}
