// SPDX-License-Identifier: Apache-2.0
import type { Requirement } from '../evidence/evidence.ts';
import type { TrustRule } from '../policy/model.ts';
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

/** `source`: what the verified provenance says of where the image was built from. */
export function sourceRequirement(rule: TrustRule, { slsa, places }: TrustInput): Requirement {
  const step = slsa.steps.find(({ id }) => id === 'source');
  const items = slsa.provenance === null ? [] : [slsa.provenance];
  const done = (state: Requirement['state'], code: string, reason: string): Requirement => ({
    id: 'source',
    title: 'Built from the source that is expected',
    state,
    code,
    reason,
    items,
  });
  if (step?.state === 'passed') return done('met', 'ok', '');
  if (step?.state === 'failed') return done('unmet', 'source', `Built from another source: ${step.detail}`);
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
