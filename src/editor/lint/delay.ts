// SPDX-License-Identifier: Apache-2.0

const LEAST_MS = 60;
const MOST_MS = 1_000;
/** Judging may take at most this share of the time between two runs. */
const SHARE = 10;

/** How long to wait after the last keystroke: longer where a file takes longer, so that typing never waits. */
export class AdaptiveDelay {
  #average = 0;

  record(milliseconds: number): void {
    this.#average = this.#average === 0 ? milliseconds : this.#average * 0.7 + milliseconds * 0.3;
  }

  next(): number {
    return Math.min(Math.max(this.#average * SHARE, LEAST_MS), MOST_MS);
  }
}
