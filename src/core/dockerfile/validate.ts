// SPDX-License-Identifier: Apache-2.0
import { lowerCase } from './characters.ts';
import type { Part } from './split.ts';
import { csvFields, deviceError } from './mounts.ts';

/**
 * What BuildKit's instructions.Parse (v0.31.0) refuses, instruction by instruction. A function answers the message
 * of the refusal, or null.
 */

export interface ParsedInstruction {
  /** Upper case. */
  readonly keyword: string;
  readonly flags: readonly Part[];
  /** As the parser layer splits them for this instruction. */
  readonly args: readonly string[];
  readonly json: boolean;
}

type FlagType = 'bool' | 'string' | 'strings';
type FlagTable = Readonly<Record<string, FlagType>>;

const NO_FLAGS: FlagTable = {};
const FLAGS: Readonly<Record<string, FlagTable>> = {
  ADD: {
    chown: 'string',
    chmod: 'string',
    link: 'bool',
    'keep-git-dir': 'bool',
    checksum: 'string',
    unpack: 'bool',
    exclude: 'strings',
  },
  COPY: { chown: 'string', from: 'string', chmod: 'string', link: 'bool', exclude: 'strings', parents: 'bool' },
  FROM: { platform: 'string' },
  RUN: { mount: 'strings', network: 'string', security: 'string', device: 'strings' },
  HEALTHCHECK: {
    interval: 'string',
    timeout: 'string',
    'start-period': 'string',
    'start-interval': 'string',
    retries: 'string',
  },
};
/** Instructions whose flags are never looked at. */
const IGNORES_FLAGS = new Set(['ARG', 'STOPSIGNAL']);

function flagsError(flags: readonly Part[], table: FlagTable): string | null {
  const used = new Set<string>();
  for (const { text } of flags) {
    if (!text.startsWith('--')) return `arg should start with -- : ${text}`;
    const equals = text.indexOf('=');
    const name = text.slice(2, equals < 0 ? undefined : equals);
    const value = equals < 0 ? null : text.slice(equals + 1);
    const type = Object.hasOwn(table, name) ? table[name] : undefined;
    if (type === undefined) return `unknown flag: --${name}`;
    if (used.has(name) && type !== 'strings') return `duplicate flag specified: --${name}`;
    used.add(name);
    if (type !== 'bool') {
      if (value === null) return `missing a value on flag: --${name}`;
    } else if (value === '') {
      return `missing a value on flag: --${name}`;
    } else if (value !== null && !/^(?:true|false)$/i.test(value)) {
      return `expecting boolean value for flag --${name}, not: ${value}`;
    }
  }
  return null;
}

/** Values of a flag, in order. */
function flagValues(flags: readonly Part[], name: string): readonly string[] {
  const prefix = `--${name}=`;
  return flags.filter(({ text }) => text.startsWith(prefix)).map(({ text }) => text.slice(prefix.length));
}

/** Go also knows the two micro signs, but flags are read byte by byte, which no sign beyond ASCII survives. */
const DURATION_UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
/** The largest duration that Go's time.ParseDuration accepts, in nanoseconds (2^63 - 1). */
const MAX_DURATION = 2 ** 63;

function durationError(value: string, name: string): string | null {
  if (value === '' || /^[+-]?0$/.test(value)) return null;
  const body = value.replace(/^[+-]/, '');
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|ms|s|m|h))+$/.test(body)) return `invalid duration "${value}"`;
  let total = 0;
  for (const [, whole = '', fraction = '', unit = ''] of body.matchAll(/(\d*)(\.\d*)?([a-z]+)/g)) {
    const nanoseconds = DURATION_UNITS[unit] ?? 0;
    total += Number(whole) * nanoseconds + Math.trunc(Number(`0${fraction}`) * nanoseconds);
  }
  if (total >= MAX_DURATION) return `invalid duration "${value}"`;
  const nanoseconds = value.startsWith('-') ? -total : total;
  return nanoseconds !== 0 && nanoseconds < 1e6 ? `Interval "${name}" cannot be less than 1ms` : null;
}

function healthcheckError({ flags, args, json }: ParsedInstruction): string | null {
  const [type, ...rest] = args;
  if (type === undefined) return 'HEALTHCHECK requires at least one argument';
  if (type.toUpperCase() === 'NONE') return rest.length > 0 ? 'HEALTHCHECK NONE takes no arguments' : null;
  const wrong = flagsError(flags, FLAGS['HEALTHCHECK'] ?? NO_FLAGS);
  if (wrong !== null) return wrong;
  if (type.toUpperCase() !== 'CMD') return `Unknown type "${type.toUpperCase()}" in HEALTHCHECK (try CMD)`;
  if (rest.length === 0 || (!json && rest.join(' ') === '')) return 'Missing command after HEALTHCHECK CMD';
  for (const name of ['interval', 'timeout', 'start-period', 'start-interval']) {
    const error = durationError(flagValues(flags, name).at(-1) ?? '', name);
    if (error !== null) return error;
  }
  const retries = flagValues(flags, 'retries').at(-1) ?? '';
  if (retries === '') return null;
  if (!/^[+-]?\d+$/.test(retries) || Math.abs(Number(retries)) > 2 ** 31 - 1)
    return `--retries is no number: ${retries}`;
  return Number(retries) < 0 ? `--retries cannot be negative (${retries})` : null;
}

