// SPDX-License-Identifier: Apache-2.0
import { readApko } from '../apko/validate.ts';
import { entryOf, itemsOf, resolved, type GoNode } from '../yaml/go/node.ts';

/** What of a configuration the tool's words are held against. */
export interface ConfigOutline {
  readonly packages: readonly GoNode[];
  readonly repositories: readonly GoNode[];
  readonly keyring: readonly GoNode[];
  /** Where something stands that is about all of it: the key `contents`, else the first character. */
  readonly contents: { readonly start: number; readonly end: number };
  readonly include: string | null;
  readonly anyArchitecture: boolean;
}

/** Reads a configuration as far as it can be read; one that cannot be has nothing in it. */
export function outlineOf(text: string): ConfigOutline {
  const { root } = readApko(text, () => null);
  const contents = entryOf(root, 'contents');
  const list = (name: string): readonly GoNode[] => itemsOf(entryOf(contents?.value, name)?.value).map(resolved);
  const include = entryOf(root, 'include')?.value;
  const included = include === undefined ? '' : resolved(include).value;
  return {
    packages: list('packages'),
    repositories: ['repositories', 'build_repositories', 'runtime_repositories'].flatMap(list),
    keyring: list('keyring'),
    contents: contents === null ? { start: 0, end: 0 } : { start: contents.key.start, end: contents.key.end },
    include: included === '' ? null : included,
    // What is included may name some; apko then knows better.
    anyArchitecture: included === '' && itemsOf(entryOf(root, 'archs')?.value).length === 0,
  };
}

/** A repository as apko reads it: `@tag ./packages` is `./packages`. */
export function addressOf(repository: string): string {
  return repository.replace(/^@\S+\s+/, '');
}

/** Paths of a configuration that are seen from the folder in which apko is started. */
export function localPaths({ repositories, keyring, include }: ConfigOutline): readonly string[] {
  const all = [...repositories.map(({ value }) => addressOf(value)), ...keyring.map(({ value }) => value)];
  return [...all, ...(include === null ? [] : [include])].filter(
    (path) => path !== '' && !/^[a-z][a-z0-9+.-]*:\/\//i.test(path) && !path.startsWith('/'),
  );
}
