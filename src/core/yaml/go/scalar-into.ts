// SPDX-License-Identifier: Apache-2.0
// How a resolved scalar becomes a Go string, number or truth value.
import type { GoType } from './types.ts';

const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_UINT32 = 2n ** 32n - 1n;
/** Only where a truth value is wanted does YAML 1.1 live on. */
const TRUE_WORDS: ReadonlySet<string> = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']);
const FALSE_WORDS: ReadonlySet<string> = new Set(['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF']);

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  '\u00b5s': 1000n,
  '\u03bcs': 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** A Go duration such as `1h30m`, in nanoseconds. */
export function parseDuration(text: string): bigint | null {
  const found = /^([-+]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+|0)$/.exec(text);
  if (found === null) return null;
  const [, sign, rest = ''] = found;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of rest.matchAll(/(\d*)(?:\.(\d*))?([a-z\u00b5\u03bc]+)/g)) {
    const scale = UNITS[unit] ?? 0n;
    total += BigInt(whole === '' ? '0' : whole) * scale;
    const digits = fraction.slice(0, 18);
    if (digits !== '') total += (BigInt(digits) * scale) / 10n ** BigInt(digits.length);
    if (total > 2n ** 63n) return null;
  }
  if (total > MAX_INT64 && !(sign === '-' && total === 2n ** 63n)) return null;
  return sign === '-' ? -total : total;
}

function unsigned(value: bigint | number, max: bigint): bigint | null {
  if (typeof value === 'bigint') return value >= 0n && value <= max ? value : null;
  // A fraction is cut off. A negative one wraps around, which only 64 bits have room for.
  if (!(value <= 2 ** 64)) return null;
  if (value <= -1) return max === MAX_UINT64 ? 0n : null;
  const whole = BigInt(Math.trunc(value));
  return whole <= max ? whole : max === MAX_UINT64 ? max : null;
}

function signed(value: bigint | number): bigint | null {
  if (typeof value === 'bigint') return value <= MAX_INT64 ? value : null;
  if (!(value <= 2 ** 63)) return null;
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

/** The Go value of a scalar; null where it does not fit. `text` is the scalar as it stands in the file. */
export function scalarInto(
  kind: GoType['kind'],
  value: string | number | bigint | boolean,
  text: string,
): string | bigint | boolean | null {
  switch (kind) {
    case 'string':
      return text;
    case 'bool':
      if (typeof value === 'boolean') return value;
      if (typeof value !== 'string') return null;
      return TRUE_WORDS.has(value) ? true : FALSE_WORDS.has(value) ? false : null;
    case 'duration':
      return typeof value === 'string' ? parseDuration(value) : null;
    case 'int':
      return typeof value === 'bigint' || typeof value === 'number' ? signed(value) : null;
    case 'uint32':
      return typeof value === 'bigint' || typeof value === 'number' ? unsigned(value, MAX_UINT32) : null;
    case 'uint64':
      return typeof value === 'bigint' || typeof value === 'number' ? unsigned(value, MAX_UINT64) : null;
    default:
      return null;
  }
}
