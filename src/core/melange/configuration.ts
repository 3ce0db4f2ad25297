// SPDX-License-Identifier: Apache-2.0
// What melange makes of a file behind its keys: variables put in, subpackages multiplied, and the result checked.
import type { GoNode } from '../yaml/go/node.ts';
import { GoYamlLimit } from '../yaml/reader/errors.ts';
import { GoStruct, type Placed } from '../yaml/go/types.ts';
import { refusedByGo, replaceAllAsGo } from './go-regexp.ts';
import { over, replaceExact, substitute, type Variables } from './substitute.ts';
import { checkCapabilities, checkCpe, checkPriority, isPackageName, PACKAGE_NAME_HINT } from './checks.ts';

export interface ConfigurationProblem {
  readonly node: GoNode;
  readonly message: string;
}

type Report = (node: GoNode | null, message: string) => void;

export interface Subpackage {
  readonly struct: GoStruct;
  readonly node: GoNode;
  readonly name: string;
  readonly variables: Variables;
}

const brace = (name: string): string => `\${{${name}}}`;

/** The variables that stand in a file itself; transformed ones come on top. */
function fileVariables(
  config: GoStruct,
  pack: { readonly name: string; readonly version: string; readonly description: string },
): Map<string, string> {
  const epoch = String(config.struct('package')?.number('epoch') ?? 0n);
  const variables = new Map([
    [brace('package.name'), pack.name],
    [brace('package.version'), pack.version],
    [brace('package.description'), pack.description],
    [brace('package.epoch'), epoch],
    [brace('package.full-version'), `${pack.version}-r${epoch}`],
  ]);
  for (const [key, { value }] of config.map('vars')) variables.set(brace(`vars.${key}`), value);
  return variables;
}

function reportSubstitution(variables: Variables, text: string, node: GoNode | null, report: Report): string {
  const { text: result, errors } = substitute(variables, text);
  for (const { name, kind } of errors) {
    if (kind === 'undefined') {
      report(
        node,
        `The variable ${JSON.stringify(name)} is not defined here. Define it under vars or var-transforms, or correct its name.`,
      );
    } else if (kind === 'empty') report(node, 'A reference "${{" names no variable. Write ${{vars.NAME}}.');
    else report(node, `The reference to ${JSON.stringify(name)} is not closed by "}}".`);
  }
  return result;
}

function transform(config: GoStruct, variables: Map<string, string>, report: Report): void {
  for (const { value: step } of config.structs('var-transforms')) {
    const from = reportSubstitution(variables, step.string('from'), step.node('from'), report);
    const match = step.string('match');
    const refused = refusedByGo(match);
    if (refused !== null) report(step.node('match'), `Go's regexp package does not take this expression: ${refused}.`);
    const to = brace(`vars.${step.string('to')}`);
    variables.set(to, refused === null ? (replaceAllAsGo(match, from, step.string('replace')) ?? from) : from);
  }
}

function checkPipelines(list: readonly Placed<GoStruct>[], variables: Variables, report: Report): void {
  for (const { value: step, node } of list) {
    const uses = step.string('uses');
    const runs = replaceExact(variables, step.string('runs'));
    const hasWith = step.map('with').size > 0;
    const at = (field: string): GoNode => step.fields.get(field)?.key ?? node;
    if (hasWith && uses === '') {
      report(
        step.node('uses') ?? at('with'),
        'A step has "with" and no "uses". Name the pipeline that takes these inputs under "uses".',
      );
    }
    if (uses !== '' && runs !== '') {
      report(at('runs'), `A step cannot have both "uses: ${uses}" and "runs". Make two steps of it.`);
    }
    if (hasWith && runs !== '') {
      report(
        at('with'),
        'A step cannot have both "with" and "runs". Put the values into the script, or name a pipeline under "uses".',
      );
    }
    checkPipelines(step.structs('pipeline'), variables, report);
  }
}

/** melange hands down the environment of a step to the steps inside, and crashes where only those have one. */
function checkEnvironments(list: readonly Placed<GoStruct>[], inherits: boolean, report: Report): void {
  for (const { value: step } of list) {
    const has = inherits || step.map('environment').size > 0;
    for (const { value: child } of step.structs('pipeline')) {
      if (!has && child.map('environment').size > 0) {
        report(
          child.fields.get('environment')?.key ?? null,
          'melange crashes on the environment of a nested step whose outer step has none. Give the outer step an environment.',
        );
      }
    }
    checkEnvironments(step.structs('pipeline'), has, report);
  }
}

/** `plain` are the variables of a subpackage as it stands, `ranged` those of one that a range multiplies. */
function expandSubpackages(config: GoStruct, plain: Variables, ranged: Variables, report: Report): Subpackage[] {
  const data = new Map<string, ReadonlyMap<string, Placed<string>>>();
  for (const { value: range } of config.structs('data')) data.set(range.string('name'), range.map('items'));
  const all: Subpackage[] = [];
  for (const { value: struct, node } of config.structs('subpackages')) {
    const range = struct.string('range');
    const name = struct.string('name');
    if (range === '') {
      all.push({ struct, node, name: replaceExact(plain, name), variables: plain });
      continue;
    }
    const items = data.get(range);
    if (items === undefined) {
      report(
        struct.node('range'),
        `No list under "data" is called ${JSON.stringify(range)}. Correct the name, or add the list.`,
      );
      continue;
    }
    for (const key of [...items.keys()].toSorted(byBytes)) {
      if (all.length >= MAX_SUBPACKAGES) throw new GoYamlLimit(`It has more than ${MAX_SUBPACKAGES} subpackages.`);
      const item = new Map([
        [brace('range.key'), key],
        [brace('range.value'), items.get(key)?.value ?? ''],
      ]);
      const own = over(item, ranged);
      all.push({ struct, node, name: replaceExact(own, name), variables: own });
    }
  }
  return all;
}

