// SPDX-License-Identifier: Apache-2.0
// Puts the tokens together to the first document of a text, as gopkg.in/yaml.v3 does for the Go tools.
import { GoYamlError } from './cursor.ts';
import type { GoNode, GoNodeKind } from './node.ts';
import { resolveTag, shortTag } from './resolve.ts';
import { Scanner } from './scanner.ts';
import type { ScalarStyle } from './scalars.ts';
import type { Token, TokenKind } from './tokens.ts';

/** How deep a file may nest. The Go reader takes 10,000 levels; no file that a person wrote comes near. */
const MAX_NESTING = 1000;
/** Thrown where a file is too large to be read here, which says nothing about the Go tools. */
export class GoYamlLimit extends Error {}

interface Properties {
  readonly anchor: string | null;
  readonly tag: string;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NOTHING: Properties = { anchor: null, tag: '' };
/** Tokens behind which a block entry, key or value is empty. */
const ENDS_ENTRY: ReadonlySet<TokenKind> = new Set(['block-entry', 'block-end']);
const ENDS_INDENTLESS: ReadonlySet<TokenKind> = new Set(['block-entry', 'key', 'value', 'block-end']);
const ENDS_BLOCK_KEY: ReadonlySet<TokenKind> = new Set(['key', 'value', 'block-end']);
const ENDS_CONTENT: ReadonlySet<TokenKind> = new Set([
  'version',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
]);

/** One document, read from its tokens. */
export class Parser {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, GoNode>();
  #tagPrefixes = new Map<string, string>();
  #depth = 0;
  /** The brackets that are open, innermost last. */
  readonly #open: Token[] = [];

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  get position(): number {
    return this.#scanner.cursor.pos;
  }

  document(): GoNode | null {
    const scanner = this.#scanner;
    scanner.take();
    let token = scanner.peek();
    if (token.kind === 'stream-end') return null;
    const implicit = !['version', 'tag-directive', 'document-start'].includes(token.kind);
    this.#directives();
    let root: GoNode;
    if (implicit) root = this.#node(true, false);
    else {
      token = scanner.peek();
      if (token.kind !== 'document-start') this.#fail('"---" has to follow the directives', token);
      scanner.take();
      token = scanner.peek();
      root = ENDS_CONTENT.has(token.kind) ? this.#empty(token.start) : this.#node(true, false);
    }
    // The end of the document is read, and what is wrong right behind it is found.
    token = scanner.peek();
    if (token.kind === 'document-end') scanner.take();
    return root;
  }

