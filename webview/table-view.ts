// SPDX-License-Identifier: Apache-2.0
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { PanelDetail, PanelFacet, PanelTable, TableName, TablePlace } from '../src/core/protocol/panel.ts';
import type { Channel } from './channel.ts';
import { detailTemplate } from './detail.ts';
import { countBadge, countLine, facetsTemplate, nothingTemplate, toggled } from './facets.ts';
import type { WaybillGrid } from './grid/grid.ts';
import { MIN_WIDTH } from './grid/columns.ts';
import type { RowStore } from './grid/row-store.ts';
import { openMenu, rowMenu } from './menu.ts';
import { nextSort, shownSort } from './sorting.ts';
import { oneTabStop, rove, roveText } from './roving.ts';
import { applyDetailSize, clampDetail, type DetailSize, startSash } from './sash.ts';
import { capital, grouped, icon, shown, tool } from './templates.ts';

/** Typing in the filter asks for rows after this pause. */
const PAUSE = 80;

/** What a table tells the panel around it. */
export interface TableEvents {
  place(place: TablePlace): void;
  reveal(table: TableName, row: string): void;
  say(text: string): void;
  detailSize(size: DetailSize): void;
}

/** One of the big tables: filter, facets, grid and detail over rows that the host keeps. */
export class WaybillTable extends LitElement {
  static override properties = {
    table: {},
    info: { attribute: false },
    revision: { type: Number },
    place: { attribute: false },
    width: { type: Number },
    detailSize: { attribute: false },
  };

  declare table: TableName;
  declare info: PanelTable;
  declare revision: number;
  declare place: TablePlace;
  declare width: number;
  declare detailSize: DetailSize;
  declare channel: Channel;
  declare events: TableEvents;
  /** Outlives this element: its rows are there at once when the tab is opened again. */
  declare store: RowStore;

  #shownRevision = -1;
  #detail: PanelDetail | null = null;
  #detailOf: string | null = null;
  #closed = false;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #following: ReturnType<typeof setTimeout> | undefined;
  #pendingRow: string | null = null;
  #pendingOnly: { facet: string; value: string } | null = null;
  #saidMatching = -1;
  #selected = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
    clearTimeout(this.#following);
    this.store.onChange = null;
  }

  /** Bring a row into view and open its detail, also where it was far away or the filter hid it. */
  async reveal(row: string): Promise<void> {
    this.#closed = false;
    let index = await this.#indexOf(row);
    if (index === null && this.#filtered) {
      this.#change({ ...this.place, query: { ...this.place.query, filter: '', hidden: {} } });
      index = await this.#indexOf(row);
    }
    if (index === null) return;
    this.#pendingRow = row;
    this.#grid?.moveTo(index);
    this.#grid?.focus();
    void this.#follow(row, 0);
  }

  /** Show only one value of a facet. */
  showOnly(facet: string, value: string): void {
    const { store } = this;
    if (!store.loaded) {
      this.#pendingOnly = { facet, value };
      return;
    }
    const known = store.facets.find(({ key }) => key === facet);
    if (known === undefined) return;
    const hidden = toggled({}, known, value, true);
    this.#change({ ...this.place, query: { ...this.place.query, filter: '', hidden } });
  }

