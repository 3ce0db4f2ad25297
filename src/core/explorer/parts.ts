// SPDX-License-Identifier: Apache-2.0
// What the nodes under an image are made of.
import type { StageReport } from '../evidence/report.ts';
import type { ExplorerNode, PanelTarget } from './node.ts';

/** More lines under one node help nobody: the panel has the rest, with sort and filter. */
export const MAX_CHILDREN = 1_000;

export type Draft = Partial<ExplorerNode> & Pick<ExplorerNode, 'label' | 'icon'>;

export type Make = (part: string, draft: Draft) => ExplorerNode;

export const table = (
  tab: PanelTarget['tab'],
  row: string | null = null,
  only: PanelTarget['only'] = null,
): PanelTarget => ({
  tab,
  row,
  only,
});

/** The state of a stage that did not end well, null where it did. */
export function trouble(...stages: readonly StageReport[]): { text: string; icon: ExplorerNode['icon'] } | null {
  const bad = stages.find(({ state }) => state !== 'ok');
  if (bad === undefined) return null;
  const reason = bad.reason ?? bad.state;
  if (bad.state === 'cancelled') return { text: 'cancelled', icon: { id: 'circle-slash', colour: null } };
  return { text: reason, icon: { id: 'debug-disconnect', colour: 'waybill.state.attention' } };
}
