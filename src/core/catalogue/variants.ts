// SPDX-License-Identifier: Apache-2.0
import type { ImageReference } from '../model/image-reference.ts';
import type { CatalogueData, Source } from './schema.ts';
import type { VendorInfo } from './vendors-schema.ts';

/** What a name or tag says about an image, by its vendor's own rules. */
export interface Variant {
  readonly kind: VendorInfo['variants'][number]['kind'];
  readonly means: string;
  /** The user it runs as, where the variant decides that. */
  readonly user: string | null;
  readonly source: Source | null;
}

/** A reference that a naming rule leads to. It was not looked up: never more than "by convention, not checked". */
export interface ConventionalName {
  readonly reference: ImageReference;
  readonly vendor: string;
  readonly paid: boolean;
  readonly source: Source | null;
}

export function vendorOf(name: string, data: Pick<CatalogueData, 'vendors'>): VendorInfo | null {
  return data.vendors.vendors.find(({ prefixes }) => prefixes.some((prefix) => name.startsWith(prefix))) ?? null;
}

function nameOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}

/** The variants that a reference names, in the order in which its vendor lists them. */
export function variantsOf(reference: ImageReference, data: CatalogueData): readonly Variant[] {
  const vendor = vendorOf(nameOf(reference), data);
  if (vendor === null) return [];
  return vendor.variants
    .filter(({ where, pattern }) =>
      new RegExp(pattern).test(where === 'name' ? reference.repository : (reference.tag ?? '')),
    )
    .map(({ kind, means, user, source }) => ({
      kind,
      means,
      user: user ?? null,
      source: data.sources.sources[source] ?? null,
    }));
}

/** What the vendor would call a variant of this image; null where its rules do not say, or it is that variant already. */
export function conventionalName(
  reference: ImageReference,
  kind: Variant['kind'],
  data: CatalogueData,
): ConventionalName | null {
  const vendor = vendorOf(nameOf(reference), data);
  const rule = vendor?.variants.find((each) => each.kind === kind && each.form !== undefined);
  if (vendor === null || rule?.form === undefined) return null;
  if (variantsOf(reference, data).some((each) => each.kind === kind)) return null;
  const { form, where, paid = false, source } = rule;
  // Digests name one image: that of a variant is another one.
  const named =
    where === 'name'
      ? { ...reference, repository: `${reference.repository}${form}`, digest: null }
      : {
          ...reference,
          tag:
            reference.tag === null
              ? form.replace(/^-/, 'latest-')
              : `${reference.tag}${form.startsWith('-') ? form : `-${form}`}`,
          digest: null,
        };
  return { reference: named, vendor: vendor.title, paid, source: data.sources.sources[source] ?? null };
}
