// SPDX-License-Identifier: Apache-2.0
// Reads nodes by recursive descent: a block is what stands further in than the line that opens it.
import { Cursor } from './cursor.ts';
import { GoYamlError, GoYamlLimit } from './errors.ts';
import { alias, collection, nothing, scalar, type OpenNode } from './nodes.ts';
import { clashes, readDirectives, readName, readTag, type Properties } from './properties.ts';
import { noColon, unclosed, unexpected } from './refusals.ts';
import { blockScalar, plainScalar, quotedScalar } from './scalars.ts';

const MAX_DEPTH = 1_000;
/** The Go reader gives up here, in brackets and in blocks. */
const GO_DEPTH = 10_000;
const MAX_KEY = 1_024;

export class Parser {
  readonly cursor: Cursor;
  readonly #anchors = new Map<string, OpenNode>();
  readonly #handles = new Map<string, string>();
  #depth = 0;
  /** Starts of the keys and entries of lists whose values are being read, from the outside in. */
  readonly #openers: number[] = [];
  /** Where the innermost bracket opens. */
  #bracket = 0;
  /** Where the key begins that was read last. */
  #lastKey = 0;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  /** The first document; null where there is none. */
  document(): OpenNode | null {
    const { cursor } = this;
    if (cursor.char === '\ufeff') cursor.lineStart = ++cursor.pos;
    const directives = readDirectives(cursor, this.#handles);
    cursor.refuseTab();
    const marked = cursor.atMarker() && cursor.char === '-';
    if (directives && !marked) throw cursor.error('"---" has to follow the directives');
    if (cursor.atEnd) return null;
    if (marked) {
      cursor.pos += 3;
      cursor.fresh = false;
    } else if (cursor.atMarker()) throw new GoYamlError('a value is missing here', cursor.pos, cursor.pos + 3);
    const root = this.#block(-1, false, null);
    const rootLine = root.kind === 'scalar' && root.start >= cursor.lineStart ? cursor.lineStart : -1;
    this.#readAhead(rootLine, root.flow ? 1 : 3);
    return root;
  }

  /** What follows the document is not read, but the things next in it have to be such as YAML knows. */
  #readAhead(rootLine: number, most: number): void {
    const { cursor } = this;
    let [line, keyLine] = [rootLine, -1];
    // What may still be a key is read on to the end of its line.
    for (let i = 0; i < most || (cursor.lineStart === line && i < MAX_KEY); i++) {
      // A sign that opens a block counts twice: for the block, and for itself.
      cursor.skip(false);
      cursor.refuseTab();
      if (cursor.atEnd) return;
      const wasFresh = cursor.fresh;
      if (cursor.atMarker()) {
        cursor.pos += 3;
        cursor.fresh = false;
      } else if (cursor.column === 0 && cursor.char === '%') {
        readDirectives(cursor, new Map());
      } else if (this.#atIndicator()) {
        const known = cursor.sign(':') && keyLine === cursor.lineStart;
        if (!cursor.fresh && !known) throw this.#unexpected('key');
        if (known) return;
        i++;
        cursor.pos++;
        cursor.fresh = true;
        keyLine = -1;
      } else {
        if (wasFresh) keyLine = cursor.lineStart;
        if (',]}'.includes(cursor.char)) {
          line = -1;
          cursor.fresh = cursor.char === ',';
          cursor.pos++;
        } else if ('[{|>'.includes(cursor.char)) return;
        else if (cursor.char === '*') readName(cursor, 'an alias');
        else if (cursor.char === '&') readName(cursor, 'an anchor');
        else if (cursor.char === '!') readTag(cursor, this.#handles);
        else this.#atom(-1, null);
      }
    }
  }

  #enter(): void {
    if (++this.#depth <= MAX_DEPTH) return;
    // Where nothing but opening signs follows it is sure that the Go reader refuses as well.
    const { cursor } = this;
    const depth = cursor.depthFrom(this.#depth, GO_DEPTH);
    const message = `it is nested deeper than ${MAX_DEPTH} levels`;
    if (depth > GO_DEPTH) throw cursor.error(message);
    throw new GoYamlLimit(message);
  }

  /** Whether one of the signs that make a block stands here. */
  #atIndicator(): boolean {
    const { cursor } = this;
    return '-?:'.includes(cursor.char) && cursor.isSpace(cursor.pos + 1);
  }

  /** `last` begins what was read last, where this stands further in. */
  #unexpected(missing: 'key' | 'entry', ...last: number[]): GoYamlError {
    return unexpected(this.cursor, missing, this.#lastKey, [...this.#openers.slice(-2), ...last]);
  }

  /** Anchor and tag, each at most once, as far as they stand on this line. */
  #properties(): Properties | null {
    const { cursor } = this;
    const { pos: start } = cursor;
    const found: Properties = { anchor: null, tag: null, start };
    for (;;) {
      if (cursor.char === '&' && found.anchor === null) found.anchor = readName(cursor, 'an anchor');
      else if (cursor.char === '!' && found.tag === null) found.tag = readTag(cursor, this.#handles);
      else break;
      cursor.fresh = false;
      while (cursor.isBlank()) cursor.pos++;
    }
    return found.anchor === null && found.tag === null ? null : found;
  }

  #dress(node: OpenNode, properties: Properties | null): OpenNode {
    if (properties === null) return node;
    if (properties.tag !== null && properties.tag !== '!') node.tag = properties.tag;
    if (properties.anchor !== null) this.#anchors.set(properties.anchor, node);
    return node;
  }

