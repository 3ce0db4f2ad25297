// SPDX-License-Identifier: Apache-2.0
import type { CatalogueData, RawImage } from './schema.ts';

/** What a tag's version means for support. Dates are ISO days; null where the source gives none. */
export interface LifecycleAnswer {
  /** Product as the source names it, such as `go` or `debian`. */
  readonly product: string;
  readonly cycle: string;
  readonly state: 'ended' | 'extended' | 'ending' | 'supported';
  readonly ends: string | null;
  /** True where the publisher calls that day an estimate. */
  readonly estimated: boolean;
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

/** Orders versions by their numbers, part by part; what is no number counts as none. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (Number(left[i] ?? -1) || 0) - (Number(right[i] ?? -1) || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The cycle a version belongs to: `1.21.1` is 1.21, `18` is 18. A shorter one floats: `5` is the newest 5.x there is,
 * which is what such a tag points at.
 */
function cycleOf(version: string, cycles: Cycles): string | null {
  const parts = version.split('.');
  for (let length = parts.length; length > 0; length--) {
    const candidate = parts.slice(0, length).join('.');
    if (Object.hasOwn(cycles, candidate)) return candidate;
  }
  const within = Object.keys(cycles).filter((cycle) => cycle.startsWith(`${version}.`));
  return within.toSorted(compareVersions).at(-1) ?? null;
}

function stateOn(ends: string, today: string): 'ended' | 'ending' | 'supported' {
  if (ends <= today) return 'ended';
  return Date.parse(ends) - Date.parse(today) <= ENDING_DAYS * DAY ? 'ending' : 'supported';
}

function answer(product: string, cycle: string, data: CatalogueData, today: string): LifecycleAnswer | null {
  const cycles = data.lifecycles.products[product]?.cycles;
  const found = cycles?.[cycle];
  if (cycles === undefined || found === undefined || found.eol === undefined) return null;
  const asOf = data.sources.sources[data.lifecycles.source]?.asOf ?? '';
  const supported = Object.entries(cycles)
    .filter(
      ([, { eol, releaseDate = '' }]) =>
        releaseDate <= today && (eol === false || (typeof eol === 'string' && eol > today)),
    )
    .map(([name]) => name)
    .toSorted((a, b) => compareVersions(b, a));
  const ends = typeof found.eol === 'string' ? found.eol : null;
  const extendedUntil = typeof found.eoes === 'string' && found.eoes > (ends ?? '') ? found.eoes : null;
  const base = { product, cycle, ends, estimated: false, extendedUntil, supported, asOf };
  const state = ends === null ? (found.eol === true ? 'ended' : 'supported') : stateOn(ends, today);
  return { ...base, state: state === 'ended' && extendedUntil !== null && extendedUntil > today ? 'extended' : state };
}

function supportAnswer(image: RawImage, data: CatalogueData, today: string): LifecycleAnswer | null {
  if (image.support === undefined) return null;
  const { product, cycle, ends, estimated, next, source } = image.support;
  const asOf = data.sources.sources[source]?.asOf ?? '';
  const supported = [next];
  return { product, cycle, ends, estimated, extendedUntil: null, supported, asOf, state: stateOn(ends, today) };
}

const ORDER = ['ended', 'extended', 'ending', 'supported'];

/**
 * Every life cycle that a reference names, most pressing first: that of the repository as a whole, the tag's own
 * version, and the distribution behind a suffix such as `-bookworm` or `-alpine3.20`.
 */
export function lifecycleOf(
  image: RawImage,
  tag: string,
  data: CatalogueData,
  today: string,
): readonly LifecycleAnswer[] {
  const answers = [supportAnswer(image, data, today)];
  const [first = '', ...rest] = tag.toLowerCase().split('-');
  const cycles = image.lifecycle === undefined ? undefined : data.lifecycles.products[image.lifecycle]?.cycles;
  if (image.lifecycle !== undefined && cycles !== undefined) {
    const version = /^(?:v|stream)?(\d+(?:\.\d+)*)/.exec(first)?.[1];
    const own = data.sources.distributions.find(({ lifecycle }) => lifecycle === image.lifecycle);
    const cycle = version === undefined ? (own?.codenames?.[first] ?? null) : cycleOf(version, cycles);
    if (cycle !== null) answers.push(answer(image.lifecycle, cycle, data, today));
  }
  for (const { lifecycle, codenames = {}, match } of data.sources.distributions) {
    if (lifecycle === undefined || lifecycle === image.lifecycle) continue;
    for (const part of image.lifecycle === undefined ? [first, ...rest] : rest) {
      const release = match.map((word) => (part.startsWith(word) ? part.slice(word.length) : '')).join('');
      const cycle = codenames[part] ?? (/^\d+(?:\.\d+)*$/.test(release) ? release : undefined);
      if (cycle !== undefined) answers.push(answer(lifecycle, cycle, data, today));
    }
  }
  return answers.filter((each) => each !== null).toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}
