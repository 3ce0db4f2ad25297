// SPDX-License-Identifier: Apache-2.0
import type { VulnerabilitySeverity } from '../model/severity.ts';
import {
  MAX_WINDOW,
  type PanelCell,
  type PanelColumn,
  type PanelFacet,
  type PanelRow,
  type PanelSort,
  type TableQuery,
} from '../protocol/panel.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { compareCodes, versionKey } from './natural-order.ts';

/** How the cells of a column sort. A number sorts by value, text by its letters, a version by its parts. */
type SortKey<R> =
  | { readonly by: 'number'; readonly of: (row: R) => number }
  | { readonly by: 'text' | 'version'; readonly of: (row: R) => string };

export interface ColumnModel<R> {
  readonly column: PanelColumn;
  readonly cell: (row: R) => PanelCell;
  readonly sort: SortKey<R>;
}

export interface FacetModel<R> {
  readonly key: string;
  readonly title: string;
  /** Every row has exactly one value. */
  readonly of: (row: R) => string;
  readonly label: (value: string) => string;
  readonly tone: (value: string) => VulnerabilitySeverity | null;
  /** Values in the order shown, also those without a row; null orders what there is by count. */
  readonly values: readonly string[] | null;
}

export interface TableModel<R> {
  readonly columns: readonly ColumnModel<R>[];
  readonly facets: readonly FacetModel<R>[];
  readonly defaultSort: readonly PanelSort[];
  readonly id: (row: R) => string;
}

/** A facet's values as numbers, so that counting and hiding are arithmetic. */
interface FacetCodes {
  readonly values: readonly string[];
  readonly codeOf: ReadonlyMap<string, number>;
  /** Code of each row's value. */
  readonly rows: Uint32Array;
}

interface Index {
  /** Positions of the matching rows, in sorted order. */
  readonly order: Int32Array;
  readonly facets: readonly PanelFacet[];
}

/** Queries whose sorted, filtered index is kept. */
const KEPT_QUERIES = 4;
/** Values of one facet that are offered; the most frequent. */
const MAX_FACET_VALUES = 40;

/** A column with the plain defaults: fixed width, text at the start. */
export function panelColumn(key: string, title: string, width: number, more: Partial<PanelColumn> = {}): PanelColumn {
  return {
    key,
    title,
    width,
    flexible: false,
    align: 'start',
    narrow: false,
    mono: false,
    dim: false,
    optional: false,
    descendingFirst: false,
    ...more,
  };
}

export function cellText(cell: PanelCell): string {
  return typeof cell === 'string' ? cell : cell.map(({ text }) => text).join(' ');
}

/** Rows of one table of one report: sorted, filtered and counted on demand; a window of a known query costs only its rows. */
export class Table<R> {
  readonly model: TableModel<R>;
  readonly #rows: readonly R[];
  readonly #ranks = new Map<string, Ranks>();
  readonly #indexes = new Map<string, Index>();
  #searchTexts: string[] | null = null;
  #facetCodes: FacetCodes[] | null = null;
  #positions: Map<string, number> | null = null;

  constructor(model: TableModel<R>, rows: readonly R[]) {
    this.model = model;
    this.#rows = rows;
  }

  get total(): number {
    return this.#rows.length;
  }

  /** Sort and count for the query that a page starts with; done while the page loads, its first rows then cost nothing. */
  prepare(name: TableQuery['table']): void {
    this.#index({ table: name, sort: [], filter: '', hidden: {} });
  }

