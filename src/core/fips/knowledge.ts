// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';

const isoDate = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

const componentSchema = z.object({
  name: z.string(),
  certificates: z.array(z.int()),
  /**
   * How the code in the image stands to the certificates: `newer-build` is an update of what they name, `unknown-build`
   * and `vendor-says` leave it open, `other-build` and `subscription` mean that they speak of something else.
   */
  relation: z.enum(['newer-build', 'unknown-build', 'vendor-says', 'other-build', 'subscription']),
  note: z.optional(z.string()),
});

const baseSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** All that is given has to fit; of `repositories` and `distribution` one is enough where both are given. */
  match: z.object({
    /** Whole names, or namespaces that end in `/`. */
    repositories: z.optional(z.array(z.string())),
    /** Beginnings of the distribution's name. */
    distribution: z.optional(z.array(z.string())),
    /** Release numbers or code names, one of which the tag has to hold. */
    version: z.optional(z.array(z.string())),
    name: z.optional(z.string()),
    tag: z.optional(z.string()),
  }),
  module: z.enum(['yes', 'claimed', 'no', 'none', 'unknown']),
  moduleText: z.string(),
  components: z.array(componentSchema),
  enforcement: z.enum(['host', 'configured', 'none', 'unknown']),
  enforcementText: z.string(),
  limits: z.array(z.string()),
  source: z.string(),
});
export type BaseProfile = z.infer<typeof baseSchema>;

export const CLAIM_IDS = [
  'alpine-openssl-fips',
  'self-built-provider',
  'name-says-fips',
  'label-says-fips',
  'openssl-fips-env',
  'node-enable-fips',
  'godebug-only',
  'gofips-latest',
  'boring-cgo0',
  'systemcrypto-cgo0',
  'host-command',
  'static-musl',
  'wolfi-go-127',
  'cites-historical',
  'ubi-is-fips',
  'pro-preview',
] as const;
export type ClaimId = (typeof CLAIM_IDS)[number];

const claimSchema = z.object({
  id: z.enum(CLAIM_IDS),
  title: z.string(),
  why: z.string(),
  todo: z.string(),
  confidence: z.enum(['two-sources', 'one-source', 'memory']),
});

/** What is known about cryptography in images; the certificates themselves are in modules.json. */
export const fipsFileSchema = z.object({
  schemaVersion: z.literal(1),
  rule1402: z.object({ after: isoDate, source: z.string() }),
  /** Days after which certificate data says that it is old. */
  staleAfterDays: z.int(),
  /** Days before its end from which a certificate counts as about to lapse. */
  lapsingDays: z.int(),
  inProcessAsOf: isoDate,
  inProcess: z.array(z.object({ module: z.string(), vendor: z.string(), standard: z.string(), status: z.string() })),
  bases: z.array(baseSchema),
  claims: z.array(claimSchema),
  go: z.object({
    certified: z.array(z.string()),
    certificate: z.int(),
    inProcess: z.array(z.string()),
    unvalidated: z.array(z.string()),
    /** First Go release that has the module. */
    from: z.string(),
    source: z.string(),
  }),
  bouncyCastle: z.array(z.object({ version: z.string(), certificate: z.int(), source: z.string() })),
});
export type FipsKnowledge = z.infer<typeof fipsFileSchema>;
