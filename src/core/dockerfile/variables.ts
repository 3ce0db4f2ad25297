// SPDX-License-Identifier: Apache-2.0
import { DockerfileParser } from 'dockerfile-ast';

/** A variable reference: its name and where in the base the whole of `$NAME` or `${NAME…}` stands. */
export interface VariableReference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const PREFIX = 'FROM ';
/** A longer base is no reference that could be fixed, and the library's time grows with the square of the length. */
const MAX_BASE = 1024;

/**
 * Variable references of a base as written, by dockerfile-ast: it knows where each one starts and ends, modifiers
 * included. Meaning is left to our own expansion, which follows BuildKit where the two differ.
 */
export function variableReferences(base: string, escape: string): readonly VariableReference[] {
  if (!base.includes('$') || base.length > MAX_BASE) return [];
  const directive = escape === '`' ? '# escape=`\n' : '';
  const [from] = DockerfileParser.parse(`${directive}${PREFIX}${base}`).getFROMs();
  if (from === undefined) return [];
  return from.getVariables().map((variable) => {
    const { start, end } = variable.getRange();
    return {
      name: variable.getName(),
      start: start.character - PREFIX.length,
      end: end.character - PREFIX.length,
    };
  });
}
