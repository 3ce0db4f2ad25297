// SPDX-License-Identifier: Apache-2.0
import type { Instruction } from '../../dockerfile/model.ts';
import type { SourceText, Span } from '../../text/source-text.ts';

/** Text put together from pieces of the document, which knows where each of its characters stands there. */
export class PlacedText {
  readonly text: string;
  /** One offset for each character, or the first where they follow each other. */
  readonly #places: Uint32Array | number;

  constructor(text: string, places: Uint32Array | number) {
    this.text = text;
    this.#places = places;
  }

  /** The document's offset of a character; behind the end, that of the last one. */
  at(index: number): number {
    if (typeof this.#places === 'number') return this.#places + index;
    return this.#places[Math.min(index, this.#places.length - 1)] ?? 0;
  }

  span(start: number, end: number): Span {
    return { start: this.at(start), end: end > start ? this.at(end - 1) + 1 : this.at(start) };
  }

  /** Characters of this text, by their indices. */
  pick(text: string, indices: readonly number[]): PlacedText {
    return new PlacedText(
      text,
      Uint32Array.from(indices, (index) => this.at(index)),
    );
  }

  slice(start: number, end: number): PlacedText {
    const text = this.text.slice(start, end);
    return new PlacedText(
      text,
      typeof this.#places === 'number' ? this.#places + start : this.#places.subarray(start, start + text.length),
    );
  }
}

/** Where a physical line ends without its continuation character, as the parser's line layer has it. */
function withoutContinuation(text: string, start: number, end: number, escape: string): number {
  let last = end;
  while (last > start && (text.charAt(last - 1) === ' ' || text.charAt(last - 1) === '\t')) last--;
  if (last === start || text.charAt(last - 1) !== escape) return end;
  return last - 1 > start && text.charAt(last - 2) === escape ? end : last - 1;
}

/** An instruction's arguments as the shell gets them: continuation lines joined, comment lines left out. */
export function joinedArguments({ argumentsSpan }: Instruction, { text }: SourceText, escape: string): PlacedText {
  const { start, end } = argumentsSpan;
  const whole = text.slice(start, end);
  if (!whole.includes('\n')) return new PlacedText(whole, start);
  const places = new Uint32Array(whole.length);
  let joined = '';
  for (let from = start; from < end;) {
    const newline = text.indexOf('\n', from);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    let to = next;
    while (to > from && (text.charAt(to - 1) === '\n' || text.charAt(to - 1) === '\r')) to--;
    const written = from === start ? '' : text.slice(from, to).trimStart();
    if (from === start || (written !== '' && !written.startsWith('#'))) {
      const kept = withoutContinuation(text, from, to, escape);
      for (let at = from; at < kept; at++) places[joined.length + at - from] = at;
      joined += text.slice(from, kept);
    }
    from = next;
  }
  return new PlacedText(joined, places.subarray(0, joined.length));
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

export interface JsonString {
  readonly value: PlacedText;
  /** Without the quotes. */
  readonly span: Span;
}

/** The strings of a JSON array that is known to be one. */
export function jsonStrings(array: PlacedText): readonly JsonString[] {
  const { text } = array;
  const strings: JsonString[] = [];
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    let value = '';
    const indices: number[] = [];
    const start = at + 1;
    for (at++; at < text.length && text.charAt(at) !== '"'; at++) {
      let character = text.charAt(at);
      if (character === '\\') {
        const escaped = text.charAt(++at);
        if (escaped === 'u') {
          character = String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 5), 16) || 0);
          at += 4;
        } else character = SIMPLE_ESCAPES[escaped] ?? escaped;
      }
      value += character;
      indices.push(Math.min(at, text.length - 1));
    }
    strings.push({ value: array.pick(value, indices), span: array.span(start, at) });
  }
  return strings;
}
