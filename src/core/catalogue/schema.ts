// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import type { FipsKnowledge } from '../fips/knowledge.ts';
import type { SwitchesFile } from './switches-schema.ts';
import type { VendorsFile } from './vendors-schema.ts';

/** How far a source carries: facts from memory or without a source raise no more than a hint. */
const confidenceSchema = z.enum(['two-sources', 'one-source', 'convention', 'memory']);
const isoDate = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

const sourceSchema = z.object({
  title: z.string().check(z.minLength(3)),
  /** Commit, address or edition that was read. */
  ref: z.string(),
  /** The day on which the source says what it says. */
  asOf: isoDate,
  confidence: confidenceSchema,
});
export type Source = z.infer<typeof sourceSchema>;

/** `[value, source id]`; a fact without a recorded source is `[value]`. */
const factSchema = z.union([z.tuple([z.string()]), z.tuple([z.string(), z.string()])]);
export type RawFact = z.infer<typeof factSchema>;

/** What may be named instead of an image. What a fix may switch to stands in switches.json. */
const alternativeSchema = z.strictObject({
  for: z.enum(['minimal', 'fips']),
  /** As an image reference where it is one, else in words. */
  image: z.string(),
  basis: z.string(),
  /** False where only a naming convention says that it exists. */
  checked: z.boolean(),
  paid: z.optional(z.boolean()),
  exampleTag: z.optional(z.string()),
  /** What the vendor adds to a tag to name this variant, such as `-fips`. */
  tagSuffix: z.optional(z.string()),
  /** What changes with it, or what it asks for. */
  caveat: z.optional(z.string()),
  user: z.optional(z.string()),
  /** Id of a source. */
  source: z.optional(z.string()),
});
export type Alternative = z.infer<typeof alternativeSchema>;

const imageSchema = z.object({
  /** `registry/repository`. */
  repository: z.string().check(z.regex(/^[a-z0-9.:-]+\/[a-z0-9._/-]+$/)),
  aliases: z.optional(z.array(z.string().check(z.regex(/^[a-z0-9.:-]+\/[a-z0-9._/-]+$/)))),
  category: z.string(),
  facts: z.object({
    distribution: z.optional(factSchema),
    libc: z.optional(factSchema),
    packageManager: z.optional(factSchema),
    shell: z.optional(factSchema),
    user: z.optional(factSchema),
  }),
  variants: z.optional(z.array(z.string())),
  /** Version tags that a source names as published: what a fix may write. */
  tags: z.optional(z.tuple([z.array(z.string()), z.string()])),
  /** Product of lifecycles.json whose cycles the tags name. */
  lifecycle: z.optional(z.string()),
  /** Support of the repository as a whole, where its publisher ends that by repository and not by tag. */
  support: z.optional(
    z.object({
      product: z.string(),
      cycle: z.string(),
      ends: isoDate,
      /** True where the publisher itself calls the day an estimate. */
      estimated: z.boolean(),
      /** What the publisher supports instead. */
      next: z.string(),
      source: z.string(),
    }),
  ),
  fips: z.optional(z.object({ available: z.string(), naming: z.nullable(z.string()), note: z.nullable(z.string()) })),
  alternatives: z.optional(z.array(alternativeSchema)),
  /** How the image changes its user by itself. */
  userNote: z.optional(z.string()),
  note: z.optional(z.string()),
  /** Why nobody should take it any more, with the source: `[reason, source id]`. */
  deprecated: z.optional(factSchema),
});
export type RawImage = z.infer<typeof imageSchema>;

/** What holds for every repository under a prefix that has no entry of its own; the first that fits counts. */
const familySchema = z.extend(z.omit(imageSchema, { repository: true, aliases: true }), {
  prefix: z.string().check(z.regex(/^[a-z0-9.:-]+\/(?:[a-z0-9._/-]+\/)?$/)),
  suffix: z.optional(z.string()),
});
export type Family = z.infer<typeof familySchema>;

export const imagesFileSchema = z.object({
  schemaVersion: z.literal(1),
  images: z.array(imageSchema),
  families: z.optional(z.array(familySchema)),
});

/** A date, or a yes or no where the source gives no date. */
const ending = z.optional(z.union([isoDate, z.boolean()]));
const cycleSchema = z.object({ releaseDate: z.optional(z.string()), eoas: ending, eol: ending, eoes: ending });
export const lifecyclesFileSchema = z.object({
  schemaVersion: z.literal(1),
  source: z.string(),
  products: z.record(
    z.string(),
    z.object({ means: z.nullable(z.string()), cycles: z.record(z.string(), cycleSchema) }),
  ),
});

const moduleSchema = z.object({
  certificate: z.int(),
  family: z.string(),
  vendor: z.optional(z.string()),
  module: z.optional(z.string()),
  standard: z.optional(z.string()),
  versions: z.optional(z.array(z.string())),
  validated: z.optional(z.array(z.string())),
  sunset: z.optional(isoDate),
  seen: z.optional(z.object({ date: isoDate, status: z.enum(['Active', 'Historical']) })),
  caveat: z.optional(z.string()),
  /** Number of the certificate that took its place, and the day by which a source called this one Historical for it. */
  supersededBy: z.optional(z.int()),
  supersededOn: z.optional(isoDate),
  sources: z.optional(z.array(z.string())),
  confidence: z.optional(z.string()),
});
export type CryptographicModule = z.infer<typeof moduleSchema>;
export const modulesFileSchema = z.object({
  schemaVersion: z.literal(1),
  asOf: isoDate,
  modules: z.array(moduleSchema),
  withoutModule: z.array(z.object({ name: z.string(), why: z.string(), confidence: z.string() })),
});

const distributionSchema = z.object({
  id: z.string(),
  /** Words that name it in a distribution fact or in a tag. */
  match: z.array(z.string()),
  packageManager: z.optional(factSchema),
  shell: z.optional(factSchema),
  libc: z.optional(factSchema),
  /** Release names that stand for a cycle in tags. */
  codenames: z.optional(z.record(z.string(), z.string())),
  lifecycle: z.optional(z.string()),
  note: z.string(),
});
export const sourcesFileSchema = z.object({
  schemaVersion: z.literal(1),
  sources: z.record(z.string(), sourceSchema),
  distributions: z.array(distributionSchema),
});

export type Distribution = z.infer<typeof distributionSchema>;

export type CatalogueData = {
  readonly fips: FipsKnowledge;
  readonly switches: SwitchesFile;
  readonly vendors: VendorsFile;
  readonly images: z.infer<typeof imagesFileSchema>;
  readonly lifecycles: z.infer<typeof lifecyclesFileSchema>;
  readonly modules: z.infer<typeof modulesFileSchema>;
  readonly sources: z.infer<typeof sourcesFileSchema>;
};
