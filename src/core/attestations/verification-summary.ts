// SPDX-License-Identifier: Apache-2.0
import type { Evidence, ReportItem, SlsaResult, SlsaStep } from '../evidence/evidence.ts';
import type { TrustRule } from '../policy/model.ts';
import { isAllowedSigner, shortSigner, unloggedKey } from './signers.ts';
import { shortDigest } from './words.ts';

function levelOf(levels: readonly string[]): SlsaResult['level'] {
  const found = levels.flatMap((each) => /^SLSA_BUILD_LEVEL_([0-3])$/.exec(each)?.[1] ?? []);
  return Math.max(0, ...found.map(Number)) as SlsaResult['level'];
}

/**
 * A verified summary by a verifier that the policy names replaces the level of the provenance where it is higher. Without
 * such a policy a summary says nothing: its verifier is whoever wrote it.
 */
export function summaryLevel(
  own: SlsaResult,
  items: readonly ReportItem[],
  names: readonly (readonly string[])[],
  subjects: Evidence['subjects'],
  rule: TrustRule | null,
): SlsaResult {
  if (rule === null || rule.verifiers.length === 0) return own;
  let best = own;
  items.forEach((item, index) => {
    const { claim, signer } = item;
    if (claim?.kind !== 'vsa' || item.verdict !== 'verified' || signer === null) return;
    const subject = subjects.find(
      ({ role, digest }) => role !== 'attestation-manifest' && names[index]?.includes(digest) === true,
    );
    const level = levelOf(claim.levels);
    if (subject === undefined || !isAllowedSigner(rule, signer) || level <= best.level) return;
    if (unloggedKey(rule, signer, item.logEntries.length > 0) !== null) return;
    if (claim.verifier === null || !rule.verifiers.includes(claim.verifier) || claim.result !== 'PASSED') return;
    const step = (id: string, title: string, detail: string): SlsaStep => ({ id, title, state: 'passed', detail });
    best = {
      level,
      claimedBy: claim.verifier,
      sentence: `SLSA Build L${level}, by claim of ${claim.verifier}.`,
      provenance: item.digest,
      steps: [
        step(
          'named',
          'Summary names this digest',
          `${shortDigest(subject.digest)}, the subject, is the ${subject.role} digest.`,
        ),
        step('signature', 'Signature verifies to a trusted root', `Signed by ${shortSigner(signer)}.`),
        step('verifier', 'Verifier is one of yours', `Policy ${rule.path}:${rule.line} lists ${claim.verifier}.`),
        step('result', 'Verification passed', `It says ${claim.levels.join(', ')}.`),
      ],
    };
  });
  return best;
}