  focusQuery(): void {
    const field = this.querySelector('vscode-textfield');
    field?.wrappedElement.focus();
    field?.wrappedElement.select();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('revision')) return;
    this.store.onChange = (first) => this.#onRows(first);
    this.store.ensure(this.place.query, this.revision);
    this.#pendingRow = this.place.row;
    this.#detailOf = null;
  }

  protected override updated(): void {
    const grid = this.#grid;
    if (grid !== null) {
      grid.store = this.store;
      grid.events ??= {
        row: (id) => this.#onRow(id),
        open: () => this.#openDetail(),
        selected: (count) => this.#onSelected(count),
        sort: (column, add) => this.#sortBy(column, add),
        resize: (column, width) => this.#resize(column, width),
        copy: (ranges) =>
          this.channel.post({
            type: 'copyRows',
            query: this.place.query,
            ranges: ranges.map(([from, to]): [number, number] => [from, to]),
          }),
        find: (prefix, after) => void this.#find(prefix, after),
        menu: (x, y) => void this.#menu(x, y),
        toQuery: () => this.focusQuery(),
      };
      grid.configure({
        label: capital(this.table),
        columns: this.info.columns,
        widths: this.place.widths,
        sort: shownSort(this.place.query.sort, this.info),
        narrow: this.width < 560,
      });
    }
    applyDetailSize(this.querySelector<HTMLElement>('.split'), this.detailSize);
    // Rows that were here before this element was.
    if (this.#shownRevision !== this.revision) {
      this.#shownRevision = this.revision;
      if (this.store.loaded) this.#onRows(true);
    }
    oneTabStop(this.querySelector<HTMLElement>('.facets'));
    oneTabStop(this.querySelector<HTMLElement>('.detail'));
  }

  protected override render(): TemplateResult {
    const { query } = this.place;
    const facetsOpen = this.#facetsOpen;
    const detail = this.#closed ? null : this.#detail;
    return html`<div class="query" @keydown=${this.#onQueryKey}>
        <vscode-textfield
          label="Filter ${this.table}"
          placeholder="Filter ${this.table}: all words must match"
          maxlength="500"
          title="Ctrl+F or /"
          .value=${query.filter}
          @input=${this.#onType}
        >
          <span slot="content-before">${icon('filter')}</span>
          <span slot="content-after">
            <vscode-badge variant="counter">${countBadge(this.store)}</vscode-badge>
            ${this.#filtered ? tool('clear-all', 'Clear filter (Esc)', () => this.#clear(), { small: true, noStop: true }) : nothing}
          </span>
        </vscode-textfield>
        ${tool('list-filter', 'Facets', () => this.#change({ ...this.place, facets: !facetsOpen }, false), { pressed: facetsOpen })}
      </div>
      <div class="split ${facetsOpen ? 'with-facets' : ''} ${detail === null ? '' : 'with-detail'}">
        ${
          facetsOpen
            ? html`<aside class="pane facets" aria-label="Facets" @keydown=${this.#onFacetKey}>
                ${facetsTemplate(this.store.facets, query.hidden, (facet, value, only) => this.#tick(facet, value, only))}
              </aside>`
            : nothing
        }
        <div class="pane grid-pane">
          ${nothingTemplate(this.store, this.#filtered, this.info.empty, () => this.#clear())}
          <waybill-grid ?hidden=${this.store.loaded && this.store.matching === 0}></waybill-grid>
          <div class="grid-foot">
            <span>${countLine(this.store, query.hidden, this.#selected)}</span
            ><span class="source">${shown(this.info.source)}</span>
          </div>
        </div>
        ${detail === null ? nothing : this.#detailPane(detail)}
      </div>`;
  }

  #detailPane(detail: PanelDetail): TemplateResult {
    return html`<div class="pane detail-pane">
      <div class="sash" aria-hidden="true" @pointerdown=${this.#onSash}></div>
      <aside class="detail" tabindex="0" aria-label="Details: ${shown(detail.title)}" @keydown=${this.#onDetailKey}>
        ${detailTemplate(detail, {
          close: () => this.#closeDetail(),
          reveal: (table, row) => this.events.reveal(table, row),
          open: (url) => this.channel.post({ type: 'openLink', url }),
          copy: (text) => this.channel.post({ type: 'copy', text }),
        })}
      </aside>
    </div>`;
  }

  get #grid(): WaybillGrid | null {
    return this.querySelector('waybill-grid');
  }

  get #filtered(): boolean {
    const { filter, hidden } = this.place.query;
    return filter.trim() !== '' || Object.values(hidden).some((values) => values.length > 0);
  }

  get #facetsOpen(): boolean {
    return this.place.facets ?? (this.table === 'vulnerabilities' && this.width >= 760);
  }

  #onRows(first: boolean): void {
    if (first) {
      const { matching } = this.store;
      if (this.#saidMatching !== -1 && this.#saidMatching !== matching) this.events.say(`${grouped(matching)} shown.`);
      this.#saidMatching = matching;
      this.requestUpdate();
    }
    this.#grid?.refresh(first);
    const only = this.#pendingOnly;
    if (first && only !== null) {
      this.#pendingOnly = null;
      this.showOnly(only.facet, only.value);
    } else if (first && this.#pendingRow !== null) void this.#restore(this.#pendingRow);
    else if (this.#grid !== null && this.#grid.selection.size === 1 && this.#detailOf === null) {
      this.#onRow(this.store.row(this.#grid.activeIndex)?.id ?? null);
    }
  }

  /** Go back to the row of before a reload or a new report; where it is gone, nothing is selected. */
  async #restore(row: string): Promise<void> {
    this.#pendingRow = null;
    const index = await this.#indexOf(row);
    if (index === null) return this.#show(null, null);
    this.#grid?.moveTo(index);
    await this.#follow(row, 0);
  }

  async #indexOf(row: string): Promise<number | null> {
    const answer = await this.channel.ask<'locate'>({
      type: 'locate',
      query: this.place.query,
      row,
      prefix: null,
      after: 0,
    });
    return answer?.index ?? null;
  }

  #onSelected(count: number): void {
    if (count === this.#selected) return;
    if (count > 1) this.events.say(`${grouped(count)} selected.`);
    this.#selected = count;
    this.requestUpdate();
  }

  #onRow(id: string | null): void {
    if (id === null || id === this.#detailOf) return;
    if (this.place.row !== id) this.events.place({ ...this.place, row: id });
    void this.#follow(id, this.#detail === null ? 0 : PAUSE);
  }

  /** The detail follows the current row, not every row that a held arrow key passes. */
  async #follow(id: string, pause: number): Promise<void> {
    clearTimeout(this.#following);
    await new Promise((resolve) => {
      this.#following = setTimeout(resolve, pause);
    });
    const answer = await this.channel.ask<'detail'>({ type: 'detail', table: this.table, row: id });
    if (answer !== null) this.#show(id, answer.detail);
  }

  #show(id: string | null, detail: PanelDetail | null): void {
    this.#detailOf = id;
    this.#detail = detail;
    this.requestUpdate();
  }

  #openDetail(): void {
    this.#closed = false;
    this.requestUpdate();
    void this.#moveIntoDetail();
  }

  async #moveIntoDetail(): Promise<void> {
    const row = this.store.row(this.#grid?.activeIndex ?? -1);
    if (row !== undefined && row.id !== this.#detailOf) await this.#follow(row.id, 0);
    await this.updateComplete;
    this.querySelector<HTMLElement>('.detail')?.focus();
  }

  #closeDetail(): void {
    this.#closed = true;
    this.requestUpdate();
    this.#grid?.focus();
  }

  /** A changed place; `ask` where the rows change with it. */
  #change(place: TablePlace, ask = true): void {
    this.place = place;
    this.events.place(place);
    if (!ask) return;
    this.#grid?.reset();
    this.store.open(place.query, this.revision);
  }

  #tick(facet: PanelFacet, value: string, only: boolean): void {
    const { query } = this.place;
    this.#change({ ...this.place, query: { ...query, hidden: toggled(query.hidden, facet, value, only) } });
  }

  #clear(): void {
    clearTimeout(this.#typing);
    this.#change({ ...this.place, query: { ...this.place.query, filter: '', hidden: {} } });
  }

  #sortBy(column: string, add: boolean): void {
    const { query } = this.place;
    const sort = nextSort(query.sort, this.info, column, add);
    this.#change({ ...this.place, query: { ...query, sort } });
    const key = sort.find((each) => each.column === column);
    const title = this.info.columns.find((each) => each.key === column)?.title ?? column;
    this.events.say(`Sorted by ${title}, ${key?.descending === true ? 'descending' : 'ascending'}.`);
  }

  #resize(column: string, width: number): void {
    const widths = { ...this.place.widths, [column]: Math.max(MIN_WIDTH, Math.min(1_000, width)) };
    this.#change({ ...this.place, widths }, false);
  }

  async #find(prefix: string, after: number): Promise<void> {
    const { query } = this.place;
    const answer = await this.channel.ask<'locate'>({ type: 'locate', query, row: null, prefix, after });
    if (answer?.index !== null && answer?.index !== undefined) this.#grid?.moveTo(answer.index);
    else this.events.say(`No row starts with ${prefix}.`);
  }

  async #menu(x: number, y: number): Promise<void> {
    const row = this.store.row(this.#grid?.activeIndex ?? -1);
    if (row === undefined) return;
    const answer = await this.channel.ask<'detail'>({ type: 'detail', table: this.table, row: row.id });
    const { detail } = answer ?? { detail: null };
    if (detail !== null) openMenu(this, rowMenu(this.table, detail, this.channel), x, y);
  }

  #onType = (event: Event): void => {
    const filter = (event.target as HTMLElement & { value: string }).value;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#change({ ...this.place, query: { ...this.place.query, filter } }), PAUSE);
  };

  #onQueryKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      const { value } = this.querySelector('vscode-textfield') ?? { value: '' };
      if (value !== '' || this.#filtered) this.#clear();
      else this.#grid?.focus();
    } else if (
      event.key === 'ArrowDown' &&
      event.target instanceof Element &&
      event.target.tagName === 'VSCODE-TEXTFIELD'
    ) {
      event.preventDefault();
      this.#grid?.focus();
    }
  };

  #onFacetKey = (event: KeyboardEvent): void => {
    rove(event.currentTarget as HTMLElement, event, 'vertical');
  };

  #onDetailKey = (event: KeyboardEvent): void => {
    const region = event.currentTarget as HTMLElement;
    const by = { ArrowLeft: 20, ArrowUp: 20, ArrowRight: -20, ArrowDown: -20 }[event.key];
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#grid?.focus();
    } else if (event.altKey && by !== undefined) {
      event.preventDefault();
      const { width, height } = (region.parentElement ?? region).getBoundingClientRect();
      this.events.detailSize(clampDetail({ width: width + by, height: height + by }, this));
    } else {
      roveText(region, event);
    }
  };

  #onSash = (event: PointerEvent): void => {
    const pane = (event.currentTarget as HTMLElement).parentElement;
    if (pane !== null) startSash(event, pane, (size) => this.events.detailSize(clampDetail(size, this)));
  };
}
