// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { PLACE_KINDS, SUBJECT_ROLES, ITEM_KINDS, VERDICTS } from '../attestations/model.ts';
import { unanswered } from '../attestations/trust-input.ts';
import { checkSchema, POLICY_STATES, signerSchema, type Evidence } from '../evidence/evidence.ts';

const nullableText = z.nullable(z.string());

export const verifyDocumentSchema = z.object({
  schemaVersion: z.literal(1),
  /** Digests that evidence may be about. */
  subjects: z.array(z.object({ role: z.enum(SUBJECT_ROLES), digest: z.string() })),
  /** Everywhere Waybill looked, with what came of it. */
  places: z.array(
    z.object({
      kind: z.enum(PLACE_KINDS),
      /** Digest that was looked up there. */
      subject: z.string(),
      state: z.enum(['ok', 'absent', 'failed', 'skipped', 'unsupported']),
      reason: nullableText,
    }),
  ),
  items: z.array(
    z.object({
      kind: z.enum(ITEM_KINDS),
      predicateType: nullableText,
      digest: z.string(),
      /** Of the cryptography and of what it is about; whether its signer may sign is a check, `policy-signer`. */
      verdict: z.enum(VERDICTS),
      /** Stable reason; `ok` where it is verified. */
      code: z.string(),
      /** Null where nobody is proved or named. */
      signer: z.nullable(signerSchema),
      checks: z.array(checkSchema),
    }),
  ),
  /** `none`: no policy was named; `no-rule`: it has no trust entry for this image. */
  policy: z.object({ file: nullableText, state: z.enum(POLICY_STATES) }),
});
export type VerifyDocument = z.infer<typeof verifyDocumentSchema>;

/** What `waybill verify --format json` prints. */
export function verifyDocument(evidence: Evidence): VerifyDocument {
  // Parsed for the order of its keys, which the schema decides, and to leave out what is not of the contract.
  return verifyDocumentSchema.parse({ schemaVersion: 1, ...evidence });
}

/** Something stood in the way. A key that nobody named does not: without a policy nobody is asked for. */
function notChecked({ verdict, code }: Evidence['items'][number]): boolean {
  return verdict === 'could-not-check' && code !== 'key-unknown';
}

/** How a verification ends: 0 proved or nothing against it, 1 invalid or unmet, 3 something needed was not checked. */
export function verifyExit({ policy, places, items }: Evidence): 0 | 1 | 3 {
  switch (policy.state) {
    case 'met':
      return 0;
    case 'unmet':
    case 'no-rule':
      return 1;
    case 'could-not-check':
      return 3;
    case 'none':
      if (items.some(({ verdict }) => verdict === 'invalid')) return 1;
      return unanswered(places).length > 0 || items.some(notChecked) ? 3 : 0;
  }
}
