// SPDX-License-Identifier: Apache-2.0
import { html, type TemplateResult } from 'lit';
import type { AnswerState } from '../src/core/protocol/answer-state.ts';
import { icon } from './templates.ts';

const STATE_ICONS: Readonly<Record<AnswerState, string>> = {
  verified: 'pass',
  failed: 'error',
  attention: 'warning',
  notice: 'info',
  absent: 'circle-slash',
  couldNotCheck: 'debug-disconnect',
  unsupported: 'remove',
  unknown: 'question',
  notChecked: 'debug-step-over',
  waiting: 'circle-outline',
  running: 'loading',
};

/** The icon of a state; the word for it stands beside, or in an accessible name. */
export function stateIcon(state: AnswerState): TemplateResult {
  if (state !== 'running') return icon(STATE_ICONS[state], `is-${state}`);
  return html`<vscode-progress-ring aria-hidden="true"></vscode-progress-ring>${icon('loading', 'is-running still')}`;
}
