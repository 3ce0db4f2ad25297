// SPDX-License-Identifier: Apache-2.0
// What becomes of a scalar in a Go type: the table of test/tools/decoder.test.ts, which asks the library itself.
import type { GoType } from '../go/types.ts';

/** Words that YAML 1.1 takes for truth values and YAML 1.2 for texts; a bool takes them, even in quotes. */
const YES: ReadonlySet<string> = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']);
const NO: ReadonlySet<string> = new Set(['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF']);

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

const RANGES = {
  int: { least: INT_MIN, most: INT_MAX },
  uint32: { least: 0n, most: 2n ** 32n - 1n },
  uint64: { least: 0n, most: 2n ** 64n - 1n },
} as const;

/** What a 64-bit processor makes of a float that becomes an integer: what does not fit is the least number. */
const truncated = (value: number): bigint => {
  const fits = value >= -(2 ** 63) && value < 2 ** 63;
  return fits ? BigInt(Math.trunc(value)) : INT_MIN;
};

function unsigned(value: number): bigint {
  const large = value >= 2 ** 63 && value < 2 ** 64;
  return large ? BigInt(Math.trunc(value)) : BigInt.asUintN(64, truncated(value));
}

/**
 * A float becomes an integer without its fraction. The library asks only whether it is too large, and for that it makes
 * floats of the limits, which are the next power of two; a negative one becomes a large unsigned number.
 */
function integerOf(kind: keyof typeof RANGES, value: number): bigint | null {
  if (kind === 'int') return value <= 2 ** 63 ? truncated(value) : null;
  if (!(value <= 2 ** 64)) return null;
  const whole = unsigned(value);
  return whole <= RANGES[kind].most ? whole : null;
}

/**
 * `value` is what the scalar stands for by itself, and `text` how it is written; null where the type does not take it.
 * What is null already is not asked about: every type takes that.
 */
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
      return YES.has(value) ? true : NO.has(value) ? false : null;
    case 'int':
    case 'uint32':
    case 'uint64': {
      if (typeof value === 'number') return integerOf(kind, value);
      const { least, most } = RANGES[kind];
      return typeof value === 'bigint' && least <= value && value <= most ? value : null;
    }
    case 'duration':
      return typeof value === 'string' ? parseDuration(value) : null;
    default:
      return null;
  }
}

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const PART = /(\d*)(?:\.(\d*))?(ns|[uµμ]s|ms|s|m|h)/y;
/** Whole numbers with more digits do not fit, and more decimals say nothing of a nanosecond. */
const DIGITS = 19;

/** As Go's time.ParseDuration, in nanoseconds; null where it refuses the text. */
export function parseDuration(text: string): bigint | null {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const least = sign === '-' ? -INT_MIN : INT_MAX;
  if (text.slice(sign.length) === '0') return 0n;
  let sum = 0n;
  let at = sign.length;
  do {
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (part === null) return null;
    const [all, digits = '', decimals = '', unit = ''] = part;
    const whole = digits.replace(/^0+/, '');
    if (digits === '' && decimals === '') return null;
    if (whole.length > DIGITS) return null;
    const scale = NANOSECONDS[unit] ?? 0n;
    sum += BigInt(whole) * scale + fraction(decimals.slice(0, DIGITS), scale);
    if (sum > least) return null;
    at += all.length;
  } while (at < text.length);
  return sign === '-' ? -sum : sum;
}

/** Go rounds here as floats do. */
const fraction = (decimals: string, scale: bigint): bigint =>
  BigInt(Math.trunc(Number(decimals) * (Number(scale) / 10 ** decimals.length)));
