// SPDX-License-Identifier: Apache-2.0
import type { Span } from '../../text/source-text.ts';
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export type GoNodeKind = 'scalar' | 'list' | 'map' | 'alias';

/** A YAML node as the Go tools read it. */
export interface GoNode {
  readonly kind: GoNodeKind;
  /** Short tag: `!!str`, `!!int` … as written, or as found from the text of a plain scalar. */
  readonly tag: string;
  /** Text of a scalar, name of an alias; '' for lists and maps. */
  readonly value: string;
  readonly style: ScalarStyle;
  readonly flow: boolean;
  /** Items of a list; keys and values of a map, by turns. */
  readonly items: GoNode[];
  /** What an alias stands for. */
  readonly target: GoNode | null;
  /** From the first character of the value itself (behind anchor and tag) to behind its last. */
  readonly start: number;
  readonly end: number;
}

export const spanOf = ({ start, end }: GoNode): Span => ({ start, end });

export interface MapEntry {
  readonly key: GoNode;
  readonly value: GoNode;
}

/** The node an alias stands for, or the node itself. */
export function resolved(node: GoNode): GoNode {
  let current = node;
  for (let i = 0; current.target !== null && i < 100; i++) current = current.target;
  return current;
}

export function* entriesOf(node: GoNode): Generator<MapEntry> {
  const { kind, items } = resolved(node);
  if (kind !== 'map') return;
  for (let i = 0; i + 1 < items.length; i += 2) {
    const [key, value] = [items[i], items[i + 1]];
    if (key !== undefined && value !== undefined) yield { key, value };
  }
}

/** The entry of a map by its key; merged maps are not looked into. */
export function entryOf(node: GoNode | null | undefined, name: string): MapEntry | null {
  if (node === null || node === undefined) return null;
  for (const entry of entriesOf(node)) if (resolved(entry.key).value === name) return entry;
  return null;
}

export function itemsOf(node: GoNode | null | undefined): readonly GoNode[] {
  if (node === null || node === undefined) return [];
  const list = resolved(node);
  return list.kind === 'list' ? list.items : [];
}
