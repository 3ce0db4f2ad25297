// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDescriptor, ImageEntry } from '../../core/attestations/manifests.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { Result } from '../../core/model/result.ts';
import type { FetchedDocument } from '../registry/client.ts';
import type { Referrers } from '../registry/referrers.ts';

/** Where manifests and blobs come from, a registry's repository or a layout on disk; every digest is checked in there. */
export interface ContentSource {
  /** A manifest or index by tag or digest; null where the source says that there is none. */
  readonly findManifest: (tagOrDigest: string) => Promise<Result<FetchedDocument | null, Problem>>;
  /** Bytes of a blob, exactly as many as its descriptor says; refuses more than `maxBytes`. */
  readonly content: (
    descriptor: Pick<EvidenceDescriptor, 'digest' | 'size'>,
    maxBytes: number,
  ) => Promise<Result<Buffer, Problem>>;
  readonly referrers: (digest: string) => Promise<Referrers>;
}

/** A source with the words for it. */
export interface Shown {
  readonly source: ContentSource;
  /** What is asked, for people: an API path, a reference, a path on disk; never credentials. */
  readonly address: (what: { readonly referrersOf: string } | { readonly named: string }) => string;
}

/** What an image's name led to. */
export interface OpenedImage {
  readonly image: Shown;
  /** Digest of the index that the name stands for; null for a manifest, and for a layout, which has no digest. */
  readonly digest: string | null;
  readonly entries: readonly ImageEntry[];
}