function runError({ flags }: ParsedInstruction): string | null {
  const wrong = flagsError(flags, FLAGS['RUN'] ?? NO_FLAGS);
  if (wrong !== null) return wrong;
  for (const mount of flagValues(flags, 'mount')) {
    const fields = csvFields(mount);
    if (fields === null) return 'failed to parse csv mounts';
    for (const field of fields) {
      const equals = field.indexOf('=');
      if (equals < 0 || lowerCase(field.slice(0, equals)) !== 'from') continue;
      const dollar = field.indexOf('$', equals + 1);
      if (dollar >= 0 && dollar !== field.length - 1) {
        return "'from' doesn't support variable expansion, define alias stage instead";
      }
    }
  }
  for (const device of flagValues(flags, 'device')) {
    const error = deviceError(device);
    if (error !== null) return error;
  }
  const network = flagValues(flags, 'network').at(-1) ?? 'default';
  if (!['default', 'none', 'host'].includes(network)) return `invalid network mode "${network}"`;
  const security = flagValues(flags, 'security').at(-1) ?? 'sandbox';
  return ['insecure', 'sandbox'].includes(security) ? null : `security "${security}" is not valid`;
}

/** True for a word that begins a heredoc, `<<NAME`; `heredocName` is BuildKit's reading of it. */
type IsHeredoc = (word: string) => boolean;

function copyError(instruction: ParsedInstruction, isHeredoc: IsHeredoc): string | null {
  const { keyword, flags, args } = instruction;
  if (args.length < 2)
    return `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
  const wrong = flagsError(flags, FLAGS[keyword] ?? NO_FLAGS);
  if (wrong !== null) return wrong;
  return isHeredoc(args.at(-1) ?? '') ? `${keyword} cannot accept a heredoc as a destination` : null;
}

/** `as` under Go's strings.EqualFold, to which the long s is an s. */
const AS = /^[aA][sS\u017f]$/;

function fromError({ flags, args }: ParsedInstruction): string | null {
  if (args.length === 3 && AS.test(args[1] ?? '')) {
    if (!/^[a-z][a-z0-9\-_.]*$/.test(lowerCase(args[2] ?? ''))) {
      return `invalid name for build stage: "${args[2]}", name can't start with a number or contain symbols`;
    }
  } else if (args.length !== 1) {
    return 'FROM requires either one or three arguments';
  }
  return flagsError(flags, FLAGS['FROM'] ?? NO_FLAGS);
}

function onbuildError({ flags, args }: ParsedInstruction): string | null {
  if (args.length === 0) return 'ONBUILD requires at least one argument';
  const wrong = flagsError(flags, NO_FLAGS);
  if (wrong !== null) return wrong;
  const trigger = (args[0] ?? '').trim().toUpperCase();
  if (trigger === 'ONBUILD') return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
  return trigger === 'MAINTAINER' || trigger === 'FROM' ? `${trigger} isn't allowed as an ONBUILD trigger` : null;
}

const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const EXACTLY_ONE = new Set(['MAINTAINER', 'WORKDIR', 'USER', 'STOPSIGNAL']);
const AT_LEAST_ONE = new Set(['ENV', 'LABEL', 'EXPOSE', 'VOLUME', 'ARG', 'SHELL']);

/** The message with which BuildKit refuses an instruction, or null where it takes it. */
export function instructionError(instruction: ParsedInstruction, isHeredoc: IsHeredoc): string | null {
  const { keyword, flags, args, json } = instruction;
  if (!KNOWN.has(keyword)) return `unknown instruction: ${keyword}`;
  if (keyword === 'HEALTHCHECK') return healthcheckError(instruction);
  if (keyword === 'RUN') return runError(instruction);
  if (keyword === 'FROM') return fromError(instruction);
  if (keyword === 'ONBUILD') return onbuildError(instruction);
  if (keyword === 'ADD' || keyword === 'COPY') return copyError(instruction, isHeredoc);
  if (EXACTLY_ONE.has(keyword) && args.length !== 1) return `${keyword} requires exactly one argument`;
  if (!IGNORES_FLAGS.has(keyword)) {
    const wrong = flagsError(flags, NO_FLAGS);
    if (wrong !== null) return wrong;
  }
  if (AT_LEAST_ONE.has(keyword) && args.length === 0) return `${keyword} requires at least one argument`;
  if (keyword === 'SHELL' && !json) return 'SHELL requires the arguments to be in JSON form';
  if (keyword === 'VOLUME' && args.some((volume) => volume.trim() === ''))
    return 'VOLUME specified can not be an empty string';
  if ((keyword === 'ARG' || keyword === 'ENV' || keyword === 'LABEL') && args.some((each) => each.startsWith('='))) {
    return `${keyword} names can not be blank`;
  }
  return null;
}

/** `KEY=value …` and the old `KEY value` of ENV and LABEL: the pairs, or the message of the refusal. */
export function keyValuePairs(
  keyword: string,
  words: readonly Part[],
  args: string,
): { readonly pairs: readonly { readonly key: string; readonly value: string }[] } | { readonly error: string } {
  const [first] = words;
  if (first === undefined) return { pairs: [] };
  if (!first.text.includes('=')) {
    const blank = /[\t\v\f\r ]+/.exec(args);
    if (blank === null) return { error: `${keyword} must have two arguments` };
    return { pairs: [{ key: args.slice(0, blank.index), value: args.slice(blank.index + blank[0].length) }] };
  }
  const pairs: { key: string; value: string }[] = [];
  for (const { text } of words) {
    const equals = text.indexOf('=');
    if (equals < 0) return { error: `Syntax error - can't find = in "${text}". Must be of the form: name=value` };
    pairs.push({ key: text.slice(0, equals), value: text.slice(equals + 1) });
  }
  return { pairs };
}
