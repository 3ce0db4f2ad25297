// SPDX-License-Identifier: Apache-2.0
// What melange finds wrong only when it compiles the steps for a build: pipelines, their inputs, variables, conditions.
import { decodeInto } from '../yaml/decoder/decode.ts';
import type { GoNode } from '../yaml/go/node.ts';
import { parseGoYaml } from '../yaml/reader/parse.ts';
import { closest } from '../yaml/go/spelling.ts';
import type { GoStruct, Placed } from '../yaml/go/types.ts';
import { conditionError } from './condition.ts';
import { scopeOf, type ConfigurationProblem } from './configuration.ts';
import { builtinPipelines, type PipelineInput } from './pipelines.ts';
import { pipelineType } from './structs.ts';
import { over, replaceExact, substitute, type Variables } from './substitute.ts';

/** Text of a file of the workspace; null where there is none, undefined where it may not be looked for. */
export type ReadPipeline = (path: string) => string | null | undefined;

export interface BuildProblem extends ConfigurationProblem {
  /** The text that is to stand there instead, where only one is likely. */
  readonly instead?: string;
}

const brace = (name: string): string => `\${{${name}}}`;
/** What is there in every build; the values do not matter for whether a build starts. */
const ALWAYS = [
  'package.name',
  'package.version',
  'package.epoch',
  'package.full-version',
  'package.srcdir',
  'targets.outdir',
  'targets.destdir',
  'targets.contextdir',
  'context.name',
  'host.triplet.gnu',
  'host.triplet.rust',
  'cross.triplet.gnu.glibc',
  'cross.triplet.gnu.musl',
  'cross.triplet.rust.glibc',
  'cross.triplet.rust.musl',
  'build.arch',
  'build.goarch',
];
const HASH_LENGTHS: Readonly<Record<string, number>> = {
  'expected-sha256': 64,
  'expected-sha512': 128,
  'expected-commit': 40,
};

type Inputs = Readonly<Record<string, PipelineInput>>;

class Compiler {
  readonly problems: BuildProblem[] = [];
  /** Names to think of where one is not defined. */
  names: readonly string[] = [];
  readonly #said = new Set<string>();
  readonly #read: ReadPipeline;
  readonly #known = new Map<string, Inputs | null>();
  /** Pipelines that were found in the workspace. */
  readonly #ofWorkspace = new Set<string>();

  constructor(read: ReadPipeline) {
    this.#read = read;
  }

  report(node: GoNode, message: string, instead?: string): void {
    const id = `${node.start} ${message}`;
    if (this.#said.has(id)) return;
    this.#said.add(id);
    this.problems.push({ node, message, ...(instead === undefined ? {} : { instead }) });
  }

  steps(list: readonly Placed<GoStruct>[], exact: Variables, scope: Variables): void {
    for (const { value, node } of list) this.#step(value, node, exact, scope);
  }

  #inputsOf(uses: string): Inputs | null {
    const known = this.#known.get(uses);
    if (known !== undefined) return known;
    const found = this.#findInputs(uses);
    this.#known.set(uses, found);
    return found;
  }

