// SPDX-License-Identifier: Apache-2.0

/** How an answer stands; each has an icon and a colour of its own. */
export const ANSWER_STATES = [
  'verified',
  'failed',
  'attention',
  'notice',
  'absent',
  'couldNotCheck',
  'unsupported',
  'unknown',
  'notChecked',
  'waiting',
  'running',
] as const;
export type AnswerState = (typeof ANSWER_STATES)[number];
