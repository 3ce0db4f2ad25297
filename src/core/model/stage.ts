// SPDX-License-Identifier: Apache-2.0

/** Every stage of an audit ends in one of these; a reason stands wherever it is not `ok`. */
export const STAGE_STATES = ['ok', 'absent', 'failed', 'skipped', 'unsupported', 'cancelled'] as const;
export type StageState = (typeof STAGE_STATES)[number];

/** Stages in the order in which they are shown. */
export const STAGE_NAMES = ['resolve', 'evidence', 'sbom', 'database', 'matching'] as const;
export type StageName = (typeof STAGE_NAMES)[number];
