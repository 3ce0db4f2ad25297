// SPDX-License-Identifier: Apache-2.0
// Nodes while they are being read: places, tags and anchors are filled in as they become known.
import type { GoNode, GoNodeKind, ScalarStyle } from '../go/node.ts';
import { resolveTag } from './resolve.ts';
import type { ScalarText } from './scalars.ts';

export interface OpenNode extends GoNode {
  tag: string;
  readonly items: OpenNode[];
  end: number;
}

function node(kind: GoNodeKind, tag: string, value: string, style: ScalarStyle, start: number, end: number): OpenNode {
  return { kind, tag, value, style, flow: false, items: [], target: null, start, end };
}

export function collection(kind: 'list' | 'map', flow: boolean, start: number): OpenNode {
  return { ...node(kind, kind === 'list' ? '!!seq' : '!!map', '', 'plain', start, start), flow };
}

export function scalar({ value, style, start, end }: ScalarText): OpenNode {
  return node('scalar', style === 'plain' ? resolveTag(value) : '!!str', value, style, start, end);
}

export function nothing(at: number): OpenNode {
  return node('scalar', '!!null', '', 'plain', at, at);
}

export function alias(name: string, target: GoNode, start: number, end: number): OpenNode {
  return { ...node('alias', '!!alias', name, 'plain', start, end), target };
}
