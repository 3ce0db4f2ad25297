// SPDX-License-Identifier: Apache-2.0
// Reads the first document of a text as gopkg.in/yaml.v3 does, the reader of melange and apko.
import type { GoNode } from '../go/node.ts';
import { GoYamlError, GoYamlLimit } from './errors.ts';
import { Parser } from './parser.ts';

export const MAX_LENGTH = 4_194_304;

/** How far the Go reader looks ahead at least. */
const AHEAD = 512;
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

export interface GoYamlResult {
  /** Null where the text cannot be read, or holds no document. */
  readonly root: GoNode | null;
  /** Set where the Go reader refuses the text. */
  readonly error: GoYamlError | null;
  /** Set where the text is beyond the limits of this reader; then there is no root, and an error only where it is sure. */
  readonly limit: string | null;
}

/** Read the first document of a text as the Go tools do. It never throws. */
export function parseGoYaml(text: string): GoYamlResult {
  if (text.length > MAX_LENGTH) {
    return { root: null, error: null, limit: `It is longer than ${MAX_LENGTH} characters.` };
  }
  const control = CONTROL.exec(text)?.index ?? Infinity;
  const refusedControl = (): GoYamlResult => ({
    root: null,
    error: new GoYamlError('a control character stands here', control, control + 1),
    limit: null,
  });
  const parser = new Parser(text);
  try {
    const root = parser.document();
    return control < parser.cursor.pos + AHEAD ? refusedControl() : { root, error: null, limit: null };
  } catch (thrown) {
    if (control <= parser.cursor.pos) return refusedControl();
    if (thrown instanceof GoYamlError) return { root: null, error: thrown, limit: null };
    if (thrown instanceof GoYamlLimit) return { root: null, error: null, limit: thrown.message };
    throw thrown;
  }
}
