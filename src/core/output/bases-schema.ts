// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';

const judgement = z.object({
  value: z.enum(['yes', 'no', 'unknown']),
  reason: z.string(),
  asOf: z.nullable(z.string()),
});

/** What the catalogue says of a base image; null where the base is no image or the catalogue does not know it. */
const verdict = z.object({
  repository: z.string(),
  minimal: judgement,
  /** The first of the three FIPS answers: `claimed` is said and not shown, `none` is no cryptography at all. */
  validatedModule: z.object({
    value: z.enum(['yes', 'claimed', 'no', 'none', 'unknown']),
    reason: z.string(),
    asOf: z.nullable(z.string()),
  }),
  /** The other two: whether a certificate is active on the day of the check, and whether the mode is on. */
  fips: z.object({
    certificate: z.object({
      value: z.enum(['active', 'update', 'historical', 'none', 'unknown']),
      text: z.string(),
    }),
    enforced: z.object({ value: z.enum(['configured', 'host', 'no', 'unknown']), text: z.string() }),
  }),
  lifecycle: z.nullable(
    z.object({
      product: z.string(),
      cycle: z.string(),
      state: z.enum(['ended', 'extended', 'ending', 'supported']),
      ends: z.nullable(z.string()),
      asOf: z.string(),
    }),
  ),
});

const nullableText = z.nullable(z.string());

/** What an apko file installs, or a melange file builds with; null for other files and for refused ones. */
const contents = z.object({
  /** An apko file that this one builds on; what stands in it is not in these lists. */
  include: nullableText,
  baseImage: z.nullable(z.object({ image: z.string(), apkindex: nullableText })),
  repositories: z.array(
    z.object({
      line: z.int(),
      written: z.string(),
      tag: nullableText,
      address: z.string(),
      /** Null for a folder. */
      host: nullableText,
    }),
  ),
  packages: z.array(
    z.object({
      line: z.int(),
      written: z.string(),
      name: z.string(),
      operator: nullableText,
      version: nullableText,
      tag: nullableText,
    }),
  ),
});

/** The JSON document of `waybill bases`; its JSON Schema is docs/schemas/bases.json. */
export const basesDocumentSchema = z.object({
  schemaVersion: z.literal(1),
  files: z.array(
    z.object({
      path: z.string(),
      language: z.string(),
      error: z.nullable(z.string()),
      stages: z.array(
        z.object({
          index: z.int(),
          name: z.nullable(z.string()),
          line: z.int(),
          written: z.string(),
          resolved: z.nullable(z.string()),
          kind: z.enum(['image', 'stage', 'scratch', 'unknown']),
          platform: z.nullable(z.string()),
          final: z.boolean(),
          assumed: z.array(z.string()),
          verdict: z.nullable(verdict),
        }),
      ),
      contents: z.nullable(contents),
    }),
  ),
});
export type BasesDocument = z.infer<typeof basesDocumentSchema>;
export type BaseVerdict = z.infer<typeof verdict>;
