// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import type { Span } from '../../text/source-text.ts';

/** One reason why a tool refuses a file. */
export interface ValidityProblem {
  readonly span: Span;
  readonly message: string;
  readonly fixes: readonly Fix[];
  readonly related?: { readonly span: Span; readonly message: string };
}

/** A span that can be seen: where nothing stands, the line that it would stand on, or the end of what is before it. */
export function visible(text: string, { start, end }: Span): Span {
  if (start < end) return { start, end };
  const isBreak = (index: number): boolean => text[index] === '\n' || text[index] === '\r';
  let at = Math.min(start, text.length);
  while (at > 0 && (at === text.length || isBreak(at) || isBreak(at - 1)) && /\s/.test(text[at - 1] ?? '')) at--;
  let [from, to] = [at, at];
  while (from > 0 && !isBreak(from - 1)) from--;
  while (to < text.length && !isBreak(to)) to++;
  while (from < to && /\s/.test(text[from] ?? '')) from++;
  return from < to ? { start: from, end: to } : { start: 0, end: Math.min(1, text.length) };
}
