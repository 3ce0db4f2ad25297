// SPDX-License-Identifier: Apache-2.0
// The nodes of a file together with the structs they are read into.
import { entriesOf, type GoNode } from '../yaml/go/node.ts';
import type { GoType, StructType } from '../yaml/go/types.ts';
import { childType, unwrapped } from './place.ts';

export interface Frame {
  readonly node: GoNode;
  /** Null where no struct knows what stands there. */
  readonly type: GoType | null;
  /** Key in a map, number in a list; null at the top. */
  readonly name: string | number | null;
  readonly key: GoNode | null;
  /** The struct that the key is one of; null for items and for keys of plain maps. */
  readonly owner: StructType | null;
  readonly parent: Frame | null;
}

export const rootFrame = (root: GoNode, type: StructType): Frame => ({
  node: root,
  type,
  name: null,
  key: null,
  owner: null,
  parent: null,
});

/** What stands in a map or list itself; aliases are not followed, what they stand for is found where it is written. */
export function childrenOf(frame: Frame): readonly Frame[] {
  const { node, type } = frame;
  if (node.kind === 'list') {
    return node.items.map((item, i) => ({
      node: item,
      type: type?.kind === 'list' ? childType(type, i) : null,
      name: i,
      key: null,
      owner: null,
      parent: frame,
    }));
  }
  if (node.kind !== 'map') return [];
  const known = type?.kind === 'struct' || type?.kind === 'map' ? type : null;
  return [...entriesOf(node)].map(({ key, value }) => ({
    node: value,
    type: childType(known, key.value),
    name: key.value,
    key,
    owner: known?.kind === 'struct' ? known : null,
    parent: frame,
  }));
}

export interface Found {
  readonly frame: Frame;
  readonly on: 'key' | 'value';
}

/** The innermost entry or item at an offset; null outside of everything. */
export function frameAt(root: Frame, offset: number): Found | null {
  let frame = root;
  if (offset < root.node.start && root.node.kind === 'scalar') return null;
  for (;;) {
    let inside: Frame | null = null;
    for (const child of childrenOf(frame)) {
      const { key, node } = child;
      if (key !== null && offset >= key.start && offset <= key.end) return { frame: child, on: 'key' };
      if (offset >= node.start && offset <= node.end) inside = child;
    }
    if (inside === null) return frame === root ? null : { frame, on: 'value' };
    frame = inside;
  }
}

/** Every frame below one, in the order in which they are written. */
export function* framesOf(frame: Frame): Generator<Frame> {
  for (const child of childrenOf(frame)) {
    yield child;
    yield* framesOf(child);
  }
}

export function* ancestors(frame: Frame): Generator<Frame> {
  for (let at: Frame | null = frame; at !== null; at = at.parent) yield at;
}

/** The nearest frame, itself included, that is read into a struct of this name. */
export function enclosing(frame: Frame, struct: string): Frame | null {
  for (const each of ancestors(frame)) {
    const type = unwrapped(each.type);
    if (type?.kind === 'struct' && type.name === struct) return each;
  }
  return null;
}

export const isField = ({ owner, name }: Frame, struct: string, field: string): boolean =>
  owner?.name === struct && name === field;
