// SPDX-License-Identifier: Apache-2.0
// Splits YAML into tokens by the rules of libyaml and its Go port, which the Go tools read files with. They differ from
// YAML 1.2 in many small things (tabs, keys over lines, what ends a plain text), and those things decide what is refused.
import { GoYamlError, Cursor, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, type Mark } from './cursor.ts';
import { scanBlock, scanPlain, scanQuoted } from './scalars.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-tags.ts';
import type { Token, TokenKind } from './tokens.ts';

interface SimpleKey {
  possible: boolean;
  readonly required: boolean;
  readonly number: number;
  readonly mark: Mark;
}

/** The Go reader's own limits. */
const MAX_DEPTH = 10_000;
const MAX_KEY = 1024;
/** How far comments are looked for at once. */
const COMMENT_REACH = 512;

export class Scanner {
  readonly cursor: Cursor;
  /** The quoted texts that reach over a line break. */
  readonly longQuotes: { readonly start: number; readonly end: number }[] = [];
  /** Where the brackets stand that are open, innermost last. */
  brackets: number[] = [];
  #tokens: Token[] = [];
  #head = 0;
  #parsed = 0;
  #ready = false;
  #started = false;
  #indent = -1;
  #indents: number[] = [];
  #flow = 0;
  #keyAllowed = true;
  #keys: SimpleKey[] = [{ possible: false, required: false, number: 0, mark: { pos: 0, line: 0, column: 0 } }];
  /** Index into #keys by the number of the token that a key would begin with. */
  #keyOfToken = new Map<number, number>();

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  /** The next token, which stays where it is. */
  peek(): Token {
    if (!this.#ready) this.#fetchEnough();
    const token = this.#tokens[this.#head];
    if (token === undefined) throw new GoYamlError('the text ends too early', this.cursor.pos, this.cursor.pos);
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#ready = false;
    this.#parsed++;
    this.#head++;
    if (this.#head > 256) {
      this.#tokens.splice(0, this.#head);
      this.#head = 0;
    }
    return token;
  }

  #fetchEnough(): void {
    for (;;) {
      if (this.#head < this.#tokens.length - 2) {
        const index = this.#keyOfToken.get(this.#parsed);
        const key = index === undefined ? undefined : this.#keys[index];
        if (key === undefined || !this.#isValid(key)) break;
      }
      this.#fetchNext();
    }
    this.#ready = true;
  }

  #add(kind: TokenKind, start: number, more: Partial<Token> = {}): void {
    this.#tokens.push({ kind, start, end: this.cursor.pos, value: '', suffix: '', style: 'plain', ...more });
  }

  #fetchNext(): void {
    const { cursor } = this;
    if (!this.#started) {
      // It counts among the tokens that are looked ahead.
      this.#started = true;
      return this.#add('stream-start', cursor.pos);
    }
    this.#toNextToken();
    this.#unroll(cursor.column);
    const code = cursor.at(0);
    const start = cursor.pos;
    if (code === 0) return this.#streamEnd();
    if (cursor.column === 0 && code === 37) {
      this.#closeBlocks();
      const directive = scanDirective(cursor);
      this.#add(directive.kind, start, { value: directive.value, suffix: directive.suffix });
      return;
    }
    if (cursor.isDocumentIndicator(45) || cursor.isDocumentIndicator(46)) {
      this.#closeBlocks();
      cursor.skipMany(3);
      this.#add(code === 45 ? 'document-start' : 'document-end', start);
      return;
    }
    this.#fetchContent(code, start);
    if (this.#tokens.at(-1)?.kind !== 'block-entry') this.#lineComment();
  }

