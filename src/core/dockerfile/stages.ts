// SPDX-License-Identifier: Apache-2.0
import { parseImageReference, resolvedReference } from '../model/image-reference.ts';
import type { LogicalLine } from './lines.ts';
import type { ArgDefinition, Base, DockerfileOptions, Instruction, Stage } from './model.ts';
import { expandWord } from './shell-lex.ts';
import { variableReferences } from './variables.ts';

/** The value of a global ARG after expansion. */
interface ArgValue {
  /** Null where it has none, or where its expansion failed. */
  readonly value: string | null;
  readonly failure: string | null;
  /** Value-less ARGs that expanded to empty on the way. */
  readonly assumed: readonly string[];
}

export interface Scope {
  readonly env: Map<string, string>;
  readonly args: Map<string, ArgValue>;
}

/** The platform ARGs that BuildKit sets before the first line (dockerfile2llb's defaultArgs, v0.31.0). */
export function initialScope(options: DockerfileOptions): Scope {
  const [os = '', architecture = '', variant = ''] = options.platform.split('/');
  const platform = [os, architecture, variant].filter((part) => part !== '').join('/');
  const env = new Map<string, string>([
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
    ['TARGETSTAGE', 'default'],
  ]);
  for (const [name, value] of Object.entries(options.buildArgs)) if (env.has(name)) env.set(name, value);
  return { env, args: new Map() };
}

/** Take the assignments of one global ARG into the scope, left to right. */
export function defineArgs(
  scope: Scope,
  definitions: readonly ArgDefinition[],
  options: DockerfileOptions,
  escape: string,
): void {
  for (const { name, value } of definitions) {
    if (Object.hasOwn(options.buildArgs, name)) {
      const given = options.buildArgs[name] ?? '';
      scope.env.set(name, given);
      scope.args.set(name, { value: given, failure: null, assumed: [] });
      continue;
    }
    if (value === null) {
      if (!scope.args.has(name)) {
        const known = scope.env.get(name) ?? null;
        scope.args.set(name, { value: known, failure: null, assumed: known === null ? [name] : [] });
      }
      continue;
    }
    const result = expandWord(value, scope.env, { escape });
    const assumed = assumedBy(scope, result.ok ? result.value.names : result.names);
    if (result.ok) {
      scope.env.set(name, result.value.text);
      scope.args.set(name, { value: result.value.text, failure: failureOf(scope, result.value.names), assumed });
    } else {
      scope.env.delete(name);
      scope.args.set(name, { value: null, failure: `ARG ${name}: ${result.error}`, assumed });
    }
  }
}

function assumedBy(scope: Scope, names: ReadonlySet<string>): readonly string[] {
  return [...new Set([...names].flatMap((name) => scope.args.get(name)?.assumed ?? []))];
}

function failureOf(scope: Scope, names: ReadonlySet<string>): string | null {
  for (const name of names) {
    const failure = scope.args.get(name)?.failure ?? null;
    if (failure !== null) return failure;
  }
  return null;
}

/** What a base means after expansion: `FROM`'s own rules, in the order in which BuildKit applies them. */
function resolveBase(
  written: string,
  scope: Scope,
  stages: readonly Stage[],
  escape: string,
): { readonly base: Base; readonly assumed: readonly string[] } {
  const result = expandWord(written, scope.env, { escape });
  const names = result.ok ? result.value.names : result.names;
  const assumed = assumedBy(scope, names);
  const failure = failureOf(scope, names) ?? (result.ok ? null : result.error);
  if (failure !== null || !result.ok) {
    return { base: { kind: 'unknown', reason: `its variables cannot be expanded: ${failure ?? ''}` }, assumed };
  }
  const expanded = result.value.text;
  if (expanded === '') return { base: { kind: 'unknown', reason: 'it expands to nothing' }, assumed };
  return { base: baseOf(expanded, stages), assumed };
}

/** A name behind FROM, `COPY --from` or a mount's `from`, already expanded: an earlier stage, scratch or an image. */
export function baseOf(expanded: string, stages: readonly Stage[]): Base {
  const stage = stages.findLast((each) => each.name?.toLowerCase() === expanded);
  if (stage !== undefined) return { kind: 'stage', index: stage.index, name: stage.name?.toLowerCase() ?? '' };
  if (expanded === 'scratch') return { kind: 'scratch' };
  const reference = parseImageReference(expanded);
  if (!reference.ok) return { kind: 'unknown', reason: `"${expanded}" is no image reference: ${reference.error}` };
  return { kind: 'image', reference: reference.value, resolved: resolvedReference(reference.value) };
}

/** Build a stage from its FROM; its instructions are added by the caller. */
export function stageOf(
  from: Instruction,
  line: LogicalLine,
  scope: Scope,
  stages: readonly Stage[],
  definitions: readonly ArgDefinition[],
  escape: string,
): Omit<Stage, 'final' | 'instructions'> | null {
  const base = from.words[0];
  if (base === undefined) return null;
  const platform = from.flags.find((flag) => flag.name === 'platform')?.value ?? null;
  return {
    index: stages.length,
    name: from.words.length === 3 ? (from.words[2]?.text ?? null) : null,
    line: line.line,
    from,
    written: base.text,
    baseSpan: base.span,
    ...resolveBase(base.text, scope, stages, escape),
    platform: platform === '' ? null : platform,
    variables: variableReferences(base.text, base.span.start).map((variable) => ({
      ...variable,
      definition: definitions.findLast((each) => each.name === variable.name) ?? null,
    })),
  };
}