  /** Only looks whether the scanner refuses what follows, for where the nesting is too deep to build it. */
  drain(): void {
    while (this.#scanner.take().kind !== 'stream-end');
  }

  #directives(): void {
    const scanner = this.#scanner;
    let version = false;
    for (;;) {
      const token = scanner.peek();
      if (token.kind === 'version') {
        if (version) this.#fail('%YAML stands twice', token);
        if (token.value !== '1.1') this.#fail('only %YAML 1.1 is read', token);
        version = true;
      } else if (token.kind === 'tag-directive') {
        if (this.#tagPrefixes.has(token.value)) this.#fail('%TAG stands twice for one handle', token);
        this.#tagPrefixes.set(token.value, token.suffix);
      } else break;
      scanner.take();
    }
    if (!this.#tagPrefixes.has('!')) this.#tagPrefixes.set('!', '!');
    if (!this.#tagPrefixes.has('!!')) this.#tagPrefixes.set('!!', 'tag:yaml.org,2002:');
  }

  #node(block: boolean, indentless: boolean): GoNode {
    if (++this.#depth > MAX_NESTING) throw new GoYamlLimit(`It is nested deeper than ${MAX_NESTING} levels.`);
    try {
      return this.#nodeInside(block, indentless);
    } finally {
      this.#depth--;
    }
  }

  #nodeInside(block: boolean, indentless: boolean): GoNode {
    const scanner = this.#scanner;
    const first = scanner.peek();
    if (first.kind === 'alias') {
      const target = this.#anchors.get(first.value);
      scanner.take();
      if (target === undefined) this.#fail(`no anchor is called "${first.value}"`, first);
      return this.#make('alias', NOTHING, first, { value: first.value, target });
    }
    const properties = this.#properties(first);
    const token = scanner.peek();
    switch (token.kind) {
      case 'block-entry':
        if (indentless) return this.#indentlessList(properties);
        break;
      case 'scalar':
        scanner.take();
        return this.#make('scalar', properties, token, { value: token.value, style: token.style });
      case 'flow-list-start':
        return this.#flowList(properties);
      case 'flow-map-start':
        return this.#flowMap(properties);
      case 'block-list-start':
        if (block) return this.#blockList(properties);
        break;
      case 'block-map-start':
        if (block) return this.#blockMap(properties);
        break;
      default:
    }
    if (properties.anchor !== null || properties.tag !== '') {
      return this.#make('scalar', properties, { ...token, end: token.start }, {});
    }
    this.#fail(block ? 'a value is missing here' : 'a value is missing between the brackets', token, first.start);
  }

  #properties(first: Token): Properties {
    const scanner = this.#scanner;
    if (first.kind !== 'anchor' && first.kind !== 'tag') return NOTHING;
    let anchor: string | null = null;
    let tag: Token | null = null;
    let token = first;
    for (let i = 0; i < 2; i++) {
      if (token.kind === 'anchor' && anchor === null) anchor = token.value;
      else if (token.kind === 'tag' && tag === null) tag = token;
      else break;
      scanner.take();
      token = scanner.peek();
    }
    if (tag === null) return { anchor, tag: '' };
    if (tag.value === '') return { anchor, tag: tag.suffix };
    const whole = (this.#tagPrefixes.get(tag.value) ?? '') + (this.#tagPrefixes.has(tag.value) ? tag.suffix : '');
    if (whole === '') this.#fail(`no %TAG says what ${tag.value} means`, tag, first.start);
    return { anchor, tag: whole };
  }

  #make(kind: GoNodeKind, properties: Properties, at: Token, more: Partial<GoNode>): Writable<GoNode> {
    const style: ScalarStyle = more.style ?? 'plain';
    const value = more.value ?? '';
    const written = properties.tag !== '' && properties.tag !== '!';
    const tag = written
      ? shortTag(properties.tag)
      : kind === 'scalar'
        ? scalarTag(value, style)
        : `!!${kind === 'list' ? 'seq' : kind}`;
    const node: Writable<GoNode> = {
      kind,
      tag,
      flow: false,
      items: [],
      target: null,
      start: at.start,
      end: at.end,
      ...more,
      value,
      style,
    };
    if (properties.anchor !== null) this.#anchors.set(properties.anchor, node);
    return node;
  }

  #empty(at: number): GoNode {
    return {
      kind: 'scalar',
      tag: '!!null',
      value: '',
      style: 'plain',
      flow: false,
      items: [],
      target: null,
      start: at,
      end: at,
    };
  }

  #push(parent: Writable<GoNode>, child: GoNode): void {
    parent.items.push(child);
    if (child.end > parent.end) parent.end = child.end;
  }