  /** The row with this id, null where there is none. */
  find(id: string): R | null {
    const position = this.#positionOf(id);
    return position === undefined ? null : (this.#rows[position] ?? null);
  }

  window(query: TableQuery, from: number, to: number): { matching: number; rows: PanelRow[]; facets: PanelFacet[] } {
    const { order, facets } = this.#index(query);
    const end = Math.min(to, from + MAX_WINDOW, order.length);
    const rows: PanelRow[] = [];
    for (let index = from; index < end; index++) {
      const row = this.#at(order, index);
      rows.push({ id: this.model.id(row), cells: this.model.columns.map(({ cell }) => cell(row)) });
    }
    return { matching: order.length, rows, facets: [...facets] };
  }

  /** Index of a row in the query, null where the query hides it. */
  indexOf(query: TableQuery, id: string): number | null {
    const position = this.#positionOf(id);
    if (position === undefined) return null;
    const index = this.#index(query).order.indexOf(position);
    return index === -1 ? null : index;
  }

  /** The next row whose cell in the first sorted column starts with `prefix`, from `after` on and around the end. */
  indexOfPrefix(query: TableQuery, prefix: string, after: number): number | null {
    const { order } = this.#index(query);
    const key = (query.sort[0] ?? this.model.defaultSort[0])?.column;
    const column = this.model.columns.find((each) => each.column.key === key) ?? this.model.columns[0];
    if (column === undefined || order.length === 0) return null;
    const wanted = prefix.toLowerCase();
    for (let step = 0; step < order.length; step++) {
      const index = (after + step) % order.length;
      if (
        cellText(column.cell(this.#at(order, index)))
          .toLowerCase()
          .startsWith(wanted)
      )
        return index;
    }
    return null;
  }

  /** Rows as tab-separated text under a line of column heads; no cell can add a cell or a line. */
  copy(query: TableQuery, ranges: readonly (readonly [number, number])[]): { text: string; rows: number } {
    const { order } = this.#index(query);
    const lines = [this.model.columns.map(({ column }) => column.title).join('\t')];
    for (const [from, to] of ranges) {
      for (let index = from; index < Math.min(to, order.length) && lines.length <= order.length; index++) {
        const row = this.#at(order, index);
        lines.push(this.model.columns.map(({ cell }) => visibleText(cellText(cell(row)))).join('\t'));
      }
    }
    return { text: `${lines.join('\n')}\n`, rows: lines.length - 1 };
  }

  #at(order: Int32Array, index: number): R {
    const row = this.#rows[order[index] ?? -1];
    if (row === undefined) throw new RangeError(`no row ${index}`);
    return row;
  }

  #positionOf(id: string): number | undefined {
    this.#positions ??= new Map(this.#rows.map((row, position) => [this.model.id(row), position]));
    return this.#positions.get(id);
  }

  #index(query: TableQuery): Index {
    const key = JSON.stringify([query.sort, query.filter, query.hidden]);
    const known = this.#indexes.get(key);
    if (known !== undefined) {
      this.#indexes.delete(key);
      this.#indexes.set(key, known);
      return known;
    }
    const index = this.#makeIndex(query);
    this.#indexes.set(key, index);
    for (const oldest of this.#indexes.keys()) {
      if (this.#indexes.size <= KEPT_QUERIES) break;
      this.#indexes.delete(oldest);
    }
    return index;
  }

  #makeIndex(query: TableQuery): Index {
    const words = query.filter
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const facets = this.#facets();
    const counts = facets.map(({ values }) => new Uint32Array(values.length));
    const hidden = facets.map(({ values, codeOf }, at) =>
      hiddenCodes(values, codeOf, query.hidden[this.model.facets[at]?.key ?? '']),
    );
    const matching = new Int32Array(this.#rows.length);
    let found = 0;
    for (let position = 0; position < this.#rows.length; position++) {
      if (words.length > 0) {
        const text = this.#searchText(position);
        if (!words.every((word) => text.includes(word))) continue;
      }
      // A facet counts what the other facets leave, so a row that only one facet hides still counts in that one.
      let failing = -1;
      let failures = 0;
      for (let facet = 0; facet < facets.length && failures < 2; facet++) {
        if (hidden[facet]?.[facets[facet]?.rows[position] ?? 0] === 1) {
          failing = facet;
          failures++;
        }
      }
      if (failures === 0) matching[found++] = position;
      if (failures > 1) continue;
      for (let facet = 0; facet < facets.length; facet++) {
        if (failures === 1 && facet !== failing) continue;
        const code = facets[facet]?.rows[position] ?? 0;
        const seen = counts[facet];
        if (seen !== undefined) seen[code] = (seen[code] ?? 0) + 1;
      }
    }
    return {
      order: this.#sorted(matching.slice(0, found), query.sort),
      facets: facets.map((facet, at) => this.#facet(at, facet, counts[at] ?? new Uint32Array())),
    };
  }

  #facet(at: number, { values, codeOf, rows }: FacetCodes, counts: Uint32Array): PanelFacet {
    const model = this.model.facets[at];
    if (model === undefined) throw new RangeError(`no facet ${at}`);
    let offered = model.values;
    if (offered === null) {
      const totals = new Uint32Array(values.length);
      for (const code of rows) totals[code] = (totals[code] ?? 0) + 1;
      const total = (value: string): number => totals[codeOf.get(value) ?? 0] ?? 0;
      offered = values.toSorted((a, b) => total(b) - total(a) || compareCodes(a, b)).slice(0, MAX_FACET_VALUES);
    }
    return {
      key: model.key,
      title: model.title,
      values: offered.map((value) => {
        const code = codeOf.get(value);
        return {
          value,
          label: model.label(value),
          count: code === undefined ? 0 : (counts[code] ?? 0),
          tone: model.tone(value),
        };
      }),
    };
  }

  /** Stable passes from the last key to the first, each counting: the time grows with the rows and no faster. */
  #sorted(positions: Int32Array, sort: readonly PanelSort[]): Int32Array {
    let order = positions;
    for (const { column, descending } of (sort.length === 0 ? this.model.defaultSort : sort).toReversed()) {
      const ranks = this.#ranksOf(column);
      if (ranks !== null) order = countingSort(order, ranks, descending);
    }
    return order;
  }

