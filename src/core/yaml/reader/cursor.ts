// SPDX-License-Identifier: Apache-2.0
// A place in the text, and what blanks, comments and ends of lines mean there.
import { GoYamlError } from './errors.ts';

export class Cursor {
  readonly text: string;
  pos = 0;
  lineStart = 0;
  /** Whether a block may begin here: the line has nothing before this place but indicators that open blocks. */
  fresh = true;
  /** The text in quotes over several lines that was read last: the likely culprit where its last line goes on. */
  quote: { readonly start: number; readonly end: number } | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get column(): number {
    return this.pos - this.lineStart;
  }

  get char(): string {
    return this.text.charAt(this.pos);
  }

  get atEnd(): boolean {
    return this.pos >= this.text.length;
  }

  isBreak(at: number = this.pos): boolean {
    const code = this.text.charCodeAt(at);
    return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
  }

  isBlank(at: number = this.pos): boolean {
    const code = this.text.charCodeAt(at);
    return code === 32 || code === 9;
  }

  /** Blank, line break or end of the text. */
  isSpace(at: number): boolean {
    return at >= this.text.length || this.isBlank(at) || this.isBreak(at);
  }

  /** Whether this sign stands here with a space behind it. */
  sign(character: string): boolean {
    return this.char === character && this.isSpace(this.pos + 1);
  }

  /** Step over one line break, and give it as a value has it. */
  newline(): string {
    const { char } = this;
    this.pos += char === '\r' && this.text.charAt(this.pos + 1) === '\n' ? 2 : 1;
    this.lineStart = this.pos;
    return char === '\u2028' || char === '\u2029' ? char : '\n';
  }

  toLineEnd(): void {
    while (!this.atEnd && !this.isBreak()) this.pos++;
  }

  /** Step over a comment that ends this line: here tabs may stand before it even where a block may begin. */
  lineComment(): void {
    let at = this.pos;
    while (this.isBlank(at)) at++;
    if (this.text.charAt(at) !== '#') return;
    this.pos = at;
    this.toLineEnd();
  }

  /** Step over blanks, comments and line breaks to what is next. */
  skip(flow: boolean): void {
    for (;;) {
      const blanks = flow || !this.fresh ? ' \t' : ' ';
      while (!this.atEnd && blanks.includes(this.char)) this.pos++;
      if (this.char === '#') {
        this.toLineEnd();
        if (this.fresh && !flow) this.#toNextComment();
      }
      if (this.atEnd || !this.isBreak()) return;
      this.newline();
      if (!flow) this.fresh = true;
    }
  }

  /** Behind a comment that has its line to itself, tabs may stand before further ones. */
  #toNextComment(): void {
    for (;;) {
      const { pos, lineStart } = this;
      while (!this.atEnd && this.isSpace(this.pos)) {
        if (this.isBreak()) this.newline();
        else this.pos++;
      }
      if (this.char !== '#') {
        this.pos = pos;
        this.lineStart = lineStart;
        return;
      }
      this.toLineEnd();
    }
  }

  atMarker(): boolean {
    if (this.column !== 0 || !this.isSpace(this.pos + 3)) return false;
    return this.text.startsWith('---', this.pos) || this.text.startsWith('...', this.pos);
  }

  /** Where the document ends, whatever is open. */
  get atDocumentEnd(): boolean {
    return this.atEnd || this.atMarker() || (this.column === 0 && this.char === '%');
  }

  /** How deep it goes at least, by the signs here that do nothing but open something; counted a little beyond `most`. */
  depthFrom(depth: number, most: number): number {
    let found = depth;
    const last = Math.min(this.text.length, this.pos + 8 * most);
    for (let at = this.pos; at < last && found <= most; at++) {
      const char = this.text.charAt(at);
      if ('[{'.includes(char) || ('-?'.includes(char) && this.isSpace(at + 1) && !this.isBreak(at + 1))) found++;
      else if (char !== ' ') break;
    }
    return found;
  }

  refuseTab(): void {
    if (this.fresh && this.char === '\t') throw this.error('a tab cannot indent; use spaces');
  }

  /** An error about the character here; `blocks` as in the error. */
  error(message: string, context: number = this.pos, blocks: readonly number[] = []): GoYamlError {
    const code = this.text.codePointAt(this.pos) ?? 0;
    const size = this.atEnd || this.isBreak() ? 0 : code > 0xffff ? 2 : 1;
    return new GoYamlError(message, this.pos, this.pos + size, context, blocks);
  }
}
