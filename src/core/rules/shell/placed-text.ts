// SPDX-License-Identifier: Apache-2.0
import type { Instruction } from '../../dockerfile/model.ts';
import type { SourceText, Span } from '../../text/source-text.ts';

/** A stretch of text that stands in the document as it is. */
interface Piece {
  /** Where it starts in the text. */
  readonly at: number;
  /** Where it starts in the document. */
  readonly source: number;
}

/** Text put together from pieces of the document, which knows where each of its characters stands there. */
export class PlacedText {
  readonly text: string;
  /** In rising order, the first one at 0. */
  readonly #pieces: readonly Piece[];

  constructor(text: string, pieces: readonly Piece[] | number) {
    this.text = text;
    this.#pieces = typeof pieces === 'number' ? [{ at: 0, source: pieces }] : pieces;
  }

  /** The index of the piece that a character stands in. */
  #pieceAt(index: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pieces[middle]?.at ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The document's offset of a character. */
  at(index: number): number {
    const piece = this.#pieces[this.#pieceAt(index)];
    return piece === undefined ? 0 : piece.source + index - piece.at;
  }

  span(start: number, end: number): Span {
    return { start: this.at(start), end: end > start ? this.at(end - 1) + 1 : this.at(start) };
  }

  /** Stretches of this text one behind the other: `[start, end, start, end …]`. */
  pick(stretches: readonly number[]): PlacedText {
    let text = '';
    const pieces: Piece[] = [];
    for (let i = 0; i < stretches.length; i += 2) {
      const [start = 0, end = 0] = stretches.slice(i, i + 2);
      if (end <= start) continue;
      for (let index = this.#pieceAt(start); ; index++) {
        const piece = this.#pieces[index];
        if (piece === undefined || piece.at >= end) break;
        const from = Math.max(piece.at, start);
        pieces.push({ at: text.length + from - start, source: piece.source + from - piece.at });
      }
      text += this.text.slice(start, end);
    }
    return new PlacedText(text, pieces);
  }

  slice(start: number): PlacedText {
    return this.pick([start, this.text.length]);
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
  const pieces: Piece[] = [];
  let joined = '';
  for (let from = start; from < end;) {
    const newline = text.indexOf('\n', from);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    let to = next;
    while (to > from && (text.charAt(to - 1) === '\n' || text.charAt(to - 1) === '\r')) to--;
    const written = from === start ? '' : text.slice(from, to).trimStart();
    if (from === start || (written !== '' && !written.startsWith('#'))) {
      const kept = withoutContinuation(text, from, to, escape);
      if (kept > from) pieces.push({ at: joined.length, source: from });
      joined += text.slice(from, kept);
    }
    from = next;
  }
  return new PlacedText(joined, pieces);
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
    const pieces: Piece[] = [];
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
      pieces.push({ at: value.length, source: array.at(Math.min(at, text.length - 1)) });
      value += character;
    }
    strings.push({ value: new PlacedText(value, pieces), span: array.span(start, at) });
  }
  return strings;
}
