// SPDX-License-Identifier: Apache-2.0
import type { CatalogueData, RawImage } from './schema.ts';

/** What a tag's version means for support. Dates are ISO days; null where the source gives none. */
export interface LifecycleAnswer {
  /** Product as the source names it, such as `go` or `debian`. */
  readonly product: string;
  readonly cycle: string;
  readonly state: 'ended' | 'extended' | 'ending' | 'supported';
  readonly ends: string | null;
  /** End of extended support where it runs longer. */
  readonly extendedUntil: string | null;
  /** Cycles that are supported today, newest first. */
  readonly supported: readonly string[];
  readonly asOf: string;
}

/** Days before the end from which a cycle counts as ending. */
const ENDING_DAYS = 90;
const DAY = 86_400_000;

type Cycles = CatalogueData['lifecycles']['products'][string]['cycles'];

/** The cycle a version belongs to: `1.21.1` is 1.21, `18-bookworm` is 18. */
function cycleOf(version: string, cycles: Cycles): string | null {
  const parts = version.split('.');
  for (let length = parts.length; length > 0; length--) {
    const candidate = parts.slice(0, length).join('.');
    if (Object.hasOwn(cycles, candidate)) return candidate;
  }
  return null;
}

function answer(product: string, cycle: string, data: CatalogueData, today: string): LifecycleAnswer | null {
  const cycles = data.lifecycles.products[product]?.cycles;
  const found = cycles?.[cycle];
  if (cycles === undefined || found === undefined || found.eol === undefined) return null;
  const asOf = data.sources.sources[data.lifecycles.source]?.asOf ?? '';
  const supported = Object.entries(cycles)
    .filter(([, { eol }]) => eol === false || (typeof eol === 'string' && eol > today))
    .map(([name]) => name);
  const ends = typeof found.eol === 'string' ? found.eol : null;
  const extendedUntil = typeof found.eoes === 'string' && found.eoes > (ends ?? '') ? found.eoes : null;
  const base = { product, cycle, ends, extendedUntil, supported, asOf };
  if (found.eol === true || (ends !== null && ends <= today)) {
    return { ...base, state: extendedUntil !== null && extendedUntil > today ? 'extended' : 'ended' };
  }
  if (ends !== null && Date.parse(ends) - Date.parse(today) <= ENDING_DAYS * DAY) return { ...base, state: 'ending' };
  return { ...base, state: 'supported' };
}

/** Every life cycle that a tag names: its own version, and the distribution behind a suffix such as `-bookworm`. */
export function lifecycleOf(
  image: RawImage,
  tag: string,
  data: CatalogueData,
  today: string,
): readonly LifecycleAnswer[] {
  const answers: LifecycleAnswer[] = [];
  const cycles = image.lifecycle === undefined ? undefined : data.lifecycles.products[image.lifecycle]?.cycles;
  if (image.lifecycle !== undefined && cycles !== undefined) {
    const version = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
    const own = data.sources.distributions.find(({ lifecycle }) => lifecycle === image.lifecycle);
    const cycle =
      version === undefined ? (own?.codenames?.[tag.split('-')[0] ?? ''] ?? null) : cycleOf(version, cycles);
    const found = cycle === null ? null : answer(image.lifecycle, cycle, data, today);
    if (found !== null) answers.push(found);
  }
  for (const distribution of data.sources.distributions) {
    if (distribution.lifecycle === undefined || distribution.lifecycle === image.lifecycle) continue;
    const release = /-alpine(\d+\.\d+)/.exec(tag)?.[1];
    const named = Object.entries(distribution.codenames ?? {}).find(([name]) =>
      new RegExp(`(?:^|-)${name}(?:$|-)`).test(tag),
    )?.[1];
    const cycle = distribution.id === 'alpine' ? release : named;
    const found = cycle === undefined ? null : answer(distribution.lifecycle, cycle, data, today);
    if (found !== null) answers.push(found);
  }
  const order = ['ended', 'extended', 'ending', 'supported'];
  return answers.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}
