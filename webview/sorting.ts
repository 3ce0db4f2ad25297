// SPDX-License-Identifier: Apache-2.0
import type { PanelSort, PanelTable } from '../src/core/protocol/panel.ts';

/** Keys that a sort has at most; a further one pushes the oldest out. */
const MAX_KEYS = 3;

/** What the head shows: the chosen sort, else the first key of the default one. */
export function shownSort(sort: readonly PanelSort[], { defaultSort }: Pick<PanelTable, 'defaultSort'>): PanelSort[] {
  return sort.length > 0 ? [...sort] : defaultSort.slice(0, 1);
}

/** The sort after a column head was chosen: reversed where it decides already; `add` keeps the keys before it. */
export function nextSort(
  sort: readonly PanelSort[],
  table: Pick<PanelTable, 'columns' | 'defaultSort'>,
  column: string,
  add: boolean,
): PanelSort[] {
  const before = shownSort(sort, table);
  const known = before.find((each) => each.column === column);
  const first = table.columns.find(({ key }) => key === column)?.descendingFirst === true;
  const next = { column, descending: known === undefined ? first : !known.descending };
  if (!add) return [next];
  return known === undefined
    ? [...before, next].slice(-MAX_KEYS)
    : before.map((each) => (each.column === column ? next : each));
}
