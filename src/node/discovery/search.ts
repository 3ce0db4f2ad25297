// SPDX-License-Identifier: Apache-2.0
// Looks everywhere that evidence about an image can be, in as few rounds as the answers allow: all lists at once, then all
// manifests that they name, then all bytes. What depends on nothing waits for nothing.
import { isBuildkitType } from '../../core/attestations/manifests.ts';
import type { Discovery, EvidenceSubject } from '../../core/attestations/model.ts';
import type { ChosenSubjects } from '../../core/attestations/subjects.ts';
import { createLook, lookedIntoIndex, outcome, type LookOptions } from './look.ts';
import { createReader } from './read.ts';

/** Attestation manifests that only a list of referrers names; there is one for each build of the image. */
const MAX_UNLISTED = 8;

/** Everything that is found beside the chosen digests. */
export async function search(chosen: ChosenSubjects, options: LookOptions): Promise<Discovery> {
  const { index, platform, attestations } = chosen;
  const look = createLook(options);
  const reader = createReader(options);
  const known = [...(index === null ? [] : [index]), platform, ...attestations.map(({ digest }) => digest)];
  const first = [
    ...lookedIntoIndex(options.image, index, platform, attestations),
    ...(await Promise.all(known.map(look))).flat(),
  ];
  // Docker signs the attestation manifest, so its referrers count, too. What a list says of it is enough to ask for them
  // in the same round; only what the manifest says itself makes it a subject.
  const hinted = new Set(
    first
      .filter(({ subject }) => subject === platform)
      .flatMap(({ named }) => named)
      .filter(({ artifactType, digest }) => isBuildkitType(artifactType) && !known.includes(digest))
      .map(({ digest }) => digest),
  );
  const early = [...hinted].slice(0, MAX_UNLISTED);
  const [read, beside] = await Promise.all([reader.manifests(first), Promise.all(early.map(look))]);
  const unlisted = read
    .filter(({ manifest, digest }) => {
      const buildkit = isBuildkitType(manifest.artifactType) || isBuildkitType(manifest.configType);
      return buildkit && manifest.subject === platform && !known.includes(digest);
    })
    .map(({ digest }) => digest)
    .slice(0, MAX_UNLISTED);
  const second = await Promise.all(unlisted.map((digest) => beside[early.indexOf(digest)] ?? look(digest)));
  const readLater = await reader.manifests(second.flat());
  const items = await reader.items([...read, ...readLater]);
  const subject =
    (role: EvidenceSubject['role']) =>
    (digest: string): EvidenceSubject => ({ role, digest });
  return {
    subjects: [
      ...(index === null ? [] : [subject('index')(index)]),
      subject('platform')(platform),
      ...[...attestations.map(({ digest }) => digest), ...unlisted].map(subject('attestation-manifest')),
    ],
    // Only now is all known that could go wrong with what a place named.
    places: [...first, ...second.flat()].map(outcome),
    items,
  };
}
