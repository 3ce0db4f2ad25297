// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../model/finding.ts';
import { applyEdits } from '../text/edit.ts';

/** Apply the preferred fix of every finding that counts; `fixed` says how many edits there were to apply. */
export function applyPreferredFixes(
  text: string,
  findings: readonly Finding[],
): { readonly text: string; readonly fixed: number } {
  const fixes = findings
    .filter(({ suppressed }) => suppressed === null)
    .flatMap(({ fixes: offered }) => (offered ?? []).filter(({ preferred }) => preferred === true));
  return {
    text: applyEdits(
      text,
      fixes.flatMap(({ edits }) => edits),
    ),
    fixed: fixes.length,
  };
}
