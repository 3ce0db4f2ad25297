// SPDX-License-Identifier: Apache-2.0
// Every small change that can be made to a signed thing, one at a time: each value of its JSON, each byte of what is
// encoded in it, each piece of its certificates and timestamps.
import type { CaseItem } from './model.ts';

export interface Mutant {
  /** Where: the path of the value, without the numbers of lists. */
  readonly place: string;
  readonly change: string;
  readonly item: CaseItem;
}

type Json = Record<string, unknown>;
type Path = readonly (string | number)[];
type Change = readonly [string, unknown];

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const REMOVED = Symbol('removed');

function places(value: unknown, path: Path = []): readonly Path[] {
  if (!isObject(value)) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((each, index) => [index, each] as const)
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, each]) => places(each, [...path, key]))];
}

const valueAt = (document: unknown, path: Path): unknown =>
  path.reduce((here, key) => (isObject(here) ? here[key] : undefined), document);

/** A copy with another value at `path`. */
function put(document: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (!isObject(document)) return document;
  const inner = rest.length === 0 ? value : put(document[key], rest, value);
  if (Array.isArray(document)) {
    const copy = [...(document as unknown[])];
    if (inner === REMOVED) copy.splice(Number(key), 1);
    else copy[Number(key)] = inner;
    return copy;
  }
  const { [key]: _, ...others } = document;
  return inner === REMOVED ? others : { ...document, [key]: inner };
}

/** The same document where the key at `path` stands twice, the second time with another value. */
function doubled(document: unknown, path: Path): string {
  const marker = '\u0001twice';
  const text = JSON.stringify(put(document, [...path.slice(0, -1), marker], 'x'));
  return text.replace(JSON.stringify(marker), JSON.stringify(String(path.at(-1))));
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[A-Za-z0-9+/]{2,3}={1,2}$/;

/** Other values for one that stands there, whatever it is. */
function otherValues(value: unknown): readonly Change[] {
  const odd: Change[] = [
    ...[null, '', 0, 1, -1, true, [], {}, '0', '00', ' ', '\u0000', 'x'].map((each): Change => [
      `is ${JSON.stringify(each)}`,
      each,
    ]),
    ['is very long', 'A'.repeat(200_000)],
    ['is a list of it', [value]],
    ['is an object of it', { value }],
    ['is taken away', REMOVED],
  ];
  if (Array.isArray(value))
    odd.push(
      ['holds its first twice', [...(value as unknown[]), value[0]]],
      ['holds null as well', [...(value as unknown[]), null]],
      ['holds an empty object as well', [...(value as unknown[]), {}]],
      ['is reversed', (value as unknown[]).toReversed()],
      ['is an object', { ...value }],
    );
  else if (isObject(value)) odd.push(['has a member that nobody knows', { ...value, unknownMember: 'x' }]);
  if (typeof value === 'string')
    odd.push(
      ['has a blank behind', `${value} `],
      ['has a blank before', ` ${value}`],
      ['has a line break behind', `${value}\n`],
      ['has a NUL behind', `${value}\u0000`],
      ['stands twice in itself', value + value],
      ['is in capitals', value.toUpperCase()],
      ['is in small letters', value.toLowerCase()],
    );
  if (typeof value === 'string' && /^\d+$/.test(value))
    odd.push(
      ['is a number', Number(value)],
      ['has noughts before', `0${value}`],
      ['is one more', String(Number(value) + 1)],
      ['is written as a power', `${value}e0`],
      ['is a fraction', `${value}.0`],
    );
  return odd.filter(([, other]) => other !== value);
}

/** Other texts for base64, most of which another reader reads differently or refuses. */
function otherTexts(text: string): readonly Change[] {
  const middle = Math.floor(text.length / 8) * 4;
  const insert = (what: string): string => text.slice(0, middle) + what + text.slice(middle);
  const last = /([A-Za-z0-9+/])(=*)$/.exec(text);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const changes: Change[] = [
    ['base64: a blank in it', insert(' ')],
    ['base64: a line break in it', insert('\n')],
    ['base64: a sign that is none in it', insert('*')],
    ['base64: padding in it', insert('=')],
    ['base64: padding and more in it', insert('====')],
    ['base64: padding behind', `${text}=`],
    ['base64: more padding behind', `${text}====`],
    ['base64: a sign behind', `${text}A`],
    ['base64: a text behind', `${text}QUJD`],
    ['base64: no padding', text.replace(/=+$/, '')],
    ['base64: for addresses', text.replaceAll('+', '-').replaceAll('/', '_')],
    ['base64: half for addresses', text.replace('+', '-').replace('/', '_')],
  ];
  if (last?.[2] !== undefined && last[2] !== '') {
    const code = alphabet.indexOf(last[1] ?? '');
    changes.push(['base64: bits after the end', `${text.slice(0, last.index)}${alphabet[code + 1] ?? 'A'}${last[2]}`]);
  }
  return changes.filter(([, other]) => other !== text);
}

/** Other bytes; `every` and `from` choose which are turned. */
function otherBytes(bytes: Buffer, every: number, from: number): readonly (readonly [string, Buffer])[] {
  const changes: (readonly [string, Buffer])[] = [];
  for (let at = from % every; at < bytes.length; at += every) {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
    changes.push([`bytes: ${at}`, copy]);
  }
  for (const part of [0.1, 0.5, 0.9]) changes.push(['bytes: cut', bytes.subarray(0, Math.floor(bytes.length * part))]);
  changes.push(['bytes: the last cut', bytes.subarray(0, -1)], ['bytes: the first cut', bytes.subarray(1)]);
  changes.push(['bytes: one behind', Buffer.concat([bytes, Buffer.from([0])])]);
  changes.push(['bytes: it twice', Buffer.concat([bytes, bytes])]);
  return changes;
}

interface Node {
  readonly tag: number;
  readonly parts: readonly Node[] | null;
  readonly body: Buffer;
}

/** Pieces of DER; null where it is none. */
function piecesOf(bytes: Buffer): readonly Node[] | null {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let head = 2;
    if (length > 0x80) {
      const count = length & 0x7f;
      if (count > 3) return null;
      length = 0;
      for (let index = 0; index < count; index++) length = length * 256 + (bytes[at + 2 + index] ?? 0);
      head += count;
    }
    const body = bytes.subarray(at + head, at + head + length);
    if (body.length !== length || tag === 0) return null;
    nodes.push({ tag, body, parts: (tag & 0x20) !== 0 ? piecesOf(body) : null });
    at += head + length;
  }
  return nodes;
}