  #fetchContent(code: number, start: number): void {
    const { cursor } = this;
    const blankFollows = isBlankOrEnd(cursor.at(1));
    switch (code) {
      case 91:
      case 123:
        return this.#flowStart(code === 91 ? 'flow-list-start' : 'flow-map-start', start);
      case 93:
      case 125:
        this.#removeKey();
        if (this.#flow > 0) {
          this.#flow--;
          this.brackets.pop();
          this.#keyOfToken.delete(this.#keys.pop()?.number ?? -1);
        }
        this.#keyAllowed = false;
        cursor.skipMany(1);
        return this.#add(code === 93 ? 'flow-list-end' : 'flow-map-end', start);
      case 44:
        this.#removeKey();
        this.#keyAllowed = true;
        cursor.skipMany(1);
        return this.#add('flow-entry', start);
      case 45:
        if (blankFollows) return this.#blockEntry(start);
        break;
      case 63:
        if (this.#flow > 0 || blankFollows) return this.#explicitKey(start);
        break;
      case 58:
        if (this.#flow > 0 || blankFollows) return this.#value(start);
        break;
      case 42:
      case 38: {
        this.#saveKey();
        this.#keyAllowed = false;
        return this.#add(code === 42 ? 'alias' : 'anchor', start, { value: scanAnchor(cursor), end: cursor.pos });
      }
      case 33: {
        this.#saveKey();
        this.#keyAllowed = false;
        const tag = scanTag(cursor);
        return this.#add('tag', start, { value: tag.handle, suffix: tag.suffix, end: cursor.pos });
      }
      case 124:
      case 62:
        if (this.#flow === 0) {
          this.#removeKey();
          this.#keyAllowed = true;
          return this.#add('scalar', start, scanBlock(cursor, this.#indent, code === 124));
        }
        break;
      case 39:
      case 34:
        return this.#quoted(code === 39, start);
      default:
    }
    if (!this.#startsPlain(code)) cursor.fail(this.#cannotStart(code), cursor.mark());
    this.#saveKey();
    this.#keyAllowed = false;
    const { crossedLine, ...scalar } = scanPlain(cursor, this.#indent + 1, this.#flow > 0);
    if (crossedLine) this.#keyAllowed = true;
    this.#add('scalar', start, scalar);
  }

  #startsPlain(code: number): boolean {
    const next = this.cursor.at(1);
    if (code === 45) return !isBlank(next);
    if (code === 63 || code === 58) return this.#flow === 0 && !isBlankOrEnd(next);
    return !isBlankOrEnd(code) && !',[]{}#&*!|>\'"%@`'.includes(String.fromCharCode(code));
  }

  #cannotStart(code: number): string {
    if (code === 9) return 'a tab cannot indent; use spaces';
    return `nothing can begin with ${String.fromCharCode(code)} here; put quotes around it`;
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    const { cursor } = this;
    if (key.mark.line < cursor.line || key.mark.pos + MAX_KEY < cursor.pos) {
      if (key.required) this.#missingColon(key);
      key.possible = false;
      return false;
    }
    return true;
  }

  #missingColon(key: SimpleKey): never {
    const { text } = this.cursor;
    let end = key.mark.pos;
    while (end < text.length && !isBreak(text.charCodeAt(end))) end++;
    throw new GoYamlError('this line has no ":" behind its key', key.mark.pos, end, key.mark.pos);
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    const { cursor } = this;
    const required = this.#flow === 0 && this.#indent === cursor.column;
    this.#removeKey();
    const number = this.#parsed + (this.#tokens.length - this.#head);
    this.#keys[this.#keys.length - 1] = { possible: true, required, number, mark: cursor.mark() };
    this.#keyOfToken.set(number, this.#keys.length - 1);
  }

