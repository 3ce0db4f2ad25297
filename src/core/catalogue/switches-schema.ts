// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';

const pattern = z.string().check(z.regex(/^\^.*\$$/, 'A pattern is anchored at both ends.'));

const switchSchema = z.strictObject({
  id: z.string(),
  for: z.enum(['minimal', 'fips']),
  /** An image that it is for, by which the row is checked. */
  example: z.string(),
  /** `registry/repository`, or a beginning that ends in a slash; the first row that fits counts. */
  repositories: z.array(z.string()).check(z.minLength(1)),
  /** `registry/repository` of the other image; without it and `rename` it is another tag of the same. */
  to: z.optional(z.string()),
  /** Pattern of `registry/repository`, and what it becomes. */
  rename: z.optional(z.tuple([pattern, z.string()])),
  /** Pattern of the tag, and the tag that a source names for it. */
  tags: z.record(pattern, z.string()),
  /** What the image has and the other one has not; empty where nothing is missing. */
  lacks: z.array(z.string()),
  /** Commands that are in both under the same name. */
  programs: z.optional(z.array(z.string())),
  /** `same`: both have the same entrypoint, so that CMD means the same. `none`: the other image has none. */
  entrypoint: z.optional(z.enum(['same', 'none'])),
  /** Users that the other image has beside root. */
  users: z.optional(z.array(z.string())),
  /** Its default user, where that is another one. */
  runsAs: z.optional(z.string()),
  /** True where its default working folder is another one. */
  workdir: z.optional(z.literal(true)),
  /**
   * Images of which what they build runs on either: patterns of `registry/repository:tag`, `self` for the same
   * repository, `static` for what needs no library. Without it, whatever is copied in finds the same libraries.
   */
  builds: z.optional(z.array(z.string())),
  /** Platforms it is published for, where not for all that the image is. */
  platforms: z.optional(z.array(z.string())),
  /** True where it takes an entitlement. */
  paid: z.optional(z.literal(true)),
  /** True where it is pulled from a mirror of one's own only. */
  mirror: z.optional(z.literal(true)),
  /** What else changes with it, or what it asks for. */
  caveat: z.optional(z.string()),
  /** Id of the source that names the tags and what differs. */
  source: z.string(),
});

/** Exact matches: the same software under another name or tag, with what a source says of the difference. */
export const switchesFileSchema = z.strictObject({ schemaVersion: z.literal(1), switches: z.array(switchSchema) });
export type SwitchesFile = z.infer<typeof switchesFileSchema>;
export type SwitchRow = SwitchesFile['switches'][number];
