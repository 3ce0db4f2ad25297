// SPDX-License-Identifier: Apache-2.0
import type { Platform } from '../../core/dockerfile/platform.ts';
import { readImageDocument, type Descriptor } from '../../core/evidence/manifest.ts';
import {
  imagePlatforms,
  imageProblem,
  selectImage,
  type FetchDocument,
  type SelectedImage,
} from '../../core/evidence/select-image.ts';
import type { ImageReference } from '../../core/model/image-reference.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { RegistryClient } from './client.ts';

interface Top {
  /** Of the bytes that were received. */
  readonly digest: string;
  readonly manifests: readonly Descriptor[];
  readonly indexDigest: string | null;
  readonly fetchDocument: FetchDocument;
}

/** What the tag or digest names, as a list to select from. */
async function top(client: RegistryClient, reference: ImageReference): Promise<Result<Top, Problem>> {
  const asked = reference.digest ?? reference.tag ?? 'latest';
  const fetched = await client.manifest(asked);
  if (!fetched.ok) return fetched;
  const { document, digest, mediaType } = fetched.value;
  const read = readImageDocument(document);
  if (!read.ok) return err(imageProblem(read.error, 'Check that the reference names an image.'));
  const fetchDocument: FetchDocument = async (descriptor, kind) => {
    if (descriptor.digest === digest) return ok(document);
    const answer = await (kind === 'config' ? client.blob(descriptor.digest) : client.manifest(descriptor.digest));
    return answer.ok ? ok(answer.value.document) : answer;
  };
  if (read.value.kind === 'index')
    return ok({ digest, manifests: read.value.manifests, indexDigest: digest, fetchDocument });
  const self = { mediaType, digest, size: 0, platform: null, attestation: false };
  return ok({ digest, manifests: [self], indexDigest: null, fetchDocument });
}

/** Who an image in a registry is, by its documents alone: no layer is fetched. */
export async function resolveRegistryImage(
  client: RegistryClient,
  reference: ImageReference,
  asked: Platform | null,
  host: Platform,
): Promise<Result<SelectedImage, Problem>> {
  const found = await top(client, reference);
  if (!found.ok) return found;
  const { manifests, indexDigest, fetchDocument } = found.value;
  return selectImage(manifests, indexDigest, asked, host, fetchDocument);
}

/** Platforms of an image in a registry; empty where there is only one image. */
export async function registryPlatforms(
  client: RegistryClient,
  reference: ImageReference,
): Promise<Result<readonly string[], Problem>> {
  const found = await top(client, reference);
  return found.ok ? imagePlatforms(found.value.manifests, found.value.fetchDocument) : found;
}

/** Digest of what the tag names: the index where there is one, else the image. */
export async function registryDigest(
  client: RegistryClient,
  reference: ImageReference,
): Promise<Result<string, Problem>> {
  const found = await top(client, reference);
  return found.ok ? ok(found.value.digest) : found;
}
