// SPDX-License-Identifier: Apache-2.0
// The one table of verification cases, as data: made once, run on every host that Waybill runs on.
import type { Expected, ItemKind, VerificationRequest, Verdict } from '../../../src/core/attestations/model.ts';

export interface CaseItem {
  readonly kind: ItemKind;
  readonly annotations: Readonly<Record<string, string>>;
  /** Base64. */
  readonly bytes: string;
  /** Blanks are added up to this many bytes before it is checked. */
  readonly padTo?: number;
}

export interface CaseRequest {
  readonly item: CaseItem;
  /** Digests that it may be about. */
  readonly subjects: readonly string[];
  readonly expected: Expected;
  readonly keys: VerificationRequest['keys'];
  readonly allowNoLog: boolean;
}

export interface VerificationCase {
  readonly name: string;
  /** What was changed, in a word; null for what has to be accepted. */
  readonly kind: string | null;
  /** Fixture that it was made from by one change. */
  readonly base: string;
  readonly request: CaseRequest;
  /** Name of a root in the table. */
  readonly root: string;
  readonly verdict: Verdict;
  readonly code: string;
}

export interface CaseTable {
  /** Texts of trusted_root.json files. */
  readonly roots: Readonly<Record<string, string>>;
  readonly cases: readonly VerificationCase[];
}
