// SPDX-License-Identifier: Apache-2.0
import type { Source } from '../catalogue/schema.ts';
import type { Span } from '../text/source-text.ts';
import type { CertificateState } from './certificate.ts';
import type { ClaimId } from './knowledge.ts';

/** What an answer rests on: a recorded source, a place in the file, or both. */
export interface Evidence {
  readonly text: string;
  readonly source: Source | null;
  readonly span: Span | null;
}

export interface Answer<V extends string> {
  readonly value: V;
  /** One plain sentence without its full stop. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** `none` means that there is no cryptography at all to be validated; `claimed` that somebody says so and nothing shows it. */
export type ModulePresent = 'yes' | 'claimed' | 'no' | 'none' | 'unknown';
/** `update` is a newer build of what an active certificate names. */
export type CertificateActive = 'active' | 'update' | 'historical' | 'none' | 'unknown';
/** `host` means that the host has to be in FIPS mode, which no image can decide. */
export type ModeEnforced = 'configured' | 'host' | 'no' | 'unknown';

/** Something that says FIPS and proves nothing. */
export interface Claim {
  readonly id: ClaimId;
  /** What is claimed, as a short phrase. */
  readonly title: string;
  readonly why: string;
  readonly todo: string;
  /** Null where the reference itself makes the claim. */
  readonly span: Span | null;
  /** False where the reason is from memory: it raises no more than a hint. */
  readonly sourced: boolean;
}

/** The three answers, in the order in which they are shown, and what they leave open. */
export interface FipsJudgement {
  readonly module: Answer<ModulePresent>;
  readonly certificate: Answer<CertificateActive>;
  readonly enforced: Answer<ModeEnforced>;
  /** Certificates the answers speak of, the first one the most telling. */
  readonly certificates: readonly CertificateState[];
  readonly claims: readonly Claim[];
  /** Known limits of the answers, one sentence each. */
  readonly limits: readonly string[];
}
