// SPDX-License-Identifier: Apache-2.0
// Changes to the source of a rule that turn one of its conditions round, each of which some test has to notice.

export interface Mutant {
  /** What was done, such as `&& to ||`. */
  readonly change: string;
  /** From 1. */
  readonly line: number;
  /** The changed line as it was, trimmed: with `change` and `nth` it names the mutant for good. */
  readonly code: string;
  /** Which of the same changes on that line, from 0. */
  readonly nth: number;
  readonly source: string;
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'word' | 'mark' | 'text';
}

const MARKS = ['===', '!==', '...', '&&', '||', '??', '=>', '<=', '>=', '?.'];
/** Behind these a slash begins a regular expression. */
const BEFORE_PATTERN = /^(?:[([{,;:=!?&|+]|&&|\|\||=>|===|!==|return|yield|case)$/;

/** End of a quoted text, a template or a pattern that begins at `start`. */
function endOfText(source: string, start: number): number {
  const quote = source[start] ?? '';
  let set = false;
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at++;
    else if (quote === '`' && character === '$' && source[at + 1] === '{') at = endOfHole(source, at + 2);
    else if (quote === '/' && character === '[') set = true;
    else if (quote === '/' && character === ']') set = false;
    else if (character === quote && !set) return at + 1;
  }
  return source.length;
}

/** Place of the brace that closes the hole of a template. */
function endOfHole(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at] ?? '';
    if ('\'"`'.includes(character)) at = endOfText(source, at) - 1;
    else if (character === '{') depth++;
    else if (character === '}' && depth-- === 0) return at;
  }
  return source.length;
}

/** The tokens of TypeScript such as this project writes it; texts and patterns are one token each. */
export function tokens(source: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  const push = (kind: Token['kind'], end: number): void => {
    found.push({ kind, text: source.slice(at, end), start: at, end });
    at = end;
  };
  while (at < source.length) {
    const character = source[at] ?? '';
    if (/\s/.test(character)) at++;
    else if (source.startsWith('//', at)) at = (source.indexOf('\n', at) + source.length + 1) % (source.length + 1);
    else if (source.startsWith('/*', at)) at = source.indexOf('*/', at) + 2;
    else if ('\'"`'.includes(character) || (character === '/' && BEFORE_PATTERN.test(found.at(-1)?.text ?? ''))) {
      push('text', endOfText(source, at));
    } else {
      const word = /^[\w$]+/.exec(source.slice(at, at + 100))?.[0];
      const mark = MARKS.find((each) => source.startsWith(each, at)) ?? character;
      push(word === undefined ? 'mark' : 'word', at + (word ?? mark).length);
    }
  }
  return found;
}

const SWAPPED: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/** Index of the token that closes the bracket at `open`. */
function closing(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < list.length; i++) {
    if (/^[([{]$/.test(list[i]?.text ?? '')) depth++;
    else if (/^[)\]}]$/.test(list[i]?.text ?? '') && --depth === 0) return i;
  }
  return list.length - 1;
}

/** For every token, whether the function it stands in says that it answers a boolean. */
function answersBoolean(list: readonly Token[]): readonly boolean[] {
  const inside = list.map(() => false);
  list.forEach((token, i) => {
    const text = (offset: number): string | undefined => list[i + offset]?.text;
    if (token.text !== ')' || text(1) !== ':' || text(2) !== 'boolean' || text(3) !== '{') return;
    for (let at = i + 3; at < closing(list, i + 3); at++) inside[at] = true;
  });
  return inside;
}

/** Every mutant of a source, in its order. */
export function mutants(source: string): readonly Mutant[] {
  const list = tokens(source);
  const booleans = answersBoolean(list);
  const found: Mutant[] = [];
  const seen = new Map<string, number>();
  const add = (change: string, at: Token, edits: readonly (readonly [number, number, string])[]): void => {
    let changed = source;
    for (const [start, end, text] of edits.toSorted((a, b) => b[0] - a[0])) {
      changed = changed.slice(0, start) + text + changed.slice(end);
    }
    const line = source.slice(0, at.start).split('\n').length;
    const code = source.split('\n')[line - 1]?.trim() ?? '';
    const nth = seen.get(`${line} ${change}`) ?? 0;
    seen.set(`${line} ${change}`, nth + 1);
    found.push({ change, line, code, nth, source: changed });
  };
  list.forEach((token, i) => {
    const { text, start, end } = token;
    const next = list[i + 1];
    const spaced = source[start - 1] === ' ' && /\s/.test(source[end] ?? '');
    const swapped = SWAPPED[text];
    if (token.kind === 'mark' && swapped !== undefined && (spaced || text.length > 1)) {
      add(`${text} to ${swapped}`, token, [[start, end, swapped]]);
    } else if (text === 'if' && next?.text === '(') {
      const close = list[closing(list, i + 1)];
      if (close !== undefined) {
        add('if not', token, [
          [next.end, next.end, '!('],
          [close.start, close.start, ')'],
        ]);
      }
    } else if (text === '!' && next !== undefined) {
      add('! left out', token, [[start, end, '']]);
    } else if ((text === 'continue' || text === 'return') && next?.text === ';') {
      add(`${text} left out`, token, [[start, end, '']]);
    } else if (text === 'return' && booleans[i] === true) {
      const stop = list.findIndex((each, at) => at > i && each.text === ';');
      const last = list[stop];
      if (last !== undefined) {
        add('return not', token, [
          [end, end, ' !('],
          [last.start, last.start, ')'],
        ]);
      }
    } else if (text === '?' && source[start - 1] === ' ' && list[i - 1]?.text !== '(') {
      const from = conditionStart(list, i);
      add('?: not', token, [
        [from, from, ' !('],
        [start - 1, start - 1, ')'],
      ]);
    }
  });
  return found;
}

/** Where the condition of the `? :` at token `i` begins: behind what cannot be a part of it. */
function conditionStart(list: readonly Token[], i: number): number {
  let depth = 0;
  for (let at = i - 1; at >= 0; at--) {
    const { text = '', end = 0 } = list[at] ?? {};
    if (/^[)\]}]$/.test(text)) depth++;
    else if (/^[([{]$/.test(text) && depth-- === 0) return end;
    else if (depth === 0 && /^(?:=|=>|[,;?:]|\?\?|return|yield|\.\.\.)$/.test(text)) return end;
  }
  return 0;
}