  #findInputs(uses: string): Inputs | null {
    // A folder of the workspace goes before what is built in.
    const text = this.#read(`pipelines/${uses}.yaml`);
    const builtin = Object.hasOwn(builtinPipelines, uses) ? builtinPipelines[uses] : undefined;
    if (typeof text !== 'string') return builtin?.inputs ?? null;
    this.#ofWorkspace.add(uses);
    const { root } = parseGoYaml(text);
    if (root === null) return {};
    const { value } = decodeInto(root, pipelineType());
    return Object.fromEntries(
      [...value.structMap('inputs')].map(([name, { value: input }]) => [
        name,
        { required: input.bool('required'), default: input.string('default') },
      ]),
    );
  }

  #step(step: GoStruct, node: GoNode, exact: Variables, outer: Variables): void {
    const children = step.structs('pipeline');
    const uses = step.string('uses');
    const usesNode = step.node('uses') ?? node;
    let inputs: Inputs = Object.fromEntries(
      [...step.structMap('inputs')].map(([name, { value }]) => [
        name,
        { required: value.bool('required'), default: value.string('default') },
      ]),
    );
    if (uses !== '' && children.length === 0) {
      if (uses.startsWith('/') || uses.includes('..')) {
        this.report(
          usesNode,
          'A pipeline is named by its path below the folder of pipelines, without ".." and "/" in front.',
        );
        return;
      }
      const found = this.#inputsOf(uses);
      if (found === null) {
        // Pipelines may lie in a folder that is named on the command line: only what looks like a slip is said.
        const near = closest(uses, Object.keys(builtinPipelines));
        if (near !== null) {
          this.report(
            usesNode,
            `No pipeline is called ${JSON.stringify(uses)}. Did you mean ${JSON.stringify(near)}?`,
            near,
          );
        }
        return;
      }
      // What the step declares itself is kept beside the pipeline's own.
      inputs = { ...inputs, ...found };
      this.#with(step, usesNode, uses, inputs, exact);
      this.#ownVariables(uses, usesNode, outer);
    } else {
      for (const [name, { required, default: preset }] of Object.entries(inputs)) {
        if (required !== true || preset !== '') continue;
        const key = step.structMap('inputs').get(name)?.key ?? node;
        this.report(
          key,
          `The input ${JSON.stringify(name)} is required, and nothing gives it to this step. Give it a default.`,
        );
      }
    }
    const names = [...Object.keys(inputs), ...step.map('with').keys()];
    const scope = over(new Map(names.map((name) => [brace(`inputs.${name}`), ''])), outer);
    for (const { value, node: at } of step.map('with').values()) this.#variables(value, at, exact, scope);
    for (const field of ['runs', 'working-directory', 'if'] as const) {
      const at = step.node(field);
      if (at !== null) this.#variables(step.string(field), at, exact, scope);
    }
    for (const { value, node: at } of step.struct('needs')?.strings('packages') ?? []) {
      this.#variables(value, at, exact, scope);
    }
    this.#condition(step, exact);
    this.steps(children, exact, scope);
  }

  /** A pipeline that splits a package uses the folder of the subpackage, which the package itself has not. */
  #ownVariables(uses: string, usesNode: GoNode, scope: Variables): void {
    if (this.#ofWorkspace.has(uses)) return;
    for (const name of builtinPipelines[uses]?.variables ?? []) {
      if (scope.get(brace(name)) !== undefined) continue;
      this.report(
        usesNode,
        `The pipeline ${uses} uses ${brace(name)}, which is defined in a subpackage only. Move the step into one.`,
      );
    }
  }

  #condition(step: GoStruct, exact: Variables): void {
    const at = step.node('if');
    const written = step.string('if');
    const wrong = at === null ? null : conditionError(replaceExact(exact, written));
    if (at === null || wrong === null) return;
    if (conditionError(written) !== null) {
      this.report(at, `melange cannot evaluate this condition: ${wrong}.`);
      return;
    }
    // Without blanks in the braces the value comes in before the condition is read, and nothing quotes it.
    const spaced = written.replaceAll(/\$\{\{((?:package|vars)\.[A-Za-z0-9._-]+)\}\}/g, '${{ $1 }}');
    const plain = at.style === 'plain' && spaced !== written && conditionError(replaceExact(exact, spaced)) === null;
    this.report(
      at,
      'melange puts this variable in without quotes before it reads the condition, and then cannot evaluate it. Write blanks inside the braces, or quotes around them.',
      plain ? spaced : undefined,
    );
  }

  condition(struct: GoStruct, exact: Variables, scope: Variables): void {
    const at = struct.node('if');
    if (at !== null) this.#variables(struct.string('if'), at, exact, scope);
    this.#condition(struct, exact);
  }

  #with(step: GoStruct, usesNode: GoNode, uses: string, inputs: Inputs, exact: Variables): void {
    const given = step.map('with');
    for (const [name, { key }] of given) {
      if (Object.hasOwn(inputs, name) || key === null) continue;
      const near = closest(
        name,
        Object.keys(inputs).filter((each) => !given.has(each)),
      );
      this.report(
        key,
        `The pipeline ${uses} has no input ${JSON.stringify(name)}.${near === null ? ' Remove it.' : ` Did you mean ${JSON.stringify(near)}?`}`,
        near ?? undefined,
      );
    }
    for (const [name, { required, default: preset = '' }] of Object.entries(inputs)) {
      const entry = given.get(name);
      const value = entry === undefined ? '' : replaceExact(exact, entry.value);
      if (required === true && value === '' && preset === '') {
        this.report(
          entry?.node ?? usesNode,
          `The pipeline ${uses} needs the input ${JSON.stringify(name)}. Add it under "with".`,
        );
      }
      const length = HASH_LENGTHS[name];
      if (length === undefined || value === '' || entry === undefined) continue;
      if (value.length !== length || !/^[0-9a-fA-F]*$/.test(value)) {
        this.report(
          entry.node,
          `${JSON.stringify(name)} is ${length} hexadecimal digits, and this is not. Copy the whole hash.`,
        );
      }
    }
  }

  #variables(text: string, at: GoNode, exact: Variables, scope: Variables): void {
    for (const { name, kind } of substitute(scope, replaceExact(exact, text)).errors) {
      if (kind === 'undefined') {
        const near = closest(name, this.names);
        this.report(
          at,
          `The variable ${JSON.stringify(name)} is not defined here.${near === null ? ' Define it under vars, or correct its name.' : ` Did you mean ${JSON.stringify(near)}?`}`,
        );
      } else {
        this.report(at, 'A reference "${{" is not closed by "}}", or names nothing. Write ${{NAME}}.');
      }
    }
  }
}

