// SPDX-License-Identifier: Apache-2.0
import { parseImageReference, resolvedReference } from '../model/image-reference.ts';
import type { GlobalScope } from './arguments.ts';
import { lowerCase } from './characters.ts';
import type { LogicalLine } from './lines.ts';
import type { ArgDefinition, Base, BaseVariable, Instruction, Stage } from './model.ts';
import { variableReferences } from './variables.ts';

/** Everything about a stage that its FROM says. */
export type StageHead = Omit<Stage, 'final' | 'instructions'>;

/** What BuildKit calls a stage: lower case; null for a FROM without a name. */
export function stageName(from: Instruction): string | null {
  const name = from.words.length === 3 ? from.words[2]?.text : undefined;
  return name === undefined ? null : lowerCase(name);
}

/** Reads FROMs one after another; the names of earlier ones and the global ARGs decide what a base means. */
export class StageReader {
  readonly #scope: GlobalScope;
  readonly #definitions: ReadonlyMap<string, ArgDefinition>;
  readonly #escape: string;
  readonly #named = new Map<string, number>();
  #count = 0;

  constructor(scope: GlobalScope, definitions: ReadonlyMap<string, ArgDefinition>, escape: string) {
    this.#scope = scope;
    this.#definitions = definitions;
    this.#escape = escape;
  }

  /** The stage a FROM begins, or null where FROM stands alone. */
  read(from: Instruction, line: LogicalLine): StageHead | null {
    const base = from.words[0];
    if (base === undefined) return null;
    const { text, failure, names, assumed } = this.#scope.expand(base.text);
    const index = this.#count++;
    const stage: StageHead = {
      index,
      name: from.words.length === 3 ? (from.words[2]?.text ?? null) : null,
      line: line.line,
      from,
      written: base.text,
      baseSpan: base.span,
      base:
        failure === null
          ? namedBase(text, this.#named)
          : { kind: 'unknown', reason: `its variables cannot be expanded: ${failure}` },
      platform: from.flags.find((flag) => flag.name === 'platform')?.value || null,
      assumed,
      variables: this.#variables(base.text, line.offsetOf(base.span.start), line, names),
    };
    const name = stageName(from);
    if (name !== null) this.#named.set(name, index);
    return stage;
  }

  #variables(text: string, start: number, line: LogicalLine, names: ReadonlySet<string>): readonly BaseVariable[] {
    return variableReferences(text, this.#escape)
      .filter(({ name }) => names.has(name))
      .map(({ name, start: from, end }) => ({
        name,
        span: line.span(start + from, start + end),
        definition: this.#definitions.get(name) ?? null,
      }));
  }
}

const NO_STAGES: ReadonlyMap<string, number> = new Map();

function namedBase(expanded: string, named: ReadonlyMap<string, number>): Base {
  if (expanded === '') return { kind: 'unknown', reason: 'it expands to nothing' };
  const index = named.get(expanded);
  if (index !== undefined) return { kind: 'stage', index, name: expanded };
  if (expanded === 'scratch') return { kind: 'scratch' };
  const reference = parseImageReference(expanded);
  if (!reference.ok) return { kind: 'unknown', reason: `"${expanded}" is no image reference, for ${reference.error}` };
  return { kind: 'image', reference: reference.value, resolved: resolvedReference(reference.value) };
}

/** The stages of a file by their names, for `COPY --from=` and `--mount=…,from=`. */
export class StageNames {
  readonly #stages: readonly Stage[];
  readonly #byName = new Map<string, number[]>();

  constructor(stages: readonly Stage[]) {
    this.#stages = stages;
    for (const { name, index } of stages) {
      if (name === null) continue;
      const lower = lowerCase(name);
      const known = this.#byName.get(lower);
      if (known === undefined) this.#byName.set(lower, [index]);
      else known.push(index);
    }
  }

  /**
   * What a `from` points at: a stage by its name in any case or by its number, else an image. Only stages before the
   * index `before` count where it is given; of several of one name the last does.
   */
  source(from: string, before = this.#stages.length): Base {
    const name = lowerCase(from);
    const index = this.#byName.get(name)?.findLast((each) => each < before);
    if (index !== undefined) return { kind: 'stage', index, name };
    const stage = /^\d{1,9}$/.test(from) && Number(from) < before ? this.#stages[Number(from)] : undefined;
    if (stage !== undefined) return { kind: 'stage', index: stage.index, name: stageName(stage.from) ?? from };
    return namedBase(from, NO_STAGES);
  }
}
