// SPDX-License-Identifier: Apache-2.0
import type { CellTone, PanelCell, PanelRow } from '../../src/core/protocol/panel.ts';
import { shown } from '../templates.ts';
import type { ShownColumn } from './columns.ts';

const SEVERITY_TONES: ReadonlySet<CellTone> = new Set(['critical', 'high', 'medium', 'low', 'negligible', 'unknown']);

function toneClass(tone: CellTone | null): string {
  if (tone === null) return '';
  return SEVERITY_TONES.has(tone) ? `sev sev-${tone}` : tone;
}

/** One row element, used again and again for other rows. Only text is ever written into it. */
export class RowView {
  readonly element = document.createElement('div');
  readonly #cells: HTMLElement[] = [];
  #columns: readonly ShownColumn[] = [];
  #row: PanelRow | null = null;
  /** Position of the row shown, -1 while the element is out of use. */
  index = -1;

  constructor(id: string) {
    this.element.id = id;
    this.element.className = 'row';
    this.element.hidden = true;
    this.element.setAttribute('role', 'row');
  }

  cell(at: number): HTMLElement | undefined {
    return this.#cells[at];
  }

  setColumns(columns: readonly ShownColumn[]): void {
    this.#columns = columns;
    while (this.#cells.length > columns.length) this.#cells.pop()?.remove();
    while (this.#cells.length < columns.length) {
      const cell = document.createElement('div');
      cell.setAttribute('role', 'gridcell');
      cell.id = `${this.element.id}-${this.#cells.length}`;
      this.#cells.push(cell);
      this.element.append(cell);
    }
    this.#row = null;
  }

  /** Show a row; null is one that has not come yet. */
  show(index: number, row: PanelRow | undefined, height: number): void {
    const { element } = this;
    if (this.index !== index) {
      this.index = index;
      element.hidden = false;
      element.style.transform = `translateY(${index * height}px)`;
      element.classList.toggle('odd', index % 2 === 1);
      // The head is row 1.
      element.setAttribute('aria-rowindex', String(index + 2));
    }
    if (row !== undefined && row === this.#row) return;
    this.#row = row ?? null;
    element.toggleAttribute('aria-busy', row === undefined);
    for (const [at, cell] of this.#cells.entries()) {
      const shownColumn = this.#columns[at];
      if (shownColumn !== undefined) fill(cell, shownColumn, row?.cells[shownColumn.at] ?? '');
    }
  }

  hide(): void {
    if (this.index === -1) return;
    this.index = -1;
    this.#row = null;
    this.element.hidden = true;
  }
}

function fill(cell: HTMLElement, { column }: ShownColumn, content: PanelCell): void {
  let classes = 'cell';
  if (column.align === 'end') classes += ' end';
  if (column.mono) classes += ' mono';
  if (column.dim) classes += ' dim';
  const [only] = typeof content === 'string' ? [{ text: content, tone: null }] : content;
  const single = typeof content === 'string' || (content.length === 1 && only?.tone !== 'tag');
  if (single) {
    const tone = only?.tone ?? null;
    const severity = tone !== null && SEVERITY_TONES.has(tone);
    if (tone !== null) classes += ` ${toneClass(tone)}${severity && column.key === 'severity' ? ' word' : ''}`;
    setText(cell, shown(only?.text ?? ''));
  } else {
    cell.replaceChildren(
      ...content.flatMap(({ text, tone }, index) => {
        const space = index === 0 || (tone !== null && SEVERITY_TONES.has(tone)) ? [] : [' '];
        if (tone === null) return [...space, shown(text)];
        const part = document.createElement('span');
        part.className = `${SEVERITY_TONES.has(tone) ? 'part ' : ''}${toneClass(tone)}`;
        part.textContent = shown(text);
        if (SEVERITY_TONES.has(tone)) part.title = `${text} ${tone}`;
        return [...space, part];
      }),
    );
  }
  if (cell.className !== classes) cell.className = classes;
}

function setText(cell: HTMLElement, text: string): void {
  const { firstChild } = cell;
  if (firstChild instanceof Text && firstChild === cell.lastChild) {
    if (firstChild.data !== text) firstChild.data = text;
  } else {
    cell.textContent = text;
  }
}
