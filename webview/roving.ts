// SPDX-License-Identifier: Apache-2.0

const FOCUSABLE = 'button, vscode-button';

/** What can be focused in a region, in the order of the page, without what is hidden. */
function stops(region: HTMLElement): HTMLElement[] {
  return [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.offsetParent !== null && !element.hasAttribute('disabled'),
  );
}

/** Give a region one tab stop: the one that had it, else the first, else nothing. Call it after every render. */
export function oneTabStop(region: HTMLElement | null, preferred?: Element | null): void {
  if (region === null) return;
  const all = stops(region);
  const current = all.find((element) => element === preferred) ?? all.find(({ tabIndex }) => tabIndex === 0) ?? all[0];
  for (const element of all) {
    const wanted = element === current ? 0 : -1;
    if (element.tabIndex !== wanted) element.tabIndex = wanted;
  }
}

/** Arrows, Home and End move inside a region; true where the key was used. */
export function rove(region: HTMLElement, event: KeyboardEvent, axis: 'horizontal' | 'vertical'): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  const [back, on] = axis === 'horizontal' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const all = stops(region);
  const at = all.indexOf(event.target as HTMLElement);
  const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[to];
  if (next === undefined) return false;
  event.preventDefault();
  oneTabStop(region, next);
  next.focus();
  return true;
}

/**
 * The same in a region of running text, where arrows also have to read on: the next stop where it is near, else the
 * region scrolls. The region itself can hold the focus.
 */
export function roveText(region: HTMLElement, event: KeyboardEvent): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false;
  const down = event.key === 'ArrowDown';
  const all = stops(region);
  const at = all.indexOf(event.target as HTMLElement);
  const next = at === -1 ? (down ? all[0] : undefined) : all[at + (down ? 1 : -1)];
  const frame = region.getBoundingClientRect();
  const place = next?.getBoundingClientRect();
  if (next !== undefined && place !== undefined && place.top > frame.top - 44 && place.bottom < frame.bottom + 44) {
    event.preventDefault();
    oneTabStop(region, next);
    next.focus();
    return true;
  }
  return false;
}
