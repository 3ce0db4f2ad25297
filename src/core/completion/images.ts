// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from '../catalogue/lookup.ts';
import type { RawImage } from '../catalogue/schema.ts';
import { judgeBase } from '../fips/base.ts';
import { productLabel } from '../catalogue/products.ts';
import { kindLabel, supportLabel } from '../hover/labels.ts';
import { parseImageReference, type ImageReference } from '../model/image-reference.ts';
import { compareCodes, versionKey } from '../panel/natural-order.ts';
import { distributionLabel } from '../panel/words.ts';

/** Something to be written where an image belongs. */
export interface Suggestion {
  readonly text: string;
  readonly kind: 'image' | 'tag' | 'stage';
  /** Behind the text: what it is, in few words. */
  readonly about: string;
  /** That, and how far it can be relied on. */
  readonly detail: string;
  readonly deprecated: boolean;
}

const OFFICIAL = 'docker.io/library/';
const HUB = 'docker.io/';
/** Tags of one image. */
const MAX_TAGS = 250;
/** Variants that only Windows containers have. */
const WINDOWS = /^(?:windowsservercore|nanoserver)/;
/** Makers whose variants are whole tags. */
const WHOLE_TAGS: ReadonlySet<string> = new Set(['chainguard-free', 'distroless', 'microsoft', 'suse']);

/** As one writes it: without the registry and the folder that a builder puts in front. */
export function shortName(repository: string): string {
  if (repository.startsWith(OFFICIAL)) return repository.slice(OFFICIAL.length);
  return repository.startsWith(HUB) ? repository.slice(HUB.length) : repository;
}

const MODULE: Readonly<Record<string, string | undefined>> = { yes: 'FIPS module', claimed: 'says FIPS' };

function judged(catalogue: Catalogue, reference: ImageReference, today: string): readonly string[] {
  const distribution = catalogue.distribution(reference);
  const { module } = judgeBase({ reference: catalogue.canonical(reference), distribution }, catalogue.data, today);
  const fips = MODULE[module.value];
  return [...(catalogue.minimal(reference).value === 'yes' ? ['minimal'] : []), ...(fips === undefined ? [] : [fips])];
}

/** Every image that the catalogue knows; worked out once for a catalogue and a day. */
export function imageSuggestions(catalogue: Catalogue, today: string): readonly Suggestion[] {
  return catalogue.data.images.images.flatMap((image) => {
    const text = shortName(image.repository);
    const parsed = parseImageReference(text);
    if (!parsed.ok) return [];
    const reference = parsed.value;
    const distribution = catalogue.distribution(reference);
    const deprecated = image.deprecated !== undefined || ends(image, catalogue, reference, today);
    const parts = [
      kindLabel(image.category),
      ...(distribution === null ? [] : [distributionLabel(distribution.value)]),
      ...judged(catalogue, reference, today),
      ...(deprecated ? ['deprecated'] : []),
    ];
    const detail = parts.join(', ');
    return [{ text, kind: 'image' as const, about: detail, detail, deprecated }];
  });
}

/** True where the whole repository is past its support. */
function ends(image: RawImage, catalogue: Catalogue, reference: ImageReference, today: string): boolean {
  return image.support !== undefined && catalogue.lifecycles(reference, today).some(({ state }) => state === 'ended');
}

/** Tags of an image by its name as written; empty where the catalogue does not know it. */
export function tagSuggestions(name: string, catalogue: Catalogue, today: string): readonly Suggestion[] {
  const parsed = parseImageReference(name);
  const entry = parsed.ok ? catalogue.find(parsed.value) : null;
  if (!parsed.ok || entry === null) return [];
  const canonical = catalogue.canonical(parsed.value);
  const image = catalogue.data.images.images.find(({ repository, aliases = [] }) =>
    [repository, ...aliases].includes(`${canonical.registry}/${canonical.repository}`),
  );
  const cycles = Object.keys(catalogue.data.lifecycles.products[image?.lifecycle ?? '']?.cycles ?? {}).toSorted(
    (a, b) => compareCodes(versionKey(b), versionKey(a)),
  );
  const published = new Set(entry.tags);
  const variants = entry.variants.filter((each) => !WINDOWS.test(each));
  const whole = WHOLE_TAGS.has(entry.category) || cycles.length === 0;
  const recorded = whole ? [...entry.tags, ...variants] : entry.tags;
  // How versions and variants are put together is the maker's convention; which of them exist nobody looked up.
  const made = whole
    ? []
    : [...cycles, ...cycles.flatMap((cycle) => variants.map((variant) => `${cycle}-${variant}`)), ...variants];
  const tags = [...new Set([...recorded, ...made])].filter((tag) => /^[A-Za-z0-9_][\w.-]{0,127}$/.test(tag));
  const suggestions = tags.slice(0, MAX_TAGS).map((tag) => {
    const reference = { ...parsed.value, tag, digest: null };
    const lifecycles = catalogue.lifecycles(reference, today);
    const [pressing] = lifecycles;
    const about = [
      ...(pressing === undefined ? [] : [`${productLabel(pressing)} ${supportLabel(pressing)}`]),
      ...judged(catalogue, reference, today),
    ];
    const detail = published.has(tag) || whole ? about : [...about, 'by convention, not checked'];
    const deprecated = entry.deprecated !== null || pressing?.state === 'ended' || pressing?.state === 'extended';
    return { text: tag, kind: 'tag' as const, about: about.join(', '), detail: detail.join(', '), deprecated };
  });
  // What is past its end is the last that anybody should take.
  return [...suggestions.filter((each) => !each.deprecated), ...suggestions.filter((each) => each.deprecated)];
}
