// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '../model/severity.ts';
import type { Given, PolicyProblem } from './parse.ts';
import type { OverlayEntry, StageRole, Vendor, WaiverEntry, Wish } from './schema.ts';

export interface ImageMapping {
  readonly from: string;
  readonly to: string;
}

/** Somebody who may sign. Identity and id are literal unless they are patterns, which match the whole. */
export type TrustedSigner =
  | { readonly kind: 'identity'; readonly issuer: string; readonly identity: string; readonly pattern: boolean }
  | {
      readonly kind: 'key';
      /** What people call it: its path, or `key in FILE:LINE`. */
      readonly name: string;
      readonly pem: string;
      /** `sha256:…` of the key's SPKI, as signatures name their key; null until the host has worked it out. */
      readonly fingerprint: string | null;
      readonly logRequired: boolean;
      /** ISO days, null where they are not limited. */
      readonly validFrom: string | null;
      readonly validUntil: string | null;
    };

/** One entry of `trust`, with its keys read. */
export interface TrustRule {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly images: readonly string[];
  readonly signers: readonly TrustedSigner[];
  /** It has a mistake and cannot be followed: nobody is judged by it, and nothing is met. */
  readonly broken?: boolean;
  /** Words or predicate types; never empty. */
  readonly require: readonly string[];
  readonly builders: readonly { readonly id: string; readonly pattern: boolean; readonly level: 1 | 2 | 3 }[];
  readonly minimumLevel: 1 | 2 | 3 | null;
  readonly source: {
    readonly repository: string | null;
    readonly ref: string | null;
    readonly refIsPattern: boolean;
    readonly workflow: string | null;
  } | null;
  /** Milliseconds, null where age does not matter. */
  readonly freshness: number | null;
  readonly verifiers: readonly string[];
}

/** A policy ready for use: the nearest file and all that it builds on. */
export interface Policy {
  readonly fips: Readonly<Record<StageRole, Given<Wish> | null>>;
  readonly minimal: Readonly<Record<StageRole, Given<Wish> | null>>;
  /** Null where every registry is allowed. */
  readonly registries: Given<readonly string[]> | null;
  readonly severities: Readonly<Record<string, FindingSeverity | 'off'>>;
  /** Nearest first: the first that fits counts. */
  readonly mappings: readonly ImageMapping[];
  /** Nearest first. */
  readonly catalogue: readonly Given<OverlayEntry>[];
  readonly entitlements: readonly Vendor[];
  /** Nearest first: the first whose patterns fit an image counts. */
  readonly trust: readonly TrustRule[];
  readonly waivers: readonly Given<WaiverEntry>[];
  /** Every file that was read, the nearest first. */
  readonly files: readonly string[];
  /** Names and ids of rules that the files speak of. */
  readonly ruleNames: readonly Given<string>[];
  readonly problems: readonly PolicyProblem[];
}

/** What holds without a policy: nothing is demanded, nothing is waived. */
export const NO_POLICY: Policy = {
  fips: { final: null, builder: null },
  minimal: { final: null, builder: null },
  registries: null,
  severities: {},
  mappings: [],
  catalogue: [],
  entitlements: [],
  trust: [],
  waivers: [],
  files: [],
  ruleNames: [],
  problems: [],
};
