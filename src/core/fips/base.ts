// SPDX-License-Identifier: Apache-2.0
import type { Fact } from '../catalogue/lookup.ts';
import type { CatalogueData } from '../catalogue/schema.ts';
import type { ImageReference } from '../model/image-reference.ts';
import { certificate, certificateText, type CertificateState } from './certificate.ts';
import { claimOf } from './claims.ts';
import type { BaseProfile } from './knowledge.ts';
import type { Answer, CertificateActive, Evidence, FipsJudgement, ModeEnforced, ModulePresent } from './model.ts';

/** What the judgement of a base needs to know: the reference, and what it is built on where that is known. */
export interface BaseInput {
  readonly reference: ImageReference;
  /** `Catalogue.distribution` of it. */
  readonly distribution: Fact | null;
}

const NAME = /(?:^|[-_./])fips(?:$|[-_./\d])/i;

/** True where the repository's name or the tag says FIPS. */
export function saysFips({ repository, tag }: ImageReference): boolean {
  return NAME.test(repository) || NAME.test(tag ?? '');
}

function named({ match }: BaseProfile, { registry, repository }: ImageReference): boolean {
  const full = `${registry}/${repository}`;
  return match.repositories?.some((each) => (each.endsWith('/') ? full.startsWith(each) : full === each)) ?? false;
}

function fits(profile: BaseProfile, { reference, distribution }: BaseInput): boolean {
  const { repositories, distribution: distributions, version, name, tag } = profile.match;
  const byName = named(profile, reference);
  const byDistribution =
    distribution !== null && (distributions?.some((each) => distribution.value.startsWith(each)) ?? false);
  // A vendor's own registry with a distribution beside it means both; a list of images means either.
  const both =
    repositories !== undefined && distributions !== undefined && repositories.every((each) => each.endsWith('/'));
  if (both ? !(byName && byDistribution) : !(byName || byDistribution)) return false;
  const written = reference.tag ?? 'latest';
  if (version !== undefined && !version.some((each) => namesRelease(written, distribution, each))) return false;
  if (name !== undefined && !new RegExp(name).test(reference.repository)) return false;
  return tag === undefined || new RegExp(tag).test(written);
}

/** `22.04` in `22.04`, `ubuntu22.04`, `jammy-2026` and in a distribution called `ubuntu 22.04`. */
function namesRelease(tag: string, distribution: Fact | null, release: string): boolean {
  const parts = [...tag.split(/[-_]/), ...(distribution?.value.split(/[ -]/) ?? [])];
  return parts.some((part) => part === release || part.replace(/^[a-z]+/, '') === release);
}

export function profileOf(input: BaseInput, data: CatalogueData): BaseProfile | null {
  return data.fips.bases.find((profile) => fits(profile, input)) ?? null;
}

/** Answers that were given: the same few bases stand in all files of a run, and are asked for at every keystroke. */
const given = new WeakMap<CatalogueData, Map<string, FipsJudgement>>();
const MAX_GIVEN = 2000;

/** The three answers for a base by its reference alone: what is recorded about it, never what it really holds. */
export function judgeBase(input: BaseInput, data: CatalogueData, today: string): FipsJudgement {
  const { registry, repository, tag } = input.reference;
  const key = [
    today,
    registry,
    repository,
    tag ?? '',
    input.distribution?.value ?? '',
    input.distribution?.source?.ref ?? '',
  ].join('\n');
  let answers = given.get(data);
  if (answers === undefined || answers.size >= MAX_GIVEN) given.set(data, (answers = new Map()));
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = judged(input, data, today);
  answers.set(key, answer);
  return answer;
}