function written({ tag, parts, body }: Node): Buffer {
  const inner = parts === null ? body : Buffer.concat(parts.map(written));
  const size = inner.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), inner]);
}

/** One piece taken away, doubled, changed with its neighbour, emptied, or called something else; lengths are kept right. */
function otherPieces(bytes: Buffer): readonly (readonly [string, Buffer])[] {
  const [root, ...more] = piecesOf(bytes) ?? [];
  if (root === undefined || more.length > 0) return [];
  const changes: (readonly [string, Buffer])[] = [];
  const walk = (node: Node, where: string, rebuild: (changed: readonly Node[]) => Node): void => {
    const tell = (what: string, nodes: readonly Node[]): void =>
      void changes.push([`pieces: ${where} ${what}`, written(rebuild(nodes))]);
    tell('taken away', []);
    tell('doubled', [node, node]);
    tell('emptied', [{ ...node, parts: null, body: Buffer.alloc(0) }]);
    tell('of another tag', [{ ...node, tag: node.tag ^ 1 }]);
    const { parts } = node;
    for (const [index, part] of (parts ?? []).entries())
      walk(part, `${where}.${index}`, (changed) =>
        rebuild([
          { ...node, parts: [...(parts ?? []).slice(0, index), ...changed, ...(parts ?? []).slice(index + 1)] },
        ]),
      );
    if (parts !== null && parts.length > 1) tell('reversed', [{ ...node, parts: parts.toReversed() }]);
  };
  walk(root, '0', ([first = { tag: 0x30, parts: [], body: Buffer.alloc(0) }]) => first);
  return changes;
}

export interface Density {
  /** One byte of so many is turned. */
  readonly every: number;
  /** The first of them. */
  readonly from: number;
}

