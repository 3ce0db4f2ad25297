// SPDX-License-Identifier: Apache-2.0
// What engines print about their images. Docker and nerdctl write one object a line and a tag, all values as text;
// Podman writes one array with other names. Everything is untrusted and bounded.
import * as z from 'zod/mini';
import { isoTime } from '../../core/evidence/manifest.ts';
import type { EngineImage } from '../../core/ports.ts';

/** More images than a person picks from. */
const MAX_IMAGES = 2_000;

const text = z.catch(z.string(), '');
const dockerSchema = z.object({ ID: z.string(), Repository: text, Tag: text, CreatedAt: text, Size: text });
const podmanSchema = z.object({
  Id: z.string(),
  Names: z.catch(z.nullable(z.array(z.string())), null),
  RepoTags: z.catch(z.nullable(z.array(z.string())), null),
  Created: z.catch(z.nullable(z.union([z.number(), z.string()])), null),
  CreatedAt: text,
  Size: z.catch(z.nullable(z.number()), null),
});

const ID = /^(?:sha256:)?([a-f0-9]{12,64})$/;

function imageId(written: string): string | null {
  const [, hex] = ID.exec(written) ?? [];
  if (hex === undefined) return null;
  return hex.length === 64 ? `sha256:${hex}` : hex;
}

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** `254MB`, as Docker rounds it, in bytes; null where it is something else. */
export function readSize(written: string): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]{1,3})$/.exec(written.trim()) ?? [];
  const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  return factor === undefined ? null : Math.round(Number(number) * factor);
}

/** `2025-10-09 08:53:20 +0000 UTC`, Go's own form, or RFC 3339. */
export function readEngineTime(written: string): string | null {
  const [, date, time, hours, minutes] =
    /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d+)? ([+-]\d{2})(\d{2})/.exec(written) ?? [];
  return isoTime(date === undefined ? written : `${date}T${time}${hours}:${minutes}`);
}

const NONE = '<none>';

/** `docker images --format '{{json .}}'` and nerdctl's. Lines that are no such object are left out. */
export function readDockerImages(engine: 'docker' | 'nerdctl', stdout: string): readonly EngineImage[] {
  const images: EngineImage[] = [];
  for (const line of stdout.split('\n')) {
    if (images.length >= MAX_IMAGES) break;
    const parsed = dockerSchema.safeParse(parse(line));
    if (!parsed.success) continue;
    const { ID: written, Repository: repository, Tag: tag, CreatedAt, Size } = parsed.data;
    const id = imageId(written);
    if (id === null) continue;
    const named = repository !== '' && repository !== NONE && tag !== '' && tag !== NONE;
    images.push({
      engine,
      id,
      reference: named ? `${repository}:${tag}` : null,
      createdAt: readEngineTime(CreatedAt),
      size: readSize(Size),
    });
  }
  return newestFirst(images);
}

/** `podman images --format json`; an image with several names is listed once for each. */
export function readPodmanImages(stdout: string): readonly EngineImage[] {
  const document = parse(stdout);
  if (!Array.isArray(document)) return [];
  const images: EngineImage[] = [];
  for (const each of document) {
    const parsed = podmanSchema.safeParse(each);
    if (!parsed.success) continue;
    const { Id, Names, RepoTags, Created, CreatedAt, Size } = parsed.data;
    const id = imageId(Id);
    if (id === null) continue;
    const createdAt =
      typeof Created === 'number' && Math.abs(Created) < 1e11
        ? new Date(Created * 1000).toISOString()
        : (readEngineTime(CreatedAt) ?? (typeof Created === 'string' ? readEngineTime(Created) : null));
    // Names with a digest are not what a person would type.
    const names = [...new Set([...(Names ?? []), ...(RepoTags ?? [])])].filter((name) => !name.includes('@'));
    for (const reference of names.length === 0 ? [null] : names) {
      if (images.length >= MAX_IMAGES) return newestFirst(images);
      images.push({ engine: 'podman', id, reference, createdAt, size: Size });
    }
  }
  return newestFirst(images);
}

function newestFirst(images: readonly EngineImage[]): readonly EngineImage[] {
  const key = (image: EngineImage): string => image.createdAt ?? '';
  return images.toSorted(
    (a, b) =>
      (key(a) < key(b) ? 1 : key(a) > key(b) ? -1 : 0) || ((a.reference ?? a.id) < (b.reference ?? b.id) ? -1 : 1),
  );
}

function parse(text_: string): unknown {
  try {
    return JSON.parse(text_);
  } catch {
    return null;
  }
}

const MAX_REPO_DIGESTS = 100;
const inspectSchema = z.object({
  Id: z.string(),
  Os: text,
  Architecture: text,
  Variant: text,
  Created: text,
  User: text,
  Config: z.catch(z.nullable(z.object({ User: text })), null),
  /** Set where Docker keeps images in containerd: the id is then that of a manifest or index. */
  Descriptor: z.catch(z.nullable(z.optional(z.object({ digest: text, mediaType: text }))), null),
  RepoDigests: z.catch(z.array(z.string()), []),
});

export interface InspectedImage {
  readonly id: string;
  /** Null where the id is not that of the configuration. */
  readonly configDigest: string | null;
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly created: string | null;
  readonly user: string;
  /** `NAME@sha256:…` of the registries that it came from or went to. */
  readonly repoDigests: readonly string[];
}

/** `image inspect` of Docker and Podman: an array of one. */
export function readInspect(stdout: string): InspectedImage | null {
  const document = parse(stdout);
  const parsed = inspectSchema.safeParse(Array.isArray(document) ? document[0] : null);
  if (!parsed.success) return null;
  const { Id, Os, Architecture, Variant, Created, User, Config, Descriptor, RepoDigests } = parsed.data;
  const id = imageId(Id);
  if (id === null || !id.startsWith('sha256:')) return null;
  return {
    id,
    configDigest: Descriptor?.digest === id ? null : id,
    os: Os,
    architecture: Architecture,
    variant: Variant,
    created: isoTime(Created),
    user: Config?.User ?? User,
    repoDigests: RepoDigests.slice(0, MAX_REPO_DIGESTS),
  };
}
