// SPDX-License-Identifier: Apache-2.0
import type { ReportItem, Requirement } from '../evidence/evidence.ts';
import type { TrustRule } from '../policy/model.ts';
import { userBuilder } from './builders.ts';
import { isAllowedSigner, unloggedKey } from './signers.ts';
import { compareClaims } from './slsa-claims.ts';
import { expectedSource } from './slsa-source.ts';
import { silence } from './trust-requirement.ts';
import { unanswered, type TrustInput } from './trust-input.ts';

/** `minimumLevel`: the level has to be reached; where a step could not be checked, neither could the level. */
export function levelRequirement(rule: TrustRule, asked: number, input: TrustInput): Requirement {
  const { slsa } = input;
  const items = slsa.provenance === null ? [] : [slsa.provenance];
  const done = (state: Requirement['state'], code: string, reason: string): Requirement => ({
    id: 'level',
    title: `SLSA Build level ${asked} or higher`,
    state,
    code,
    reason,
    items,
  });
  if (slsa.level >= asked) return done('met', 'ok', '');
  const signature = slsa.steps.find(({ id }) => id === 'signature');
  if (signature?.state === 'unknown')
    return done('could-not-check', 'could-not-check', `Could not check the level: ${signature.detail}`);
  const [silent] = unanswered(input.places);
  if (silent !== undefined) return done('could-not-check', 'place', `Could not check the level: ${silence(silent)}`);
  const stopped = slsa.steps.find(({ state }) => state !== 'passed' && state !== 'skipped');
  const why = stopped === undefined ? '' : ` ${stopped.title}: ${stopped.detail}`;
  return done(
    'unmet',
    items.length === 0 ? 'missing' : 'level',
    `${slsa.sentence} The trust policy asks for level ${asked} (${rule.path}:${rule.line}).${why}`,
  );
}

/** A provenance about this image, verified, by a signer or a builder that the entry lists, held against its `source`. */
function sourceOf(item: ReportItem, names: readonly string[], rule: TrustRule, input: TrustInput) {
  const holder = item.signedBy === null ? item : (input.items.find(({ digest }) => digest === item.signedBy) ?? item);
  const about = input.subjects.some(({ role, digest }) => role !== 'attestation-manifest' && names.includes(digest));
  const { signer } = holder;
  if (item.claim?.kind !== 'provenance' || holder.verdict !== 'verified' || signer === null || !about) return null;
  const { story } = item.claim;
  if (!isAllowedSigner(rule, signer) && userBuilder(story, signer, rule) === null) return null;
  if (unloggedKey(rule, signer, holder.logEntries.length > 0) !== null) return null;
  const claims = signer.kind === 'key' ? null : compareClaims(story, signer);
  return claims?.state === 'failed' ? claims : expectedSource(story, signer, rule);
}

/** `source`: what verified provenance says of where the image was built from, whatever level it reaches. */
export function sourceRequirement(rule: TrustRule, input: TrustInput): Requirement {
  const { slsa, places } = input;
  const found = input.items.flatMap((item, index) => {
    const result = sourceOf(item, input.names[index] ?? [], rule, input);
    return result === null ? [] : [{ item, ...result }];
  });
  const best = found.find(({ state }) => state === 'passed') ?? found[0];
  const items = best === undefined ? (slsa.provenance === null ? [] : [slsa.provenance]) : [best.item.digest];
  const done = (state: Requirement['state'], code: string, reason: string): Requirement => ({
    id: 'source',
    title: 'Built from the source that is expected',
    state,
    code,
    reason,
    items,
  });
  if (best?.state === 'passed') return done('met', 'ok', '');
  if (best !== undefined) return done('unmet', 'source', `Built from another source: ${best.detail}`);
  const unknown = slsa.steps.some(({ id, state }) => id === 'signature' && state === 'unknown');
  const [silent] = unanswered(places);
  if (unknown || silent !== undefined)
    return done(
      'could-not-check',
      'place',
      silent === undefined
        ? 'Could not check the source: the signature of the provenance could not be checked.'
        : `Could not check the source: ${silence(silent)}`,
    );
  return done(
    'unmet',
    'missing',
    `No verified provenance says where it was built from, and the trust policy asks for it (${rule.path}:${rule.line}).`,
  );
}