/** Everything for which a build of an accepted file would end before its first step. */
export function buildProblems(config: GoStruct, read: ReadPipeline): readonly BuildProblem[] {
  const { name, variables, transformed, subpackages } = scopeOf(config);
  const compiler = new Compiler(read);
  for (const [key, { value, node }] of config.map('vars')) {
    if (substitute(new Map(), value).errors.length > 0) {
      compiler.report(
        node,
        `The value of ${JSON.stringify(key)} refers to another variable, which melange may not know yet. Use var-transforms, or write the value.`,
      );
    }
  }
  const scope = new Map(transformed);
  scope.delete(brace('package.description'));
  for (const each of ALWAYS) scope.set(brace(each), '');
  for (const each of [name, ...subpackages.map((sub) => sub.name)]) scope.set(brace(`targets.package.${each}`), '');
  const options = config.fields.get('options')?.value;
  for (const key of options === null || options === undefined ? [] : config.structMap('options').keys()) {
    scope.set(brace(`options.${key}.enabled`), '');
  }
  compiler.names = [...scope.keys()].slice(0, MAX_NAMES).map((key) => key.slice(3, -2));
  compiler.steps(config.structs('pipeline'), variables, scope);
  compiler.steps(config.struct('test')?.structs('pipeline') ?? [], variables, scope);
  const inside = over(new Map(['subpkg.name', 'targets.subpkgdir'].map((each) => [brace(each), ''])), scope);
  // What a range makes of a subpackage differs in values only, and one of them shows what is not defined.
  const seen = new Set<GoStruct>();
  for (const { struct, variables: own } of subpackages) {
    if (seen.has(struct)) continue;
    seen.add(struct);
    compiler.condition(struct, own, inside);
    compiler.steps(struct.structs('pipeline'), own, inside);
    compiler.steps(struct.struct('test')?.structs('pipeline') ?? [], own, inside);
  }
  return compiler.problems;
}

const MAX_NAMES = 200;
