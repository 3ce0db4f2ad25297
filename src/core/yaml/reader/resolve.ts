// SPDX-License-Identifier: Apache-2.0
// What the text of a scalar stands for: mostly YAML 1.2, with the numbers of Go.

export type Resolved =
  | { readonly tag: '!!null'; readonly value: null }
  | { readonly tag: '!!bool'; readonly value: boolean }
  | { readonly tag: '!!int'; readonly value: bigint }
  | { readonly tag: '!!float'; readonly value: number }
  | { readonly tag: '!!timestamp'; readonly value: string }
  | { readonly tag: string; readonly value: string };

const LONG = 'tag:yaml.org,2002:';
const INT_LOW = -(2n ** 63n);
const INT_HIGH = 2n ** 63n - 1n;
const UINT_HIGH = 2n ** 64n - 1n;
const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const WHOLE = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const DATE =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(.*))?$/;
const ZONE = /^(?:Z|[-+]([0-9]{2}):([0-9]{2}))$/;

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, { tag: '!!null', value: null }] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, { tag: '!!bool', value: true }] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, { tag: '!!bool', value: false }] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { tag: '!!float', value: Number.NaN }] as const),
  ...['.inf', '.Inf', '.INF'].flatMap((word) => [
    [word, { tag: '!!float', value: Infinity }] as const,
    [`+${word}`, { tag: '!!float', value: Infinity }] as const,
    [`-${word}`, { tag: '!!float', value: -Infinity }] as const,
  ]),
  ['<<', { tag: '!!merge', value: '<<' }],
]);

/** `!!str` for `tag:yaml.org,2002:str`; others as written. */
export function shortTag(tag: string): string {
  return tag.startsWith(LONG) ? `!!${tag.slice(LONG.length)}` : tag;
}

function isTimestamp(text: string): boolean {
  const found = DATE.exec(text);
  if (found === null) return false;
  const [, year, month, day, separator, hour, minute, second, zone = ''] = found;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1) return false;
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = m === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31;
  if (d > days) return false;
  if (separator === undefined) return true;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return false;
  if (separator === ' ') return zone === '';
  const offset = ZONE.exec(zone);
  return offset !== null && Number(offset[1] ?? 0) <= 24 && Number(offset[2] ?? 0) < 60;
}

function wholeNumber(text: string): bigint | null {
  // Longer ones are beyond 64 bits, however many zeros they begin with being the exception nobody writes.
  const found = text.length > 400 ? null : WHOLE.exec(text);
  if (found === null) return null;
  const [, sign = '', hex, binary, octal, decimal] = found;
  const size =
    hex !== undefined
      ? BigInt(`0x${hex}`)
      : binary !== undefined
        ? BigInt(`0b${binary}`)
        : octal !== undefined
          ? BigInt(`0o${octal}`)
          : BigInt(decimal ?? '0');
  const value = sign === '-' ? -size : size;
  const high = sign === '' ? UINT_HIGH : INT_HIGH;
  return value >= INT_LOW && value <= high ? value : null;
}

/** What a plain scalar is. */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const string: Resolved = { tag: '!!str', value: text };
  if (!/^[-+.0-9]/.test(text)) return string;
  if (text.startsWith('.')) {
    const value = DECIMAL.test(text) ? Number(text) : Infinity;
    return Number.isFinite(value) ? { tag: '!!float', value } : string;
  }
  if (isTimestamp(text)) return { tag: '!!timestamp', value: text };
  const digits = text.replaceAll('_', '');
  const value = wholeNumber(digits);
  if (value !== null) return { tag: '!!int', value };
  if (!DECIMAL.test(digits)) return string;
  const float = Number(digits);
  return Number.isFinite(float) ? { tag: '!!float', value: float } : string;
}

export function resolveTag(text: string): string {
  return resolvePlain(text).tag;
}

/** The text read under a tag; null where it is not of that kind. */
export function resolveAs(tag: string, text: string): Resolved | null {
  const short = shortTag(tag);
  if (short === '') return resolvePlain(text);
  if (!['!!null', '!!bool', '!!int', '!!float', '!!timestamp'].includes(short)) return { tag: short, value: text };
  const found = resolvePlain(text);
  if (found.tag === short) return found;
  if (short === '!!float' && typeof found.value === 'bigint') return { tag: '!!float', value: Number(found.value) };
  return null;
}
