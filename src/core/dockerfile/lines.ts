// SPDX-License-Identifier: Apache-2.0
import type { Span } from '../text/source-text.ts';
import { skipSpaces } from './characters.ts';
import type { Directive } from './model.ts';

/**
 * The line layer of BuildKit's Dockerfile parser (v0.31.0, frontend/dockerfile/parser): parser directives,
 * comments, continuation lines. Offsets into a logical line map back to the file.
 */

/** BuildKit's scanner refuses longer lines, in bytes with the line end. */
const MAX_LINE_BYTES = 65_536;

interface Piece {
  /** Offset in the logical line. */
  readonly at: number;
  /** Offset in the file. */
  readonly source: number;
  readonly length: number;
}

/** One instruction's text with its continuation lines joined. */
export class LogicalLine {
  readonly text: string;
  /** 1-based line on which it starts, counting LF. */
  readonly line: number;
  readonly #pieces: readonly Piece[];

  constructor(text: string, line: number, pieces: readonly Piece[]) {
    this.text = text;
    this.line = line;
    this.#pieces = pieces;
  }

  /** The last piece that starts at or before an offset, in this line or in the file. */
  #pieceAt(offset: number, by: 'at' | 'source'): Piece | undefined {
    let found = this.#pieces[0];
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const piece = this.#pieces[middle];
      if (piece !== undefined && piece[by] <= offset) {
        found = piece;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found;
  }

  /** The file offset of a character of this line. */
  sourceOf(offset: number): number {
    const piece = this.#pieceAt(offset, 'at');
    return piece === undefined ? 0 : piece.source + Math.min(Math.max(offset - piece.at, 0), piece.length);
  }

  /** Where a file offset inside this line stands in it. */
  offsetOf(source: number): number {
    const piece = this.#pieceAt(source, 'source');
    return piece === undefined ? 0 : piece.at + Math.min(Math.max(source - piece.source, 0), piece.length);
  }

  /** The file span of a stretch of this line; its end is taken from the last character inside. */
  span(start: number, end: number): Span {
    const from = this.sourceOf(start);
    return { start: from, end: end > start ? this.sourceOf(end - 1) + 1 : from };
  }
}

interface PhysicalLine {
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
}

export interface LineError {
  readonly message: string;
  readonly span: Span;
}

const DIRECTIVE =
  /^#[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=([^\n]*)$/;
/** What \s is to Go's regular expressions. */
const DIRECTIVE_BLANKS = ' \t\f\r\n';
const DIRECTIVE_NAMES = new Set(['syntax', 'escape', 'check']);

/** Reads a file line by line, as the parser asks for them. */
export class LineReader {
  readonly #text: string;
  readonly #lines: readonly PhysicalLine[];
  readonly #tooLong: number;
  #next = 0;
  readonly directives: Directive[] = [];
  #directivesOver = false;
  escape: '\\' | '`' = '\\';
  error: LineError | null = null;

  constructor(text: string) {
    this.#text = text;
    const lines: PhysicalLine[] = [];
    let tooLong = -1;
    let start = 0;
    while (start < text.length) {
      const newline = text.indexOf('\n', start);
      const next = newline < 0 ? text.length : newline + 1;
      if (tooLong < 0 && isTooLong(text.slice(start, next), newline >= 0)) tooLong = lines.length;
      let end = next;
      while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
      lines.push({ start, end });
      start = next;
    }
    this.#lines = lines;
    this.#tooLong = tooLong;
  }

