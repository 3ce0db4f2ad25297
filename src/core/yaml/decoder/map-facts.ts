// SPDX-License-Identifier: Apache-2.0
// What can be said of a map before it is known what it is read into.
import { resolved, type GoNode } from '../go/node.ts';

export interface MapFacts {
  /** The keys as they are written. */
  readonly names: ReadonlySet<string>;
  /** Keys that stood before: by the first one's place, then by their own. */
  readonly duplicates: readonly { readonly key: GoNode; readonly first: GoNode }[];
}

/** The key that merges other maps into this one: `<<` without quotes or a tag of its own. */
export const isMergeKey = ({ kind, tag, value }: GoNode): boolean =>
  kind === 'scalar' && value === '<<' && tag === '!!merge';

const OTHER_THAN_TEXT: ReadonlySet<string> = new Set(['!!null', '!!bool', '!!int', '!!float', '!!timestamp']);

/** Whether a key is a text by itself, without being read into one. */
export const isText = (key: GoNode): boolean => !OTHER_THAN_TEXT.has(resolved(key).tag);

/**
 * Keys are the same where they are written the same: 1 and 0x1 differ, 1 and "1" do not. Two lists are the same whatever
 * they hold, and so are two maps; aliases go by their names.
 */
export function mapFacts({ items }: GoNode): MapFacts {
  const names = new Set<string>();
  const alike = new Map<string, GoNode[]>();
  items.forEach((key, i) => {
    if (i % 2 !== 0) return;
    if (key.kind === 'scalar') names.add(key.value);
    const identity = `${key.kind} ${key.value}`;
    const found = alike.get(identity);
    if (found === undefined) alike.set(identity, [key]);
    else found.push(key);
  });
  if (alike.size * 2 === items.length) return { names, duplicates: [] };
  return {
    names,
    duplicates: [...alike.values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : others.map((key) => ({ key, first })),
    ),
  };
}
