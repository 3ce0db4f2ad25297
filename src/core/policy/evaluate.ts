// SPDX-License-Identifier: Apache-2.0
import type { Alternative, CatalogueData } from '../catalogue/schema.ts';
import { vendorOf } from '../catalogue/variants.ts';
import type { Suppression } from '../model/finding.ts';
import { formatImageReference, type ImageReference } from '../model/image-reference.ts';
import type { FindingSeverity } from '../model/severity.ts';
import { anyGlobMatches } from './glob.ts';
import type { Policy } from './model.ts';
import type { Given, PolicyProblem } from './parse.ts';
import { folderOf, isAbsolutePath, relativeTo } from './paths.ts';
import type { WaiverEntry } from './schema.ts';
import { suggestion } from './suggest.ts';

/**
 * How a policy is used. The host finds it with `PolicyFinder` and again when one of its `files` changes, and gives lint
 * the catalogue as the policy sees it, `catalogueFor`. Lint takes severities from `severityOf`, its rules ask for what
 * `rules/demands.ts` offers, and after the rules `waiverOf` is asked for each finding: an active waiver becomes its
 * suppression, an expired one leaves it in force. `policyFindings` are those of the policy's own files. An audit asks `waiverOf` with the vulnerability and all its
 * aliases, and shows a waived match as excepted, with owner and day; it never drops one.
 */

/** What a waiver is held against. What is not known or does not apply stays out. */
export interface WaiverTarget {
  /** Id and name of the rule, or id and aliases of the vulnerability. */
  readonly ids: readonly string[];
  readonly kind: 'rule' | 'vulnerability';
  /** With `/`, in the same form as the policy's own path. */
  readonly file?: string;
  readonly base?: ImageReference;
  /** Names of the built image, as its patterns may have them. */
  readonly images?: readonly string[];
  /** Digests of the built image: of its index, manifest and configuration. */
  readonly digests?: readonly string[];
  /** Names and purls of the package. */
  readonly packages?: readonly string[];
}

export interface WaiverMatch {
  readonly waiver: Given<WaiverEntry>;
  /** True after its last day: it no longer holds. */
  readonly expired: boolean;
}