  /** The next instruction's line, or null at the end of the file or after an error. */
  nextInstruction(): LogicalLine | null {
    for (;;) {
      const physical = this.#read();
      if (physical === null) return null;
      const lineNumber = this.#next;
      let from = physical.start;
      if (lineNumber === 1 && this.#text.charCodeAt(from) === 0xfeff) from++;
      from = skipSpaces(this.#text, from, physical.end);
      this.#directive(this.#text.slice(from, physical.end), { start: from, end: physical.end });
      if (this.error !== null) return null;
      if (this.#text.charAt(from) === '#' && from < physical.end) continue;

      const pieces: Piece[] = [];
      let text = '';
      const add = (start: number, end: number): boolean => {
        const kept = this.#withoutContinuation(start, end);
        pieces.push({ at: text.length, source: start, length: kept - start });
        text += this.#text.slice(start, kept);
        return kept !== end || this.#continues;
      };
      let more = add(from, physical.end);
      if (!more && text === '') continue;
      while (more) {
        const following = this.#read();
        if (following === null) break;
        const content = skipSpaces(this.#text, following.start, following.end);
        if (content === following.end || this.#text.charAt(content) === '#') continue;
        more = add(following.start, following.end);
      }
      if (this.error !== null) return null;
      return new LogicalLine(text, lineNumber, pieces);
    }
  }

  /** The content of a heredoc up to its terminator, or null where the file ends before it. */
  heredoc(name: string, chomp: boolean): { readonly content: string; readonly span: Span } | null {
    const first = this.#lines[this.#next];
    const start = first === undefined ? this.#text.length : first.start;
    for (;;) {
      const line = this.#read();
      if (line === null) return null;
      let text = this.#text.slice(line.start, line.end);
      if (chomp) text = text.replace(/^\t+/, '');
      if (text === name) return { content: this.#text.slice(start, line.start), span: { start, end: line.end } };
    }
  }

  #continues = false;

  #read(): PhysicalLine | null {
    const line = this.#lines[this.#next];
    if (line === undefined) return null;
    if (this.#next === this.#tooLong) {
      this.error = {
        message: `dockerfile line greater than max allowed size of ${MAX_LINE_BYTES - 1}`,
        span: { start: line.start, end: line.end },
      };
      return null;
    }
    this.#next++;
    return line;
  }

  /** Where the line ends without its continuation character: at the end of the line, preceded by no second one. */
  #withoutContinuation(start: number, end: number): number {
    this.#continues = false;
    let last = end;
    while (last > start && (this.#text.charAt(last - 1) === ' ' || this.#text.charAt(last - 1) === '\t')) last--;
    if (last === start || this.#text.charAt(last - 1) !== this.escape) return end;
    if (last - 1 > start && this.#text.charAt(last - 2) === this.escape) return end;
    this.#continues = true;
    return last - 1;
  }

  #directive(line: string, span: Span): void {
    if (this.#directivesOver) return;
    const match = DIRECTIVE.exec(line);
    const name = match?.[1]?.toLowerCase();
    const written = match?.[2] ?? '';
    const value = directiveValue(written);
    if (name === undefined || value === '' || !DIRECTIVE_NAMES.has(name)) {
      this.#directivesOver = true;
      return;
    }
    if (this.directives.some((known) => known.name === name)) {
      this.error = { message: `only one ${name} parser directive can be used`, span };
      return;
    }
    const start = span.end - written.length + Math.max(written.indexOf(value), 0);
    this.directives.push({ name, value, valueSpan: { start, end: start + value.length } });
    if (name !== 'escape') return;
    if (value !== '\\' && value !== '`') {
      this.error = { message: `invalid escape token '${value}' does not match \` or \\`, span };
      return;
    }
    this.escape = value;
  }
}

/** The value of a directive without the blanks around it; of blanks alone the last one is the value. */
function directiveValue(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && DIRECTIVE_BLANKS.includes(text.charAt(start))) start++;
  if (start === end) return text.slice(-1);
  while (DIRECTIVE_BLANKS.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isTooLong(line: string, complete: boolean): boolean {
  if (line.length * 3 < MAX_LINE_BYTES) return false;
  let bytes = 0;
  for (const character of line) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return complete ? bytes > MAX_LINE_BYTES : bytes >= MAX_LINE_BYTES;
}