function judged(input: BaseInput, data: CatalogueData, today: string): FipsJudgement {
  const profile = profileOf(input, data);
  const claims = saysFips(input.reference) ? [claimOf('name-says-fips', null, data)] : [];
  if (profile === null) return nothingKnown(claims);
  const source = data.sources.sources[profile.source] ?? null;
  const evidence: Evidence[] = [{ text: profile.title, source, span: null }];
  // Known by what it is built on: the answer is as good as that fact.
  if (!named(profile, input.reference) && input.distribution !== null) {
    const { value, source: from } = input.distribution;
    evidence.push({ text: `it is built on ${value}`, source: from, span: null });
  }
  const module: Answer<ModulePresent> = { value: profile.module, text: profile.moduleText, evidence };
  const enforced: Answer<ModeEnforced> = {
    value: profile.enforcement === 'none' ? 'no' : profile.enforcement,
    text: profile.enforcementText.replace(/\.$/, ''),
    evidence,
  };
  const found = certificatesOf(profile, data, today);
  return {
    module,
    certificate: certificateAnswer(profile, found, data, today),
    enforced,
    certificates: found,
    claims,
    limits: [...profile.limits, ...ageLimit(found)],
  };
}

function nothingKnown(claims: FipsJudgement['claims']): FipsJudgement {
  const unknown = { value: 'unknown', evidence: [] } as const;
  return {
    module: { ...unknown, text: 'nothing is recorded about its cryptography' },
    certificate: { ...unknown, text: 'no module is known' },
    enforced: { ...unknown, text: 'no module is known' },
    certificates: [],
    claims,
    limits: [],
  };
}

function certificatesOf(profile: BaseProfile, data: CatalogueData, today: string): readonly CertificateState[] {
  return profile.components
    .flatMap(({ certificates }) => certificates)
    .map((number) => certificate(number, data, today))
    .filter((state) => state !== null);
}

/** The answer follows the first component, which is the one most programs use; the others stand in the evidence. */
function certificateAnswer(
  profile: BaseProfile,
  found: readonly CertificateState[],
  data: CatalogueData,
  today: string,
): Answer<CertificateActive> {
  const evidence = found.map((state) => ({
    text: certificateText(state, today),
    source: sourceOf(state.number, data),
    span: null,
  }));
  const [component] = profile.components;
  if (component === undefined) {
    const nothing = profile.module === 'no' || profile.module === 'none';
    return {
      value: nothing ? 'none' : 'unknown',
      text: nothing ? 'there is no module' : 'no certificate is known',
      evidence,
    };
  }
  const own = found.filter(({ number }) => component.certificates.includes(number));
  const best = own.find(({ state }) => state === 'active') ?? own[0];
  if (best === undefined) return { value: 'unknown', text: 'no certificate is known', evidence };
  const text = certificateText(best, today);
  switch (component.relation) {
    case 'subscription':
    case 'other-build':
      return {
        value: 'none',
        text: `${text}, and it is for ${component.name}, not for what is in this image`,
        evidence,
      };
    case 'newer-build':
      return best.state === 'active'
        ? { value: 'update', text: `${text}; ${component.note ?? 'the image carries a newer build'}`, evidence }
        : { value: best.state, text, evidence };
    case 'unknown-build':
    case 'vendor-says':
      return { value: best.state, text: `${text}; that the image carries what it names is not shown`, evidence };
  }
}

function sourceOf(number: number, data: CatalogueData): Evidence['source'] {
  const [first] = data.modules.modules.find((each) => each.certificate === number)?.sources ?? [];
  return first === undefined ? null : (data.sources.sources[first] ?? null);
}

/** One sentence for the whole judgement where a certificate it rests on was not looked at for long. */
export function ageLimit(found: readonly CertificateState[]): readonly string[] {
  const old = found.filter(({ stale, state }) => stale && state === 'active');
  const [oldest] = old.map(({ asOf }) => asOf ?? '').toSorted();
  if (oldest === undefined) return [];
  return [
    `Certificate data is of ${oldest === '' ? 'an unknown day' : oldest}: look at the certificate's page before you rely on it.`,
  ];
}
