// SPDX-License-Identifier: Apache-2.0
// An OCI layout on disk, asked as a registry is: what refers to a digest is found by reading what its index.json names.
import {
  digestTag,
  readDescriptors,
  readEvidenceManifest,
  readImageIndex,
  type EvidenceDescriptor,
  type ImageEntry,
} from '../../core/attestations/manifests.ts';
import { isIndex, MAX_IMAGE_DOCUMENT } from '../../core/evidence/manifest.ts';
import { imageProblem } from '../../core/evidence/select-image.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { ReadMember } from '../images/disk-image.ts';
import { digestHolds, parseJson } from '../images/files.ts';
import { tooLarge, type FetchedDocument } from '../registry/client.ts';
import type { ContentSource, OpenedImage } from './source.ts';

const NAME = 'org.opencontainers.image.ref.name';
/** How `cosign save` marks what it writes beside an image. */
const COSIGN_KINDS: Readonly<Record<string, '.sig' | '.att'>> = {
  'dev.cosignproject.cosign/sigs': '.sig',
  'dev.cosignproject.cosign/atts': '.att',
};
/** Blobs of a layout that are looked at although no index lists them, and bytes of the largest: a referrer is small. */
const MAX_LOOSE_BLOBS = 2_000;
const MAX_LOOSE_BYTES = 64 * 1024;
const BLOB = /^blobs\/sha256\/([0-9a-f]{64})$/;
const DIGEST_TAG = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/;

/** The tag in a name that may be a whole reference. */
const tagOf = (name: string): string => name.slice(name.lastIndexOf(':') + 1);

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

interface Layout {
  readonly entries: readonly ImageEntry[];
  readonly referrers: ReadonlyMap<string, readonly EvidenceDescriptor[]>;
  readonly tags: ReadonlyMap<string, EvidenceDescriptor>;
  /** Why a manifest that may refer to an image could not be read, a sentence's end; null where all could be. */
  readonly unread: string | null;
}

async function readBlob(
  path: string,
  read: ReadMember,
  { digest, size }: Pick<EvidenceDescriptor, 'digest' | 'size'>,
  maxBytes: number,
): Promise<Result<Buffer, Problem>> {
  if (size > maxBytes) return err(tooLarge(digest, size, maxBytes));
  const bytes = await read(blobPath(digest), maxBytes);
  if (!bytes.ok) return bytes;
  return bytes.value.length === size && digestHolds(bytes.value, digest)
    ? bytes
    : err(imageProblem(`${blobPath(digest)} in ${path} is not what its digest says`, 'Save the image again.'));
}

async function readDocument(path: string, read: ReadMember, digest: string): Promise<Result<FetchedDocument, Problem>> {
  const bytes = await read(blobPath(digest), MAX_IMAGE_DOCUMENT);
  if (!bytes.ok) return bytes;
  if (!digestHolds(bytes.value, digest))
    return err(imageProblem(`${blobPath(digest)} in ${path} is not what its digest says`, 'Save the image again.'));
  const json = parseJson(bytes.value);
  if (!json.ok) return err(imageProblem(`${blobPath(digest)} in ${path} is no JSON: ${json.error}`));
  return ok({ document: json.value, digest, mediaType: '', size: bytes.value.length });
}

async function sortEntries(path: string, read: ReadMember, all: readonly ImageEntry[]): Promise<Layout> {
  const entries: ImageEntry[] = [];
  const referrers = new Map<string, EvidenceDescriptor[]>();
  const tags = new Map<string, EvidenceDescriptor>();
  let unread: string | null = null;
  const beside: { readonly entry: ImageEntry; readonly suffix: '.sig' | '.att' }[] = [];
  for (const entry of all) {
    const tag = tagOf(entry.annotations[NAME] ?? '');
    if (tag !== '' && !tags.has(tag)) tags.set(tag, entry);
    const suffix = COSIGN_KINDS[entry.annotations['kind'] ?? ''];
    if (suffix !== undefined) beside.push({ entry, suffix });
    const document = suffix === undefined && !isIndex(entry) ? await readDocument(path, read, entry.digest) : null;
    if (document?.ok === false) unread ??= `${entry.digest} could not be read: ${document.error.why}`;
    const manifest = document?.ok === true ? readEvidenceManifest(document.value.document) : null;
    const subject = manifest?.ok === true ? manifest.value.subject : null;
    if (subject !== null) referrers.set(subject, [...(referrers.get(subject) ?? []), entry]);
    else if (suffix === undefined && !DIGEST_TAG.test(tag)) entries.push(entry);
  }
  for (const { entry, suffix } of beside)
    for (const { digest } of entries)
      if (!tags.has(digestTag(digest, suffix))) tags.set(digestTag(digest, suffix), entry);
  return { entries, referrers, tags, unread };
}