  #removeKey(): void {
    const key = this.#keys.at(-1);
    if (key?.possible !== true) return;
    if (key.required) this.#missingColon(key);
    key.possible = false;
    this.#keyOfToken.delete(key.number);
  }

  /** Opens a block where the column is deeper; the token goes before the token `number`, or to the end. */
  #roll(column: number, number: number, kind: TokenKind, mark: Mark): void {
    if (this.#flow > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH) this.cursor.fail('it is nested too deeply', mark);
    this.#insert(number, kind, mark.pos);
  }

  #insert(number: number, kind: TokenKind, pos: number): void {
    const token: Token = { kind, start: pos, end: pos, value: '', suffix: '', style: 'plain' };
    if (number < 0) this.#tokens.push(token);
    else this.#tokens.splice(this.#head + number - this.#parsed, 0, token);
  }

  #unroll(column: number): void {
    if (this.#flow > 0) return;
    while (this.#indent > column) {
      this.#insert(-1, 'block-end', this.cursor.pos);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #closeBlocks(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
  }

  #streamEnd(): void {
    const { cursor } = this;
    if (cursor.column !== 0) {
      cursor.column = 0;
      cursor.line++;
    }
    this.#closeBlocks();
    this.#add('stream-end', cursor.pos);
  }

  #flowStart(kind: TokenKind, start: number): void {
    const { cursor } = this;
    this.#saveKey();
    const number = this.#parsed + (this.#tokens.length - this.#head);
    this.#keys.push({ possible: false, required: false, number, mark: cursor.mark() });
    this.#flow++;
    this.brackets.push(start);
    if (this.#flow > MAX_DEPTH) cursor.fail('it is nested too deeply', cursor.mark());
    this.#keyAllowed = true;
    cursor.skipMany(1);
    this.#add(kind, start);
  }

  #secondColon(key: SimpleKey | undefined): never {
    const { cursor } = this;
    if (key === undefined || key.mark.line === cursor.line) {
      cursor.fail('a second ":" cannot stand here; put quotes around the value', cursor.mark());
    }
    let start = cursor.pos - cursor.column;
    while (isBlank(cursor.text.charCodeAt(start))) start++;
    const message = 'by its indentation this line continues the value above, and it has a ":" of its own';
    throw new GoYamlError(message, start, cursor.pos);
  }

  #quoted(single: boolean, start: number): void {
    const { cursor } = this;
    const { line } = cursor;
    this.#saveKey();
    this.#keyAllowed = false;
    this.#add('scalar', start, scanQuoted(cursor, single));
    if (cursor.line > line) this.longQuotes.push({ start, end: cursor.pos });
  }

  #blockEntry(start: number): void {
    const { cursor } = this;
    if (this.#flow === 0) {
      if (!this.#keyAllowed) cursor.fail('a list entry cannot stand here', cursor.mark());
      this.#roll(cursor.column, -1, 'block-list-start', cursor.mark());
    }
    this.#removeKey();
    this.#keyAllowed = true;
    cursor.skipMany(1);
    this.#add('block-entry', start);
  }

  #explicitKey(start: number): void {
    const { cursor } = this;
    if (this.#flow === 0) {
      if (!this.#keyAllowed) cursor.fail('a key cannot stand here', cursor.mark());
      this.#roll(cursor.column, -1, 'block-map-start', cursor.mark());
    }
    this.#removeKey();
    this.#keyAllowed = this.#flow === 0;
    cursor.skipMany(1);
    this.#add('key', start);
  }

  #value(start: number): void {
    const { cursor } = this;
    const key = this.#keys.at(-1);
    if (key !== undefined && this.#isValid(key)) {
      this.#insert(key.number, 'key', key.mark.pos);
      this.#roll(key.mark.column, key.number, 'block-map-start', key.mark);
      key.possible = false;
      this.#keyOfToken.delete(key.number);
      this.#keyAllowed = false;
    } else {
      if (this.#flow === 0) {
        if (!this.#keyAllowed) this.#secondColon(key);
        this.#roll(cursor.column, -1, 'block-map-start', cursor.mark());
      }
      this.#keyAllowed = this.#flow === 0;
    }
    cursor.skipMany(1);
    this.#add('value', start);
  }

  #toNextToken(): void {
    const { cursor } = this;
    for (;;) {
      for (;;) {
        const code = cursor.at(0);
        if (code !== 32 && (code !== 9 || (this.#flow === 0 && this.#keyAllowed))) break;
        cursor.skipMany(1);
      }
      if (cursor.at(0) === 35) this.#comments();
      if (!isBreak(cursor.at(0))) return;
      cursor.readBreak();
      if (this.#flow === 0) this.#keyAllowed = true;
    }
  }

  /** Comment lines that follow each other are eaten together, and tabs before them do not count. */
  #comments(): void {
    const { cursor } = this;
    for (let ahead = 0; ahead < COMMENT_REACH; ahead++) {
      const code = cursor.at(ahead);
      if (isBlank(code)) continue;
      if (isBreak(code)) continue;
      if (code !== 35) return;
      const seen = cursor.pos + ahead;
      while (cursor.pos < seen) {
        if (isBreak(cursor.at(0))) cursor.readBreak();
        else cursor.skip();
      }
      cursor.skipRestOfLine();
      ahead = 0;
    }
  }

  /** A comment behind a token on its line, which a tab may stand before. */
  #lineComment(): void {
    const { cursor } = this;
    if (cursor.isAfterBreak()) return;
    let ahead = 0;
    while (ahead < COMMENT_REACH && isBlank(cursor.at(ahead))) ahead++;
    if (ahead === COMMENT_REACH || cursor.at(ahead) !== 35) return;
    cursor.skipMany(ahead);
    while (!isBreakOrEnd(cursor.at(0))) cursor.skip();
  }
}
