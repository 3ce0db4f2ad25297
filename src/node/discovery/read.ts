// SPDX-License-Identifier: Apache-2.0
// From what places named to the bytes that are evidence: manifests once each, blobs once each, all of it bounded.
import { MAX_ITEMS } from '../../core/attestations/assemble.ts';
import {
  holdingsOf,
  readEvidenceManifest,
  type EvidenceDescriptor,
  type EvidenceManifest,
  type Holding,
} from '../../core/attestations/manifests.ts';
import { MAX_EVIDENCE_BYTES, type EvidenceItem } from '../../core/attestations/model.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { MAX_MANIFESTS, MAX_TOTAL_BYTES } from './limits.ts';
import type { Looked, LookOptions } from './look.ts';

export interface ReadManifest {
  readonly looked: Looked;
  readonly digest: string;
  readonly manifest: EvidenceManifest;
}

export interface EvidenceReader {
  /** Reads the manifests that places named, each once however many name it. */
  readonly manifests: (looked: readonly Looked[]) => Promise<readonly ReadManifest[]>;
  /** Fetches what manifests hold. */
  readonly items: (read: readonly ReadManifest[]) => Promise<readonly EvidenceItem[]>;
}

export const noRoom: Problem = {
  code: 'too-large',
  what: 'It was not read',
  why: `the evidence of this image has more than ${MAX_TOTAL_BYTES / 1024 / 1024} MiB altogether`,
  todo: 'Look at it with another tool.',
};

export function createReader({ reason, limited }: Pick<LookOptions, 'reason' | 'limited'>): EvidenceReader {
  const visited = new Set<string>();
  const blobs = new Map<string, Promise<Result<Buffer, Problem>>>();
  let bytesLeft = MAX_TOTAL_BYTES;

  const fetchManifest = async (
    looked: Looked,
    { digest }: EvidenceDescriptor,
  ): Promise<Result<ReadManifest, string>> => {
    const found = await limited(async () => (bytesLeft < 0 ? err(noRoom) : looked.shown.source.findManifest(digest)));
    if (!found.ok) return err(reason(found.error));
    if (found.value === null) return err('It is named and not there.');
    const manifest = readEvidenceManifest(found.value.document);
    if (!manifest.ok) return err(`It was refused: ${manifest.error}.`);
    bytesLeft -= found.value.size;
    const { subject } = manifest.value;
    if (looked.subject !== null && subject !== looked.subject)
      return err(`It is listed for ${looked.subject} and says that it is about ${subject ?? 'nothing'}.`);
    return ok({ looked, digest, manifest: manifest.value });
  };

  const ofPlace = async (looked: Looked): Promise<readonly ReadManifest[]> => {
    const { held, named, faults } = looked;
    const fresh = named.filter(({ digest }) => !visited.has(digest));
    const known = [...new Map(fresh.map((each) => [each.digest, each])).values()];
    const taken = known.slice(0, Math.max(0, MAX_MANIFESTS - visited.size));
    const own = held !== null && !visited.has(held.digest) ? [{ looked, ...held }] : [];
    for (const { digest } of [...taken, ...own]) visited.add(digest);
    const answers = await Promise.all(taken.map((each) => fetchManifest(looked, each)));
    for (const [index, answer] of answers.entries())
      if (!answer.ok) faults.push(`${taken[index]?.digest ?? ''}: ${answer.error}`);
    if (known.length > taken.length) faults.push(`Only ${MAX_MANIFESTS} manifests are read for one image.`);
    const read = [...own, ...answers.flatMap((answer) => (answer.ok ? [answer.value] : []))];
    for (const { digest, manifest } of read)
      if (manifest.cut > 0) faults.push(`${digest}: ${manifest.cut} of its layers were not read.`);
    return read;
  };

  /** A blob that several manifests or layers name is fetched once. */
  const fetchBlob = (looked: Looked, layer: EvidenceDescriptor): Promise<Result<Buffer, Problem>> => {
    const key = `${layer.digest} ${layer.size}`;
    const known = blobs.get(key);
    if (known !== undefined) return known;
    const room = layer.size > MAX_EVIDENCE_BYTES || layer.size <= bytesLeft;
    if (room && layer.size <= MAX_EVIDENCE_BYTES) bytesLeft -= layer.size;
    const answer = room
      ? limited(() => looked.shown.source.content(layer, MAX_EVIDENCE_BYTES))
      : Promise.resolve(err(noRoom));
    blobs.set(key, answer);
    return answer;
  };

  const fetchItem = async ({ looked, digest, manifest }: ReadManifest, holding: Holding): Promise<EvidenceItem> => {
    const { kind, mediaType, layer } = holding;
    const fetched = layer === null ? null : await fetchBlob(looked, layer);
    return {
      kind,
      place: looked.place.kind,
      subject: looked.place.subject,
      manifestDigest: digest,
      digest: layer?.digest ?? digest,
      mediaType,
      annotations: { ...manifest.annotations, ...layer?.annotations },
      bytes: fetched?.ok === true ? fetched.value : null,
      problem: fetched?.ok === false ? fetched.error : null,
    };
  };

  return {
    manifests: async (looked) => (await Promise.all(looked.map(ofPlace))).flat(),
    items: async (read) => {
      const all = read.flatMap((each) => {
        const named = each.looked.place.kind === 'attestation-manifest';
        return holdingsOf(each.manifest, named).map((holding) => ({ each, holding }));
      });
      for (const { looked } of new Set(all.slice(MAX_ITEMS).map(({ each }) => each)))
        looked.faults.push(`Only ${MAX_ITEMS} items are read for one image.`);
      return Promise.all(all.slice(0, MAX_ITEMS).map(({ each, holding }) => fetchItem(each, holding)));
    },
  };
}
