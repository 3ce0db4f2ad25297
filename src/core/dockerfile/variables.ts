// SPDX-License-Identifier: Apache-2.0
import { DockerfileParser } from 'dockerfile-ast';
import type { Span } from '../text/source-text.ts';

/** A variable reference: its name and where the whole of `$NAME` or `${NAME…}` stands. */
export interface VariableReference {
  readonly name: string;
  readonly span: Span;
}

/**
 * Variable references of a base as written, by dockerfile-ast: it knows where each one starts and ends, modifiers
 * included. Meaning is left to our own expansion, which follows BuildKit where the two differ.
 */
export function variableReferences(base: string, offset: number): readonly VariableReference[] {
  if (!base.includes('$')) return [];
  const prefix = 'FROM ';
  const [from] = DockerfileParser.parse(`${prefix}${base}`).getFROMs();
  if (from === undefined) return [];
  return from.getVariables().map((variable) => {
    const { start, end } = variable.getRange();
    return {
      name: variable.getName(),
      span: { start: offset + start.character - prefix.length, end: offset + end.character - prefix.length },
    };
  });
}
