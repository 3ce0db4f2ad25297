// SPDX-License-Identifier: Apache-2.0
import type { PanelFacet, PanelRow, RowsPage, TableQuery } from '../../src/core/protocol/panel.ts';
import type { Channel } from '../channel.ts';

/** Rows are asked for and kept by pages of this many. */
const PAGE = 100;
/** Pages kept; the ones furthest from what is shown go first. */
const KEPT_PAGES = 60;

/** Rows of one query, fetched page by page as they come into view. */
export class RowStore {
  readonly #channel: Channel;
  #revision = -1;
  /** Told when rows came; `first` where they are the first of a query. */
  onChange: ((first: boolean) => void) | null = null;
  #query: TableQuery | null = null;
  #generation = 0;
  #pages = new Map<number, readonly PanelRow[]>();
  #asked = new Set<number>();
  matching = 0;
  total = 0;
  facets: readonly PanelFacet[] = [];
  /** False until the first rows of the query are there. */
  loaded = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** The same, unless its rows are here or on their way already. */
  ensure(query: TableQuery, revision: number): void {
    if (revision !== this.#revision || JSON.stringify(query) !== JSON.stringify(this.#query))
      this.open(query, revision);
  }

  /** Start over with a query; what is there stays until its first rows have come. */
  open(query: TableQuery, revision: number): void {
    this.#query = query;
    this.#revision = revision;
    this.#generation++;
    this.#asked = new Set();
    this.loaded = false;
    void this.#fetch(0, true);
  }

  row(index: number): PanelRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Make sure of the rows from `from` to `to`, end exclusive. */
  want(from: number, to: number): void {
    if (!this.loaded) return;
    const last = Math.floor(Math.max(from, Math.min(to, this.matching) - 1) / PAGE);
    for (let page = Math.floor(from / PAGE); page <= last; page++) {
      if (!this.#pages.has(page)) void this.#fetch(page, false);
    }
  }

  async #fetch(page: number, first: boolean): Promise<void> {
    const query = this.#query;
    if (query === null || this.#asked.has(page)) return;
    this.#asked.add(page);
    const generation = this.#generation;
    const answer = await this.#channel.ask<'rows'>({ type: 'rows', query, from: page * PAGE, to: (page + 1) * PAGE });
    if (generation !== this.#generation) return;
    this.#asked.delete(page);
    if (answer !== null) this.#keep(page, answer, first);
  }

  #keep(page: number, answer: RowsPage, first: boolean): void {
    if (first) {
      this.#pages = new Map();
      this.matching = answer.matching;
      this.total = answer.total;
      this.facets = answer.facets;
      this.loaded = true;
    }
    this.#pages.set(page, answer.rows);
    if (this.#pages.size > KEPT_PAGES) {
      const furthest = [...this.#pages.keys()].reduce((a, b) => (Math.abs(b - page) > Math.abs(a - page) ? b : a));
      this.#pages.delete(furthest);
    }
    this.onChange?.(first);
  }
}
