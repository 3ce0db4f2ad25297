// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';

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
