// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '../model/severity.ts';
import type { Given, PolicyProblem } from './parse.ts';
import type { OverlayEntry, StageRole, Vendor, WaiverEntry, Wish } from './schema.ts';

export interface ImageMapping {
  readonly from: string;
  readonly to: string;
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
  waivers: [],
  files: [],
  ruleNames: [],
  problems: [],
};