  #blockList(properties: Properties): GoNode {
    const scanner = this.#scanner;
    const open = scanner.take();
    const list = this.#make('list', properties, open, {});
    for (;;) {
      const token = scanner.peek();
      if (token.kind === 'block-end') break;
      if (token.kind !== 'block-entry') this.#fail('"- " is missing, or the indentation differs', token, open.start);
      scanner.take();
      const next = scanner.peek();
      this.#push(list, ENDS_ENTRY.has(next.kind) ? this.#empty(token.end) : this.#node(true, false));
    }
    scanner.take();
    return list;
  }

  #indentlessList(properties: Properties): GoNode {
    const scanner = this.#scanner;
    const list = this.#make('list', properties, scanner.peek(), {});
    for (;;) {
      const token = scanner.peek();
      if (token.kind !== 'block-entry') return list;
      scanner.take();
      const next = scanner.peek();
      this.#push(list, ENDS_INDENTLESS.has(next.kind) ? this.#empty(token.end) : this.#node(true, false));
    }
  }

  #blockMap(properties: Properties): GoNode {
    const scanner = this.#scanner;
    const open = scanner.take();
    const map = this.#make('map', properties, open, {});
    for (;;) {
      const token = scanner.peek();
      if (token.kind === 'block-end') break;
      if (token.kind !== 'key') this.#fail('a key is missing, or the indentation differs', token, open.start);
      scanner.take();
      const afterKey = scanner.peek();
      this.#push(map, ENDS_BLOCK_KEY.has(afterKey.kind) ? this.#empty(token.end) : this.#node(true, true));
      const colon = scanner.peek();
      if (colon.kind === 'value') {
        scanner.take();
        const next = scanner.peek();
        this.#push(map, ENDS_BLOCK_KEY.has(next.kind) ? this.#empty(colon.end) : this.#node(true, true));
      } else this.#push(map, this.#empty(colon.start));
    }
    scanner.take();
    return map;
  }

  #flowList(properties: Properties): GoNode {
    const scanner = this.#scanner;
    const open = scanner.take();
    this.#open.push(open);
    const list = this.#make('list', properties, open, { flow: true });
    for (let first = true; ; first = false) {
      let token = scanner.peek();
      if (token.kind !== 'flow-list-end' && !first) {
        if (token.kind !== 'flow-entry') this.#fail('"," or "]" is missing', token, open.start);
        scanner.take();
        token = scanner.peek();
      }
      if (token.kind === 'flow-list-end') break;
      this.#push(list, token.kind === 'key' ? this.#flowPair(scanner.take()) : this.#node(false, false));
    }
    list.end = scanner.take().end;
    this.#open.pop();
    return list;
  }

  /** A single `key: value` inside of brackets. */
  #flowPair(key: Token): GoNode {
    const scanner = this.#scanner;
    const map = this.#make('map', NOTHING, key, { flow: true });
    let token = scanner.peek();
    if (token.kind === 'value' || token.kind === 'flow-entry' || token.kind === 'flow-list-end') {
      // The Go reader drops this token.
      scanner.take();
      this.#push(map, this.#empty(token.end));
    } else this.#push(map, this.#node(false, false));
    token = scanner.peek();
    if (token.kind === 'value') {
      scanner.take();
      const next = scanner.peek();
      if (next.kind !== 'flow-entry' && next.kind !== 'flow-list-end') {
        this.#push(map, this.#node(false, false));
        return map;
      }
    }
    this.#push(map, this.#empty(token.start));
    return map;
  }

  #flowMap(properties: Properties): GoNode {
    const scanner = this.#scanner;
    const open = scanner.take();
    this.#open.push(open);
    const map = this.#make('map', properties, open, { flow: true });
    for (let first = true; ; first = false) {
      let token = scanner.peek();
      if (token.kind !== 'flow-map-end' && !first) {
        if (token.kind !== 'flow-entry') this.#fail('"," or "}" is missing', token, open.start);
        scanner.take();
        token = scanner.peek();
      }
      if (token.kind === 'flow-map-end') break;
      if (token.kind === 'key') {
        scanner.take();
        const next = scanner.peek();
        const empty = next.kind === 'value' || next.kind === 'flow-entry' || next.kind === 'flow-map-end';
        this.#push(map, empty ? this.#empty(next.start) : this.#node(false, false));
        this.#push(map, this.#flowValue());
      } else {
        this.#push(map, this.#node(false, false));
        this.#push(map, this.#empty(scanner.peek().start));
      }
    }
    map.end = scanner.take().end;
    this.#open.pop();
    return map;
  }

  #flowValue(): GoNode {
    const scanner = this.#scanner;
    const token = scanner.peek();
    if (token.kind === 'value') {
      scanner.take();
      const next = scanner.peek();
      if (next.kind !== 'flow-entry' && next.kind !== 'flow-map-end') return this.#node(false, false);
    }
    return this.#empty(token.end);
  }

  #fail(message: string, { start, end }: Token, context: number = start): never {
    // The scanner is ahead, and the brackets it has open are not those that are open here.
    this.#scanner.brackets = this.#open.map((token) => token.start);
    throw new GoYamlError(message, start, end, context);
  }

  /** An open bracket or quote swallows what follows, and what is wrong shows far behind it: name the opening instead. */
  atItsCause(error: GoYamlError): GoYamlError {
    const { text } = this.#scanner.cursor;
    const crossesLine = (from: number, to: number): boolean => /[\r\n]/.test(text.slice(from, to));
    const open = this.#scanner.brackets.at(-1);
    if (open !== undefined && crossesLine(open, error.start)) {
      const message = `the bracket ${text.charAt(open)} is not closed before the next line that does not belong to it`;
      return new GoYamlError(message, open, open + 1);
    }
    const quote = this.#scanner.longQuotes.findLast(({ end }) => end <= error.end);
    if (quote === undefined || crossesLine(quote.end, error.end)) return error;
    return new GoYamlError('the quote that opens here closes on a later line', quote.start, quote.start + 1);
  }
}

function scalarTag(value: string, style: ScalarStyle): string {
  if (style !== 'plain') return '!!str';
  return value === '<<' ? '!!merge' : resolveTag(value);
}
