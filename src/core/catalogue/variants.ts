// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import type { ImageReference } from '../model/image-reference.ts';
import type { CatalogueData, Source } from './schema.ts';

const variantSchema = z.object({
  kind: z.enum(['development', 'debug', 'nonroot', 'stripped', 'slim', 'fips', 'other']),
  /** Whether the repository's name or the tag tells it. */
  where: z.enum(['name', 'tag']),
  pattern: z.string(),
  /** What a variant of this kind is or does, as the end of a sentence. */
  means: z.string(),
  /** What is put behind a name or tag to ask for it, where that is all it takes. */
  form: z.optional(z.string()),
  user: z.optional(z.string()),
  paid: z.optional(z.boolean()),
  source: z.string(),
});

/** How a vendor spells the variants of its images. */
export const vendorsFileSchema = z.object({
  schemaVersion: z.literal(1),
  vendors: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** Beginnings of `registry/repository`; the first vendor that fits counts. */
      prefixes: z.array(z.string()),
      /** The word of a policy's `entitlements` that stands for it. */
      entitlement: z.optional(z.string()),
      terms: z.optional(z.string()),
      variants: z.array(variantSchema),
      source: z.optional(z.string()),
    }),
  ),
});
export type VendorsFile = z.infer<typeof vendorsFileSchema>;
export type VendorInfo = VendorsFile['vendors'][number];

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
