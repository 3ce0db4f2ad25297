// SPDX-License-Identifier: Apache-2.0
import type { PanelDetail, TableName } from '../src/core/protocol/panel.ts';
import type { Channel } from './channel.ts';

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
}

/** A menu as VS Code draws them: arrows move, Enter runs, anything else closes; the focus goes back to where it was. */
export function openMenu(host: HTMLElement, items: readonly MenuItem[], x: number, y: number, name = 'Row'): void {
  const back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', name);
  const close = (): void => {
    document.removeEventListener('pointerdown', onOutside, true);
    window.removeEventListener('blur', close);
    menu.remove();
    back?.focus();
  };
  const onOutside = (event: Event): void => {
    if (!event.composedPath().includes(menu)) close();
  };
  const buttons = items.map(({ label, run }) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    button.setAttribute('role', 'menuitem');
    button.textContent = label;
    button.addEventListener('click', () => {
      close();
      run();
    });
    button.addEventListener('pointerenter', () => button.focus());
    return button;
  });
  menu.append(...buttons);
  menu.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const at = buttons.findIndex((button) => button === document.activeElement);
    const { length } = buttons;
    const to = { ArrowDown: (at + 1) % length, ArrowUp: (at - 1 + length) % length, Home: 0, End: length - 1 }[
      event.key
    ];
    if (to !== undefined) {
      event.preventDefault();
      buttons[to]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
    }
  });
  host.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(0, Math.min(x, window.innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(0, Math.min(y, window.innerHeight - height - 4))}px`;
  document.addEventListener('pointerdown', onOutside, true);
  window.addEventListener('blur', close);
  buttons[0]?.focus();
}

/** What can be done with one row. */
export function rowMenu(table: TableName, { copyId, copyPurl, advisory }: PanelDetail, channel: Channel): MenuItem[] {
  const copy = (label: string, text: string | null): MenuItem[] =>
    text === null ? [] : [{ label, run: () => channel.post({ type: 'copy', text }) }];
  return [
    ...copy(table === 'packages' ? 'Copy name and version' : 'Copy id', copyId),
    ...copy('Copy purl', copyPurl),
    ...(advisory === null
      ? []
      : [{ label: 'Open advisory', run: () => channel.post({ type: 'openLink', url: advisory }) }]),
  ];
}
