// SPDX-License-Identifier: Apache-2.0
import type { PanelColumn } from '../../src/core/protocol/panel.ts';

export const MIN_WIDTH = 40;
/** A flexible column may shrink to this before other columns have to go. */
const MIN_FLEXIBLE = 116;
/** Room of a severity that is only its icon. */
const ICON_WIDTH = 34;
/** Columns that are narrower where the panel is. */
const NARROW_FIXED: Readonly<Record<string, number>> = { id: 156, known: 118 };
/** Padding of a row at its end. */
const ROW_PADDING = 8;

export interface ShownColumn {
  readonly column: PanelColumn;
  /** Position of its cell in a row's cells. */
  readonly at: number;
}

/** Columns for the room there is: under 560 px the narrow ones, else all from the left that fit. */
export function shownColumns(
  columns: readonly PanelColumn[],
  widths: Readonly<Record<string, number>>,
  room: number,
  narrow: boolean,
): ShownColumn[] {
  const all = columns.map((column, at) => ({ column, at }));
  if (narrow) return all.filter(({ column }) => column.narrow);
  const preferred = (column: PanelColumn): number => widths[column.key] ?? column.width;
  const least = (column: PanelColumn): number =>
    widths[column.key] ?? (column.flexible ? Math.min(MIN_FLEXIBLE, column.width) : column.width);
  const optional = without(all, preferred, room, (column) => column.optional);
  return without(optional, least, room, (column) => !column.narrow);
}

/** The columns without those from the right that may go, until the rest fits. */
function without(
  columns: readonly ShownColumn[],
  size: (column: PanelColumn) => number,
  room: number,
  mayGo: (column: PanelColumn) => boolean,
): ShownColumn[] {
  let needed = columns.reduce((sum, { column }) => sum + size(column), ROW_PADDING);
  const gone = new Set<ShownColumn>();
  for (const each of columns.toReversed()) {
    if (needed <= room) break;
    if (!mayGo(each.column)) continue;
    gone.add(each);
    needed -= size(each.column);
  }
  return columns.filter((each) => !gone.has(each));
}

/** `grid-template-columns` of the rows. A column that somebody sized keeps that size. */
export function columnTemplate(
  shown: readonly ShownColumn[],
  widths: Readonly<Record<string, number>>,
  narrow: boolean,
): string {
  const sized = shown.every(({ column }) => widths[column.key] !== undefined);
  return shown
    .map(({ column }, index) => {
      if (narrow && column.key === 'severity') return `${ICON_WIDTH}px`;
      const width = widths[column.key];
      if (width !== undefined && !(sized && index === shown.length - 1)) return `${width}px`;
      if (column.flexible || width !== undefined) return `minmax(${narrow ? 0 : MIN_WIDTH}px, ${column.width}fr)`;
      return `${narrow ? Math.min(column.width, NARROW_FIXED[column.key] ?? 128) : column.width}px`;
    })
    .join(' ');
}
