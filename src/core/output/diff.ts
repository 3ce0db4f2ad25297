// SPDX-License-Identifier: Apache-2.0

/** Lines of context around a change, as `diff -u` has them. */
const CONTEXT = 3;

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/** Line edits by trimming what both ends share; what lies between is replaced. Enough for fixes, which are small. */
function lineEdits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...before.slice(0, start).map((text): Edit => ({ kind: ' ', text })),
    ...before.slice(start, before.length - end).map((text): Edit => ({ kind: '-', text })),
    ...after.slice(start, after.length - end).map((text): Edit => ({ kind: '+', text })),
    ...before.slice(before.length - end).map((text): Edit => ({ kind: ' ', text })),
  ];
}

/** A unified diff of one file, empty where nothing differs. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const split = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '');
  const edits = lineEdits(split(before), split(after));
  const first = edits.findIndex(({ kind }) => kind !== ' ');
  const last = edits.findLastIndex(({ kind }) => kind !== ' ');
  const from = Math.max(0, first - CONTEXT);
  const hunk = edits.slice(from, last + 1 + CONTEXT);
  const count = (without: string): number => hunk.filter(({ kind }) => kind !== without).length;
  const lineOf = (lines: number): number => (lines === 0 ? from : from + 1);
  const body = hunk.map(({ kind, text }) =>
    text.endsWith('\n') ? kind + text : `${kind}${text}\n\\ No newline at end of file\n`,
  );
  const removed = count('+');
  const added = count('-');
  return `--- a/${path}\n+++ b/${path}\n@@ -${lineOf(removed)},${removed} +${lineOf(added)},${added} @@\n${body.join('')}`;
}
