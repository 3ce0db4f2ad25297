// SPDX-License-Identifier: Apache-2.0
import type { LogicalLine } from './lines.ts';
import type { ArgDefinition, DockerfileOptions, Instruction } from './model.ts';
import { formatPlatform, parsePlatform } from './platform.ts';
import { expandWord } from './shell-lex.ts';

/** The value of a global ARG after expansion. */
interface ArgValue {
  /** Why its expansion failed, or that of one it is made of; null where it has a value or is just empty. */
  readonly failure: string | null;
  /** Value-less ARGs that expanded to empty on the way. */
  readonly assumed: readonly string[];
}

/** What an expansion gave, with what is known of the ARGs it looked at. */
export interface Expansion extends ArgValue {
  readonly text: string;
  readonly names: ReadonlySet<string>;
}

/** Characters that all expansions of one file may take from variables: `ARG A=$A$A` doubles with each line. */
const MAX_EXPANDED = 4 * 1024 * 1024;

/** Names that are kept of the empty ARGs behind one value. */
const MAX_ASSUMED = 64;

/**
 * The variables of FROM: the platform ARGs that BuildKit sets before the first line (dockerfile2llb's defaultArgs,
 * v0.31.0), then the global ARGs one by one.
 */
export class GlobalScope {
  readonly #env: Map<string, string>;
  readonly #args = new Map<string, ArgValue>();
  readonly #buildArgs: Readonly<Record<string, string>>;
  readonly #escape: string;
  #left = MAX_EXPANDED;

  /** `target` is the name of the last stage, lower case; `default` where it has none. */
  constructor(options: DockerfileOptions, escape: string, target: string) {
    const parsed = parsePlatform(options.platform);
    const platform = formatPlatform(parsed);
    const { os, architecture, variant } = parsed;
    this.#buildArgs = options.buildArgs;
    this.#escape = escape;
    this.#env = new Map([
      ['BUILDPLATFORM', platform],
      ['BUILDOS', os],
      ['BUILDOSVERSION', ''],
      ['BUILDARCH', architecture],
      ['BUILDVARIANT', variant],
      ['TARGETPLATFORM', platform],
      ['TARGETOS', os],
      ['TARGETOSVERSION', ''],
      ['TARGETARCH', architecture],
      ['TARGETVARIANT', variant],
      ['TARGETSTAGE', target],
    ]);
    for (const [name, value] of Object.entries(options.buildArgs)) if (this.#env.has(name)) this.#env.set(name, value);
  }

  /** Take one assignment of a global ARG; a build argument of that name wins and is not expanded. */
  define({ name, value }: ArgDefinition): void {
    if (Object.hasOwn(this.#buildArgs, name)) {
      this.#env.set(name, this.#buildArgs[name] ?? '');
      this.#args.set(name, { failure: null, assumed: [] });
      return;
    }
    if (value === null) {
      if (!this.#args.has(name)) this.#args.set(name, { failure: null, assumed: this.#env.has(name) ? [] : [name] });
      return;
    }
    const { text, failure, assumed } = this.expand(value);
    if (failure === null) {
      this.#env.set(name, text);
      this.#args.set(name, { failure, assumed });
    } else {
      this.#env.delete(name);
      this.#args.set(name, { failure: `ARG ${name}: ${failure}`, assumed });
    }
  }

  expand(text: string): Expansion {
    const result = expandWord(text, this.#env, { escape: this.#escape, maxLookedUp: this.#left });
    const { names, lookedUp } = result.ok ? result.value : result;
    this.#left = Math.max(this.#left - lookedUp, 0);
    const used = [...names].flatMap((name) => this.#args.get(name) ?? []);
    return {
      text: result.ok ? result.value.text : '',
      names,
      failure: used.find((each) => each.failure !== null)?.failure ?? (result.ok ? null : result.error),
      assumed: assumedBy(used),
    };
  }
}

function assumedBy(used: readonly ArgValue[]): readonly string[] {
  const names = new Set<string>();
  for (const { assumed } of used) {
    for (const name of assumed) names.add(name);
    if (names.size >= MAX_ASSUMED) break;
  }
  return [...names].slice(0, MAX_ASSUMED);
}

/** The assignments of an ARG instruction, left to right. */
export function argDefinitions(instruction: Instruction, line: LogicalLine): readonly ArgDefinition[] {
  return instruction.words.map(({ text, span }) => {
    const equals = text.indexOf('=');
    if (equals < 0) return { name: text, value: null, valueSpan: null, span };
    // Through the logical line: a continuation may stand between name and value.
    const start = line.offsetOf(span.start) + equals + 1;
    const valueSpan = line.span(start, Math.max(start, line.offsetOf(span.end - 1) + 1));
    return { name: text.slice(0, equals), value: text.slice(equals + 1), valueSpan, span };
  });
}
