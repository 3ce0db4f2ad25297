// SPDX-License-Identifier: Apache-2.0
import type { Discoverer, Verifier } from '../../core/attestations/model.ts';
import type { Problem } from '../../core/model/problem.ts';
import { ok, type Result } from '../../core/model/result.ts';
import { unmetLines, verifyText, type EvidenceTextOptions } from '../../core/output/evidence-text.ts';
import { verifyDocument, verifyExit } from '../../core/output/verify-document.ts';
import type { Cancel } from '../../core/ports.ts';
import { collectEvidence, type CollectRequest } from './collect.ts';

export interface VerifyView extends EvidenceTextOptions {
  readonly format: 'text' | 'json';
}

/** What `waybill verify` prints, and how it ends. */
export interface VerifiedImage {
  readonly text: string;
  /** Requirements that are not met, one line each. */
  readonly unmet: readonly string[];
  readonly exit: 0 | 1 | 3;
}

/** Find, verify, judge and print. */
export async function verifyOne(
  request: CollectRequest,
  ports: { readonly discoverer: Discoverer; readonly verifier: Verifier },
  view: VerifyView,
  cancel: Cancel,
): Promise<Result<VerifiedImage, Problem>> {
  const collected = await collectEvidence(request, ports, () => undefined, cancel);
  if (!collected.ok) return collected;
  const { evidence } = collected.value;
  return ok({
    text:
      view.format === 'json' ? `${JSON.stringify(verifyDocument(evidence), null, 2)}\n` : verifyText(evidence, view),
    unmet: unmetLines(evidence),
    exit: verifyExit(evidence),
  });
}
