// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { VULNERABILITY_SEVERITIES } from '../../core/model/severity.ts';

/** Items of one image, and so SBOMs among them: as many as are looked at (`MAX_ITEMS` of core/attestations/assemble). */
const MAX_KEPT = 500;
/**
 * Bytes of an entry: 500 attested SBOMs and 500 items at 250 bytes each, with a thousand due dates, are 280,000. Every
 * entry is read to list the reports, so there has to be a limit.
 */
export const MAX_ENTRY = 512 * 1024;

const count = z.int().check(z.nonnegative());
const fileName = z.string().check(z.regex(/^[a-z0-9-]{1,64}\.(?:report\.json|(?:sbom|attested|evidence)\.json\.gz)$/));
const file = { file: fileName, bytes: count };

/** `entry.json`: which files of its folder belong together, and what a list of reports shows. */
export const entrySchema = z.object({
  schemaVersion: z.literal(1),
  key: z.string(),
  reference: z.string(),
  platform: z.nullable(z.string()),
  generated: z.string(),
  packages: count,
  bySeverity: z.record(z.enum(VULNERABILITY_SEVERITIES), count),
  // Entries of earlier versions do not have the two.
  knownExploited: z.optional(count),
  kevDue: z.optional(z.array(z.iso.date())),
  report: z.object(file),
  sbom: z.object(file),
  /** Whole SBOMs that others attested, by the digest of the item that carries each. */
  attested: z.optional(z.array(z.object({ digest: z.string(), ...file })).check(z.maxLength(MAX_KEPT))),
  /** Items as they were found, by their position in the report; without a file where there was no room for one. */
  evidence: z.optional(
    z
      .array(
        z.union([
          z.object({ item: count, digest: z.string(), ...file }),
          z.object({ item: count, digest: z.string(), file: z.null() }),
        ]),
      )
      .check(z.maxLength(MAX_KEPT)),
  ),
});
export type Entry = z.infer<typeof entrySchema>;

/** The files that an entry names. */
export function filesOf({ report, sbom, attested = [], evidence = [] }: Entry): readonly string[] {
  return [
    report.file,
    sbom.file,
    ...attested.map((each) => each.file),
    ...evidence.flatMap((each) => (each.file === null ? [] : [each.file])),
  ];
}
