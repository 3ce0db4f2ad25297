// SPDX-License-Identifier: Apache-2.0
// What of a melange file goes into the packages that are built of it.
import { GoList, GoMap, GoStruct, type GoValue } from '../yaml/go/types.ts';

/** Where a change makes no other package: who looks for new versions, what is tested, and the number that counts builds. */
const OUTSIDE: Readonly<Record<string, ReadonlySet<string>>> = {
  'melange.Configuration': new Set(['update', 'test', 'capabilities']),
  'melange.Package': new Set(['epoch', 'timeout', 'resources', 'checks', 'test-resources']),
  'melange.Subpackage': new Set(['test', 'checks']),
};

function plain(value: GoValue): unknown {
  if (value instanceof GoList) return value.items.map((item) => plain(item.value));
  if (value instanceof GoMap) return entries([...value.entries].map(([name, item]) => [name, plain(item.value)]));
  if (value instanceof GoStruct) {
    const outside = OUTSIDE[value.type.name];
    const kept = [...value.fields].filter(([name]) => outside?.has(name) !== true);
    return entries(kept.map(([name, field]) => [name, plain(field.value)]));
  }
  return typeof value === 'bigint' ? String(value) : value;
}

const entries = (list: (readonly [string, unknown])[]): unknown => list.toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The same for two files exactly where they make the same packages, whatever their comments and the order of keys. */
export function builtContent(config: GoStruct): string {
  return JSON.stringify(plain(config));
}
