// SPDX-License-Identifier: Apache-2.0
// Finds evidence, has every item verified, and judges it: the one way that the audit and `waybill verify` share.
import { createHash, createPublicKey } from 'node:crypto';
import { assemble, MAX_ITEMS, type AttestedSbom, type JudgedItem } from '../../core/attestations/assemble.ts';
import type {
  Discoverer,
  DiscoveryRequest,
  EvidenceItem,
  Judgement,
  VerificationRequest,
  Verifier,
} from '../../core/attestations/model.ts';
import { PUBLISHER_KEYS } from '../../core/attestations/publisher-keys.ts';
import { imageNames, trustRuleFor } from '../../core/attestations/trust.ts';
import type { Evidence } from '../../core/evidence/evidence.ts';
import type { AuditReport } from '../../core/evidence/report.ts';
import type { Problem } from '../../core/model/problem.ts';
import { ok, type Result } from '../../core/model/result.ts';
import { NO_POLICY, type Policy, type TrustedSigner, type TrustRule } from '../../core/policy/model.ts';
import type { Cancel, Progress } from '../../core/ports.ts';
import { imageFindings } from '../../core/rules/image-findings.ts';

/** Items verified at once: each takes some milliseconds of one core. */
const PARALLEL = 4;

export interface CollectRequest extends DiscoveryRequest {
  /** Null judges nobody. */
  readonly policy: Policy | null;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

export interface Collected {
  readonly evidence: Evidence;
  readonly findings: AuditReport['findings'];
  /** The items as they were found, in the order of `evidence.items`; holds their bytes. */
  readonly found: readonly EvidenceItem[];
  readonly sboms: readonly AttestedSbom[];
}

/** `sha256:…` of a public key's SPKI, as signatures name their key; null for what is no key. */
export function keyFingerprint(pem: string): string | null {
  try {
    const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    return `sha256:${createHash('sha256').update(spki).digest('hex')}`;
  } catch {
    return null;
  }
}

/** The entry with the fingerprints of its keys, by which a signature's key is told. */
function withFingerprints(rule: TrustRule): TrustRule {
  return {
    ...rule,
    signers: rule.signers.map((signer): TrustedSigner =>
      signer.kind === 'key' ? { ...signer, fingerprint: keyFingerprint(signer.pem) } : signer,
    ),
  };
}

function pinnedKeys(rule: TrustRule | null): VerificationRequest['keys'] {
  return (rule?.signers ?? []).flatMap((signer) =>
    signer.kind !== 'key'
      ? []
      : [
          {
            name: signer.name,
            pem: signer.pem,
            ...(signer.validFrom === null ? {} : { validFrom: `${signer.validFrom}T00:00:00Z` }),
            ...(signer.validUntil === null ? {} : { validUntil: `${signer.validUntil}T23:59:59Z` }),
          },
        ],
  );
}

/** Bytes as JSON; undefined where they are none. */
function jsonOf(bytes: Uint8Array | null): unknown {
  if (bytes === null) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Kinds whose bytes say something beyond what the verifier reads out of them. */
const READ_HERE: readonly EvidenceItem['kind'][] = [
  'legacy-signature',
  'buildkit-statement',
  'unsigned-sbom',
  'bundle',
];

/** A verifier that fails is no reason to believe anything. */
function failedJudgement(error: unknown): Judgement {
  const why = error instanceof Error ? error.message : String(error);
  return {
    verdict: 'could-not-check',
    code: 'internal',
    reason: `Could not check: the verification failed: ${why}. Report this with the log.`,
    checks: [],
    signer: null,
    logEntries: [],
    times: [],
    root: null,
    content: 'other',
    predicateType: null,
    statement: null,
  };
}

/** Look everywhere, verify everything, judge it by the policy. */
export async function collectEvidence(
  request: CollectRequest,
  ports: { readonly discoverer: Discoverer; readonly verifier: Verifier },
  progress: Progress,
  cancel: Cancel,
): Promise<Result<Collected, Problem>> {
  const found = await ports.discoverer.discover(request, cancel);
  if (!found.ok) return found;
  const discovery = found.value;
  const policy = request.policy;
  const plain = policy === null ? null : trustRuleFor(policy, request.source);
  const rule = plain === null ? null : withFingerprints(plain);
  const keys = pinnedKeys(rule);
  // Discovery keeps to the same limit and says at its places what it left out.
  const items = discovery.items.slice(0, MAX_ITEMS);
  const judged: JudgedItem[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item === undefined || cancel.aborted) return;
      const judgement = await ports.verifier
        .verify(
          {
            item,
            subjects: discovery.subjects,
            expected: { kind: 'anyone' },
            keys,
            publishers: PUBLISHER_KEYS,
            // Whether a key of the policy needs a log entry is judged with the policy, where the reason can be told.
            allowNoLog: true,
          },
          cancel,
        )
        .catch(failedJudgement);
      judged[index] = { item, judgement, document: READ_HERE.includes(item.kind) ? jsonOf(item.bytes) : undefined };
      progress(`Verified ${++done} of ${items.length} statements`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, work));
  if (cancel.aborted) {
    return { ok: false, error: { code: 'cancelled', what: 'Cancelled', why: 'it was asked to stop', todo: '' } };
  }
  const { evidence, found: kept, sboms } = assemble({ discovery, judged, policy, rule, now: request.now });
  const target = {
    images: imageNames(request.source, policy ?? NO_POLICY),
    digests: evidence.subjects.map(({ digest }) => digest),
  };
  const findings = imageFindings({ evidence, trust: rule, now: request.now }, policy ?? NO_POLICY, target);
  return ok({ evidence, findings, found: kept, sboms });
}
