// SPDX-License-Identifier: Apache-2.0

/** A half-open stretch of text in UTF-16 code units from the start of the document. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as the CLI prints it: line and column are 1-based, columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A stretch between two places; the end is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/**
 * Text with a line table: turns offsets into 1-based positions and back. Lines end at LF, CRLF or CR. A byte order mark
 * stands before the first column, as in editors, which do not show it.
 */
export class SourceText {
  readonly text: string;
  readonly #lineStarts: readonly number[];
  #newline: '\n' | '\r\n' | null = null;

  constructor(text: string) {
    this.text = text;
    const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 13 && text.charCodeAt(i + 1) === 10) i++;
      else if (code !== 10 && code !== 13) continue;
      starts.push(i + 1);
    }
    this.#lineStarts = starts;
  }

  /** The line end that new lines should have. */
  get newline(): '\n' | '\r\n' {
    this.#newline ??= this.text.includes('\r\n') ? '\r\n' : '\n';
    return this.#newline;
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  /** The 1-based position of an offset; offsets outside the text are clamped to it. */
  positionAt(offset: number): Position {
    const at = Math.min(Math.max(offset, this.#lineStarts[0] ?? 0), this.text.length);
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** The offset of a 1-based position; positions outside the text or behind the end of their line are clamped. */
  offsetAt(position: Position): number {
    const { start, end } = this.lineSpan(Math.min(Math.max(position.line, 1), this.lineCount));
    return Math.min(start + Math.max(position.column - 1, 0), end);
  }

  rangeOf(span: Span): Range {
    return { start: this.positionAt(span.start), end: this.positionAt(span.end) };
  }

  /** The span of a 1-based line without its line end. */
  lineSpan(line: number): Span {
    const start = this.#lineStarts[line - 1] ?? this.text.length;
    let end = this.#lineStarts[line] ?? this.text.length;
    while (end > start && (this.text.charCodeAt(end - 1) === 10 || this.text.charCodeAt(end - 1) === 13)) end--;
    return { start, end };
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }
}
