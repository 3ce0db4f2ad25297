// SPDX-License-Identifier: Apache-2.0
import type { PanelColumn } from '../../src/core/protocol/panel.ts';

export const MIN_WIDTH = 40;
/** A flexible column may shrink to this before other columns have to go. */
const MIN_FLEXIBLE = 116;
/** Room of a severity that is only its icon. */
const ICON_WIDTH = 34;
/** Padding of a row at its end. */
const ROW_PADDING = 8;

export interface ShownColumn {
  readonly column: PanelColumn;
  /** Position of its cell in a row's cells. */
  readonly at: number;
}

const preferred = (column: PanelColumn, widths: Readonly<Record<string, number>>): number =>
  widths[column.key] ?? (column.flexible ? MIN_FLEXIBLE : column.width);

/** Columns for the room there is: under 560 px the narrow ones, else all from the left that fit. */
export function shownColumns(
  columns: readonly PanelColumn[],
  widths: Readonly<Record<string, number>>,
  room: number,
  narrow: boolean,
): ShownColumn[] {
  const all = columns.map((column, at) => ({ column, at }));
  if (narrow) return all.filter(({ column }) => column.narrow);
  let needed = all.reduce((sum, { column }) => sum + preferred(column, widths), ROW_PADDING);
  const shown = [...all];
  for (const candidate of all.toReversed()) {
    if (needed <= room) break;
    if (candidate.column.narrow) continue;
    shown.splice(shown.indexOf(candidate), 1);
    needed -= preferred(candidate.column, widths);
  }
  return shown;
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
      return `${narrow ? Math.min(column.width, 128) : column.width}px`;
    })
    .join(' ');
}