  /** Place of every row by one column, equal rows with equal ranks: after this, any sort only compares integers. */
  #ranksOf(key: string): Ranks | null {
    const known = this.#ranks.get(key);
    if (known !== undefined) return known;
    const column = this.model.columns.find((each) => each.column.key === key);
    if (column === undefined) return null;
    const ranks = ranksOf(this.#rows, column.sort);
    this.#ranks.set(key, ranks);
    return ranks;
  }

  #searchText(position: number): string {
    this.#searchTexts ??= [];
    const row = this.#rows[position];
    if (row === undefined) return '';
    return (this.#searchTexts[position] ??= this.model.columns
      .map(({ cell }) => cellText(cell(row)))
      .join('\n')
      .toLowerCase());
  }

  #facets(): FacetCodes[] {
    return (this.#facetCodes ??= this.model.facets.map(({ of }) => {
      const codeOf = new Map<string, number>();
      const rows = Uint32Array.from(this.#rows, (row) => {
        const value = of(row);
        const known = codeOf.get(value);
        if (known !== undefined) return known;
        codeOf.set(value, codeOf.size);
        return codeOf.size - 1;
      });
      return { values: [...codeOf.keys()], codeOf, rows };
    }));
  }
}

/** 1 for each code whose value is hidden. */
function hiddenCodes(
  values: readonly string[],
  codeOf: ReadonlyMap<string, number>,
  hidden: readonly string[] = [],
): Uint8Array {
  const codes = new Uint8Array(values.length);
  for (const value of hidden) {
    const code = codeOf.get(value);
    if (code !== undefined) codes[code] = 1;
  }
  return codes;
}

/** Places of all rows by one column; equal cells share a place. */
interface Ranks {
  readonly of: Int32Array;
  readonly count: number;
}

function ranksOf<R>(rows: readonly R[], sort: SortKey<R>): Ranks {
  if (sort.by === 'number') {
    const numbers = rows.map(sort.of);
    const ascending = [...new Set(numbers)].toSorted((a, b) => a - b);
    const rankOf = new Map(ascending.map((value, rank) => [value, rank]));
    return { of: Int32Array.from(numbers, (value) => rankOf.get(value) ?? 0), count: ascending.length };
  }
  const { by, of } = sort;
  const keys = rows.map((row) => (by === 'version' ? versionKey(of(row)) : of(row).toLowerCase()));
  return rankTexts(keys);
}

/** Sorts positions, not texts: nothing has to be looked up afterwards, which costs more than the sorting. */
function rankTexts(keys: readonly string[]): Ranks {
  const order = Int32Array.from(keys, (_, at) => at).sort((a, b) => compareCodes(keys[a] ?? '', keys[b] ?? ''));
  const ranks = new Int32Array(keys.length);
  let rank = -1;
  let before: string | null = null;
  for (const at of order) {
    const key = keys[at] ?? '';
    if (key !== before) rank++;
    before = key;
    ranks[at] = rank;
  }
  return { of: ranks, count: rank + 1 };
}

function countingSort(positions: Int32Array, { of, count }: Ranks, descending: boolean): Int32Array {
  const starts = new Int32Array(count + 1);
  const place = (position: number): number => (descending ? count - 1 - (of[position] ?? 0) : (of[position] ?? 0));
  for (const position of positions) starts[place(position) + 1] = (starts[place(position) + 1] ?? 0) + 1;
  for (let rank = 1; rank <= count; rank++) starts[rank] = (starts[rank] ?? 0) + (starts[rank - 1] ?? 0);
  const sorted = new Int32Array(positions.length);
  for (const position of positions) {
    const rank = place(position);
    const at = starts[rank] ?? 0;
    starts[rank] = at + 1;
    sorted[at] = position;
  }
  return sorted;
}
