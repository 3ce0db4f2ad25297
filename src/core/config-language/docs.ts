// SPDX-License-Identifier: Apache-2.0
// What is recorded of keys, built-in pipelines and their inputs, and how it is said.
import { escapeMarkdown } from '../explorer/markdown.ts';
import { builtinPipelines } from '../melange/pipelines.ts';
import type { GoType } from '../yaml/go/types.ts';
import keys from './data/keys.json' with { type: 'json' };
import pipelines from './data/pipelines.json' with { type: 'json' };

export interface KeyDoc {
  /** Markdown. */
  readonly doc: string;
  /** What holds where the key is left out; absent where that is nothing in particular. */
  readonly default?: string;
  /** The version that brought it, where a source says so. */
  readonly since?: { readonly version: string; readonly source: string };
  readonly deprecated?: boolean;
  /** Values that are taken or usual, or the keys of a map, each with what it means; '' where its name says it. */
  readonly values?: Readonly<Record<string, string>>;
  readonly source: string;
}

const KEYS: Readonly<Record<string, Readonly<Record<string, KeyDoc>>>> = keys.structs;
const SOURCES: Readonly<Record<string, { readonly title: string; readonly url: string }>> = keys.sources;
const PIPELINES: Readonly<Record<string, string>> = pipelines.pipelines;
const INPUTS: Readonly<Record<string, string>> = pipelines.inputs;
const INPUTS_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = pipelines.inputsOf;

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;

export function keyDoc(struct: string, key: string): KeyDoc | null {
  const of = own(KEYS, struct);
  return of === null ? null : own(of, key);
}

const TOOL = (struct: string): string => (struct.startsWith('apko.') ? 'apko' : 'melange');

/** `list of texts`, for people. */
export function typeLabel(type: GoType | null, plural = false): string {
  const s = plural ? 's' : '';
  switch (type?.kind) {
    case undefined:
      return '';
    case 'pointer':
      return typeLabel(type.of, plural);
    case 'list':
      return `list${s} of ${typeLabel(type.of, true)}`;
    case 'map':
      return `map${s} of ${typeLabel(type.of, true)}`;
    case 'struct':
      return plural ? 'blocks' : 'block';
    case 'bool':
      return plural ? 'truth values' : 'true or false';
    case 'string':
      return `text${s}`;
    case 'duration':
      return `duration${s}`;
    default:
      return `number${s}`;
  }
}

/** Text between backticks, which nothing in it can end. */
export const code = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ').slice(0, 200)}\``;

/** A doc as Markdown: what the key is for, then what is recorded beside that. */
export function keyMarkdown(struct: string, key: string, type: GoType | null): string | null {
  const found = keyDoc(struct, key);
  if (found === null) return null;
  const facts = [
    `Type: ${typeLabel(type)}.`,
    ...(found.default === undefined ? [] : [`Default: ${code(found.default)}.`]),
    ...(found.since === undefined ? [] : [`Since ${TOOL(struct)} ${found.since.version}.`]),
    ...(found.deprecated === true ? ['No longer meant for new files.'] : []),
  ];
  const source = own(SOURCES, found.source);
  const values = Object.entries(found.values ?? {})
    .slice(0, MOST_VALUES)
    .map(([value, about]) => `- ${code(value)}${about === '' ? '' : `: ${about}`}`);
  return [
    `**${escapeMarkdown(key)}**`,
    found.doc,
    facts.join(' '),
    ...(values.length === 0 || values.length === MOST_VALUES ? [] : [values.join('\n')]),
    ...(source === null ? [] : [`[${escapeMarkdown(source.title)}](${source.url})`]),
  ].join('\n\n');
}

/** Longer lists are for completion. */
const MOST_VALUES = 12;

export const pipelineDoc = (name: string): string | null => own(PIPELINES, name);

export const inputDoc = (pipeline: string, input: string): string | null => {
  const special = own(INPUTS_OF, pipeline);
  return (special === null ? null : own(special, input)) ?? own(INPUTS, input);
};

/** Where the text of a built-in pipeline can be read. */
export const pipelineUrl = (name: string): string | null =>
  Object.hasOwn(builtinPipelines, name) ? `${pipelines.source.url.replace('/tree/', '/blob/')}/${name}.yaml` : null;

/** Variables that every build has, with what they stand for. */
export const BUILD_VARIABLES: Readonly<Record<string, string>> = {
  'package.name': 'name of the package',
  'package.version': 'version of the package',
  'package.epoch': 'epoch of the package',
  'package.full-version': 'version and epoch, as `1.2.3-r0`',
  'package.description': 'description of the package',
  'package.srcdir': 'folder of the sources on the host',
  'targets.outdir': 'folder with the folders of all packages',
  'targets.destdir': 'folder of the main package',
  'targets.contextdir': 'folder of the package or subpackage that the step belongs to',
  'targets.subpkgdir': 'folder of the subpackage that the step belongs to',
  'context.name': 'name of the package or subpackage that the step belongs to',
  'subpkg.name': 'name of the subpackage that the step belongs to',
  'build.arch': 'architecture that is built for, in the words of apk: `x86_64`, `aarch64`',
  'build.goarch': 'architecture that is built for, in the words of Go: `amd64`, `arm64`',
  'host.triplet.gnu': 'GNU triplet of the machine that is built for',
  'host.triplet.rust': 'Rust triplet of the machine that is built for',
  'cross.triplet.gnu.glibc': 'GNU triplet with glibc',
  'cross.triplet.gnu.musl': 'GNU triplet with musl',
  'cross.triplet.rust.glibc': 'Rust triplet with glibc',
  'cross.triplet.rust.musl': 'Rust triplet with musl',
  'range.key': 'key of the entry of `data` that the subpackage is made of',
  'range.value': 'value of the entry of `data` that the subpackage is made of',
};

export { pipelines as pipelineFacts, keys as keyFacts };
