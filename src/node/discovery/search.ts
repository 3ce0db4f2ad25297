// SPDX-License-Identifier: Apache-2.0
// Looks everywhere that evidence about an image can be, in as few rounds as the answers allow: all lists at once, then all
// manifests that they name, then all bytes. What depends on nothing waits for nothing.
import { isAttestationType, isBuildkitType } from '../../core/attestations/manifests.ts';
import type { Discovery, EvidenceSubject } from '../../core/attestations/model.ts';
import type { ChosenSubjects } from '../../core/attestations/subjects.ts';
import { createLook, lookedIntoIndex, outcome, type LookOptions } from './look.ts';
import { createReader } from './read.ts';

/** Attestation manifests that only a list of referrers names: one for each build, or as Docker has it for each statement. */
const MAX_UNLISTED = 32;

/** Everything that is found beside the chosen digests. */
export async function search(chosen: ChosenSubjects, options: LookOptions): Promise<Discovery> {
  const { index, platform, attestations } = chosen;
  const look = createLook(options);
  const reader = createReader(options);
  const known = [...(index === null ? [] : [index]), platform, ...attestations.map(({ digest }) => digest)];
  const first = [
    ...lookedIntoIndex(options.image, index, platform, attestations),
    ...(await Promise.all(known.map((digest) => look(digest)))).flat(),
  ];
  // Docker signs attestation manifests, so their referrers count, too. What a list says of one is enough to ask for them in
  // the same round; only what the manifest says itself makes it a subject.
  const fresh = (digest: string): boolean => !known.includes(digest);
  const lists = first.filter(({ subject }) => subject === platform || (subject !== null && subject === index));
  const hints = lists.flatMap(({ named }) => named.filter(({ artifactType }) => isAttestationType(artifactType)));
  const early = new Map(
    hints
      .filter(({ digest }) => fresh(digest))
      .slice(0, MAX_UNLISTED)
      .map(({ digest, artifactType }) => [digest, look(digest, !isBuildkitType(artifactType))]),
  );
  const [read] = await Promise.all([reader.manifests(first), ...early.values()]);
  const found = read.filter(({ looked, digest, manifest: { artifactType, configType } }) => {
    const type = isBuildkitType(configType) ? configType : artifactType;
    return fresh(digest) && isAttestationType(type) && lists.includes(looked);
  });
  for (const { looked } of found.splice(MAX_UNLISTED))
    looked.faults.push(`What signs attestations was looked for beside ${MAX_UNLISTED} of them only.`);
  const unlisted = found.map(({ digest }) => digest);
  const second = await Promise.all(
    found.map(({ digest, manifest }) => early.get(digest) ?? look(digest, !isBuildkitType(manifest.artifactType))),
  );
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
