// SPDX-License-Identifier: Apache-2.0
import type { Policy } from '../policy/model.ts';
import type { Given } from '../policy/parse.ts';
import type { OverlayEntry } from '../policy/schema.ts';
import type { Alternative, CatalogueData, RawFact, RawImage, Source } from './schema.ts';

/** The basis of an alternative that a policy names. */
export const BY_POLICY = 'named by the policy';

const FACTS = ['distribution', 'libc', 'packageManager', 'shell', 'user'] as const;

/**
 * The catalogue with an organisation's own entries over it. A fact given there replaces the shipped one and names the
 * policy file as its source; what is not given stays. Mappings are not applied here: see `canonicalImage`.
 */
export function overlayCatalogue(data: CatalogueData, policy: Pick<Policy, 'catalogue'>, today: string): CatalogueData {
  if (policy.catalogue.length === 0) return data;
  const sources: Record<string, Source> = { ...data.sources.sources };
  const images = new Map(data.images.images.map((image) => [image.repository, image]));
  const aliases = new Map(
    data.images.images.flatMap((image) => (image.aliases ?? []).map((alias) => [alias, image.repository] as const)),
  );
  // Nearest first in the policy, so the nearest is applied last.
  for (const given of policy.catalogue.toReversed()) {
    const { value } = given;
    const source = `policy:${given.path}:${given.line}`;
    sources[source] = { title: `${given.path}:${given.line}`, ref: given.path, asOf: today, confidence: 'one-source' };
    const name = repositoryName(value.image);
    const own = images.get(aliases.get(name) ?? name);
    const like = value.like === undefined ? undefined : images.get(repositoryName(value.like));
    const before: RawImage = own ?? {
      ...like,
      repository: name,
      aliases: [],
      category: 'own',
      facts: like?.facts ?? {},
    };
    images.set(before.repository, entry(before, value, source));
  }
  return {
    ...data,
    images: { ...data.images, images: [...images.values()] },
    sources: { ...data.sources, sources },
  };
}

/** Entries of an overlay that name an image to be like which the catalogue does not know. */
export function unknownModels(
  data: CatalogueData,
  catalogue: readonly Given<OverlayEntry>[],
): readonly Given<OverlayEntry>[] {
  const known = new Set(data.images.images.map(({ repository }) => repository));
  for (const { value } of catalogue) known.add(repositoryName(value.image));
  return catalogue.filter(({ value }) => value.like !== undefined && !known.has(repositoryName(value.like)));
}

function entry(before: RawImage, value: OverlayEntry, source: string): RawImage {
  const facts: Record<string, RawFact> = {};
  for (const name of FACTS) {
    const given = value[name];
    if (given !== undefined) facts[name] = [String(given), source];
  }
  const alternatives = (['minimal', 'fips'] as const).flatMap((kind): readonly Alternative[] => {
    const image = value[kind];
    return image === undefined ? [] : [{ for: kind, image, basis: BY_POLICY, checked: true, source }];
  });
  const kept = (before.alternatives ?? []).filter((each) => value[each.for] === undefined);
  return {
    ...before,
    facts: { ...before.facts, ...facts },
    ...(value.lifecycle === undefined ? {} : { lifecycle: value.lifecycle }),
    ...(value.variants === undefined ? {} : { variants: value.variants }),
    ...(value.deprecated === undefined ? {} : { deprecated: [value.deprecated, source] as RawFact }),
    ...(value.note === undefined ? {} : { note: value.note }),
    alternatives: [...alternatives, ...kept],
  };
}

/** `node` as `docker.io/library/node`; a name with a registry stays. */
function repositoryName(written: string): string {
  const [first = ''] = written.split('/');
  if (!written.includes('/')) return `docker.io/library/${written}`;
  return first === 'localhost' || /[.:]/.test(first) ? written : `docker.io/${written}`;
}
