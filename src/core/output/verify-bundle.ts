// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { ROOT_STALE_DAYS, type Judgement, type RootUsed } from '../attestations/model.ts';
import { checkSchema, signerSchema } from '../evidence/evidence.ts';
import { visibleText } from '../protocol/visible-text.ts';

/** What `waybill verify-bundle --format json` prints. */
export const bundleDocumentSchema = z.object({
  schemaVersion: z.literal(1),
  verified: z.boolean(),
  /** `ok`, or why not; docs/evidence.md lists the codes. */
  code: z.string(),
  reason: z.nullable(z.string()),
  checks: z.array(checkSchema),
  /** Null where nothing was proved of who signed. */
  signer: z.nullable(signerSchema),
  times: z.array(z.object({ source: z.enum(['log', 'timestamp-authority']), time: z.string() })),
  root: z.object({ source: z.string(), asOf: z.nullable(z.string()) }),
});
export type BundleDocument = z.infer<typeof bundleDocumentSchema>;

export function bundleDocument(judgement: Judgement, root: RootUsed): BundleDocument {
  const { verdict, code, reason, checks, signer, times } = judgement;
  const verified = verdict === 'verified';
  return {
    schemaVersion: 1,
    verified,
    code,
    reason: verified ? null : reason,
    checks: checks.map((check) => ({ ...check })),
    signer: signer === null ? null : { ...signer, extensions: { ...signer.extensions } },
    times: times.map((time) => ({ ...time })),
    root: { ...root },
  };
}

const STATES = { passed: 'passed     ', failed: 'FAILED     ', skipped: 'skipped    ', unsupported: 'unsupported' };

const DAY = 86_400_000;

/** `now`: milliseconds since the Unix epoch, for the age of the root. */
function rootText({ source, asOf }: RootUsed, now: number): string {
  if (asOf === null) return source;
  const days = Math.floor((now - Date.parse(asOf)) / DAY);
  const old = days > ROOT_STALE_DAYS && !source.startsWith('file:');
  return `${source}, as of ${asOf.slice(0, 10)}${old ? `, which is ${days} days ago: give a newer one with --trusted-root` : ''}`;
}

/** For people; what hides or moves other text is written out, so that nothing of the bundle's own can draw on the terminal. */
export function bundleText(document: BundleDocument, now: number): string {
  const { verified, code, reason, checks, signer, times, root } = document;
  const lines = [verified ? 'verified' : `not verified: ${visibleText(reason ?? code)} [${code}]`];
  if (signer !== null) {
    const by = signer.kind === 'key' ? `key ${signer.identity}` : `${signer.identity}, by ${signer.issuer ?? 'nobody'}`;
    lines.push(`  signer     ${visibleText(by)}`);
  }
  for (const { source, time } of times)
    lines.push(`  signed     ${time} (${source === 'log' ? 'transparency log' : 'timestamp authority'})`);
  lines.push(`  root       ${visibleText(rootText(root, now))}`);
  for (const { id, state, detail } of checks) lines.push(`  ${STATES[state]} ${id}: ${visibleText(detail)}`);
  return `${lines.join('\n')}\n`;
}
