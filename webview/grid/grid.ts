// SPDX-License-Identifier: Apache-2.0
import type { PanelColumn, PanelSort } from '../../src/core/protocol/panel.ts';
import { columnTemplate, type ShownColumn, shownColumns } from './columns.ts';
import { HeaderView } from './header-view.ts';
import { commandOf, type GridCommand } from './keyboard.ts';
import type { RowStore } from './row-store.ts';
import { RowView } from './row-view.ts';
import { Selection } from './selection.ts';

const ROW_HEIGHT = 22;
const HEADER_HEIGHT = 24;
/** Rows kept ready above and below what is seen. */
const SPARE = 2;
/** The active row while it is the head. */
const HEAD = -1;
/** Letters typed within this time belong to one search. */
const TYPING = 800;

/** What the grid tells its view. */
export interface GridEvents {
  /** The current row changed; null where there is none. */
  row(id: string | null): void;
  open(): void;
  /** How many rows are selected now. */
  selected(count: number): void;
  sort(column: string, add: boolean): void;
  resize(column: string, width: number): void;
  copy(ranges: readonly (readonly [number, number])[]): void;
  find(prefix: string, after: number): void;
  menu(x: number, y: number): void;
  toQuery(): void;
}

export interface GridOptions {
  readonly label: string;
  readonly columns: readonly PanelColumn[];
  readonly widths: Readonly<Record<string, number>>;
  readonly sort: readonly PanelSort[];
  readonly narrow: boolean;
}

let grids = 0;

/**
 * A grid of any number of rows with a fixed number of elements: rows have one height, so what is seen is arithmetic, and
 * an element that leaves the view shows the next row. The grid itself holds the focus and names its active row.
 */
export class WaybillGrid extends HTMLElement {
  store: RowStore | null = null;
  events: GridEvents | null = null;
  readonly selection = new Selection();
  readonly #prefix = `wg${++grids}`;
  readonly #header = new HeaderView(this.#prefix);
  readonly #canvas = document.createElement('div');
  readonly #rows: RowView[] = [];
  readonly #resizes = new ResizeObserver(() => this.#measure());
  #options: GridOptions | null = null;
  #shown: readonly ShownColumn[] = [];
  #height = 0;
  #width = 0;
  #active = 0;
  #cell = -1;
  #anchor = 0;
  #typed = '';
  #typedAt = 0;

