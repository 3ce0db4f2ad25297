// SPDX-License-Identifier: Apache-2.0

/** Between two things said. */
const QUIET = 1_000;

/** The page's one polite live region: at most one thing a second, the latest where there are more. */
export class LiveRegion {
  readonly element = document.createElement('div');
  #next: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.element.className = 'heard';
    this.element.setAttribute('role', 'status');
    this.element.setAttribute('aria-live', 'polite');
  }

  say(text: string): void {
    if (this.#timer !== undefined) {
      this.#next = text;
      return;
    }
    this.element.textContent = text;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const next = this.#next;
      this.#next = null;
      if (next !== null) this.say(next);
    }, QUIET);
  }
}
