// SPDX-License-Identifier: Apache-2.0
import type { TextEdit } from '../text/edit.ts';
import type { Range, Span } from '../text/source-text.ts';
import type { FindingSeverity } from './severity.ts';

/** A change that removes a finding. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Set where the change can alter behaviour; shown in brackets behind the title. */
  readonly caveat?: string;
  /** Offered first, and the one that `--fix` applies. At most one per finding. */
  readonly preferred?: boolean;
}

export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** Why a finding does not count: the comment or waiver that says so. */
export interface Suppression {
  readonly by: 'comment' | 'waiver';
  readonly owner: string | null;
  readonly reason: string;
  /** ISO date (YYYY-MM-DD) after which it no longer holds. */
  readonly expires: string | null;
}

/** What a rule reports: offsets into the text it was given. */
export interface RawFinding {
  readonly span: Span;
  readonly message: string;
  /** Lower than the rule's own severity where the facts are weak; higher only where a policy demands it. */
  readonly severity?: FindingSeverity;
  readonly related?: readonly RelatedPlace[];
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
  readonly fixes?: readonly Fix[];
}

/** A finding as the editor and the CLI see it. */
export interface Finding extends RawFinding {
  readonly ruleId: string;
  readonly slug: string;
  readonly severity: FindingSeverity;
  readonly range: Range;
  readonly suppressed: Suppression | null;
}
