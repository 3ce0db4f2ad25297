// SPDX-License-Identifier: Apache-2.0
// Which variables, pipelines and packages there are at a place.
import { escapeMarkdown } from '../explorer/markdown.ts';
import { decodeInto } from '../yaml/decoder/decode.ts';
import { builtinPipelines } from '../melange/pipelines.ts';
import { pipelineType } from '../melange/structs.ts';
import { parseGoYaml } from '../yaml/reader/parse.ts';
import { BUILD_VARIABLES, code, inputDoc, pipelineDoc } from './docs.ts';
import type { ConfigKind, ConfigWorkspace } from './model.ts';
import type { Names } from './references.ts';
import type { Span } from '../text/source-text.ts';

export interface Variable {
  readonly name: string;
  /** Markdown. */
  readonly about: string;
  /** '' where it is not known. */
  readonly value: string;
}

export interface VariableScope {
  /** Within a step: there the variables of a build are known. */
  readonly step: boolean;
  readonly subpackage: boolean;
  readonly range: boolean;
  readonly inputs: readonly Variable[];
}

const ONLY_STEPS = /^(?:targets|context|build|host|cross)\.|^package\.srcdir$/;
const ONLY_SUBPACKAGES = /^(?:subpkg\.|targets\.subpkgdir$)/;

/** Every variable that can be written at a place, those of the file first. */
export function variablesAt(names: Names, scope: VariableScope, kind: ConfigKind): Variable[] {
  if (kind === 'apko') return [];
  const found = new Map<string, Variable>();
  const add = (name: string, about: string, value: string): void => {
    if (!found.has(name)) found.set(name, { name, about, value });
  };
  for (const { name, about, value } of scope.inputs) add(`inputs.${name}`, about, value);
  for (const { name, value } of names.transforms) add(`vars.${name}`, 'made by var-transforms', `of ${value}`);
  for (const { name, value } of names.vars) add(`vars.${name}`, 'variable of this file', value);
  for (const { name, value } of names.optionVars) add(`vars.${name}`, 'variable of a build option', value);
  if (scope.range) for (const name of ['range.key', 'range.value']) add(name, BUILD_VARIABLES[name] ?? '', '');
  for (const [name, about] of Object.entries(BUILD_VARIABLES)) {
    if (name.startsWith('range.') || (name === 'package.description' && scope.step)) continue;
    if (ONLY_SUBPACKAGES.test(name) ? !scope.subpackage : ONLY_STEPS.test(name) && !scope.step) continue;
    const field = /^package\.(name|version|epoch|description)$/.exec(name)?.[1];
    add(name, about, field === undefined ? '' : (names.package.get(field)?.value ?? ''));
  }
  if (scope.step) {
    for (const { name } of names.options) {
      add(`options.${name}.enabled`, 'whether the build option is on', '');
    }
    const main = names.package.get('name')?.value ?? '';
    for (const { name } of [...(main === '' ? [] : [{ name: main }]), ...names.subpackages]) {
      if (!name.includes('${{')) add(`targets.package.${name}`, `folder of the package ${name}`, '');
    }
  }
  return [...found.values()];
}

export interface PipelineInfo {
  readonly name: string;
  /** Plain, '' where nothing is said. */
  readonly about: string;
  readonly markdown: string;
  /** Null where it is built in. */
  readonly path: string | null;
  readonly inputs: readonly PipelineInputInfo[];
}

export interface PipelineInputInfo {
  readonly name: string;
  readonly about: string;
  readonly markdown: string;
  readonly required: boolean;
  readonly default: string;
  /** Where it is declared, in a file of the workspace. */
  readonly span: Span | null;
}

type Said = Pick<PipelineInfo, 'about' | 'markdown'>;

/** What is recorded is Markdown. */
const ours = (doc: string | null): Said => ({ about: (doc ?? '').replaceAll('`', ''), markdown: doc ?? '' });
/** What a file says is text. */
const theirs = (text: string): Said => ({ about: text.replaceAll(/\s+/g, ' '), markdown: escapeMarkdown(text) });

/** Required inputs first; otherwise as they are declared. */
const byNeed = (a: PipelineInputInfo, b: PipelineInputInfo): number => Number(b.required) - Number(a.required);

/** A pipeline by its name: of the workspace before one that is built in; null where there is none. */
export function pipelineInfo(name: string, workspace: ConfigWorkspace): PipelineInfo | null {
  if (name === '' || name.startsWith('/') || name.includes('..')) return null;
  const path = workspace.pipelines.find((each) => each.name === name)?.path ?? `pipelines/${name}.yaml`;
  const text = workspace.read(path);
  return typeof text === 'string' ? workspacePipeline(name, path, text) : builtinInfo(name);
}

/** A line of Markdown about an input. */
export function inputLine({ name, required, default: preset, markdown }: PipelineInputInfo): string {
  const need = required ? ' (required)' : preset === '' ? '' : `, default ${code(preset)}`;
  return `- ${code(name)}${need}${markdown === '' ? '' : `: ${markdown}`}`;
}

export function builtinInfo(name: string): PipelineInfo | null {
  const builtin = Object.hasOwn(builtinPipelines, name) ? builtinPipelines[name] : undefined;
  if (builtin === undefined) return null;
  const inputs = Object.entries(builtin.inputs).map(([input, { required = false, default: preset = '' }]) => ({
    name: input,
    ...ours(inputDoc(name, input)),
    required,
    default: preset,
    span: null,
  }));
  return { name, ...ours(pipelineDoc(name)), path: null, inputs: inputs.toSorted(byNeed) };
}

function workspacePipeline(name: string, path: string, text: string): PipelineInfo {
  const { root } = parseGoYaml(text);
  if (root === null) return { name, ...theirs(''), path, inputs: [] };
  const { value } = decodeInto(root, pipelineType());
  const inputs = [...value.structMap('inputs')].map(([input, { value: declared, key, node }]) => ({
    name: input,
    ...theirs(declared.string('description')),
    required: declared.bool('required'),
    default: declared.string('default'),
    span: { start: (key ?? node).start, end: (key ?? node).end },
  }));
  return { name, ...theirs(value.string('name')), path, inputs: inputs.toSorted(byNeed) };
}

export const builtinNames: readonly string[] = Object.keys(builtinPipelines);
