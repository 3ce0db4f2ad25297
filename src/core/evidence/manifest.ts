// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { err, ok, type Result } from '../model/result.ts';
import type { Platform } from '../dockerfile/platform.ts';
import { platformOf } from './platform.ts';

/** Documents that name an image: index, manifest and configuration, by the OCI image specification and Docker's. */

/** Bytes of the largest document of these kinds that is read; registries refuse manifests over 4 MiB. */
export const MAX_IMAGE_DOCUMENT = 4 * 1024 * 1024;
const MAX_DESCRIPTORS = 1_000;

export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/** True for digests that can be checked here. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform: Platform | null;
  /** A build's attestation beside the images; never an image to scan. */
  readonly attestation: boolean;
}

const text = z.catch(z.string(), '');
const descriptorSchema = z.object({
  mediaType: text,
  digest: z.string().check(z.regex(DIGEST)),
  size: z.int().check(z.nonnegative()),
  platform: z.catch(z.nullable(z.object({ os: text, architecture: text, variant: text })), null),
  annotations: z.catch(z.record(z.string(), z.string()), {}),
});
const indexSchema = z.object({
  mediaType: text,
  manifests: z.array(descriptorSchema).check(z.maxLength(MAX_DESCRIPTORS)),
});
const manifestSchema = z.object({
  mediaType: text,
  config: descriptorSchema,
  layers: z.array(z.unknown()).check(z.maxLength(MAX_DESCRIPTORS)),
});
const configSchema = z.object({
  os: text,
  architecture: text,
  variant: text,
  created: text,
  config: z.catch(z.object({ User: text }), { User: '' }),
  rootfs: z.object({ type: text }),
});

const isIndexType = (type: string): boolean => INDEX_TYPES.some((each) => each === type);

function descriptorOf(raw: z.infer<typeof descriptorSchema>): Descriptor {
  const { mediaType, digest, size, platform, annotations } = raw;
  const unknown = platform?.os === 'unknown' && platform.architecture === 'unknown';
  return {
    mediaType,
    digest,
    size,
    platform: platform === null || unknown ? null : platformOf(platform.os, platform.architecture, platform.variant),
    attestation: unknown || annotations['vnd.docker.reference.type'] === 'attestation-manifest',
  };
}

export function isIndex(descriptor: Pick<Descriptor, 'mediaType'>): boolean {
  return isIndexType(descriptor.mediaType);
}

/** Why a document is refused that one reader could take for an index and another for a manifest. */
export const AMBIGUOUS = 'it is an image index and a manifest at once';

/** As the OCI specifications advise since version 1.0.2: `manifests` and `layers` exclude one another. */
export function isAmbiguous(document: object): boolean {
  return (
    Object.hasOwn(document, 'manifests') && (Object.hasOwn(document, 'layers') || Object.hasOwn(document, 'config'))
  );
}

/** An index or a manifest, told apart by what it holds; the error is a sentence's end. */
export type ImageDocument =
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
  | { readonly kind: 'manifest'; readonly config: Descriptor };

export function readImageDocument(document: unknown): Result<ImageDocument, string> {
  const holds = (key: string): boolean => typeof document === 'object' && document !== null && key in document;
  if (typeof document === 'object' && document !== null && isAmbiguous(document)) return err(AMBIGUOUS);
  if (holds('manifests')) {
    const parsed = indexSchema.safeParse(document);
    if (!parsed.success) return err(`its image index is malformed (${issue(parsed.error)})`);
    return ok({ kind: 'index', manifests: parsed.data.manifests.map(descriptorOf) });
  }
  if (holds('config')) {
    const parsed = manifestSchema.safeParse(document);
    if (!parsed.success) return err(`its image manifest is malformed (${issue(parsed.error)})`);
    return ok({ kind: 'manifest', config: descriptorOf(parsed.data.config) });
  }
  if (holds('fsLayers')) return err('its manifest is of schema 1, which no longer says what an image is');
  return err('it is neither an image index nor an image manifest');
}

export interface ImageConfig {
  readonly platform: Platform | null;
  readonly created: string | null;
  /** Empty means root. */
  readonly user: string;
}

/** What is read of an image's configuration. */
export function readImageConfig(document: unknown): Result<ImageConfig, string> {
  const parsed = configSchema.safeParse(document);
  if (!parsed.success) return err(`its image configuration is malformed (${issue(parsed.error)})`);
  const { os, architecture, variant, created, config } = parsed.data;
  return ok({
    platform: platformOf(os, architecture, variant),
    created: isoTime(created),
    user: config.User,
  });
}

/** An RFC 3339 time as ISO in UTC; null where it is none. */
export function isoTime(written: string): string | null {
  const time = Date.parse(written);
  return Number.isFinite(time) ? new Date(time).toISOString() : null;
}

function issue(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const [first] = error.issues;
  return first === undefined ? 'unknown shape' : `${first.path.map(String).join('.')}: ${first.message}`;
}
