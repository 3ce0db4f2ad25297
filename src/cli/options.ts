// SPDX-License-Identifier: Apache-2.0
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { LANGUAGES, type Language } from '../core/detect.ts';
import { UsageError } from './io.ts';

/** Node's parseArgs with its errors turned into usage errors. */
export function parseOptions<T extends ParseArgsOptionsConfig>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split(/\.\s/)[0] : String(error));
  }
}

/** As `parseOptions`, where a value that another one overrides unseen would change what is proved: each is given once. */
export function parseOnce<T extends ParseArgsOptionsConfig>(argv: readonly string[], options: T) {
  const parsed = parseOptions(argv, options);
  const { tokens } = parseArgs({ args: [...argv], options, allowPositionals: true, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option' || options[token.name]?.type !== 'string' || options[token.name]?.multiple === true)
      continue;
    if (seen.has(token.name)) throw new UsageError(`--${token.name} was given more than once`);
    seen.add(token.name);
  }
  return parsed;
}

/** The value if it is one of `allowed`, else a usage error that names them. */
export function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw new UsageError(`${option} takes ${allowed.join(', ')}; it was given ${JSON.stringify(value)}`);
  return found;
}

export function languageOption(value: string | undefined): Language | null {
  return value === undefined ? null : oneOf('--language', value, LANGUAGES);
}

/** `K=V` pairs of a repeated option, as a record; the last one of a key wins. */
export function keyValueOption(option: string, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map((value) => {
      const equals = value.indexOf('=');
      if (equals < 1) throw new UsageError(`${option} takes NAME=VALUE; it was given ${JSON.stringify(value)}`);
      return [value.slice(0, equals), value.slice(equals + 1)];
    }),
  );
}
