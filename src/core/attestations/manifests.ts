// SPDX-License-Identifier: Apache-2.0
// Manifests that hold evidence, and the indexes and lists that name them. What a list says of a manifest is only a hint:
// registries fill artifactType and annotations wrongly or not at all, so every manifest is read itself.
import { AMBIGUOUS, isAmbiguous, isDigest } from '../evidence/manifest.ts';
import { platformOf } from '../evidence/platform.ts';
import type { Platform } from '../dockerfile/platform.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { ItemKind } from './model.ts';
import { at, entries, excess, list, record, text } from './untrusted.ts';

/** Referrers that are read of one list; beyond that the list counts as cut. */
export const MAX_REFERRERS = 1_000;
const MAX_LAYERS = 200;
const MAX_ANNOTATIONS = 100;
/** Characters of one annotation: legacy signatures keep certificates and log entries in them. */
const MAX_ANNOTATION = 256 * 1024;
const MAX_DEPTH = 32;
const MAX_VALUES = 200_000;

const IN_TOTO = /^application\/vnd\.in-toto(?:\.[a-z0-9._-]+)?\+(?:json|dsse)$/;
const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
const DSSE = 'application/vnd.dsse.envelope.v1+json';
const BUNDLE = 'application/vnd.dev.sigstore.bundle';
const NOTATION = 'application/vnd.cncf.notary.signature';
/** Artifact type of BuildKit's attestation manifests since July 2026. */
const BUILDKIT = 'application/vnd.docker.attestation.manifest.v1+json';
const SBOMS: readonly string[] = [
  'text/spdx+json',
  'text/spdx',
  'application/spdx+json',
  'application/vnd.cyclonedx+json',
  'application/vnd.cyclonedx+xml',
  'application/vnd.cyclonedx',
  'application/vnd.syft+json',
];

export type Annotations = Readonly<Record<string, string>>;

/** A descriptor with what evidence needs of it. */
export interface EvidenceDescriptor {
  readonly mediaType: string;
  /** As the list says, '' where it does not; never relied on. */
  readonly artifactType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly annotations: Annotations;
}

export interface ImageEntry extends EvidenceDescriptor {
  readonly platform: Platform | null;
  /** Digest of the image that BuildKit attests in this manifest, '' where it does not say; null for images. */
  readonly attests: string | null;
}

export interface EvidenceManifest {
  readonly artifactType: string;
  readonly configType: string;
  /** Digest of `subject`, null without one. */
  readonly subject: string | null;
  readonly annotations: Annotations;
  readonly layers: readonly EvidenceDescriptor[];
  /** Layers beyond those that are read. */
  readonly cut: number;
}

function annotationsOf(value: unknown): Annotations {
  return Object.fromEntries(
    entries(value, MAX_ANNOTATIONS, 'annotations').filter(
      (entry): entry is readonly [string, string] => typeof entry[1] === 'string' && entry[1].length <= MAX_ANNOTATION,
    ),
  );
}

