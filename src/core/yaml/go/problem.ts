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
