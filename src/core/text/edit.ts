// SPDX-License-Identifier: Apache-2.0
import type { Span } from './source-text.ts';

/** Replace `span` of the original text by `newText`; an empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/**
 * Apply edits that all refer to the original text. Edits are applied by position;
 * one that overlaps an earlier one is left out, so that two fixes never corrupt each other.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    if (edit.span.start < at) continue;
    result += text.slice(at, edit.span.start) + edit.newText;
    at = edit.span.end;
  }
  return result + text.slice(at);
}
