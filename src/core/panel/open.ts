// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '../ports.ts';
import { type PanelState, panelStateSchema } from '../protocol/panel.ts';
import { PanelSession } from './session.ts';

export function createPanelSession(reference: string, clock: Clock): PanelSession {
  return new PanelSession(reference, clock);
}

/** What a page kept over a reload, null where it is nothing that this version wrote. */
export function readPanelState(raw: unknown): PanelState | null {
  const state = panelStateSchema.safeParse(raw);
  return state.success ? state.data : null;
}
