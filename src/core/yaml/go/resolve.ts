// SPDX-License-Identifier: Apache-2.0
// What a plain scalar means to gopkg.in/yaml.v3: YAML 1.2 with the octal numbers of 1.1 kept, and dates.

const LONG_PREFIX = 'tag:yaml.org,2002:';

export function shortTag(tag: string): string {
  return tag.startsWith(LONG_PREFIX) ? `!!${tag.slice(LONG_PREFIX.length)}` : tag;
}

export type Resolved =
  | { readonly tag: '!!null'; readonly value: null }
  | { readonly tag: '!!bool'; readonly value: boolean }
  | { readonly tag: '!!int'; readonly value: bigint }
  | { readonly tag: '!!float'; readonly value: number }
  | { readonly tag: '!!timestamp'; readonly value: string }
  | { readonly tag: string; readonly value: string };

const NULL: Resolved = { tag: '!!null', value: null };
const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['true', 'True', 'TRUE'].map((word) => [word, { tag: '!!bool', value: true }] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, { tag: '!!bool', value: false }] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, NULL] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { tag: '!!float', value: Number.NaN }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, { tag: '!!float', value: Number.POSITIVE_INFINITY }] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, { tag: '!!float', value: Number.NEGATIVE_INFINITY }] as const),
]);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
/** Dates by the layouts the Go reader tries: with a zone behind `T`, with a time behind a space, or alone. */
const DATE =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)| +(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?$/;

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

function integer(text: string): bigint | null {
  const found = INTEGER.exec(text);
  if (found === null) return null;
  const [, sign, hex, octal, binary, old, decimal] = found;
  const digits =
    hex !== undefined
      ? `0x${hex}`
      : octal !== undefined
        ? `0o${octal}`
        : binary !== undefined
          ? `0b${binary}`
          : old !== undefined
            ? `0o${old}`
            : (decimal ?? '');
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return value < MIN_INT64 || value > MAX_UINT64 || (sign === '+' && value >= 2n ** 63n) ? null : value;
}

function isDate(text: string): boolean {
  const found = DATE.exec(text);
  if (found === null) return false;
  const [year = 0, month = 0, day = 0, ...time] = found.slice(1).map((part) => (part === undefined ? 0 : Number(part)));
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  const [hour = 0, minute = 0, second = 0, hour2 = 0, minute2 = 0, second2 = 0] = time;
  return (
    days !== undefined &&
    day >= 1 &&
    day <= days &&
    Math.max(hour, hour2) < 24 &&
    Math.max(minute, minute2) < 60 &&
    Math.max(second, second2) < 60
  );
}

/** What a scalar without a tag is. */
export function resolvePlain(text: string): Resolved {
  const first = text.charCodeAt(0);
  const known = WORDS.get(text);
  if (known !== undefined) return known;
  // Only a digit, a sign or a dot can begin anything but a text.
  const digit = first >= 48 && first <= 57;
  if (first === 46) {
    return FLOAT.test(text) && Number.isFinite(Number(text))
      ? { tag: '!!float', value: Number(text) }
      : { tag: '!!str', value: text };
  }
  if (!digit && first !== 43 && first !== 45) return { tag: '!!str', value: text };
  if (digit && isDate(text)) return { tag: '!!timestamp', value: text };
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const int = integer(plain);
  if (int !== null) return { tag: '!!int', value: int };
  if (FLOAT.test(plain) && Number.isFinite(Number(plain))) return { tag: '!!float', value: Number(plain) };
  return { tag: '!!str', value: text };
}

export function resolveTag(text: string): string {
  return resolvePlain(text).tag;
}

const RESOLVABLE: ReadonlySet<string> = new Set(['', '!!str', '!!bool', '!!int', '!!float', '!!null', '!!timestamp']);

/** What a scalar with this short tag is; null where the text is none of that kind. */
export function resolveAs(tag: string, text: string): Resolved | null {
  if (!RESOLVABLE.has(tag)) return { tag, value: text };
  if (tag === '!!str') return { tag, value: text };
  const found = resolvePlain(text);
  if (tag === '' || tag === found.tag) return found;
  if (tag === '!!float' && found.tag === '!!int') return { tag: '!!float', value: Number(found.value) };
  return null;
}