/** A descriptor; null for what names no bytes that could be checked. */
function descriptorOf(value: unknown): EvidenceDescriptor | null {
  const digest = text(value, 'digest') ?? '';
  const size = at(value, 'size');
  if (!isDigest(digest) || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return null;
  return {
    mediaType: text(value, 'mediaType') ?? '',
    artifactType: text(value, 'artifactType') ?? '',
    digest,
    size,
    annotations: annotationsOf(value),
  };
}

function sane(document: unknown): Result<Readonly<Record<string, unknown>>, string> {
  const object = record(document);
  if (object === null) return err('it is no JSON object');
  if (isAmbiguous(object)) return err(AMBIGUOUS);
  const much = excess(object, MAX_DEPTH, MAX_VALUES);
  return much === null ? ok(object) : err(much);
}

/** The entries of an index or of a list of referrers, at most `limit`; the error is a sentence's end. */
export function readDescriptors(
  document: unknown,
  limit = MAX_REFERRERS,
): Result<{ readonly manifests: readonly EvidenceDescriptor[]; readonly cut: boolean }, string> {
  const object = sane(document);
  if (!object.ok) return object;
  const raw = at(object.value, 'manifests');
  if (!Array.isArray(raw)) return err('it is no image index');
  const read = raw.slice(0, limit).map(descriptorOf);
  const manifests = read.filter((each) => each !== null);
  if (manifests.length < read.length) return err('an entry of it names nothing that could be checked');
  return ok({ manifests, cut: raw.length > limit });
}

/** An entry as the index of an image has it. */
function imageEntry(descriptor: EvidenceDescriptor, raw: unknown): ImageEntry {
  const os = text(raw, 'platform', 'os') ?? '';
  const architecture = text(raw, 'platform', 'architecture') ?? '';
  const unknown = os === 'unknown' && architecture === 'unknown';
  const { annotations } = descriptor;
  const attestation = unknown || annotations['vnd.docker.reference.type'] === 'attestation-manifest';
  return {
    ...descriptor,
    platform: unknown || os === '' ? null : platformOf(os, architecture, text(raw, 'platform', 'variant') ?? ''),
    attests: attestation ? (annotations['vnd.docker.reference.digest'] ?? '') : null,
  };
}

/** Images and attestation manifests of an index; null where the document is no index. */
export function readImageIndex(document: unknown): Result<readonly ImageEntry[] | null, string> {
  const object = sane(document);
  if (!object.ok) return object;
  if (!Object.hasOwn(object.value, 'manifests')) return ok(null);
  const read = readDescriptors(document);
  if (!read.ok) return read;
  if (read.value.cut) return err(`it has more than ${MAX_REFERRERS} entries`);
  const raw = list(document, MAX_REFERRERS, 'manifests');
  return ok(read.value.manifests.map((each, index) => imageEntry(each, raw[index])));
}

/** A manifest that may hold evidence; the error is a sentence's end. */
export function readEvidenceManifest(document: unknown): Result<EvidenceManifest, string> {
  const object = sane(document);
  if (!object.ok) return object;
  // An index refers to something, too; it holds nothing itself.
  const layers = Array.isArray(at(object.value, 'manifests')) ? [] : at(object.value, 'layers');
  if (!Array.isArray(layers)) return err('it is no image manifest');
  const read = layers.slice(0, MAX_LAYERS).map(descriptorOf);
  const known = read.filter((each) => each !== null);
  if (known.length < read.length) return err('a layer of it names nothing that could be checked');
  const subject = at(object.value, 'subject');
  const subjectDigest = text(subject, 'digest');
  if (subject !== undefined && subject !== null && (subjectDigest === null || !isDigest(subjectDigest)))
    return err('its subject is no digest');
  return ok({
    artifactType: text(object.value, 'artifactType') ?? '',
    configType: text(object.value, 'config', 'mediaType') ?? '',
    subject: subjectDigest,
    annotations: annotationsOf(object.value),
    layers: known,
    cut: Math.max(0, layers.length - MAX_LAYERS),
  });
}

/** True for the type of the manifests in which BuildKit keeps what it says of an image. */
export function isBuildkitType(type: string): boolean {
  return type === BUILDKIT;
}

/** True for the types of manifests that are attestations, which may be signed themselves as Docker's are. */
export function isAttestationType(type: string): boolean {
  return isBuildkitType(type) || IN_TOTO.test(type);
}

/** What a manifest holds: layers whose bytes are evidence, or the manifest as a whole where it is only listed. */
export interface Holding {
  readonly kind: ItemKind;
  readonly mediaType: string;
  /** Null where the manifest as a whole is listed. */
  readonly layer: EvidenceDescriptor | null;
}

function layerKind(manifest: EvidenceManifest, { mediaType }: EvidenceDescriptor, buildkit: boolean): ItemKind | null {
  const inToto = IN_TOTO.test(mediaType) || (IN_TOTO.test(manifest.artifactType) && mediaType === DSSE);
  if (inToto) return buildkit ? 'buildkit-statement' : 'in-toto-referrer';
  if (mediaType.startsWith(BUNDLE)) return 'bundle';
  if (mediaType === SIMPLE_SIGNING) return 'legacy-signature';
  if (mediaType === DSSE) return 'legacy-attestation';
  return SBOMS.includes(mediaType) ? 'unsigned-sbom' : null;
}

/** Sort a manifest by its own types; `named` where an index says that it is BuildKit's, as older ones do not. */
export function holdingsOf(manifest: EvidenceManifest, named: boolean): readonly Holding[] {
  const buildkit = named || isBuildkitType(manifest.artifactType) || isBuildkitType(manifest.configType);
  const type = manifest.artifactType === '' ? manifest.configType : manifest.artifactType;
  if (manifest.artifactType === NOTATION || manifest.configType === NOTATION)
    return [{ kind: 'notation-signature', mediaType: NOTATION, layer: null }];
  const found = manifest.layers.flatMap((layer): Holding[] => {
    const kind = layerKind(manifest, layer, buildkit);
    return kind === null ? [] : [{ kind, mediaType: layer.mediaType, layer }];
  });
  return found.length > 0 ? found : [{ kind: 'other-referrer', mediaType: type, layer: null }];
}

/** The tag that stands for a digest where nothing better does: `sha256-<hex>`, with a suffix of cosign's or without. */
export function digestTag(digest: string, suffix: '' | '.sig' | '.att' | '.sbom' = ''): string {
  return `${digest.replace(':', '-')}${suffix}`;
}
