// SPDX-License-Identifier: Apache-2.0
import type { TableName, TabName } from '../protocol/panel.ts';

/** Where the panel opens for a node. */
export interface PanelTarget {
  readonly tab: TabName;
  readonly row: string | null;
  /** Show only one value of one facet. */
  readonly only: { readonly facet: string; readonly value: string } | null;
}

/** One line of the tree, as the editor shows it. Text from an image is made visible; the tooltip is Markdown without HTML. */
export interface ExplorerNode {
  /** Unique in the tree, the same after a refresh. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: { readonly id: string; readonly colour: string | null };
  readonly tooltip: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** A value of ITEM, for menus. */
  readonly context: string;
  /** Two characters at most. */
  readonly badge: { readonly text: string; readonly tooltip: string } | null;
  /** Of the image, with its scheme. */
  readonly reference: string;
  readonly image: { readonly key: string | null; readonly session: number | null };
  readonly branch: Branch;
  readonly target: PanelTarget | null;
}

/** What the children of a node are. */
export type Branch =
  | { readonly kind: 'image' }
  | { readonly kind: 'table'; readonly table: TableName }
  | { readonly kind: 'severity' | 'type'; readonly value: string }
  | { readonly kind: 'evidence' | 'signatures' | 'findings' }
  | { readonly kind: 'leaf' };
