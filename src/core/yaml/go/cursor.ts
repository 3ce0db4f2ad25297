// SPDX-License-Identifier: Apache-2.0

/** Why the reader of the Go tools refuses a text, and where. */
export class GoYamlError extends Error {
  readonly start: number;
  readonly end: number;
  /** Where the thing that could not be read begins; the same as `start` where nothing was begun. */
  readonly context: number;

  constructor(message: string, start: number, end: number, context: number = start) {
    super(message);
    this.name = 'GoYamlError';
    this.start = start;
    this.end = end;
    this.context = context;
  }
}

/** A place with what the scanner needs to know of it; columns count characters from 0. */
export interface Mark {
  readonly pos: number;
  readonly line: number;
  readonly column: number;
}

export const isBreak = (code: number): boolean =>
  code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
export const isBlank = (code: number): boolean => code === 32 || code === 9;
export const isBreakOrEnd = (code: number): boolean => code === 0 || isBreak(code);
export const isBlankOrEnd = (code: number): boolean => code === 32 || code === 9 || code === 0 || isBreak(code);
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** What anchors, tag handles and directive names are made of. */
export const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code) || code === 95 || code === 45;
export const isHex = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);

/** Walks over a text and knows line and column. The end reads as 0, which no text contains that is accepted. */
export class Cursor {
  readonly text: string;
  pos = 0;
  line = 0;
  column = 0;

  constructor(text: string) {
    this.text = text;
    // A byte order mark is taken away before anything is read.
    if (text.charCodeAt(0) === 0xfeff) this.pos = 1;
  }

  at(offset: number): number {
    const index = this.pos + offset;
    return index < this.text.length ? this.text.charCodeAt(index) : 0;
  }

  mark(): Mark {
    return { pos: this.pos, line: this.line, column: this.column };
  }

  /** Over one character that is no line break. */
  skip(): void {
    const code = this.text.charCodeAt(this.pos);
    this.pos += code >= 0xd800 && code < 0xdc00 ? 2 : 1;
    this.column++;
  }

  /** Over `count` characters of which none is a line break or outside the basic plane. */
  skipMany(count: number): void {
    this.pos += count;
    this.column += count;
  }

  skipBlanks(): void {
    while (isBlank(this.at(0))) this.skipMany(1);
  }

  /** Over everything up to the line break. */
  skipRestOfLine(): void {
    while (!isBreakOrEnd(this.at(0))) this.skip();
  }

  /** Over a line break; the break as it is kept in a value: a line feed, or the separator itself. */
  readBreak(): string {
    const code = this.at(0);
    if (!isBreak(code)) return '';
    this.pos += code === 13 && this.at(1) === 10 ? 2 : 1;
    this.line++;
    this.column = 0;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** True where only blanks stand between the last line break and here. */
  isAfterBreak(): boolean {
    let index = this.pos - 1;
    while (index >= 0 && isBlank(this.text.charCodeAt(index))) index--;
    return index >= 0 && isBreak(this.text.charCodeAt(index));
  }

  /** True at `---` or `...` at the start of a line, followed by a blank or the end. */
  isDocumentIndicator(code?: number): boolean {
    if (this.column !== 0) return false;
    const first = this.at(0);
    return (
      (code === undefined ? first === 45 || first === 46 : first === code) &&
      this.at(1) === first &&
      this.at(2) === first &&
      isBlankOrEnd(this.at(3))
    );
  }

  fail(message: string, context: Mark): never {
    throw new GoYamlError(message, this.pos, Math.min(this.pos + 1, this.text.length), context.pos);
  }
}