/**
 * Referrers that stand among the blobs and in no index: `cosign save` (3.1.3) writes bundles so. They are found by their
 * subject as any other; `names` are the files of the layout.
 */
async function addLoose(layout: Layout, read: ReadMember, names: Iterable<string>): Promise<Layout> {
  const listed = new Set([...layout.entries, ...[...layout.referrers.values()].flat()].map(({ digest }) => digest));
  const referrers = new Map(layout.referrers);
  let looked = 0;
  for (const name of names) {
    const [, hex] = BLOB.exec(name) ?? [];
    const digest = `sha256:${hex}`;
    if (hex === undefined || listed.has(digest)) continue;
    if (++looked > MAX_LOOSE_BLOBS) {
      const unread = `it holds more than ${MAX_LOOSE_BLOBS} blobs, and those that no index lists were not all looked at`;
      return { ...layout, referrers, unread: layout.unread ?? unread };
    }
    // Layers are larger, and what cannot be read as a manifest is none.
    const bytes = await read(name, MAX_LOOSE_BYTES);
    if (!bytes.ok || bytes.value[0] !== 0x7b || !digestHolds(bytes.value, digest)) continue;
    const json = parseJson(bytes.value);
    const manifest = json.ok ? readEvidenceManifest(json.value) : null;
    if (manifest?.ok !== true || manifest.value.subject === null) continue;
    const { subject, artifactType } = manifest.value;
    const found = { mediaType: '', digest, size: bytes.value.length, artifactType, annotations: {} };
    referrers.set(subject, [...(referrers.get(subject) ?? []), found]);
  }
  return { ...layout, referrers };
}

/** Open a layout by its index.json; `read` reads a file of it, `names` tells which there are. */
export async function openLayout(
  path: string,
  read: ReadMember,
  names: () => Promise<Iterable<string>>,
): Promise<Result<OpenedImage, Problem>> {
  const bytes = await read('index.json', MAX_IMAGE_DOCUMENT);
  if (!bytes.ok) return bytes;
  const json = parseJson(bytes.value);
  if (!json.ok) return err(imageProblem(`index.json in ${path} is no JSON: ${json.error}`));
  const index = readImageIndex(json.value);
  if (!index.ok) return err(imageProblem(`index.json in ${path} was refused: ${index.error}`));
  if (index.value === null) return err(imageProblem('its index.json is no image index'));
  const sorted = await sortEntries(path, read, index.value);
  const { entries, referrers, tags, unread } = await addLoose(sorted, read, await names());
  const source: ContentSource = {
    findManifest: async (asked) => {
      const named = asked.includes(':') ? asked : tags.get(asked)?.digest;
      if (named === undefined) return ok(null);
      return readDocument(path, read, named);
    },
    content: (descriptor, maxBytes) => readBlob(path, read, descriptor, maxBytes),
    referrers: async (digest) => {
      // Some tools keep the list in the layout, too, under the tag that it has in registries without the API.
      const tag = tags.get(digestTag(digest));
      const list = tag === undefined ? null : await readDocument(path, read, tag.digest);
      if (list?.ok === false) return { state: 'failed', problem: list.error };
      const more = list === null ? null : readDescriptors(list.value.document);
      if (more?.ok === false) return { state: 'failed', problem: imageProblem(more.error) };
      const manifests = [...(referrers.get(digest) ?? []), ...(more?.value.manifests ?? [])];
      return { state: 'listed', manifests, cut: more?.value.cut === true ? 'it is too long' : unread };
    },
  };
  const address = (what: { readonly referrersOf: string } | { readonly named: string }): string =>
    'named' in what ? `${path} ${what.named}` : `${path} referrers of ${what.referrersOf}`;
  return ok({ image: { source, address }, digest: null, entries });
}
