// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { err, ok, type Result } from '../model/result.ts';
import type { Problem } from '../model/problem.ts';
import type { AuditReport, PackageRow } from './report.ts';

/** More packages than any image has; a document with more is refused. */
const MAX_PACKAGES = 1_000_000;

const text = z.catch(z.string(), '');
const artifactSchema = z.object({
  id: text,
  name: text,
  version: text,
  type: text,
  purl: text,
  locations: z.catch(z.array(z.object({ path: text })), []),
  licenses: z.catch(z.array(z.union([z.string(), z.object({ value: text })])), []),
});

/** What is read of a syft-json document; everything else in it is left alone. */
const documentSchema = z.object({
  artifacts: z.array(artifactSchema),
  source: z.object({
    type: text,
    metadata: z.catch(
      z.object({
        imageSize: z.optional(z.number()),
        layers: z.optional(z.array(z.unknown())),
        labels: z.optional(z.record(z.string(), z.unknown())),
        config: z.optional(z.string()),
        imageID: z.optional(z.string()),
        manifestDigest: z.optional(z.string()),
        architecture: z.optional(z.string()),
        variant: z.optional(z.string()),
        os: z.optional(z.string()),
      }),
      {},
    ),
  }),
  distro: z.catch(
    z.object({ id: z.optional(z.string()), versionID: z.optional(z.string()), prettyName: z.optional(z.string()) }),
    {},
  ),
});

export interface Sbom {
  readonly packages: readonly PackageRow[];
  /** The scanner's own artifact id to ours: Grype's matches name the former. */
  readonly idOfArtifact: ReadonlyMap<string, string>;
  readonly image: Pick<
    AuditReport['image'],
    'distribution' | 'size' | 'layers' | 'base' | 'manifestDigest' | 'configDigest' | 'platform'
  >;
}

function badOutput(what: string, why: string): Problem {
  return { code: 'tool-output', what, why, todo: 'Check the version of the tool, and see the log for its output.' };
}

/** Read a parsed syft-json document. Ids are made from what a package is, so that the same image gives the same ids. */
export function readSbom(document: unknown): Result<Sbom, Problem> {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    return err(
      badOutput(
        'The SBOM could not be read',
        `it is no syft-json: ${parsed.error.issues[0]?.message ?? 'unknown shape'}`,
      ),
    );
  }
  const { artifacts, source, distro } = parsed.data;
  if (artifacts.length > MAX_PACKAGES)
    return err(badOutput('The SBOM could not be read', `it lists more than ${MAX_PACKAGES} packages`));
  const rows = artifacts.map((artifact) => ({ scanned: artifact.id, row: rowOf(artifact) }));
  // Ordered by all that a package is before ids are given, so that no order of the scanner's shows in them.
  rows.sort((a, b) => compareRows(a.row, b.row));
  const seen = new Map<string, number>();
  const idOfArtifact = new Map<string, string>();
  const packages = rows.map(({ scanned, row }): PackageRow => {
    const [first] = row.locations;
    const base = `${row.type}/${row.name}@${row.version}${first === undefined ? '' : `#${first}`}`;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    const id = count === 1 ? base : `${base}~${count}`;
    idOfArtifact.set(scanned, id);
    return { id, ...row };
  });
  const { metadata } = source;
  const label = (name: string): string | null => {
    const value = metadata.labels?.[name];
    return typeof value === 'string' ? value : null;
  };
  const baseName = label('org.opencontainers.image.base.name');
  const baseDigest = label('org.opencontainers.image.base.digest');
  const distribution = [distro.id, distro.versionID].filter((part) => part !== undefined && part !== '').join(' ');
  const platform = [metadata.os, metadata.architecture, metadata.variant]
    .filter((part) => part !== undefined && part !== '')
    .join('/');
  return ok({
    packages,
    idOfArtifact,
    image: {
      distribution: distribution === '' ? null : distribution,
      size: metadata.imageSize ?? null,
      layers: metadata.layers?.length ?? null,
      base: baseName === null && baseDigest === null ? null : { name: baseName, digest: baseDigest },
      manifestDigest: metadata.manifestDigest ?? null,
      configDigest: metadata.imageID ?? null,
      platform: platform === '' ? null : platform,
    },
  });
}

function rowOf(artifact: z.infer<typeof artifactSchema>): Omit<PackageRow, 'id'> {
  const licences = artifact.licenses
    .map((each) => (typeof each === 'string' ? each : each.value))
    .filter((each) => each !== '');
  return {
    name: artifact.name,
    version: artifact.version,
    type: artifact.type,
    purl: artifact.purl === '' ? null : artifact.purl,
    licences: [...new Set(licences)].toSorted(),
    // As many as the scanner has: a path may stand there for two layers.
    locations: artifact.locations.map(({ path }) => path).toSorted(),
  };
}

function compareRows(a: Omit<PackageRow, 'id'>, b: Omit<PackageRow, 'id'>): number {
  const rest = (row: Omit<PackageRow, 'id'>): string => JSON.stringify([row.locations, row.purl, row.licences]);
  return (
    compare(a.type, b.type) || compare(a.name, b.name) || compare(a.version, b.version) || compare(rest(a), rest(b))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
