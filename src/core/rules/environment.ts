// SPDX-License-Identifier: Apache-2.0
import type { Instruction } from '../dockerfile/model.ts';
import type { Span } from '../text/source-text.ts';

/** One variable that ARG or ENV sets. */
export interface Setting {
  readonly name: string;
  readonly nameSpan: Span;
  /** Without quotes and escapes; null for an ARG without a default. */
  readonly value: string | null;
  /** False where another variable is part of the value. */
  readonly literal: boolean;
  readonly span: Span;
}

/** A value without its quotes and escapes, expansions left as written. */
function plain(text: string): { readonly value: string; readonly literal: boolean } {
  if (!/["'\\$`]/.test(text)) return { value: text, literal: true };
  let value = '';
  let quote = '';
  let literal = true;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if ((character === '\\' || character === '`') && quote !== "'" && at + 1 < text.length) {
      // The escape character depends on a directive; of either one only what it escapes is kept.
      value += text.charAt(++at);
    } else {
      if (character === '$' && quote !== "'") literal = false;
      value += character;
    }
  }
  return { value, literal };
}

/** What was read: most rules about variables ask for every instruction. */
const known = new WeakMap<Instruction, readonly Setting[]>();
const NONE: readonly Setting[] = [];

/** What ARG or ENV sets, in the order it is written. */
export function settingsOf(instruction: Instruction): readonly Setting[] {
  if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') return NONE;
  const before = known.get(instruction);
  if (before !== undefined) return before;
  const settings = read(instruction);
  known.set(instruction, settings);
  return settings;
}

function read({ keyword, words }: Instruction): readonly Setting[] {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  if (keyword === 'ENV' && !first.text.includes('=')) {
    // The old form: ENV NAME the rest of the line.
    const last = words.at(-1) ?? first;
    const span = { start: first.span.start, end: last.span.end };
    return [{ name: first.text, nameSpan: first.span, ...plain(rest.map(({ text }) => text).join(' ')), span }];
  }
  return words.map(({ text, span }) => {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const nameSpan = { start: span.start, end: Math.min(span.start + name.length, span.end) };
    if (equals < 0) return { name, nameSpan, value: null, literal: true, span };
    return { name, nameSpan, ...plain(text.slice(equals + 1)), span };
  });
}
