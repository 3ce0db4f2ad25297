// SPDX-License-Identifier: Apache-2.0
// The two ways in which melange puts variables into texts; they do not agree on blanks inside the braces.

/** Values by what stands in the file, `${{…}}` included. */
export interface Variables {
  get(name: string): string | undefined;
}

/** A few variables over others, which are not copied: a file may multiply its subpackages by thousands. */
export function over(own: ReadonlyMap<string, string>, below: Variables): Variables {
  return { get: (name) => own.get(name) ?? below.get(name) };
}

const isSpace = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';
const isNameChar = (char: string | undefined): boolean => char !== undefined && /^[A-Za-z0-9._-]$/.test(char);

/** Put in what is written exactly as a variable's name; everything else stays as it is. */
export function replaceExact(variables: Variables, text: string): string {
  let at = text.indexOf('${{');
  if (at < 0) return text;
  let result = '';
  let from = 0;
  while (at >= 0) {
    const end = text.indexOf('}}', at);
    if (end < 0) break;
    const value = variables.get(text.slice(at, end + 2));
    if (value === undefined) at = text.indexOf('${{', at + 1);
    else {
      result += text.slice(from, at) + value;
      from = end + 2;
      at = text.indexOf('${{', from);
    }
  }
  return result + text.slice(from);
}

export interface Substitution {
  readonly text: string;
  /** What is wrong: a name that is not defined, '' for no name at all, or a reference that is not closed. */
  readonly errors: readonly { readonly name: string; readonly kind: 'undefined' | 'empty' | 'unterminated' }[];
}

/** Put in every variable; blanks inside the braces do not count, and every name has to be defined. */
export function substitute(variables: Variables, text: string): Substitution {
  const errors: { name: string; kind: 'undefined' | 'empty' | 'unterminated' }[] = [];
  let result = '';
  let at = 0;
  for (;;) {
    const found = text.indexOf('${{', at);
    if (found < 0) break;
    result += text.slice(at, found);
    at = found + 3;
    while (isSpace(text[at])) at++;
    const start = at;
    while (isNameChar(text[at])) at++;
    const name = text.slice(start, at);
    if (name === '') {
      errors.push({ name, kind: 'empty' });
      continue;
    }
    while (isSpace(text[at])) at++;
    if (text.slice(at, at + 2) !== '}}') {
      errors.push({ name, kind: 'unterminated' });
      continue;
    }
    at += 2;
    const value = variables.get(name) ?? variables.get(`\${{${name}}}`);
    if (value === undefined) errors.push({ name, kind: 'undefined' });
    else result += value;
  }
  return { text: result + text.slice(at), errors };
}
