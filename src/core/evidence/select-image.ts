// SPDX-License-Identifier: Apache-2.0
import { err, ok, type Result } from '../model/result.ts';
import type { Problem } from '../model/problem.ts';
import { isIndex, readImageConfig, readImageDocument, type Descriptor, type ImageConfig } from './manifest.ts';
import { formatPlatform, type Platform } from '../dockerfile/platform.ts';
import { bestMatches, satisfies } from './platform.ts';

/** An index may name indexes, as BuildKit's layouts do, but not without end. */
const MAX_DEPTH = 4;
const MAX_INDEXES = 100;

/** Reads a named document and checks its digest; the reader knows where from. */
export type FetchDocument = (descriptor: Descriptor, kind: 'manifest' | 'config') => Promise<Result<unknown, Problem>>;

export interface SelectedImage {
  /** Outermost index with a digest of its own, null for a single image. */
  readonly indexDigest: string | null;
  readonly manifestDigest: string;
  readonly configDigest: string;
  readonly config: ImageConfig;
  /** Platforms to choose from; empty for a single image. */
  readonly platforms: readonly string[];
}

interface Candidate {
  readonly descriptor: Descriptor;
  readonly index: string | null;
}

const WHAT = 'The image could not be looked up';

/** A problem of an image's documents; `why` is a sentence's end. */
export function imageProblem(why: string, todo = 'Build or save the image again.'): Problem {
  return { code: 'bad-input', what: WHAT, why, todo };
}

/** Images below `manifests`, each once, attestations left out. */
async function candidates(
  manifests: readonly Descriptor[],
  index: string | null,
  fetchDocument: FetchDocument,
): Promise<Result<readonly Candidate[], Problem>> {
  const found = new Map<string, Candidate>();
  let indexes = 0;
  const visit = async (
    list: readonly Descriptor[],
    outer: string | null,
    depth: number,
  ): Promise<Result<null, Problem>> => {
    for (const descriptor of list) {
      if (descriptor.attestation) continue;
      if (!isIndex(descriptor)) {
        // An image that several entries name is one image; an entry that says its platform says more.
        const known = found.get(descriptor.digest);
        if (known === undefined || known.descriptor.platform === null)
          found.set(descriptor.digest, { descriptor, index: outer });
        continue;
      }
      if (depth >= MAX_DEPTH || ++indexes > MAX_INDEXES) return err(imageProblem('its indexes are nested too deeply'));
      const fetched = await fetchDocument(descriptor, 'manifest');
      if (!fetched.ok) return fetched;
      const read = readImageDocument(fetched.value);
      if (!read.ok) return err(imageProblem(read.error));
      if (read.value.kind !== 'index') return err(imageProblem(`${descriptor.digest} is called an index and is none`));
      const deeper = await visit(read.value.manifests, outer ?? descriptor.digest, depth + 1);
      if (!deeper.ok) return deeper;
    }
    return ok(null);
  };
  const visited = await visit(manifests, index, 0);
  return visited.ok ? ok([...found.values()]) : visited;
}

const offered = (list: readonly Candidate[]): readonly string[] =>
  [
    ...new Set(list.flatMap(({ descriptor: { platform } }) => (platform === null ? [] : [formatPlatform(platform)]))),
  ].toSorted();

function noSuchPlatform(wanted: Platform, asked: boolean, platforms: readonly string[]): Problem {
  const list = platforms.length === 0 ? 'its platforms are not named' : `it has ${platforms.join(', ')}`;
  return {
    code: 'image-missing',
    what: `There is no image for ${formatPlatform(wanted)}`,
    why: list,
    todo: asked ? 'Choose one of its platforms.' : 'Choose one of its platforms with --platform.',
  };
}

/** Platforms that the images below `manifests` are for; empty for a single image. */
export async function imagePlatforms(
  manifests: readonly Descriptor[],
  fetchDocument: FetchDocument,
): Promise<Result<readonly string[], Problem>> {
  const list = await candidates(manifests, null, fetchDocument);
  if (!list.ok) return list;
  return ok(list.value.length > 1 ? offered(list.value) : []);
}

/**
 * Choose the image of a platform below `manifests`, and read who it is. Without `asked`, a single image is taken
 * whatever its platform, and of several the one for `host`.
 */
export async function selectImage(
  manifests: readonly Descriptor[],
  topDigest: string | null,
  asked: Platform | null,
  host: Platform,
  fetchDocument: FetchDocument,
): Promise<Result<SelectedImage, Problem>> {
  const list = await candidates(manifests, topDigest, fetchDocument);
  if (!list.ok) return list;
  const platforms = list.value.length > 1 ? offered(list.value) : [];
  const wanted = asked ?? host;
  const [only] = list.value;
  if (only === undefined) return err(imageProblem('it holds no image'));
  let chosen = only;
  if (list.value.length > 1) {
    const fitting = bestMatches(
      list.value.map((candidate) => ({ candidate, platform: candidate.descriptor.platform })),
      wanted,
    );
    const [first] = fitting;
    if (first === undefined) return err(noSuchPlatform(wanted, asked !== null, platforms));
    if (fitting.length > 1) {
      return err(
        imageProblem(
          `it holds ${fitting.length} different images for ${formatPlatform(wanted)}`,
          'Save the one that you mean alone.',
        ),
      );
    }
    chosen = first.candidate;
  }
  return describe(chosen, platforms, asked, fetchDocument);
}

async function describe(
  { descriptor, index }: Candidate,
  platforms: readonly string[],
  asked: Platform | null,
  fetchDocument: FetchDocument,
): Promise<Result<SelectedImage, Problem>> {
  const manifest = await fetchDocument(descriptor, 'manifest');
  if (!manifest.ok) return manifest;
  const read = readImageDocument(manifest.value);
  if (!read.ok) return err(imageProblem(read.error));
  if (read.value.kind !== 'manifest') return err(imageProblem(`${descriptor.digest} is called an image and is none`));
  const { config } = read.value;
  const document = await fetchDocument(config, 'config');
  if (!document.ok) return document;
  const details = readImageConfig(document.value);
  if (!details.ok) return err(imageProblem(details.error));
  const { platform } = details.value;
  if (asked !== null && platform !== null && !satisfies(platform, asked))
    return err(noSuchPlatform(asked, true, [formatPlatform(platform)]));
  return ok({
    indexDigest: index,
    manifestDigest: descriptor.digest,
    configDigest: config.digest,
    config: details.value,
    platforms,
  });
}