/** A document and what it is put back into. */
function ofDocument(
  name: string,
  document: unknown,
  other: unknown,
  density: Density,
  back: (text: string) => CaseItem,
  wholeText = true,
): Mutant[] {
  const mutants: Mutant[] = [];
  const tell = (path: Path, change: string, text: string): void => {
    const place = [name, ...path.map((key) => (typeof key === 'number' ? '#' : key))].join('.');
    mutants.push({ place, change, item: back(text) });
  };
  for (const path of places(document)) {
    const value = valueAt(document, path);
    const swap = valueAt(other, path);
    const set = (change: string, changed: unknown): void =>
      tell(path, change, JSON.stringify(put(document, path, changed)));
    for (const [change, changed] of otherValues(value))
      if (path.length > 0 || changed !== REMOVED) set(change, changed);
    if (swap !== undefined && JSON.stringify(swap) !== JSON.stringify(value)) set('that of another', swap);
    const key = path.at(-1);
    if (typeof key === 'string') {
      tell(path, 'stands twice', doubled(document, path));
      for (const spelled of [snake(key), key.toUpperCase(), ` ${key}`])
        if (spelled !== key) {
          const without = put(document, path, REMOVED);
          const holder = path.slice(0, -1);
          tell(path, 'is spelled otherwise', JSON.stringify(put(without, [...holder, spelled], value)));
          tell(path, 'is spelled otherwise, too', JSON.stringify(put(document, [...holder, spelled], value)));
          tell(path, 'is spelled otherwise, too, and empty', JSON.stringify(put(document, [...holder, spelled], {})));
        }
    }
    if (typeof value === 'string' && BASE64.test(value) && value.length > 10) {
      const bytes = Buffer.from(value, 'base64');
      for (const [change, text] of otherTexts(value)) set(change, text);
      for (const [change, changed] of otherBytes(bytes, density.every, density.from))
        set(change, changed.toString('base64'));
      for (const [change, changed] of otherPieces(bytes)) set(change, changed.toString('base64'));
    }
  }
  const text = JSON.stringify(document);
  if (!wholeText) return mutants;
  for (const [change, changed] of [
    ['a mark of byte order', `\ufeff${text}`],
    ['a comment', `${text}// x`],
    ['a second document', text + text],
    ['a blank', ` ${text}`],
    ['indented', JSON.stringify(document, null, 2)],
    ['a NUL', `${text}\u0000`],
  ] as const)
    tell([], change, changed);
  return mutants;
}

/** Where other bytes of a document change its values; `form` where they change none, or more than one. */
function placeOf(document: unknown, bytes: Buffer): string {
  let changed: unknown;
  try {
    changed = JSON.parse(bytes.toString('utf8'));
  } catch {
    return 'form';
  }
  const differing = places(document).filter((path) => {
    const value = valueAt(document, path);
    return !isObject(value) && valueAt(changed, path) !== value;
  });
  const [only, ...more] = differing;
  if (only === undefined || more.length > 0) return 'form';
  return ['', ...only.map((key) => (typeof key === 'number' ? '#' : key))].join('.');
}

const parsed = (item: CaseItem): unknown => JSON.parse(Buffer.from(item.bytes, 'base64').toString('utf8'));
const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Every mutant of an item; `other` is of the same form and gives its own values. */
export function mutantsOf(item: CaseItem, other: CaseItem, density: Density): readonly Mutant[] {
  const whole = (text: string): CaseItem => ({ ...item, bytes: base64(text) });
  const mutants = ofDocument('', parsed(item), parsed(other), density, whole);
  for (const [change, bytes] of otherBytes(Buffer.from(item.bytes, 'base64'), density.every, density.from))
    mutants.push({ place: `${placeOf(parsed(item), bytes)}`, change, item: { ...item, bytes: base64(bytes) } });
  const names = Object.keys(item.annotations);
  if (names.length > 0)
    mutants.push(
      ...ofDocument(
        'annotations',
        item.annotations,
        other.annotations,
        density,
        (text) => ({ ...item, annotations: textsOf(JSON.parse(text)) }),
        false,
      ),
    );
  for (const name of names) {
    const value = item.annotations[name] ?? '';
    const others = other.annotations[name] ?? '';
    const back = (text: string): CaseItem => ({ ...item, annotations: { ...item.annotations, [name]: text } });
    if (value.startsWith('{'))
      mutants.push(...ofDocument(name, JSON.parse(value), others === '' ? {} : JSON.parse(others), density, back));
    if (value.startsWith('-----')) {
      const [head = '', ...lines] = value.trimEnd().split('\n');
      const end = lines.pop() ?? '';
      const bytes = Buffer.from(lines.join(''), 'base64');
      for (const [change, changed] of [...otherBytes(bytes, density.every, density.from), ...otherPieces(bytes)])
        if (!changed.equals(bytes))
          mutants.push({ place: name, change, item: back(`${head}\n${base64(changed)}\n${end}\n`) });
    }
  }
  const same = (one: CaseItem): boolean =>
    one.bytes === item.bytes && JSON.stringify(one.annotations) === JSON.stringify(item.annotations);
  return mutants.filter((mutant) => !same(mutant.item));
}

/** Annotations are texts; whatever else a change made of one is left out. */
function textsOf(value: unknown): Record<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((each): each is [string, string] => typeof each[1] === 'string'));
}
