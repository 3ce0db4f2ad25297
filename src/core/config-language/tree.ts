// SPDX-License-Identifier: Apache-2.0
// The nodes of a file: as the Go tools read it, and where they refuse it by lines and indentation.
import { imageConfigurationType } from '../apko/structs.ts';
import { configurationType, pipelineType } from '../melange/structs.ts';
import type { GoNode } from '../yaml/go/node.ts';
import type { StructType } from '../yaml/go/types.ts';
import { parseGoYaml } from '../yaml/reader/parse.ts';
import { closingAt, readLoosely, unquoted, type LooseNode } from './loose.ts';
import type { ConfigKind } from './model.ts';

export interface Tree {
  /** Null where nothing is written. */
  readonly root: GoNode | null;
  /** True where it was read as the tools read it. */
  readonly exact: boolean;
}

export function rootType(kind: ConfigKind): StructType {
  return kind === 'apko' ? imageConfigurationType() : kind === 'melange' ? configurationType() : pipelineType();
}

export function readTree(text: string): Tree {
  const { root, error, limit } = parseGoYaml(text);
  if (error === null && limit === null) return { root, exact: true };
  if (limit !== null) return { root: null, exact: false };
  const document = readLoosely(text, -1);
  return { root: document.children.length === 0 ? null : collection(document, text), exact: false };
}

interface Open extends GoNode {
  readonly items: GoNode[];
}

function plain(kind: GoNode['kind'], value: string, start: number, end: number): Open {
  const tag = kind === 'list' ? '!!seq' : kind === 'map' ? '!!map' : value === '' ? '!!null' : '!!str';
  return { kind, tag, value, style: 'plain', flow: false, items: [], target: null, start, end };
}

function collection(node: LooseNode, text: string): GoNode {
  const isList = node.children[0]?.kind === 'item';
  const made: Open[] = [];
  for (const child of node.children) {
    if ((child.kind === 'item') !== isList) continue;
    if (isList) made.push(valueOf(child, text));
    else if (child.key !== null) {
      const { text: name, span } = child.key;
      made.push(plain('scalar', name, span.start, span.end), valueOf(child, text));
    }
  }
  const first = made[0];
  const last = made.at(-1);
  return {
    ...plain(isList ? 'list' : 'map', '', first?.start ?? node.value.start, last?.end ?? node.value.end),
    items: made,
  };
}

function valueOf(node: LooseNode, text: string): GoNode {
  if (node.children.length > 0) return collection(node, text);
  const { start, end } = node.value;
  if (node.block !== null) {
    const from = Math.max(node.block.start, start);
    return { ...plain('scalar', text.slice(from, end), start, end), style: 'literal' };
  }
  const from = node.text === '' ? start : text.indexOf(node.text, start);
  if (/^[[{]/.test(node.text) && closingAt(node.text) === node.text.length) {
    const { root } = parseGoYaml(node.text);
    if (root !== null) return moved(root, from, 0);
  }
  return plain('scalar', unquoted(node.text), from, Math.max(from + node.text.length, end));
}

/** Deeper brackets are left out. */
const MAX_DEPTH = 100;

function moved(node: GoNode, by: number, depth: number): GoNode {
  const items = depth > MAX_DEPTH ? [] : node.items.map((item) => moved(item, by, depth + 1));
  return { ...node, items, target: null, start: node.start + by, end: node.end + by };
}
