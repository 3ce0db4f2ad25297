// SPDX-License-Identifier: Apache-2.0

/** How many characters have to be changed, added, removed or swapped with their neighbour; at most `limit` + 1. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    [before, above] = [above, row];
  }
  return above[b.length] ?? limit + 1;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '');

/** The one word that is near enough to be what was meant; null where none or more than one is. */
export function closest(word: string, words: readonly string[]): string | null {
  if (word.length > 64) return null;
  const wanted = plain(word);
  const alike = words.filter((each) => Math.abs(each.length - word.length) <= 4 && plain(each) === wanted);
  if (alike.length === 1) return alike[0] ?? null;
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  let best: string[] = [];
  let least = limit + 1;
  for (const each of words) {
    const steps = distance(word, each, limit);
    if (steps > limit || steps >= Math.max(each.length, 2)) continue;
    if (steps < least) {
      least = steps;
      best = [each];
    } else if (steps === least) best.push(each);
  }
  return best.length === 1 ? (best[0] ?? null) : null;
}
