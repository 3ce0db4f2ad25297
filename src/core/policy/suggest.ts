// SPDX-License-Identifier: Apache-2.0

/** Longer words are compared by their beginning only: the cost grows with the square of the length. */
const MAX_LENGTH = 64;

/** How many letters have to be added, left out, changed or swapped to get from one word to the other. */
export function editDistance(a: string, b: string): number {
  const [left, right] = [a.slice(0, MAX_LENGTH), b.slice(0, MAX_LENGTH)];
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous.at(-1) ?? 0;
}

/** The known word that was most likely meant, null where none is near. */
export function suggestion(word: string, known: readonly string[]): string | null {
  const lower = word.toLowerCase();
  const near = known
    .map((each) => ({ each, distance: editDistance(lower, each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= Math.max(1, Math.floor(Math.min(each.length, lower.length) / 3)))
    .toSorted((a, b) => a.distance - b.distance || a.each.localeCompare(b.each));
  return near[0]?.each ?? null;
}
