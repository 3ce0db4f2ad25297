// SPDX-License-Identifier: Apache-2.0
// Reads YAML by lines and indentation, so that a text that is being written has a shape as well. It follows what people
// write in configurations: block maps and lists, and values of one line or of several. What it does not understand it
// takes for part of the value above.
import type { Span } from '../text/source-text.ts';

export interface LooseNode {
  readonly kind: 'document' | 'item' | 'entry';
  /** Column of the dash of an item, or of the key of an entry; -1 for the document. */
  readonly column: number;
  readonly parent: LooseNode | null;
  readonly children: LooseNode[];
  /** Null where it has no key: in a document and an item, and where a word has no colon behind it. */
  readonly key: { readonly text: string; readonly span: Span } | null;
  /** From behind the dash or the colon to where its value ends, comments of its first line left out. */
  value: { start: number; end: number };
  /** What is written as its value, without anchor and tag; '' where it is nested below or not there. */
  text: string;
  /** Lines of a text behind `|` or `>`, null for other values. */
  block: { start: number; end: number } | null;
}

/** Deeper nesting is no configuration. */
const MAX_DEPTH = 100;
const KEY =
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:[^\s#"'[\]{},&*!|>%@`-]|-(?=\S))(?:[^\n#:]|:(?=\S)|(?<=\S)#)*?)[ \t]*:(?=[ \t]|$)/;
/** Longer keys are text. */
const MAX_KEY = 512;
const PROPERTIES = /^(?:[&!]\S*[ \t]*)+/;

/** Ends a plain value before its comment. */
function withoutComment(text: string): string {
  const comment = text.startsWith('#') ? 0 : text.search(/[ \t]#/);
  return (comment < 0 ? text : text.slice(0, comment)).trimEnd();
}

/** Where a value that begins with a quote or bracket closes, counted in `text`; -1 where it is still open. */
export function closingAt(text: string): number {
  const open: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"' || char === "'") {
      // Within brackets a quote in the middle of a word is part of it.
      if (i > 0 && open.length > 0 && /[^\s,[{:]/.test(text.charAt(i - 1))) continue;
      let end = i + 1;
      while (end < text.length && text.charAt(end) !== char) end += char === '"' && text.charAt(end) === '\\' ? 2 : 1;
      if (end >= text.length) return -1;
      i = end;
      if (open.length === 0 && text.charAt(i + 1) !== char) return i + 1;
    } else if (char === '[' || char === '{') open.push(char);
    else if (char === ']' || char === '}') {
      open.pop();
      if (open.length === 0) return i + 1;
    } else if (char === '#' && /\s/.test(text.charAt(i - 1))) {
      const lineEnd = text.indexOf('\n', i);
      if (lineEnd < 0) return -1;
      i = lineEnd;
    }
  }
  return -1;
}

/** How many lines a value in quotes or brackets may take before it counts as not closed. */
const MAX_OPEN_LINES = 200;

class LooseReader {
  readonly #text: string;
  readonly #cursor: number;
  readonly root: LooseNode;
  #top: LooseNode;
  #depth = 0;
  /** Where a text behind `|` or `>` is being read. */
  #block: LooseNode | null = null;

  constructor(text: string, cursor: number) {
    this.#text = text;
    this.#cursor = cursor;
    this.root = node('document', -1, null, null, { start: 0, end: text.length });
    this.#top = this.root;
  }

  read(): LooseNode {
    const text = this.#text;
    let at = 0;
    let started = false;
    while (at <= text.length) {
      const { end, next } = lineAt(text, at);
      const line = text.slice(at, end);
      if (this.#block === null && /^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
        if (started) break;
      } else if (!(this.#block === null && line.startsWith('%'))) {
        const after = this.#line(at, line);
        started ||= line.trim() !== '' && !line.trimStart().startsWith('#');
        if (after > end) {
          at = lineAt(text, after).next;
          continue;
        }
      }
      if (next > text.length) break;
      at = next;
    }
    return this.root;
  }

  /** Takes a line that begins at `at`; the offset up to which it has read, which may lie some lines below. */
  #line(at: number, line: string): number {
    const indent = line.length - line.trimStart().length;
    const end = at + line.length;
    const here = this.#cursor >= at && this.#cursor <= end;
    const empty = line.trim() === '';
    if (this.#block !== null) {
      const owner = this.#block;
      const inside = empty
        ? !here || this.#cursor - at > owner.column || this.#nextIndent(end) > owner.column
        : indent > owner.column;
      if (inside && owner.block !== null) {
        if (owner.block.start < 0) owner.block.start = at;
        if (!empty || here) {
          owner.block.end = end;
          owner.value.end = end;
        }
        return end;
      }
      // An empty line may belong to the text or end it: the next one tells.
      if (empty && !here) return end;
      this.#block = null;
    }
    if (empty) {
      if (here) this.#word(this.#cursor - at, this.#cursor, '', this.#cursor);
      return end;
    }
    if (line.trimStart().startsWith('#')) return end;
    return this.#content(indent, at + indent, end);
  }

  /** How far the next line with something in it is indented; -1 where there is none. */
  #nextIndent(end: number): number {
    const line = /[\r\n]([ \t]*)[^\s]/y;
    let at = end;
    while (at < this.#text.length && /\s/.test(this.#text.charAt(at))) {
      line.lastIndex = at;
      const found = line.exec(this.#text);
      if (found !== null) return found[1]?.length ?? -1;
      at++;
    }
    return -1;
  }

  /** What stands in a line from `start`, which is at `column`. */
  #content(column: number, start: number, end: number, dashes = 0): number {
    const text = this.#text.slice(start, end);
    const dash = dashes < MAX_DEPTH ? /^-(?:[ \t]+|$)/.exec(text) : null;
    if (dash !== null) {
      this.#pop((top) => top.column > column || (top.column === column && top.kind === 'item'));
      if (this.#continues(false)) return this.#continue(end);
      const item = this.#push('item', column, null, { start: start + dash[0].length, end: start + dash[0].length });
      const rest = text.slice(dash[0].length);
      if (rest === '' || rest.startsWith('#')) {
        item.value.start = Math.min(item.value.start, end);
        return end;
      }
      if (/^-(?:[ \t]|$)/.test(rest) || KEY.test(rest.slice(0, MAX_KEY))) {
        return this.#content(column + dash[0].length, start + dash[0].length, end, dashes + 1);
      }
      return this.#value(item, item.value.start, end);
    }
    const key = KEY.exec(text.slice(0, MAX_KEY));
    this.#pop((top) => top.column >= column);
    if (key === null) {
      if (this.#continues(false)) return this.#continue(end);
      const word = withoutComment(text);
      this.#word(column, start, word, start + word.length);
      return end;
    }
    if (this.#continues(true)) return this.#continue(end);
    const [whole, written = ''] = key;
    const colon = start + whole.length;
    const span = { start, end: start + written.length };
    const entry = this.#push('entry', column, { text: unquoted(written), span }, { start: colon, end: colon });
    return this.#value(entry, colon, end);
  }

  /** Reads the value of an entry or item; its own line ends at `end`. */
  #value(owner: LooseNode, from: number, end: number): number {
    const written = this.#text.slice(from, end);
    const blank = written.length - written.trimStart().length;
    const properties = PROPERTIES.exec(written.slice(blank))?.[0].length ?? 0;
    const start = from + blank + properties;
    const rest = this.#text.slice(start, end);
    const plain = withoutComment(rest);
    owner.value.start = Math.min(owner.kind === 'item' ? owner.value.start : from, start);
    owner.value.end = start + plain.length;
    if (/^[|>][-+0-9]{0,3}$/.test(plain)) {
      owner.block = { start: -1, end: -1 };
      this.#block = owner;
      return end;
    }
    if (!/^["'[{]/.test(rest)) {
      owner.text = plain;
      return end;
    }
    const close = this.#closing(owner, start, end);
    owner.text = this.#text.slice(start, close);
    owner.value.end = close;
    return Math.max(close, end);
  }

  /** Where a value in quotes or brackets ends; it ends with its line where what follows reads like keys again. */
  #closing(owner: LooseNode, start: number, end: number): number {
    let last = end;
    for (let lines = 0; lines < MAX_OPEN_LINES; lines++) {
      const close = closingAt(this.#text.slice(start, last));
      if (close >= 0) return start + close;
      if (last >= this.#text.length) break;
      const from = lineAt(this.#text, last).next;
      const next = lineAt(this.#text, from);
      const line = this.#text.slice(from, next.end);
      const indent = line.length - line.trimStart().length;
      const leaves = indent <= Math.max(owner.column, 0) && /^(?:-\s|[\w-]+:(?:\s|$))/.test(line.trimStart());
      if (leaves || from >= this.#text.length) break;
      last = next.end;
    }
    return end;
  }

  /** A word that is no entry yet, or the place where one can be written. */
  #word(column: number, start: number, text: string, end: number): void {
    this.#pop((top) => top.column >= column);
    if (this.#continues(false)) return;
    const word = this.#push('entry', column, null, { start, end });
    word.text = text;
  }

  /** Whether the line belongs to the value above it, which has begun on its own line. */
  #continues(isEntry: boolean): boolean {
    const top = this.#top;
    return top.kind !== 'document' && top.text !== '' && top.children.length === 0 && !isEntry;
  }

  #continue(end: number): number {
    this.#top.value.end = end;
    return end;
  }

  #pop(while_: (top: LooseNode) => boolean): void {
    while (this.#top.parent !== null && while_(this.#top)) {
      this.#top = this.#top.parent;
      this.#depth--;
    }
  }

  #push(kind: LooseNode['kind'], column: number, key: LooseNode['key'], value: Span): LooseNode {
    const parent = this.#depth < MAX_DEPTH ? this.#top : this.root;
    const made = node(kind, column, parent, key, value);
    parent.children.push(made);
    this.#depth = parent === this.root ? 1 : this.#depth + 1;
    this.#top = made;
    return made;
  }
}

function node(
  kind: LooseNode['kind'],
  column: number,
  parent: LooseNode | null,
  key: LooseNode['key'],
  { start, end }: Span,
): LooseNode {
  return { kind, column, parent, children: [], key, value: { start, end }, text: '', block: null };
}

/** The end of the line at an offset, and where the next one begins (behind the end of the text for the last). */
export function lineAt(text: string, from: number): { readonly end: number; readonly next: number } {
  let end = from;
  while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  const crlf = text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10;
  return { end, next: end + (crlf ? 2 : 1) };
}

/** A key or value without the quotes around it. */
export function unquoted(written: string): string {
  if (/^'.*'$/s.test(written)) return written.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/s.test(written)) return written.slice(1, -1).replaceAll(/\\(["\\/])/g, '$1');
  return written;
}

/**
 * The shape of a text. At `cursor`, where it stands in a line without anything, an entry without key and text is put in:
 * the place where one can be written. -1 for none.
 */
export function readLoosely(text: string, cursor: number): LooseNode {
  return new LooseReader(text, cursor).read();
}
