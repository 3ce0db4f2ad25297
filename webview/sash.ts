// SPDX-License-Identifier: Apache-2.0

/** Size of the detail beside and below the grid, in px; 0 is the design's own. */
export interface DetailSize {
  readonly width: number;
  readonly height: number;
}

/** Panels from this width on have the detail at their right. */
const BESIDE = 1_100;

/** Only the side that the layout uses changes, and the grid keeps some room. */
export function clampDetail(
  size: DetailSize,
  table: { readonly width: number; readonly clientHeight: number; readonly detailSize: DetailSize },
): DetailSize {
  const clamp = (value: number, most: number): number => Math.round(Math.max(120, Math.min(value, most)));
  return table.width >= BESIDE
    ? { ...table.detailSize, width: clamp(size.width, table.width * 0.6) }
    : { ...table.detailSize, height: clamp(size.height, table.clientHeight * 0.75) };
}

/** Hand the sizes to the styles. */
export function applyDetailSize(split: HTMLElement | null, { width, height }: DetailSize): void {
  for (const [name, value] of [
    ['--wb-detail-width', width],
    ['--wb-detail-height', height],
  ] as const) {
    if (value > 0) split?.style.setProperty(name, `${value}px`);
    else split?.style.removeProperty(name);
  }
}

/** Drag the start side of a pane: at its left where it stands beside, at its top where it stands below. */
export function startSash(event: PointerEvent, pane: HTMLElement, onSize: (size: DetailSize) => void): void {
  const sash = event.currentTarget as HTMLElement;
  const { right, bottom } = pane.getBoundingClientRect();
  event.preventDefault();
  sash.setPointerCapture(event.pointerId);
  sash.classList.add('dragged');
  const drag = ({ clientX, clientY }: PointerEvent): void =>
    onSize({ width: right - clientX, height: bottom - clientY });
  sash.addEventListener('pointermove', drag);
  sash.addEventListener(
    'lostpointercapture',
    () => {
      sash.removeEventListener('pointermove', drag);
      sash.classList.remove('dragged');
    },
    { once: true },
  );
}