  connectedCallback(): void {
    if (this.#canvas.parentElement !== null) return;
    this.setAttribute('role', 'grid');
    this.setAttribute('aria-multiselectable', 'true');
    this.tabIndex = 0;
    this.#canvas.className = 'canvas';
    this.#canvas.setAttribute('role', 'rowgroup');
    this.append(this.#header.element, this.#canvas);
    this.addEventListener('scroll', () => this.#paint(), { passive: true });
    this.addEventListener('keydown', (event) => this.#onKey(event));
    this.#canvas.addEventListener('mousedown', (event) => this.#onPress(event));
    this.#canvas.addEventListener('dblclick', () => this.events?.open());
    this.#canvas.addEventListener('mouseover', (event) => titleWhereCut(event.target));
    this.addEventListener('contextmenu', (event) => this.#onMenu(event));
    this.#header.listen({
      sort: (column, add) => this.events?.sort(column, add),
      resize: (column, width) => this.events?.resize(column, width),
    });
    this.#resizes.observe(this);
  }

  /** Columns, widths, sort and label; cheap to call with what did not change. */
  configure(options: GridOptions): void {
    this.#options = options;
    this.setAttribute('aria-label', options.label);
    this.classList.toggle('narrow', options.narrow);
    this.#layOut();
  }

  /** Rows came: the first ones of a query, or more of the same. */
  refresh(first: boolean): void {
    const { store } = this;
    if (store === null) return;
    if (first) {
      this.#canvas.style.height = `${store.matching * ROW_HEIGHT}px`;
      this.setAttribute('aria-rowcount', String(store.matching + 1));
      this.#active = Math.min(this.#active, Math.max(0, store.matching - 1));
      for (const row of this.#rows) row.hide();
    }
    this.#paint();
  }

  /** Nothing is selected, and the grid stands at its top: after a new query. */
  reset(): void {
    this.selection.clear();
    this.events?.selected(0);
    this.#anchor = 0;
    this.scrollTop = 0;
    // Who sorts from the head stays there, to sort again.
    if (this.#active === HEAD) return;
    this.#active = 0;
    this.#cell = -1;
  }

  /** Make a row the current one and bring it into view. */
  moveTo(index: number, select = true): void {
    this.#active = index;
    this.#anchor = index;
    if (select) this.selection.only(index);
    this.#intoView(index);
    this.#paint();
    this.#tell();
  }

  get activeIndex(): number {
    return this.#active;
  }

  /** Where the menu of the current row belongs. */
  get menuPlace(): { x: number; y: number } {
    const row = this.#viewOf(this.#active)?.element.getBoundingClientRect();
    const grid = this.getBoundingClientRect();
    return { x: grid.left + 24, y: row === undefined ? grid.top + HEADER_HEIGHT : row.bottom };
  }

  #measure(): void {
    const { clientHeight, clientWidth } = this;
    if (clientHeight === this.#height && clientWidth === this.#width) return;
    const top = this.#active * ROW_HEIGHT - this.scrollTop;
    const inSight = this.#height === 0 || (top >= 0 && top + ROW_HEIGHT <= this.#height - HEADER_HEIGHT);
    this.#height = clientHeight;
    this.#width = clientWidth;
    this.#layOut();
    // The detail of a row opens beside it, and must not push it out of sight.
    if (this.#active > 0 && inSight) this.#intoView(this.#active);
  }

  #layOut(): void {
    const options = this.#options;
    if (options === null || this.#height === 0) return;
    const { columns, widths, narrow, sort } = options;
    const before = this.#shown;
    this.#shown = shownColumns(columns, widths, this.#width, narrow);
    this.#cell = Math.min(this.#cell, this.#shown.length - 1);
    this.setAttribute('aria-colcount', String(this.#shown.length));
    this.style.setProperty('--wb-columns', columnTemplate(this.#shown, widths, narrow));
    this.#header.show(this.#shown, sort);
    const wanted = Math.ceil(this.#height / ROW_HEIGHT) + 2 * SPARE;
    const changed = wanted !== this.#rows.length;
    while (this.#rows.length > wanted) this.#rows.pop()?.element.remove();
    while (this.#rows.length < wanted) {
      const row = new RowView(`${this.#prefix}-${this.#rows.length}`);
      row.setColumns(this.#shown);
      this.#rows.push(row);
      this.#canvas.append(row.element);
    }
    const sameColumns =
      before.length === this.#shown.length && before.every((each, at) => each.column === this.#shown[at]?.column);
    if (!sameColumns) for (const row of this.#rows) row.setColumns(this.#shown);
    if (changed) for (const row of this.#rows) row.hide();
    this.#paint();
  }

  /** Put the rows of the view into the elements; an index always lands in the same element, so only new ones are written. */
  #paint(): void {
    const { store } = this;
    const size = this.#rows.length;
    if (store === null || size === 0) return;
    const start = Math.max(0, Math.min(Math.floor(this.scrollTop / ROW_HEIGHT) - SPARE, store.matching - size));
    const end = Math.min(store.matching, start + size);
    for (let index = start; index < end; index++) {
      const view = this.#rows[index % size];
      if (view === undefined) continue;
      view.show(index, store.row(index), ROW_HEIGHT);
      view.element.setAttribute('aria-selected', String(this.selection.has(index)));
      view.element.classList.toggle('active', index === this.#active);
    }
    for (const view of this.#rows) if (view.index < start || view.index >= end) view.hide();
    store.want(start, end);
    this.#markActive();
  }

  #viewOf(index: number): RowView | null {
    const view = this.#rows[index % Math.max(1, this.#rows.length)];
    return view?.index === index ? view : null;
  }

  /** The focus stays on the grid; what is active is named, as long as it is there to be named. */
  #markActive(): void {
    for (const cell of this.querySelectorAll('.cell.active')) cell.classList.remove('active');
    const view = this.#viewOf(this.#active);
    const cell =
      this.#active === HEAD
        ? this.#header.cell(Math.max(0, this.#cell))
        : this.#cell >= 0
          ? view?.cell(this.#cell)
          : undefined;
    cell?.classList.add('active');
    const id = cell?.id ?? view?.element.id;
    if (id === undefined) this.removeAttribute('aria-activedescendant');
    else this.setAttribute('aria-activedescendant', id);
  }

  #intoView(index: number): void {
    const top = index * ROW_HEIGHT;
    const room = this.clientHeight - HEADER_HEIGHT;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + ROW_HEIGHT > this.scrollTop + room) this.scrollTop = top + ROW_HEIGHT - room;
  }

  #tell(): void {
    this.events?.selected(this.selection.size);
    const row = this.#active < 0 ? undefined : this.store?.row(this.#active);
    if (row !== undefined || this.store?.matching === 0) this.events?.row(row?.id ?? null);
  }

  #onKey(event: KeyboardEvent): void {
    const command = commandOf(event);
    if (command === null || this.#options === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#run(command);
  }

  #run(command: GridCommand): void {
    const last = (this.store?.matching ?? 0) - 1;
    const page = Math.max(1, Math.floor((this.clientHeight - HEADER_HEIGHT) / ROW_HEIGHT) - 1);
    switch (command.do) {
      case 'move': {
        const to = {
          up: this.#active - 1,
          down: this.#active + 1,
          pageUp: this.#active - page,
          pageDown: this.#active + page,
          first: 0,
          last,
        }[command.to];
        if (to < 0 && command.to === 'up' && !command.extend) this.#toHeader();
        else this.#go(Math.max(0, Math.min(last, to)), command.extend);
        break;
      }
      case 'cell':
        this.#cell = Math.max(
          this.#active === HEAD ? 0 : -1,
          Math.min(this.#shown.length - 1, this.#cell + command.by),
        );
        this.#markActive();
        break;
      case 'edge':
        this.#cell = command.to === 'first' ? 0 : this.#shown.length - 1;
        this.#markActive();
        break;
      case 'enter': {
        const column = this.#active === HEAD ? this.#shown[Math.max(0, this.#cell)]?.column.key : undefined;
        if (column !== undefined) this.events?.sort(column, command.add);
        else if (last >= 0) {
          if (!this.selection.has(this.#active)) this.moveTo(this.#active);
          this.events?.open();
        }
        break;
      }
      case 'select':
        if (this.#active >= 0 && last >= 0) {
          if (command.toggle) this.selection.toggle(this.#active);
          else this.selection.only(this.#active);
          this.#anchor = this.#active;
          this.#paint();
          this.#tell();
        }
        break;
      case 'all':
        if (last >= 0) this.selection.only(0, last);
        this.#paint();
        this.events?.selected(this.selection.size);
        break;
      case 'copy':
        if (this.selection.size > 0) this.events?.copy(this.selection.ranges);
        break;
      case 'resize': {
        const at = Math.max(0, this.#cell);
        const column = this.#shown[at]?.column.key;
        if (column !== undefined) this.events?.resize(column, this.#header.widthOf(at) + command.by);
        break;
      }
      case 'menu':
        if (last >= 0 && this.#active >= 0) {
          if (!this.selection.has(this.#active)) this.moveTo(this.#active);
          const { x, y } = this.menuPlace;
          this.events?.menu(x, y);
        }
        break;
      case 'type':
        this.#type(command.letter);
        break;
      case 'query':
        this.events?.toQuery();
        break;
    }
  }

  #toHeader(): void {
    this.#active = HEAD;
    this.#cell = Math.max(0, this.#cell);
    this.#paint();
  }

  #go(index: number, extend: boolean): void {
    if (index < 0) return;
    if (extend) {
      this.#active = index;
      this.selection.only(this.#anchor, index);
      this.#intoView(index);
      this.#paint();
      this.#tell();
    } else {
      this.moveTo(index);
    }
  }

  #type(letter: string): void {
    const now = performance.now();
    const goesOn = now - this.#typedAt < TYPING && this.#typed !== '';
    this.#typedAt = now;
    this.#typed = goesOn ? this.#typed + letter : letter;
    // The same letter again looks for the next row that starts with it.
    if (/^(.)\1+$/u.test(this.#typed)) this.#typed = letter;
    const from = Math.max(0, this.#active);
    this.events?.find(this.#typed, this.#typed.length === 1 ? from + 1 : from);
  }

  #onPress(event: MouseEvent): void {
    const index = this.#indexAt(event.target);
    if (index === null || event.button !== 0) return;
    this.#cell = -1;
    if (event.shiftKey) {
      event.preventDefault();
      this.focus();
      this.#go(index, true);
    } else if (event.ctrlKey || event.metaKey) {
      this.#active = index;
      this.#anchor = index;
      this.selection.toggle(index);
      this.#paint();
      this.#tell();
    } else {
      this.moveTo(index);
    }
  }

  #onMenu(event: MouseEvent): void {
    const index = this.#indexAt(event.target);
    event.preventDefault();
    if (index === null) return;
    if (!this.selection.has(index)) this.moveTo(index);
    this.events?.menu(event.clientX, event.clientY);
  }

  #indexAt(target: EventTarget | null): number | null {
    const element = target instanceof Element ? target.closest('.row') : null;
    const view = this.#rows.find((each) => each.element === element);
    return view === undefined || view.index < 0 ? null : view.index;
  }
}

/** A cell says its whole text as a tooltip where it is cut off. */
function titleWhereCut(target: EventTarget | null): void {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.cell') : null;
  if (cell !== null) cell.title = cell.scrollWidth > cell.clientWidth ? (cell.textContent ?? '') : '';
}
