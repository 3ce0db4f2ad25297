// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { VULNERABILITY_SEVERITIES } from '../model/severity.ts';
import { STAGE_STATES } from '../model/stage.ts';
import { evidenceSchema } from './evidence.ts';

const nullableText = z.nullable(z.string());

const stageSchema = z.object({
  state: z.enum(STAGE_STATES),
  /** What happened, why, what to do; null only where the state is `ok`. */
  reason: nullableText,
  /** Stable code of the problem, null where there is none. */
  code: nullableText,
  /** Milliseconds the stage took, null where it did not run. */
  durationMs: z.nullable(z.number()),
});
export type StageReport = z.infer<typeof stageSchema>;

const imageSchema = z.object({
  /** With its scheme, as asked for: `registry:cgr.dev/chainguard/node:latest`. */
  reference: z.string(),
  indexDigest: nullableText,
  manifestDigest: nullableText,
  configDigest: nullableText,
  platform: nullableText,
  /** `debian 12`, by the image's os-release; null where there is none. */
  distribution: nullableText,
  /** Bytes of the uncompressed layers, by the scanner. */
  size: z.nullable(z.number()),
  layers: z.nullable(z.number()),
  created: nullableText,
  user: nullableText,
  /** Base named by the `org.opencontainers.image.base.*` annotations or labels. */
  base: z.nullable(z.object({ name: nullableText, digest: nullableText })),
});

const packageSchema = z.object({
  /** Stable inside one report: made from type, name, version and locations, never the scanner's own id. */
  id: z.string(),
  name: z.string(),
  version: z.string(),
  type: z.string(),
  purl: nullableText,
  licences: z.array(z.string()),
  locations: z.array(z.string()),
});
export type PackageRow = z.infer<typeof packageSchema>;

const waiverSchema = z.nullable(
  z.object({ by: z.literal('waiver'), owner: z.string(), reason: z.string(), expires: z.string() }),
);

const vulnerabilitySchema = z.object({
  id: z.string(),
  aliases: z.array(z.string()),
  namespace: z.string(),
  severity: z.enum(VULNERABILITY_SEVERITIES),
  packageId: z.string(),
  fix: z.object({
    state: z.string(),
    versions: z.array(z.string()),
    /** Dates (ISO) on which the fixed versions became available, where the database says so. */
    available: z.array(z.object({ version: z.string(), date: z.string() })),
  }),
  epss: z.nullable(z.object({ score: z.number(), percentile: z.number(), date: z.string() })),
  kev: z.nullable(
    z.object({ dateAdded: z.string(), dueDate: nullableText, requiredAction: nullableText, ransomware: nullableText }),
  ),
  cvss: z.nullable(z.object({ score: z.number(), vector: z.string(), version: z.string() })),
  /** Grype's own combined figure, 0 to 100. */
  risk: z.nullable(z.number()),
  description: z.string(),
  /** https address of the advisory, null where there is none. */
  advisory: nullableText,
  locations: z.array(z.string()),
  /** The waiver that accepts it, null where none does. Reports of older versions say nothing of it. */
  excepted: z.prefault(waiverSchema, null),
});
export type VulnerabilityRow = z.infer<typeof vulnerabilitySchema>;

const countsSchema = z.record(z.enum(VULNERABILITY_SEVERITIES), z.number());

export const auditReportSchema = z.object({
  schemaVersion: z.literal(1),
  /** ISO time at which the audit ended. */
  generated: z.string(),
  image: imageSchema,
  tools: z.array(z.object({ name: z.string(), version: z.string() })),
  database: z.nullable(
    z.object({
      built: nullableText,
      schema: nullableText,
      kind: z.enum(['grype', 'demonstration']),
      stale: z.boolean(),
    }),
  ),
  stages: z.object({
    resolve: stageSchema,
    evidence: z.prefault(stageSchema, {
      state: 'skipped',
      reason: 'Audited by an earlier version, which did not look for signatures and attestations. Audit again.',
      code: null,
      durationMs: null,
    }),
    sbom: stageSchema,
    database: stageSchema,
    matching: stageSchema,
  }),
  packages: z.array(packageSchema),
  vulnerabilities: z.array(vulnerabilitySchema),
  /** Findings of rules about images and of waivers that have ended. */
  findings: z.array(
    z.object({
      ruleId: z.string(),
      slug: z.string(),
      severity: z.string(),
      message: z.string(),
      /** The waiver that accepts it, null where none does. */
      suppressed: z.prefault(waiverSchema, null),
    }),
  ),
  summary: z.object({
    packages: z.number(),
    vulnerabilities: z.number(),
    bySeverity: countsSchema,
    /** Vulnerabilities with a fixed version. */
    fixable: z.number(),
    /** Vulnerabilities in CISA's catalogue of known exploited ones, by the database. */
    knownExploited: z.number(),
    /** Vulnerabilities that a waiver accepts; they are counted above all the same. */
    excepted: z.prefault(z.number(), 0),
    byType: z.record(z.string(), z.number()),
  }),
  /** Signatures, attestations and provenance; null where nobody looked: the stage says why. */
  evidence: z.prefault(z.nullable(evidenceSchema), null),
});

/** One audit of one image: the document that panel, tree, CLI, store and exports all read. */
export type AuditReport = z.infer<typeof auditReportSchema>;

/** What identifies an audited image: the config digest, which is the same from every source of one image. */
export function reportKey(report: AuditReport): string | null {
  return report.image.configDigest ?? report.image.manifestDigest;
}
