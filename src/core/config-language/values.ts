// SPDX-License-Identifier: Apache-2.0
// The values that can stand in a field: closed sets, licences, packages, pipelines, names that the file gives.
import keyrings from '../apko/keyrings.json' with { type: 'json' };
import { escapeMarkdown } from '../explorer/markdown.ts';
import spdx from '../melange/spdx.json' with { type: 'json' };
import { entryOf, itemsOf } from '../yaml/go/node.ts';
import type { Analysis } from './analysis.ts';
import { keyDoc } from './docs.ts';
import type { Completion, CompletionKind } from './model.ts';
import type { Level, Place } from './place.ts';
import { builtinInfo, builtinNames, inputLine, pipelineInfo, type PipelineInfo } from './scope.ts';

/** More packages than that are not offered at once. */
const MOST_PACKAGES = 500;

export interface Values {
  readonly items: readonly Completion[];
  readonly incomplete: boolean;
  /** Where the word begins that is replaced, counted from the beginning of what is typed. */
  readonly from: number;
}

export function value(label: string, kind: CompletionKind, detail = '', more: Partial<Completion> = {}): Completion {
  return {
    label,
    kind,
    detail,
    documentation: '',
    insert: label,
    snippet: false,
    again: false,
    deprecated: false,
    ...more,
  };
}

const all = (items: readonly Completion[], from = 0): Values => ({ items, incomplete: false, from });
const NOTHING = all([]);

/** The struct and key that a value belongs to; of a list's item those of the list. */
export function fieldOf(levels: readonly Level[]): { readonly struct: string; readonly key: string } | null {
  for (const level of levels.toReversed()) {
    if (level.owner !== null) return { struct: level.owner.name, key: String(level.name) };
    if (typeof level.name !== 'number') return null;
  }
  return null;
}

const PACKAGES = new Set([
  'apko.ImageContents.packages',
  'melange.Dependencies.runtime',
  'melange.Dependencies.replaces',
  'melange.Dependencies.provides',
  'melange.Needs.packages',
  'melange.ListOption.add',
  'melange.ListOption.remove',
]);

export function valuesFor(analysis: Analysis, place: Place): Values {
  const field = fieldOf(place.levels);
  const level = place.levels.at(-1);
  if (field === null) return all(inputValues(analysis, place));
  const { struct, key } = field;
  const path = `${struct}.${key}`;
  if (level?.type?.kind === 'bool') return all([value('true', 'value'), value('false', 'value')]);
  if (PACKAGES.has(path)) return packages(analysis, place);
  switch (path) {
    case 'melange.Pipeline.uses':
      return all(pipelineNames(analysis));
    case 'melange.Copyright.license':
      return licenses(place.typed);
    case 'melange.Subpackage.range':
      return all(analysis.names.data.map(({ name, items }) => value(name, 'value', `data, ${items.length} entries`)));
    case 'apko.ImageConfiguration.include':
      return all(analysis.workspace.includes.map((path_) => value(path_, 'file')));
    case 'apko.ImageContents.keyring':
      return all(keyrings.keys.map((each) => value(each.key, 'value', `key of ${each.name}`)));
    case 'apko.ImageContents.repositories':
    case 'apko.ImageContents.build_repositories':
    case 'apko.ImageContents.runtime_repositories':
      return all(keyrings.keys.map((each) => value(each.key.replace(/\/[^/]*$/, ''), 'value', each.name)));
    case 'apko.ImageAccounts.run-as':
    case 'apko.Group.members':
      return all(users(analysis).map((name) => value(name, 'value', 'user of this file')));
    default: {
      const known = Object.entries(keyDoc(struct, key)?.values ?? {});
      const isMap = level?.owner !== null && level?.type?.kind === 'map';
      return isMap ? NOTHING : all(known.map(([name, about]) => value(name, 'value', about.replaceAll('`', ''))));
    }
  }
}

/** The users that an apko file, or the environment of a melange file, makes. */
function users({ root, kind }: Analysis): readonly string[] {
  if (root === null) return [];
  const image = kind === 'apko' ? root.node : entryOf(root.node, 'environment')?.value;
  const accounts = entryOf(image, 'accounts')?.value;
  return itemsOf(entryOf(accounts, 'users')?.value).flatMap((user) => {
    const name = entryOf(user, 'username')?.value.value ?? '';
    return name === '' ? [] : [name];
  });
}

let builtin: readonly Completion[] | null = null;
let licenseIds: readonly Completion[] | null = null;