  /** A node further in than `indent`; a list that is the value of a key may stand right at it. */
  #block(indent: number, beside: boolean, outer: Properties | null): OpenNode {
    const { cursor } = this;
    const before = cursor.pos;
    cursor.skip(false);
    cursor.refuseTab();
    const { pos: start, lineStart, column, fresh } = cursor;
    const dash = cursor.sign('-');
    // The text of a block needs no place of its own: it is never a key.
    const text = cursor.char === '|' || cursor.char === '>';
    const inside = column > indent || (column === indent && (text || (beside && dash)));
    if (cursor.atDocumentEnd || !inside) return this.#dress(nothing(before), outer);
    if (this.#atIndicator()) {
      if (!fresh || cursor.char === ':') throw this.#unexpected('key');
      return dash ? this.#list(column, column === indent, outer) : this.#map(column, null, start, outer);
    }
    const own = this.#properties();
    if (own !== null && (cursor.atEnd || cursor.isBreak() || cursor.char === '#')) {
      if (outer === null) return this.#block(indent, beside, own);
      if (clashes(outer, own)) {
        if (indent < 0) return this.#dress(nothing(before), outer);
        throw new GoYamlError('a value has one anchor and one tag at most', own.start, cursor.pos);
      }
      const both = { anchor: own.anchor ?? outer.anchor, tag: own.tag ?? outer.tag, start: outer.start };
      return this.#block(indent, beside, both);
    }
    if (own !== null && this.#atIndicator() && !(fresh && cursor.char === ':')) throw this.#unexpected('key');
    if (own !== null && '&!,]}'.includes(cursor.char)) return this.#dress(nothing(cursor.pos), own);
    if (outer !== null && own === null && ',]}'.includes(cursor.char)) return this.#dress(nothing(before), outer);
    if (cursor.char === '|' || cursor.char === '>') {
      return this.#dress(this.#dress(scalar(blockScalar(cursor, indent)), outer), own);
    }
    // At the top the Go reader takes what is before, and never looks at the rest.
    if (indent < 0 && cursor.char === '*' && (own ?? outer) !== null) return this.#dress(nothing(before), own ?? outer);
    const atom = own !== null && cursor.sign(':') ? this.#dress(nothing(cursor.pos), own) : this.#atom(indent, own);
    if (fresh && this.#atColon(start, lineStart)) return this.#map(column, atom, start, outer);
    if (outer !== null && atom.kind === 'alias')
      throw new GoYamlError('an alias has no anchor or tag', start, atom.end);
    if (clashes(outer, own)) {
      // At the top the Go reader takes what is before, and never looks at the rest.
      if (indent < 0) return this.#dress(nothing(before), outer);
      throw new GoYamlError('a value has one anchor and one tag at most', start, cursor.pos);
    }
    return this.#dress(atom, outer);
  }

  /** Whether what began at `start` is the key before a ":" here. */
  #atColon(start: number, lineStart: number): boolean {
    const { cursor } = this;
    if (cursor.lineStart !== lineStart) return false;
    const { pos } = cursor;
    while (cursor.isBlank()) cursor.pos++;
    const length = cursor.pos - start;
    if (
      cursor.sign(':') &&
      (length <= MAX_KEY || (length <= 2 * MAX_KEY && [...cursor.text.slice(start, cursor.pos)].length <= MAX_KEY))
    ) {
      return true;
    }
    cursor.pos = pos;
    return false;
  }

