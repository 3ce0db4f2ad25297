// SPDX-License-Identifier: Apache-2.0
import type { Finding, Fix } from '../model/finding.ts';
import { applyEdits, type TextEdit } from '../text/edit.ts';

/** True where two edits touch the same characters; two insertions at one place do not. */
function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.span.start < b.span.end && b.span.start < a.span.end;
}

/**
 * Apply the preferred fix of every finding that counts. A fix that would touch what an earlier one changes is left out
 * as a whole: half of a fix is none. `applied` are the fixes that were taken.
 */
export function applyPreferredFixes(
  text: string,
  findings: readonly Finding[],
): { readonly text: string; readonly applied: readonly Fix[] } {
  const applied: Fix[] = [];
  const edits: TextEdit[] = [];
  for (const { suppressed, fixes = [] } of findings) {
    const fix = suppressed === null ? fixes.find(({ preferred }) => preferred === true) : undefined;
    if (fix === undefined || fix.edits.some((edit) => edits.some((other) => overlap(edit, other)))) continue;
    applied.push(fix);
    edits.push(...fix.edits);
  }
  return { text: applyEdits(text, edits), applied };
}