/** The severity a policy gives a rule, null where it says nothing. */
export function severityOf(
  policy: Policy,
  rule: { readonly id: string; readonly slug: string },
): FindingSeverity | 'off' | null {
  const given = Object.entries(policy.severities);
  for (const name of [rule.slug, rule.id]) {
    const found = given.find(([each]) => each.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found[1];
  }
  return null;
}

/** True where the policy lets bases come from there. */
export function registryAllowed(policy: Policy, { registry, repository }: ImageReference): boolean {
  return policy.registries === null || anyGlobMatches(policy.registries.value, `${registry}/${repository}`);
}

function covers(waiver: Given<WaiverEntry>, target: WaiverTarget): boolean {
  const { rule, vulnerability, scope = {} } = waiver.value;
  const named = target.kind === 'rule' ? rule : vulnerability;
  const wanted = named?.toLowerCase();
  if (wanted === undefined || !target.ids.some((id) => id.toLowerCase() === wanted)) return false;
  const { files, bases, images, digests, packages } = scope;
  if (files !== undefined) {
    const seen = target.file === undefined ? null : seenFrom(waiver.path, target.file);
    if (seen === null || !anyGlobMatches(files, seen)) return false;
  }
  if (bases !== undefined && !(target.base !== undefined && baseFits(bases, target.base))) return false;
  if (images !== undefined && !(target.images ?? []).some((each) => anyGlobMatches(images, each))) return false;
  if (digests !== undefined && !(target.digests ?? []).some((each) => digests.includes(each))) return false;
  return packages === undefined || (target.packages ?? []).some((each) => anyGlobMatches(packages, each));
}

/** A file as patterns of a policy see it: from the policy's folder, or from the root where the policy is kept elsewhere. */
function seenFrom(policy: string, file: string): string | null {
  if (isAbsolutePath(policy) && !isAbsolutePath(file)) return file;
  return relativeTo(folderOf(policy), file);
}

/** With and without tag and digest: a pattern may name as much as it likes. */
function baseFits(patterns: readonly string[], base: ImageReference): boolean {
  const forms = [base, { ...base, digest: null }, { ...base, tag: null, digest: null }].map(formatImageReference);
  return forms.some((form) => anyGlobMatches(patterns, form));
}

/** The waiver for a finding or a match: one that holds before one that has run out, null where there is none. */
export function waiverOf(policy: Policy, target: WaiverTarget, today: string): WaiverMatch | null {
  const fitting = policy.waivers
    .filter((waiver) => covers(waiver, target))
    .map((waiver) => ({ waiver, expired: isExpired(waiver, today) }));
  return fitting.find(({ expired }) => !expired) ?? fitting[0] ?? null;
}

function isExpired({ value }: Given<WaiverEntry>, today: string): boolean {
  return value.expires < today;
}

/** A waiver as findings carry it. */
export function waiverSuppression({ value }: Given<WaiverEntry>): Suppression {
  return { by: 'waiver', owner: value.owner, reason: value.reason, expires: value.expires };
}

/** Waivers past their last day, each a finding on its own line of the policy file. */
export function expiredWaivers(policy: Policy, today: string): readonly PolicyProblem[] {
  return policy.waivers
    .filter((waiver) => isExpired(waiver, today))
    .map(({ value, path, span, range }) => ({
      path,
      span,
      range,
      message: `Waiver for ${value.rule ?? value.vulnerability ?? ''} ended on ${value.expires}. Renew it with a reason or fix the finding.`,
    }));
}

/** Rules that a policy speaks of and that do not exist: what they were to do is not done. */
export function unknownRules(
  policy: Policy,
  rules: readonly { readonly id: string; readonly slug: string }[],
): readonly PolicyProblem[] {
  const known = rules.flatMap(({ id, slug }) => [slug, id]);
  const lower = new Set(known.map((each) => each.toLowerCase()));
  return policy.ruleNames
    .filter(({ value }) => !lower.has(value.toLowerCase()))
    .map(({ value, path, span, range }) => {
      const meant = suggestion(value, known);
      const message = `There is no rule "${value.slice(0, 60)}". ${meant === null ? 'docs/rules lists them all.' : `Did you mean ${meant}?`}`;
      return { path, span, range, message, ...(meant === null ? {} : { meant }) };
    });
}

/**
 * The name under which the catalogue knows an image that a mirror serves: `registry.example.com/hub/library/node` is
 * `docker.io/library/node` where `images` says so. The reference itself where no mapping fits.
 */
export function canonicalImage(policy: Policy, reference: ImageReference): ImageReference {
  return replaced(policy, reference, 'to', 'from');
}

/** The name under which this organisation has an image: the way back, for fixes. */
export function organisationImage(policy: Policy, reference: ImageReference): ImageReference {
  return replaced(policy, reference, 'from', 'to');
}

function replaced(policy: Policy, reference: ImageReference, have: 'from' | 'to', want: 'from' | 'to'): ImageReference {
  const name = `${reference.registry}/${reference.repository}`;
  for (const mapping of policy.mappings) {
    const prefix = mapping[have];
    const whole = !prefix.endsWith('/');
    if (whole ? name !== prefix : !(name.startsWith(prefix) && name.length > prefix.length)) continue;
    const next = whole ? mapping[want] : `${mapping[want].replace(/\/?$/, '/')}${name.slice(prefix.length)}`;
    const slash = next.indexOf('/');
    if (slash > 0) return { ...reference, registry: next.slice(0, slash), repository: next.slice(slash + 1) };
  }
  return reference;
}

/** The alternatives that may be offered: free ones, and paid ones of vendors that the organisation has a right to. */
export function offeredAlternatives(
  policy: Policy,
  alternatives: readonly Alternative[],
  data: Pick<CatalogueData, 'vendors'>,
): readonly Alternative[] {
  const granted: readonly string[] = policy.entitlements;
  return alternatives.filter(({ paid, image }) => {
    if (paid !== true) return true;
    const entitlement = vendorOf(image, data)?.entitlement;
    return entitlement !== undefined && granted.includes(entitlement);
  });
}