/** How many subpackages ranges may make of a file. */
const MAX_SUBPACKAGES = 20_000;

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Dependencies are read twice: first what is exactly a variable, then every reference, which has to be defined. */
function checkDependencies(
  struct: GoStruct,
  own: Variables,
  file: Variables,
  transformed: Variables,
  report: Report,
): void {
  const dependencies = struct.struct('dependencies');
  if (dependencies === null) return;
  for (const [field, variables] of [
    ['provides', transformed],
    ['runtime', transformed],
    ['replaces', file],
  ] as const) {
    for (const { value, node } of dependencies.strings(field)) {
      reportSubstitution(variables, replaceExact(own, value), node, report);
    }
  }
  for (const field of ['provider-priority', 'replaces-priority'] as const) {
    const node = dependencies.node(field);
    const text = replaceExact(own, dependencies.string(field));
    const substituted = reportSubstitution(file, text, node, report);
    // The priority of a subpackage is checked as it stands before the second reading.
    checkPriority(struct.type.name === 'melange.Package' ? substituted : text, (message) => report(node, message));
  }
}

function checkPackages(environment: GoStruct | null, own: Variables, transformed: Variables, report: Report): void {
  for (const { value, node } of environment?.struct('contents')?.strings('packages') ?? []) {
    reportSubstitution(transformed, replaceExact(own, value), node, report);
  }
}

function checkSubpackages(subpackages: readonly Subpackage[], mainName: string, report: Report): void {
  const seen = new Set([mainName]);
  for (const { struct, node, name, variables } of subpackages) {
    const at = struct.node('name') ?? node;
    if (name === mainName && mainName !== '') {
      report(at, `A subpackage cannot have the name of the package itself, ${JSON.stringify(name)}. Give it another.`);
    } else if (seen.has(name))
      report(at, `Two subpackages are called ${JSON.stringify(name)}. Give one of them another name.`);
    else if (!isPackageName(name)) {
      report(at, `${JSON.stringify(name)} is no name for a package. ${PACKAGE_NAME_HINT}`);
    }
    seen.add(name);
    checkPipelines(struct.structs('pipeline'), variables, report);
    checkEnvironments(struct.structs('pipeline'), false, report);
  }
}

export interface Scope {
  readonly name: string;
  readonly version: string;
  /** What is put in first, where it is written exactly. */
  readonly variables: Variables;
  /** Those of the file with the package's own name and version put in. */
  readonly file: Variables;
  /** The same with the transformed ones. */
  readonly transformed: ReadonlyMap<string, string>;
  readonly subpackages: readonly Subpackage[];
}

/** The variables of a file and the subpackages that come of it. */
export function scopeOf(config: GoStruct, report: Report = () => undefined): Scope {
  const pack = config.struct('package') ?? new GoStruct(config.type);
  const raw = { name: pack.string('name'), version: pack.string('version'), description: pack.string('description') };
  const variables = fileVariables(config, raw);
  transform(config, variables, report);
  const name = replaceExact(variables, raw.name);
  const version = replaceExact(variables, raw.version);
  const file = fileVariables(config, { name, version, description: replaceExact(variables, raw.description) });
  const transformed = new Map(file);
  transform(config, transformed, report);
  const subpackages = expandSubpackages(config, variables, transformed, report);
  return { name, version, variables, file, transformed, subpackages };
}

/** Everything for which melange refuses a file whose keys and types are right. */
export function checkConfiguration(config: GoStruct, root: GoNode): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const said = new Set<string>();
  const report: Report = (node, message) => {
    const at = node ?? root;
    const id = `${at.start} ${message}`;
    if (said.has(id)) return;
    said.add(id);
    problems.push({ node: at, message });
  };
  const pack = config.struct('package') ?? new GoStruct(config.type);
  const { name, version, variables, file, transformed, subpackages } = scopeOf(config, report);
  checkDependencies(pack, variables, file, transformed, report);
  for (const { struct, variables: own } of subpackages) checkDependencies(struct, own, file, transformed, report);
  checkPackages(config.struct('environment'), variables, transformed, report);
  checkPackages(config.struct('test')?.struct('environment') ?? null, variables, transformed, report);
  for (const { struct, variables: own } of subpackages) {
    checkPackages(struct.struct('test')?.struct('environment') ?? null, own, transformed, report);
  }

  const packageKey = config.fields.get('package')?.key ?? null;
  if (!isPackageName(name)) {
    const at = pack.fields.get('name');
    report(
      at?.node ?? packageKey,
      at === undefined
        ? 'The package has no name. Add "name" under "package".'
        : `${JSON.stringify(name)} is no name for a package. ${PACKAGE_NAME_HINT}`,
    );
  }
  if (version === '') {
    report(pack.node('version') ?? packageKey, 'The package has no version. Add "version" under "package".');
  }
  checkPipelines(config.structs('pipeline'), variables, report);
  checkEnvironments(config.structs('pipeline'), false, report);
  checkCapabilities(pack.structs('setcap'), report);
  checkSubpackages(subpackages, name, report);
  checkCpe(pack.struct('cpe'), report);
  return problems;
}
