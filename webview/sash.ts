// SPDX-License-Identifier: Apache-2.0

/** Drag the start side of a pane: at its left where it stands beside, at its top where it stands below. */
export function startSash(
  event: PointerEvent,
  pane: HTMLElement,
  onSize: (size: { width: number; height: number }) => void,
): void {
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
