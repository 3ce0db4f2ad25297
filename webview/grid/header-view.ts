// SPDX-License-Identifier: Apache-2.0
import type { PanelSort } from '../../src/core/protocol/panel.ts';
import { MIN_WIDTH, type ShownColumn } from './columns.ts';

export interface HeaderEvents {
  sort(column: string, add: boolean): void;
  resize(column: string, width: number): void;
}

/** The grid's head: sorts on click, resizes by its grips. The keyboard reaches it through the grid. */
export class HeaderView {
  readonly element = document.createElement('div');
  readonly #prefix: string;
  readonly #cells: HTMLElement[] = [];
  #columns: readonly ShownColumn[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.element.className = 'header';
    this.element.setAttribute('role', 'row');
    this.element.setAttribute('aria-rowindex', '1');
  }

  cell(at: number): HTMLElement | undefined {
    return this.#cells[at];
  }

  widthOf(at: number): number {
    return Math.round(this.#cells[at]?.getBoundingClientRect().width ?? 0);
  }

  listen(events: HeaderEvents): void {
    this.element.addEventListener('click', (event) => {
      const column = this.#columnAt(event.target);
      const onGrip = event.target instanceof Element && event.target.classList.contains('grip');
      if (column !== null && !onGrip) events.sort(column.column.key, event.shiftKey);
    });
    this.element.addEventListener('pointerdown', (event) => {
      const grip = event.target instanceof HTMLElement && event.target.classList.contains('grip') ? event.target : null;
      const cell = grip?.parentElement ?? null;
      const column = this.#columnAt(cell);
      if (grip === null || cell === null || column === null) return;
      event.preventDefault();
      const left = cell.getBoundingClientRect().left;
      grip.setPointerCapture(event.pointerId);
      grip.classList.add('dragged');
      const drag = ({ clientX }: PointerEvent): void =>
        events.resize(column.column.key, Math.max(MIN_WIDTH, Math.round(clientX - left)));
      grip.addEventListener('pointermove', drag);
      grip.addEventListener(
        'lostpointercapture',
        () => {
          grip.removeEventListener('pointermove', drag);
          grip.classList.remove('dragged');
        },
        { once: true },
      );
    });
  }

  show(columns: readonly ShownColumn[], sort: readonly PanelSort[]): void {
    this.#columns = columns;
    while (this.#cells.length > columns.length) this.#cells.pop()?.remove();
    while (this.#cells.length < columns.length) {
      const cell = makeCell(`${this.#prefix}-h${this.#cells.length}`);
      this.#cells.push(cell);
      this.element.append(cell);
    }
    for (const [at, { column }] of columns.entries()) {
      const cell = this.#cells[at];
      if (cell === undefined) continue;
      const rank = sort.findIndex((each) => each.column === column.key);
      const key = sort[rank];
      cell.className = `cell ${column.align === 'end' ? 'end' : ''} ${column.key === 'severity' ? 'iconic' : ''}`;
      cell.setAttribute('aria-label', column.title);
      cell.title = `Sort by ${column.title}. Shift adds it as a further key`;
      if (key === undefined) cell.removeAttribute('aria-sort');
      else cell.setAttribute('aria-sort', key.descending ? 'descending' : 'ascending');
      const [title, arrow, order] = cell.children;
      if (title !== undefined) title.textContent = column.title;
      if (arrow instanceof HTMLElement) {
        arrow.hidden = key === undefined;
        arrow.className = `codicon codicon-chevron-${key?.descending === false ? 'up' : 'down'}`;
      }
      if (order instanceof HTMLElement) {
        order.hidden = sort.length < 2 || key === undefined;
        order.textContent = String(rank + 1);
      }
    }
  }

  #columnAt(target: EventTarget | null): ShownColumn | null {
    const cell = target instanceof Element ? target.closest('.cell') : null;
    return this.#columns[this.#cells.findIndex((each) => each === cell)] ?? null;
  }
}

function makeCell(id: string): HTMLElement {
  const cell = document.createElement('div');
  cell.id = id;
  cell.setAttribute('role', 'columnheader');
  const title = document.createElement('span');
  title.className = 'title';
  const arrow = document.createElement('i');
  arrow.setAttribute('aria-hidden', 'true');
  const order = document.createElement('span');
  order.className = 'key';
  const grip = document.createElement('span');
  grip.className = 'grip';
  grip.setAttribute('aria-hidden', 'true');
  cell.append(title, arrow, order, grip);
  return cell;
}
