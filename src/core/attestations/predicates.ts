// SPDX-License-Identifier: Apache-2.0
import data from './data/predicates.json' with { type: 'json' };

/** What an attestation is about, whatever version its predicate type names. */
export const PREDICATE_KINDS = [
  'signature',
  'provenance',
  'vsa',
  'spdx',
  'cyclonedx',
  'openvex',
  'vulnerabilities',
  'test-result',
  'fips',
  'stig',
  'other',
  'unknown',
] as const;
export type PredicateKind = (typeof PREDICATE_KINDS)[number];

export interface PredicateClass {
  readonly kind: PredicateKind;
  /** For people: `SLSA provenance v1`, `SPDX SBOM`. */
  readonly label: string;
  /** What follows the prefix, without its slash: `v1`, `v0.2`, `v2.3`; empty where nothing does. */
  readonly version: string;
}

const KNOWN = data.types.toSorted((a, b) => b.prefix.length - a.prefix.length);

/** A version of a predicate type; what else may follow a known prefix is another type. */
const VERSION = /^\/(v?\d+(?:\.\d+){0,2}(?:-[a-z0-9.]+)?)\/?$/i;

/**
 * Which kind of statement a predicate type names. Versions are tolerated, lookalikes are not: after the prefix comes
 * nothing or `/` and a version.
 */
export function classifyPredicate(predicateType: string): PredicateClass {
  for (const { prefix, kind, label } of KNOWN) {
    if (!predicateType.startsWith(prefix)) continue;
    const rest = predicateType.slice(prefix.length);
    const version = rest === '' || rest === '/' ? '' : VERSION.exec(rest)?.[1];
    if (version === undefined) continue;
    const found = PREDICATE_KINDS.find((each) => each === kind) ?? 'other';
    return { kind: found, version, label: version === '' || found === 'signature' ? label : `${label} ${version}` };
  }
  return { kind: 'unknown', version: '', label: 'Unknown statement' };
}

/** True for the kinds that list what is in an image. */
export function isSbom(kind: PredicateKind): boolean {
  return kind === 'spdx' || kind === 'cyclonedx';
}
