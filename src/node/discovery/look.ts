// SPDX-License-Identifier: Apache-2.0
// The places where evidence about a digest can be, each asked once, each with its outcome.
import {
  digestTag,
  readDescriptors,
  readEvidenceManifest,
  type EvidenceDescriptor,
  type EvidenceManifest,
} from '../../core/attestations/manifests.ts';
import type { EvidencePlace, PlaceKind } from '../../core/attestations/model.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { Shown } from './source.ts';

const TAGS = [
  ['cosign-signature-tag', '.sig'],
  ['cosign-attestation-tag', '.att'],
  ['cosign-sbom-tag', '.sbom'],
] as const;

/** One place with what it named. */
export interface Looked {
  readonly place: EvidencePlace;
  readonly shown: Shown;
  /** Manifests that have to be fetched yet. */
  readonly named: readonly EvidenceDescriptor[];
  /** The manifest that stood there itself, under a tag. */
  readonly held: { readonly digest: string; readonly manifest: EvidenceManifest } | null;
  /** What the manifests have to say that they are about; null where their being there says it. */
  readonly subject: string | null;
  /** What went wrong with what it named, found later; whole sentences. */
  readonly faults: string[];
}

export interface LookOptions {
  readonly image: Shown;
  /** Where cosign was told to keep what it makes; null for the image's own repository. */
  readonly cosign: Shown | null;
  /** A problem as the reason of a place, a whole sentence. */
  readonly reason: (problem: Problem) => string;
  readonly limited: <T>(task: () => Promise<T>) => Promise<T>;
}

/** A place with nothing in it. */
function empty(
  shown: Shown,
  kind: PlaceKind,
  subject: string,
  address: string,
  state: EvidencePlace['state'],
  reason: string | null,
): Looked {
  const place = { kind, subject, address, state, reason };
  return { place, shown, named: [], held: null, subject: null, faults: [] };
}

/** How the place is told in the end: where a part of it could not be read, it was not looked at whole. */
export function outcome({ place, faults }: Looked): EvidencePlace {
  const [first, ...more] = faults;
  if (first === undefined) return place;
  const others = more.length === 0 ? '' : ` So it is with ${more.length} more.`;
  return { ...place, state: 'failed', reason: [place.reason, `${first}${others}`].filter(Boolean).join(' ') };
}

/** What an index names as the attestations of an image. */
export function lookedIntoIndex(
  shown: Shown,
  index: string | null,
  platform: string,
  attestations: readonly EvidenceDescriptor[],
): readonly Looked[] {
  if (index === null && attestations.length === 0) return [];
  const address = shown.address({ named: index ?? platform });
  const state = attestations.length > 0 ? 'ok' : 'absent';
  return [{ ...empty(shown, 'attestation-manifest', platform, address, state, null), named: attestations }];
}

/** Looks at every place beside a digest, with `signaturesOnly` at those where a signature can be. */
export type Look = (digest: string, signaturesOnly?: boolean) => Promise<readonly Looked[]>;

/** Sources that turn out to have no referrers API are remembered. */
export function createLook(options: LookOptions): Look {
  const { image, cosign, reason, limited } = options;
  const without = new Map<Shown, string>();

  /** A tag that stands for a digest: a manifest of cosign's, or the list that replaces the referrers API. */
  const atTag = async (shown: Shown, kind: PlaceKind, tag: string, subject: string): Promise<Looked> => {
    const address = shown.address({ named: tag });
    const found = await limited(() => shown.source.findManifest(tag));
    if (!found.ok) return empty(shown, kind, subject, address, 'failed', reason(found.error));
    if (found.value === null) return empty(shown, kind, subject, address, 'absent', null);
    const { document, digest } = found.value;
    if (kind === 'fallback-tag') {
      const list = readDescriptors(document);
      const refused = list.ok ? null : `What the tag names was refused: ${list.error}.`;
      if (!list.ok) return empty(shown, kind, subject, address, 'failed', refused);
      const { manifests, cut } = list.value;
      const state = manifests.length > 0 ? 'ok' : 'absent';
      const faults = cut ? ['The list is too long; its end was not read.'] : [];
      return { ...empty(shown, kind, subject, address, state, null), named: manifests, subject, faults };
    }
    const manifest = readEvidenceManifest(document);
    return manifest.ok
      ? { ...empty(shown, kind, subject, address, 'ok', null), held: { digest, manifest: manifest.value } }
      : empty(shown, kind, subject, address, 'failed', `What the tag names was refused: ${manifest.error}.`);
  };

  const atReferrers = async (shown: Shown, subject: string): Promise<readonly Looked[]> => {
    const address = shown.address({ referrersOf: subject });
    const known = without.get(shown);
    const answer =
      known === undefined
        ? await limited(() => shown.source.referrers(subject))
        : ({ state: 'unsupported', reason: known } as const);
    if (answer.state === 'listed') {
      const { manifests, cut } = answer;
      const state = manifests.length > 0 ? 'ok' : 'absent';
      const faults = cut === null ? [] : [`The list is not whole: ${cut}.`];
      return [{ ...empty(shown, 'referrers', subject, address, state, null), named: manifests, subject, faults }];
    }
    if (answer.state === 'unsupported') without.set(shown, answer.reason);
    const own =
      answer.state === 'unsupported'
        ? empty(shown, 'referrers', subject, address, 'unsupported', answer.reason)
        : empty(shown, 'referrers', subject, address, 'failed', reason(answer.problem));
    return [own, await atTag(shown, 'fallback-tag', digestTag(subject), subject)];
  };

  return async (digest, signaturesOnly = false) => {
    const looked = await Promise.all([
      atReferrers(image, digest),
      ...(cosign === null ? [] : [atReferrers(cosign, digest)]),
      ...TAGS.slice(0, signaturesOnly ? 1 : TAGS.length).map(async ([kind, suffix]) => [
        await atTag(cosign ?? image, kind, digestTag(digest, suffix), digest),
      ]),
    ]);
    return looked.flat();
  };
}
