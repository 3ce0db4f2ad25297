// SPDX-License-Identifier: Apache-2.0

/** Selected rows by position, as sorted ranges that do not touch; what is selected need not be loaded. */
export class Selection {
  #ranges: [from: number, to: number][] = [];

  /** Ranges, end exclusive. */
  get ranges(): readonly (readonly [number, number])[] {
    return this.#ranges;
  }

  get size(): number {
    return this.#ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  }

  has(index: number): boolean {
    return this.#ranges.some(([from, to]) => index >= from && index < to);
  }

  clear(): void {
    this.#ranges = [];
  }

  /** These rows and no others; the ends may come in either order. */
  only(from: number, to = from): void {
    this.#ranges = [[Math.min(from, to), Math.max(from, to) + 1]];
  }

  toggle(index: number): void {
    const on = !this.has(index);
    const cut = this.#ranges.flatMap(([from, to]): [number, number][] => {
      if (index < from || index >= to) return [[from, to]];
      return [[from, index] as [number, number], [index + 1, to] as [number, number]].filter(
        ([start, end]) => start < end,
      );
    });
    this.#ranges = on ? merge([...cut, [index, index + 1]]) : cut;
  }
}

function merge(ranges: readonly [number, number][]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