/** Those of the workspace first; they go before built-in ones of the same name. */
function pipelineNames({ workspace }: Analysis): Completion[] {
  builtin ??= builtinNames.flatMap((name) => pipelineValue(builtinInfo(name)));
  const own = workspace.pipelines.flatMap(({ name }) => {
    const info = pipelineInfo(name, workspace);
    return info === null ? [value(name, 'pipeline', 'of the workspace')] : pipelineValue(info);
  });
  const taken = new Set(own.map(({ label }) => label));
  return [...own, ...builtin.filter(({ label }) => !taken.has(label))];
}

function pipelineValue(info: PipelineInfo | null): readonly Completion[] {
  if (info === null) return [];
  const { name, path, markdown } = info;
  const inputs = info.inputs.map(inputLine);
  const documentation = [markdown, ...(inputs.length === 0 ? [] : [inputs.join('\n')])].join('\n\n');
  return [value(name, 'pipeline', path ?? 'built in', { documentation })];
}

/** Words of a licence expression: identifiers, and behind WITH exceptions. */
function licenses(typed: string): Values {
  const word = /[^\s()]*$/.exec(typed)?.[0] ?? '';
  const before = typed.slice(0, typed.length - word.length).trimEnd();
  const from = typed.length - word.length;
  if (/\bWITH$/.test(before))
    return all(
      spdx.exceptions.map((id) => value(id, 'license', 'exception')),
      from,
    );
  if (before !== '' && !/(?:\(|\bAND|\bOR)$/.test(before)) {
    return all(
      ['AND', 'OR', 'WITH'].map((word_) => value(word_, 'value')),
      from,
    );
  }
  licenseIds ??= [
    ...spdx.licenses.map((id) => value(id, 'license')),
    ...spdx.deprecated.map((id) => value(id, 'license', 'deprecated', { deprecated: true })),
  ];
  return all(licenseIds, from);
}

function packages({ names, workspace }: Analysis, place: Place): Values {
  const typed = place.typed.replace(/^!/, '');
  const from = place.typed.length - typed.length;
  const operator = /[=<>~@]+/.exec(typed);
  if (operator !== null) {
    const name = typed.slice(0, operator.index);
    const known = workspace.packages.find((each) => each.name === name);
    const behind = from + operator.index + operator[0].length;
    return known === undefined || known.version === '' || operator[0].includes('@')
      ? NOTHING
      : all([value(known.version, 'value', 'version in the index')], behind);
  }
  const found = new Map<string, Completion>();
  const add = (name: string, kind: CompletionKind, detail: string, about = ''): void => {
    if (name === '' || found.has(name)) return;
    found.set(name, value(name, kind, detail, { documentation: escapeMarkdown(about) }));
  };
  const written = new Set(place.levels.at(-2)?.siblings.keys());
  for (const { name, value: about } of names.subpackages) add(name, 'subpackage', 'subpackage of this file', about);
  const main = names.package.get('name')?.value ?? '';
  if (main !== '') add(main, 'package', 'package of this file');
  for (const { name, path } of workspace.built) add(name, 'package', path);
  let left = 0;
  const wanted = typed.toLowerCase();
  for (const { name, version, description } of workspace.packages) {
    if (!name.toLowerCase().includes(wanted) || written.has(name)) continue;
    if (found.size >= MOST_PACKAGES) left++;
    else add(name, 'package', version, description);
  }
  return { items: [...found.values()], incomplete: left > 0, from };
}

/** Values of an input under `with`: both truth values where its default is one, and names of packages. */
function inputValues({ workspace, names }: Analysis, { levels }: Place): readonly Completion[] {
  const input = levels.at(-1);
  const step = levels.at(-3);
  if (input === undefined || levels.at(-2)?.name !== 'with' || step === undefined) return [];
  const info = pipelineInfo(step.siblings.get('uses') ?? '', workspace);
  const declared = info?.inputs.find(({ name }) => name === input.name);
  if (info === null || declared === undefined) return [];
  if (declared.default === 'true' || declared.default === 'false') {
    return ['true', 'false'].map((each) => value(each, 'value', each === declared.default ? 'default' : ''));
  }
  if (declared.name === 'package' && info.name.startsWith('split/')) {
    const main = names.package.get('name')?.value ?? '';
    return [
      ...(main === '' ? [] : [value(main, 'package')]),
      ...names.subpackages.map(({ name }) => value(name, 'subpackage')),
    ];
  }
  return declared.default === '' ? [] : [value(declared.default, 'value', 'default')];
}
