// SPDX-License-Identifier: Apache-2.0

/** A variable reference: its name and where in the base the whole of `$NAME` or `${NAME…}` stands. */
export interface VariableReference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A longer base is no reference that could be fixed. */
const MAX_BASE = 1024;
const REFERENCE = /\$(?:([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+))/y;

/**
 * Variable references of a base as written, modifiers included and what stands within them not told apart: places for
 * fixes. What they mean is left to our own expansion, which follows BuildKit.
 */
export function variableReferences(base: string, escape: string): readonly VariableReference[] {
  if (!base.includes('$') || base.length > MAX_BASE) return [];
  const found: VariableReference[] = [];
  let at = 0;
  while (at < base.length) {
    REFERENCE.lastIndex = at;
    const [whole = '', plain, braced] = base[at] === escape ? [] : (REFERENCE.exec(base) ?? []);
    const name = plain ?? braced;
    const end = braced === undefined ? at + whole.length : closing(base, at + whole.length, escape);
    if (name === undefined || end === null) {
      at += base[at] === escape ? 2 : 1;
      continue;
    }
    found.push({ name, start: at, end });
    at = end;
  }
  return found;
}

/** Behind the brace that closes an open one, null where none does. */
function closing(base: string, from: number, escape: string): number | null {
  let depth = 1;
  for (let at = from; at < base.length; at++) {
    if (base[at] === escape) at++;
    else if (base.startsWith('${', at)) depth++;
    else if (base[at] === '}' && --depth === 0) return at + 1;
  }
  return null;
}
