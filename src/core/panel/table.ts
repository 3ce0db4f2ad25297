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
import { compareCodes, compareVersions, versionKey } from './natural-order.ts';

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
  readonly #ranks = new Map<string, Int32Array>();
  readonly #indexes = new Map<string, Index>();
  #searchTexts: string[] | null = null;
  #facetValues: string[][] | null = null;
  #positions: Map<string, number> | null = null;

  constructor(model: TableModel<R>, rows: readonly R[]) {
    this.model = model;
    this.#rows = rows;
  }

  get total(): number {
    return this.#rows.length;
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
    const { facets } = this.model;
    const hidden = facets.map(({ key }) => new Set(query.hidden[key]));
    const values = this.#valuesOfFacets();
    const counts = facets.map(() => new Map<string, number>());
    const matching: number[] = [];
    for (let position = 0; position < this.#rows.length; position++) {
      if (words.length > 0) {
        const text = this.#searchText(position);
        if (!words.every((word) => text.includes(word))) continue;
      }
      // A facet counts what the other facets leave, so a row that only one facet hides still counts in that one.
      let failing = -1;
      let failures = 0;
      for (let facet = 0; facet < facets.length && failures < 2; facet++) {
        if (hidden[facet]?.has(values[facet]?.[position] ?? '') === true) {
          failing = facet;
          failures++;
        }
      }
      if (failures === 0) matching.push(position);
      if (failures > 1) continue;
      for (let facet = 0; facet < facets.length; facet++) {
        if (failures === 1 && facet !== failing) continue;
        const value = values[facet]?.[position] ?? '';
        const seen = counts[facet];
        seen?.set(value, (seen.get(value) ?? 0) + 1);
      }
    }
    return {
      order: this.#sorted(matching, query.sort),
      facets: facets.map((facet, at) => this.#facet(facet, values[at] ?? [], counts[at] ?? new Map())),
    };
  }

  #facet(model: FacetModel<R>, all: readonly string[], counts: ReadonlyMap<string, number>): PanelFacet {
    const { key, title } = model;
    let shown = model.values;
    if (shown === null) {
      const totals = new Map<string, number>();
      for (const value of all) totals.set(value, (totals.get(value) ?? 0) + 1);
      shown = [...totals]
        .toSorted((a, b) => b[1] - a[1] || compareCodes(a[0], b[0]))
        .slice(0, MAX_FACET_VALUES)
        .map(([value]) => value);
    }
    return {
      key,
      title,
      values: shown.map((value) => ({
        value,
        label: model.label(value),
        count: counts.get(value) ?? 0,
        tone: model.tone(value),
      })),
    };
  }

  #sorted(positions: readonly number[], sort: readonly PanelSort[]): Int32Array {
    const keys = (sort.length === 0 ? this.model.defaultSort : sort).flatMap(({ column, descending }) => {
      const ranks = this.#ranksOf(column);
      return ranks === null ? [] : [{ ranks, sign: descending ? -1 : 1 }];
    });
    return Int32Array.from(positions).sort((a, b) => {
      for (const { ranks, sign } of keys) {
        const difference = (ranks[a] ?? 0) - (ranks[b] ?? 0);
        if (difference !== 0) return difference * sign;
      }
      return a - b;
    });
  }

  /** Place of every row by one column, equal rows with equal ranks: after this, any sort only compares integers. */
  #ranksOf(key: string): Int32Array | null {
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

  #valuesOfFacets(): string[][] {
    return (this.#facetValues ??= this.model.facets.map((facet) => this.#rows.map((row) => facet.of(row))));
  }
}

function ranksOf<R>(rows: readonly R[], sort: SortKey<R>): Int32Array {
  if (sort.by === 'number') return rankValues(rows.map(sort.of), (a, b) => a - b);
  const texts = rows.map(sort.of);
  if (sort.by === 'text') {
    const lower = new Map(texts.map((text) => [text, text.toLowerCase()]));
    return rankValues(texts, (a, b) => compareCodes(lower.get(a) ?? a, lower.get(b) ?? b) || compareCodes(a, b));
  }
  const keys = new Map([...new Set(texts)].map((text) => [text, versionKey(text)]));
  return rankValues(texts, (a, b) => compareVersions(keys.get(a) ?? [], keys.get(b) ?? []) || compareCodes(a, b));
}

function rankValues<V>(values: readonly V[], compare: (a: V, b: V) => number): Int32Array {
  const distinct = [...new Set(values)].sort(compare);
  const rankOf = new Map(distinct.map((value, rank) => [value, rank]));
  return Int32Array.from(values, (value) => rankOf.get(value) ?? 0);
}
