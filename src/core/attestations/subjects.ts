// SPDX-License-Identifier: Apache-2.0
import type { Platform } from '../dockerfile/platform.ts';
import { formatPlatform } from '../dockerfile/platform.ts';
import { isIndex } from '../evidence/manifest.ts';
import { bestMatches, satisfies } from '../evidence/platform.ts';
import { imageProblem } from '../evidence/select-image.ts';
import type { Problem } from '../model/problem.ts';
import { err, ok, type Result } from '../model/result.ts';
import { readImageIndex, type EvidenceDescriptor, type ImageEntry } from './manifests.ts';

/** Indexes may name indexes, as BuildKit's layouts do, but not without end. */
const MAX_DEPTH = 4;
const MAX_INDEXES = 50;
/** BuildKit writes one attestation manifest for each image. */
const MAX_ATTESTATION_MANIFESTS = 8;

export interface ChosenSubjects {
  /** Digest of the outermost index, null where there is none. */
  readonly index: string | null;
  readonly platform: string;
  /** Attestation manifests that an index names for the image of the platform. */
  readonly attestations: readonly EvidenceDescriptor[];
}

interface Found {
  readonly images: { readonly entry: ImageEntry; readonly index: string | null }[];
  readonly attestations: ImageEntry[];
}

/** Reads the document that a descriptor names, its digest checked. */
export type ReadDocument = (descriptor: EvidenceDescriptor) => Promise<Result<unknown, Problem>>;

async function collect(
  top: readonly ImageEntry[],
  topDigest: string | null,
  read: ReadDocument,
): Promise<Result<Found, Problem>> {
  const found: Found = { images: [], attestations: [] };
  let indexes = 0;
  const visit = async (
    entries: readonly ImageEntry[],
    outer: string | null,
    depth: number,
  ): Promise<Result<null, Problem>> => {
    for (const entry of entries) {
      if (entry.attests !== null) found.attestations.push(entry);
      else if (!isIndex(entry)) {
        const known = found.images.findIndex(({ entry: { digest } }) => digest === entry.digest);
        if (known < 0) found.images.push({ entry, index: outer });
        else if (found.images[known]?.entry.platform === null) found.images[known] = { entry, index: outer };
      } else {
        if (depth >= MAX_DEPTH || ++indexes > MAX_INDEXES)
          return err(imageProblem('its indexes are nested too deeply'));
        const document = await read(entry);
        if (!document.ok) return document;
        const inner = readImageIndex(document.value);
        if (!inner.ok) return err(imageProblem(inner.error));
        if (inner.value === null) return err(imageProblem(`${entry.digest} is called an index and is none`));
        const deeper = await visit(inner.value, outer ?? entry.digest, depth + 1);
        if (!deeper.ok) return deeper;
      }
    }
    return ok(null);
  };
  const visited = await visit(top, topDigest, 0);
  return visited.ok ? ok(found) : visited;
}

function missing(wanted: Platform, entries: readonly ImageEntry[]): Problem {
  const offered = entries.flatMap(({ platform }) => (platform === null ? [] : [formatPlatform(platform)]));
  return {
    code: 'image-missing',
    what: `There is no image for ${formatPlatform(wanted)}`,
    why: offered.length === 0 ? 'its platforms are not named' : `it has ${[...new Set(offered)].toSorted().join(', ')}`,
    todo: 'Choose one of its platforms with --platform.',
  };
}

/**
 * The digests that evidence may be about, of what an index (or a layout, then without a digest of its own) names. A single
 * image is taken whatever its platform unless another was asked for; of several, the one for `asked` or else `host`.
 */
export async function chooseSubjects(
  top: readonly ImageEntry[],
  topDigest: string | null,
  asked: Platform | null,
  host: Platform,
  read: ReadDocument,
): Promise<Result<ChosenSubjects, Problem>> {
  const collected = await collect(top, topDigest, read);
  if (!collected.ok) return collected;
  const { images, attestations } = collected.value;
  const entries = images.map(({ entry }) => entry);
  const wanted = asked ?? host;
  const [only, another] = images;
  if (only === undefined) return err(imageProblem('it holds no image'));
  let chosen = only;
  if (another !== undefined) {
    const fitting = bestMatches(
      images.map((image) => ({ image, platform: image.entry.platform })),
      wanted,
    );
    const [first] = fitting;
    if (first === undefined) return err(missing(wanted, entries));
    if (fitting.length > 1)
      return err(
        imageProblem(
          `it holds ${fitting.length} different images for ${formatPlatform(wanted)}`,
          'Name the one that you mean by its digest, or save it alone.',
        ),
      );
    chosen = first.image;
  } else if (asked !== null && only.entry.platform !== null && !satisfies(only.entry.platform, asked)) {
    return err(missing(asked, entries));
  }
  const { digest } = chosen.entry;
  const own = new Map(attestations.filter(({ attests }) => attests === digest).map((each) => [each.digest, each]));
  return ok({
    index: chosen.index,
    platform: digest,
    attestations: [...own.values()].slice(0, MAX_ATTESTATION_MANIFESTS),
  });
}
