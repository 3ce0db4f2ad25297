// SPDX-License-Identifier: Apache-2.0
import { GoYamlError } from './cursor.ts';
import type { GoNode } from './node.ts';
import { GoYamlLimit, Parser } from './parser.ts';

/** How long a file may be, in UTF-16 code units. */
export const MAX_LENGTH = 4_194_304;

export interface GoYamlResult {
  /** Null where the text cannot be read, or holds no document. */
  readonly root: GoNode | null;
  /** Set where the Go reader refuses the text. */
  readonly error: GoYamlError | null;
  /** Set where the text is beyond the limits of this reader; then there is no root, and an error only where it is sure. */
  readonly limit: string | null;
}

// oxlint-disable-next-line no-control-regex -- these are what the Go reader refuses
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** The Go reader takes this many bytes at once and looks at each of them. */
const READ_AHEAD = 512;

function scannerError(parser: Parser): GoYamlError | null {
  try {
    parser.drain();
    return null;
  } catch (thrown) {
    if (thrown instanceof GoYamlError) return thrown;
    throw thrown;
  }
}

/** Read the first document of a text as the Go tools do. It never throws. */
export function parseGoYaml(text: string): GoYamlResult {
  if (text.length > MAX_LENGTH) {
    return { root: null, error: null, limit: `It is longer than ${MAX_LENGTH} characters.` };
  }
  const parser = new Parser(text);
  try {
    const root = parser.document();
    const forbidden = text.search(FORBIDDEN);
    if (forbidden >= 0 && forbidden < (Math.floor((parser.position + 4) / READ_AHEAD) + 1) * READ_AHEAD) {
      throw new GoYamlError('a control character stands here', forbidden, forbidden + 1);
    }
    return { root, error: null, limit: null };
  } catch (thrown) {
    if (thrown instanceof GoYamlError) return { root: null, error: parser.atItsCause(thrown), limit: null };
    if (!(thrown instanceof GoYamlLimit)) throw thrown;
    return { root: null, error: scannerError(parser), limit: thrown.message };
  }
}