  /** Alias, scalar on one or more lines, or brackets. */
  #atom(indent: number, own: Properties | null): OpenNode {
    const { cursor } = this;
    const { char, pos: start } = cursor;
    switch (char) {
      case '*': {
        if (own !== null) throw cursor.error('an alias has no anchor or tag', own.start);
        return this.#alias();
      }
      case '[':
      case '{':
        return this.#flow(own);
      case '"':
      case "'":
        return this.#dress(scalar(quotedScalar(cursor)), own);
      default:
        if (char === ',' || char === ']' || char === '}') throw cursor.error(`${char} closes or parts nothing here`);
        if (char === '\t') throw cursor.error('a tab cannot indent; use spaces');
        if ('#&!|>%@`'.includes(char)) {
          throw cursor.error(`nothing can begin with ${char} here; put quotes around it`, start);
        }
        return this.#dress(scalar(plainScalar(cursor, indent, false)), own);
    }
  }

  #alias(): OpenNode {
    const { cursor } = this;
    const start = cursor.pos;
    const name = readName(cursor, 'an alias');
    cursor.fresh = false;
    const target = this.#anchors.get(name);
    if (target === undefined) throw new GoYamlError(`no anchor is called "${name}"`, start, cursor.pos);
    return alias(name, target, start, cursor.pos);
  }

  #list(column: number, beside: boolean, outer: Properties | null): OpenNode {
    const { cursor } = this;
    const node = this.#dress(collection('list', false, cursor.pos), outer);
    this.#enter();
    for (;;) {
      cursor.pos++;
      cursor.fresh = true;
      node.end = cursor.pos;
      this.#openers.push(cursor.pos - 1);
      const item = this.#block(column, false, null);
      this.#openers.pop();
      node.items.push(item);
      node.end = Math.max(node.end, item.end);
      if (this.#closed(column)) break;
      if (cursor.fresh && cursor.column === column) {
        if (cursor.sign('-')) continue;
        if (beside) break;
        if (!this.#atIndicator()) this.#key(column);
      }
      throw this.#unexpected('entry', ...(cursor.column > column ? [item.start] : []));
    }
    this.#depth--;
    return node;
  }

  /** Whether a block at this column ends before what is next. */
  #closed(column: number): boolean {
    const { cursor } = this;
    cursor.skip(false);
    cursor.refuseTab();
    return cursor.atDocumentEnd || cursor.column < column;
  }

  /** A key on one line, up to its ":". */
  #key(indent: number): OpenNode {
    const { cursor } = this;
    const { pos: start, lineStart } = cursor;
    if (cursor.char === '|' || cursor.char === '>') throw this.#unexpected('key');
    const own = this.#properties();
    const key = own !== null && cursor.sign(':') ? this.#dress(nothing(cursor.pos), own) : null;
    const bare = own !== null && (cursor.atEnd || cursor.isBreak());
    const node = key ?? (bare ? nothing(cursor.pos) : this.#atom(indent, own));
    if (this.#atColon(start, lineStart)) return node;
    if (node.style !== 'plain' && cursor.lineStart !== lineStart) {
      throw new GoYamlError('the quote that opens here closes on a later line', node.start, node.start + 1);
    }
    throw noColon(cursor, start, node.end);
  }

  /** A map whose first key was read already, where there is one. */
  #map(column: number, first: OpenNode | null, start: number, outer: Properties | null): OpenNode {
    const { cursor } = this;
    const node = this.#dress(collection('map', false, start), outer);
    this.#enter();
    let key = first;
    for (;;) {
      let value: OpenNode | null = null;
      this.#lastKey = key === null ? cursor.pos : key.start;
      if (key === null && cursor.sign('?')) {
        node.end = ++cursor.pos;
        cursor.lineComment();
        key = this.#block(column, true, null);
        if (this.#closed(column) || cursor.column > column || !cursor.sign(':')) value = nothing(key.end);
      } else if (key === null) {
        if (cursor.sign(':')) throw this.#unexpected('key');
        key = this.#key(column);
      }
      if (value === null) {
        const wasFresh = cursor.fresh;
        node.end = ++cursor.pos;
        // Behind a key on the same line no other block can begin.
        cursor.fresh = wasFresh && cursor.column - 1 === column;
        cursor.lineComment();
        this.#openers.push(key.start);
        value = this.#block(column, true, null);
        this.#openers.pop();
      }
      node.items.push(key, value);
      node.end = Math.max(node.end, key.end, value.end);
      if (this.#closed(column)) break;
      if (cursor.column > column) throw this.#unexpected('key', key.start);
      if (!cursor.fresh || cursor.sign('-')) throw this.#unexpected('key');
      key = null;
    }
    this.#depth--;
    return node;
  }

  #flow(own: Properties | null): OpenNode {
    const { cursor } = this;
    const { pos: start, lineStart, char: open } = cursor;
    const close = open === '[' ? ']' : '}';
    const node = this.#dress(collection(open === '[' ? 'list' : 'map', true, start), own);
    this.#enter();
    const outside = this.#bracket;
    this.#bracket = start;
    cursor.pos++;
    for (;;) {
      cursor.skip(true);
      if (cursor.atDocumentEnd) throw unclosed(cursor, this.#bracket);
      if (cursor.char === close) break;
      this.#flowItem(node, open === '{');
      cursor.skip(true);
      if (cursor.atDocumentEnd) throw unclosed(cursor, this.#bracket);
      if (cursor.char === ',') cursor.pos++;
      else if (cursor.char !== close) {
        throw cursor.lineStart === lineStart
          ? cursor.error(`"," or "${close}" is missing`, start)
          : unclosed(cursor, this.#bracket);
      }
    }
    this.#bracket = outside;
    cursor.pos++;
    cursor.fresh = false;
    node.end = cursor.pos;
    this.#depth--;
    return node;
  }

  /** One entry between brackets; in a list a pair is a map of its own. */
  #flowItem(node: OpenNode, inMap: boolean): void {
    const { cursor } = this;
    const { pos: start, lineStart } = cursor;
    const explicit = cursor.char === '?';
    if (explicit) {
      cursor.pos++;
      cursor.skip(true);
    }
    const key = this.#flowNode(explicit);
    if (explicit) cursor.skip(true);
    else if (cursor.lineStart === lineStart) while (cursor.isBlank()) cursor.pos++;
    const short = explicit || (cursor.lineStart === lineStart && cursor.pos - start <= MAX_KEY);
    const colon = cursor.char === ':' && short;
    if (!colon && !explicit && !inMap) {
      node.items.push(key);
      return;
    }
    let value = nothing(key.end);
    if (colon) {
      cursor.pos++;
      cursor.skip(true);
      value = ',]}'.includes(cursor.char) && !cursor.atEnd ? nothing(cursor.pos) : this.#flowNode(false);
    }
    if (inMap) node.items.push(key, value);
    else {
      const pair = collection('map', true, start);
      pair.items.push(key, value);
      pair.end = Math.max(key.end, value.end, start + 1);
      node.items.push(pair);
    }
  }

  #flowNode(mayMiss: boolean): OpenNode {
    const { cursor } = this;
    const own = this.#properties();
    if (own !== null) cursor.skip(true);
    const { char } = cursor;
    if (cursor.atDocumentEnd) return this.#dress(nothing(cursor.pos), own);
    // What opens a block on a later line shows that the bracket should have been closed before it.
    if ((cursor.sign('-') || '|>'.includes(char)) && this.#bracket < cursor.lineStart)
      throw unclosed(cursor, this.#bracket);
    if (',]}:'.includes(char)) {
      if (own === null && !mayMiss) throw cursor.error('a value is missing between the brackets');
      return this.#dress(nothing(cursor.pos), own);
    }
    if (char === '?' || cursor.sign('-')) throw cursor.error('a value is missing between the brackets');
    if (own !== null && '&!'.includes(char)) throw cursor.error('a value has one anchor and one tag at most');
    if ('[{"\'*|>%@`&!'.includes(char)) return this.#atom(-1, own);
    return this.#dress(scalar(plainScalar(cursor, -1, true)), own);
  }
}
