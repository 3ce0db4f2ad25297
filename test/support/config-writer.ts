// SPDX-License-Identifier: Apache-2.0
// Writes values as YAML in the many ways people do: block and flow, plain and quoted, indented lists and flush ones.
import type { Random } from './dockerfile-grammar.ts';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const isMap = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Texts that stand for themselves without quotes, whatever is around them. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./+-]*(?: [A-Za-z0-9_./+-]+)*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|~)$/i;

export interface Style {
  /** Chance of a comment or an empty line before a key. */
  readonly comments: number;
  readonly flow: number;
  readonly quotes: number;
  /** True where lists stand as deep as their key. */
  readonly flushLists: boolean;
  readonly indent: number;
}

export function anyStyle(random: Random): Style {
  return {
    comments: random.pick([0, 0.05, 0.15]),
    flow: random.pick([0, 0.2, 0.5]),
    quotes: random.pick([0, 0.2, 0.6]),
    flushLists: random.chance(0.3),
    indent: random.pick([2, 2, 2, 4]),
  };
}

export class Writer {
  readonly #random: Random;
  readonly #style: Style;
  readonly #lines: string[] = [];

  constructor(random: Random, style: Style) {
    this.#random = random;
    this.#style = style;
  }

  write(value: { readonly [key: string]: Value }): string {
    this.#map(value, 0, '');
    return `${this.#lines.join('\n')}\n`;
  }

  #map(map: { readonly [key: string]: Value }, indent: number, lead: string): void {
    let first = lead;
    for (const [key, value] of Object.entries(map)) {
      if (first === '' && this.#random.chance(this.#style.comments)) {
        this.#lines.push(this.#random.pick(['', `${' '.repeat(indent)}# ${key} matters: "here", {too}`]));
      }
      const start = first === '' ? ' '.repeat(indent) : first;
      first = '';
      this.#entry(`${start}${this.#scalar(key, false)}:`, value, indent);
    }
  }

  #entry(head: string, value: Value, indent: number): void {
    const { indent: step, flushLists } = this.#style;
    if (isMap(value)) {
      if (Object.keys(value).length === 0 || this.#canFlow(value)) this.#lines.push(`${head} ${this.#flow(value)}`);
      else {
        this.#lines.push(head);
        this.#map(value, indent + step, '');
      }
    } else if (isList(value)) {
      if (value.length === 0 || this.#canFlow(value)) this.#lines.push(`${head} ${this.#flow(value)}`);
      else {
        this.#lines.push(head);
        this.#list(value, flushLists ? indent : indent + step);
      }
    } else if (typeof value === 'string' && value.includes('\n')) this.#block(head, value, indent + step);
    else
      this.#lines.push(
        `${head} ${this.#scalar(value, false)}${this.#random.chance(this.#style.comments / 2) ? ' # why' : ''}`,
      );
  }

  #list(list: readonly Value[], indent: number): void {
    const pad = ' '.repeat(indent);
    for (const item of list) {
      if (isMap(item) && Object.keys(item).length > 0) this.#map(item, indent + 2, `${pad}- `);
      else if (isMap(item) || isList(item)) this.#lines.push(`${pad}- ${this.#flow(item)}`);
      else if (typeof item === 'string' && item.includes('\n')) this.#block(`${pad}-`, item, indent + 2);
      else this.#lines.push(`${pad}- ${this.#scalar(item, false)}`);
    }
  }

  #block(head: string, text: string, indent: number): void {
    const chomp = text.endsWith('\n') ? '' : '-';
    this.#lines.push(`${head} ${this.#random.pick(['|', '|', '|', '>'])}${chomp}`);
    for (const line of text.replace(/\n$/, '').split('\n'))
      this.#lines.push(line === '' ? '' : ' '.repeat(indent) + line);
  }

  #canFlow(value: Value): boolean {
    const short = (each: Value): boolean =>
      isMap(each) || isList(each) ? false : String(each).length < 30 && !String(each).includes('\n');
    const all = isList(value) ? value : isMap(value) ? Object.values(value) : [];
    return all.length <= 4 && all.every(short) && this.#random.chance(this.#style.flow);
  }

  #flow(value: Value): string {
    if (isList(value)) return `[${value.map((item) => this.#flow(item)).join(', ')}]`;
    if (!isMap(value)) return this.#scalar(value, true);
    const inside = Object.entries(value).map(([key, item]) => `${this.#scalar(key, true)}: ${this.#flow(item)}`);
    return inside.length === 0
      ? '{}'
      : `{${this.#random.pick(['', ' '])}${inside.join(', ')}${this.#random.pick(['', ' '])}}`;
  }

  #scalar(value: string | number | boolean | null, flow: boolean): string {
    if (value === null) return flow ? 'null' : this.#random.pick(['null', '~', '']);
    if (typeof value !== 'string') return String(value);
    const plain = PLAIN.test(value) && !WORDS.test(value);
    if (plain && !this.#random.chance(this.#style.quotes)) return value;
    if (
      !flow &&
      !plain &&
      /^[A-Za-z$@/][^#\n]*$/.test(value) &&
      !/: |[@`]|:$/.test(value) &&
      this.#random.chance(0.5)
    ) {
      return value.endsWith(' ') ? JSON.stringify(value) : value;
    }
    return this.#random.chance(0.5) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
  }
}
