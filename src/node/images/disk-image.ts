// SPDX-License-Identifier: Apache-2.0
// Who an image on disk is: OCI layouts as folder or archive, and docker-archives. Read in place, every digest checked.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Platform } from '../../core/dockerfile/platform.ts';
import { formatPlatform } from '../../core/dockerfile/platform.ts';
import {
  MAX_IMAGE_DOCUMENT,
  readImageConfig,
  readImageDocument,
  type Descriptor,
} from '../../core/evidence/manifest.ts';
import { satisfies } from '../../core/evidence/platform.ts';
import {
  imagePlatforms,
  imageProblem,
  selectImage,
  type FetchDocument,
  type SelectedImage,
} from '../../core/evidence/select-image.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { digestHolds, parseJson, readPlainFile } from './files.ts';
import { openTar, type TarIndex } from './tar-index.ts';

/** Reads a file of the layout by its name relative to the layout. */
export type ReadMember = (name: string, maxBytes: number) => Promise<Result<Buffer, Problem>>;

/** An image on disk, or what an archive could tell of it: it has no manifest digest of its own. */
export type DiskImage = Omit<SelectedImage, 'manifestDigest'> & { readonly manifestDigest: string | null };

const badJson = (path: string, name: string, why: string): Problem => ({
  code: 'file-unreadable',
  what: `${path} could not be read`,
  why: `${name} in it is no JSON: ${why}`,
  todo: 'Save the image again.',
});

function layoutReader(path: string, read: ReadMember): FetchDocument {
  return async ({ digest, size }: Descriptor) => {
    if (size > MAX_IMAGE_DOCUMENT) return err(imageProblem(`${digest} is larger than any image document`));
    const name = `blobs/${digest.replace(':', '/')}`;
    const bytes = await read(name, MAX_IMAGE_DOCUMENT);
    if (!bytes.ok) return bytes;
    if (bytes.value.length !== size || !digestHolds(bytes.value, digest)) {
      return err(imageProblem(`${name} in ${path} is not what its digest says`, 'Save the image again.'));
    }
    const document = parseJson(bytes.value);
    return document.ok ? document : err(badJson(path, name, document.error));
  };
}

/** The descriptors of index.json. */
async function layoutEntries(path: string, read: ReadMember): Promise<Result<readonly Descriptor[], Problem>> {
  const bytes = await read('index.json', MAX_IMAGE_DOCUMENT);
  if (!bytes.ok) return bytes;
  const document = parseJson(bytes.value);
  if (!document.ok) return err(badJson(path, 'index.json', document.error));
  const index = readImageDocument(document.value);
  if (!index.ok) return err(imageProblem(index.error));
  if (index.value.kind !== 'index') return err(imageProblem('its index.json is no image index'));
  return ok(index.value.manifests);
}

export const folderReader =
  (path: string): ReadMember =>
  (name, maxBytes) =>
    readPlainFile(join(path, name), maxBytes);

/** Names of the blobs of a layout in a folder; none where they cannot be listed. */
export async function folderBlobs(path: string): Promise<readonly string[]> {
  const names = await readdir(join(path, 'blobs', 'sha256')).catch(() => []);
  return names.toSorted().map((name) => `blobs/sha256/${name}`);
}

export async function withTar<T>(
  path: string,
  work: (tar: TarIndex) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const tar = await openTar(path);
  if (!tar.ok) return tar;
  try {
    return await work(tar.value);
  } finally {
    await tar.value.close();
  }
}

async function fromLayout(
  path: string,
  read: ReadMember,
  asked: Platform | null,
  host: Platform,
): Promise<Result<DiskImage, Problem>> {
  const entries = await layoutEntries(path, read);
  if (!entries.ok) return entries;
  return selectImage(entries.value, null, asked, host, layoutReader(path, read));
}

async function layoutPlatforms(path: string, read: ReadMember): Promise<Result<readonly string[], Problem>> {
  const entries = await layoutEntries(path, read);
  return entries.ok ? imagePlatforms(entries.value, layoutReader(path, read)) : entries;
}

const archiveSchema = z
  .array(
    z.object({
      Config: z.string().check(z.minLength(1), z.maxLength(512)),
      RepoTags: z.catch(z.array(z.string()), []),
    }),
  )
  .check(z.maxLength(1_000));

/** A docker-archive: its manifest.json names the configuration, whose digest is the image id. */
async function fromDockerArchive(path: string, asked: Platform | null): Promise<Result<DiskImage, Problem>> {
  return withTar(path, async (tar) => {
    const bytes = await tar.read('manifest.json', MAX_IMAGE_DOCUMENT);
    if (!bytes.ok) return bytes;
    const document = parseJson(bytes.value);
    if (!document.ok) return err(badJson(path, 'manifest.json', document.error));
    const parsed = archiveSchema.safeParse(document.value);
    if (!parsed.success) return err(imageProblem('its manifest.json is not that of a docker-archive'));
    const [image, another] = parsed.data;
    if (image === undefined) return err(imageProblem('it holds no image'));
    if (another !== undefined) {
      return err(
        imageProblem(
          `it holds ${parsed.data.length} images`,
          'Save the one that you mean alone: docker save -o FILE IMAGE.',
        ),
      );
    }
    const config = await tar.read(image.Config, MAX_IMAGE_DOCUMENT);
    if (!config.ok) return config;
    const configDigest = `sha256:${createHash('sha256').update(config.value).digest('hex')}`;
    const [named] = /[a-f0-9]{64}/.exec(image.Config) ?? [];
    if (named !== undefined && `sha256:${named}` !== configDigest)
      return err(imageProblem(`${image.Config} in ${path} is not what its digest says`, 'Save the image again.'));
    const json = parseJson(config.value);
    if (!json.ok) return err(badJson(path, image.Config, json.error));
    const details = readImageConfig(json.value);
    if (!details.ok) return err(imageProblem(details.error));
    const { platform } = details.value;
    if (asked !== null && platform !== null && !satisfies(platform, asked)) {
      return err({
        code: 'image-missing',
        what: `There is no image for ${formatPlatform(asked)}`,
        why: `it is for ${formatPlatform(platform)}`,
        todo: 'Leave the platform out, or choose another image.',
      });
    }
    return ok({ indexDigest: null, manifestDigest: null, configDigest, config: details.value, platforms: [] });
  });
}

export type DiskScheme = 'oci-dir' | 'oci-archive' | 'docker-archive';

export function readDiskImage(
  scheme: DiskScheme,
  path: string,
  asked: Platform | null,
  host: Platform,
): Promise<Result<DiskImage, Problem>> {
  if (scheme === 'docker-archive') return fromDockerArchive(path, asked);
  if (scheme === 'oci-archive') return withTar(path, (tar) => fromLayout(path, tar.read, asked, host));
  return fromLayout(path, folderReader(path), asked, host);
}

/** Platforms of an image on disk; empty where there is only one image. */
export async function diskPlatforms(scheme: DiskScheme, path: string): Promise<Result<readonly string[], Problem>> {
  if (scheme === 'docker-archive') return ok([]);
  if (scheme === 'oci-archive') return withTar(path, (tar) => layoutPlatforms(path, tar.read));
  return layoutPlatforms(path, folderReader(path));
}
