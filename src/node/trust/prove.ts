// SPDX-License-Identifier: Apache-2.0
// The cryptography of one item, step by step: time, certificate, certificate log, transparency log, signature.
import type { KeyObject } from 'node:crypto';
import { toSignedEntity, Verifier, type SignedEntity, type TrustMaterial } from '@sigstore/verify';
import type { JudgementCode } from '../../core/attestations/codes.ts';
import type { EvidenceCheck, EvidenceTime, LogEntry } from '../../core/attestations/model.ts';
import { utc } from '../../core/protocol/relative-time.ts';
import { entryFault, namesEnvelope, oldBodyFault, type Holder } from './log-verifier.ts';
import type { Prepared } from './prepare.ts';
import type { LoadedRoot } from './root.ts';
import { messageContent } from './signature-content.ts';
import { timestampFault } from './timestamp-form.ts';

export interface PinnedKey {
  readonly key: KeyObject;
  /** Milliseconds since the Unix epoch; null without a limit. */
  readonly from: number | null;
  readonly until: number | null;
}

export interface Proof {
  /** Null where everything holds. */
  readonly fault: { readonly code: JudgementCode; readonly detail: string } | null;
  readonly checks: readonly EvidenceCheck[];
  readonly logEntries: readonly LogEntry[];
  readonly times: readonly EvidenceTime[];
}

interface Needs {
  readonly timestamps: number;
  readonly certificateLogs: number;
  readonly logs: number;
}

/** Steps in the order in which the library takes them; an error of one means that those before it passed. */
const STEPS = ['timestamp', 'certificate-chain', 'sct', 'log-entry', 'signature'] as const;
type Step = (typeof STEPS)[number];

/**
 * A certificate needs a time, a vouching certificate log and an entry in a transparency log. GitHub's own instance has
 * neither log: certificates that its authority issued need a timestamp alone. A root can never lower what others need.
 */
export function needsOfCertificate(instance: 'github' | 'other'): Needs {
  return instance === 'github'
    ? { timestamps: 1, certificateLogs: 0, logs: 0 }
    : { timestamps: 1, certificateLogs: 1, logs: 1 };
}

/** A key vouches for itself: a log entry is wanted unless the user does without, and a time only where the key has limits. */
export function needsOfKey(pinned: PinnedKey, allowNoLog: boolean): Needs {
  const limited = pinned.from !== null || pinned.until !== null;
  return { timestamps: limited ? 1 : 0, certificateLogs: 0, logs: allowNoLog ? 0 : 1 };
}

export function prove(prepared: Prepared, root: LoadedRoot | null, pinned: PinnedKey | null, needs: Needs): Proof {
  const { bundle, certificate } = prepared;
  const entries = bundle.verificationMaterial.tlogEntries;
  const logEntries = entries.map((entry): LogEntry => {
    const keyId = Buffer.from(entry.logId?.keyId ?? []);
    const known = root?.material.tlogs.find(({ logID }) => logID.equals(keyId));
    // Without a promise the log has signed neither the time nor the index over all its trees.
    const { inclusionPromise, inclusionProof } = entry;
    const seconds = inclusionPromise === undefined ? 0 : Number(entry.integratedTime);
    return {
      log: known?.baseURL ?? keyId.toString('hex'),
      index: inclusionPromise === undefined ? (inclusionProof?.logIndex ?? entry.logIndex) : entry.logIndex,
      integrated: seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000).toISOString() : null,
      kind: `${entry.kindVersion?.kind} ${entry.kindVersion?.version}`,
    };
  });
  const applies = (step: Step): boolean => {
    if (step === 'certificate-chain' || step === 'sct')
      return certificate !== null && (step !== 'sct' || needs.certificateLogs > 0);
    if (step === 'log-entry') return needs.logs > 0 || entries.length > 0;
    if (step === 'timestamp') return needs.timestamps > 0 || stampCount(prepared) > 0;
    return true;
  };
  const tell = (failed: Step | null, detail: string, times: readonly EvidenceTime[] = []): EvidenceCheck[] => {
    const at = failed === null ? STEPS.length : STEPS.indexOf(failed);
    return STEPS.map((step, index): EvidenceCheck => {
      if (!applies(step)) return { id: step, state: 'skipped', detail: NOT_NEEDED[step] };
      if (index < at) return { id: step, state: 'passed', detail: passed(step, { certificate, times, logEntries }) };
      if (index === at) return { id: step, state: 'failed', detail };
      return { id: step, state: 'skipped', detail: 'Not reached.' };
    });
  };
  const material = {
    ...(root?.material ?? { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] }),
    publicKey: () => {
      if (pinned === null) throw new Error('no key');
      const { key, from, until } = pinned;
      const valid = (date: Date): boolean =>
        (from === null || date.getTime() >= from) && (until === null || date.getTime() <= until);
      return { publicKey: key, validFor: valid };
    },
  };
  for (const { signedTimestamp } of bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? []) {
    const detail = timestampFault(signedTimestamp, material.timestampAuthorities);
    if (detail !== null)
      return {
        fault: { code: 'timestamp-invalid', detail },
        checks: tell('timestamp', detail),
        logEntries,
        times: [],
      };
  }
  let entity: SignedEntity | null = null;
  try {
    entity = entityOf(prepared);
    verifyEntity(entity, prepared, material, needs);
  } catch (error) {
    const { step, code } = faultOf(error, entity === null);
    const detail = messageOf(error);
    return { fault: { code, detail }, checks: tell(step, detail), logEntries, times: [] };
  }
  const times = timesOf(prepared, entity);
  const holder = holderOf(certificate, pinned);
  for (const entry of entries) {
    const stamps = times.filter(
      ({ source }) => source === 'timestamp-authority' || entry.inclusionPromise !== undefined,
    );
    const fault = entryFault(
      entry,
      holder,
      material.tlogs,
      stamps.map(({ time }) => time),
    );
    const other = prepared.envelope !== null && !namesEnvelope(entry, prepared.envelope);
    const found =
      fault ?? (other ? ({ code: 'log-body', detail: 'the entry is about another envelope' } as const) : null);
    if (found !== null) return { fault: found, checks: tell('log-entry', found.detail), logEntries, times: [] };
  }
  return { fault: null, checks: tell(null, '', times), logEntries, times };
}

/** What the library says of an entry whose inclusion holds and whose body it does not read (`@sigstore/verify` 4.1.3). */
const OLD_KIND = 'unsupported intoto version: 0.0.1';

/** Throws as the library does. Entries of Cosign before 2.2 are of a kind that it does not read, so that is done here. */
function verifyEntity(entity: SignedEntity, prepared: Prepared, material: TrustMaterial, needs: Needs): void {
  const options = {
    timestampThreshold: needs.timestamps,
    ctlogThreshold: needs.certificateLogs,
    tlogThreshold: needs.logs,
  };
  try {
    new Verifier(material, options).verify(entity);
  } catch (error) {
    const [entry] = entity.tlogEntries;
    const old = error instanceof Error && error.message === OLD_KIND && entity.tlogEntries.length === 1;
    if (!old || entry === undefined || prepared.envelope === null) throw error;
    const fault = oldBodyFault(entry, prepared.envelope, prepared.bundle);
    if (fault !== null) throw Object.assign(new Error(fault), { code: 'TLOG_BODY_ERROR' });
    // Everything before the entry's body holds. What is left is the signature.
    new Verifier(material, { ...options, tlogThreshold: 0 }).verify({ ...entity, tlogEntries: [] });
  }
}

function holderOf(certificate: Prepared['certificate'], pinned: PinnedKey | null): Holder {
  if (certificate !== null) return { certificate: certificate.root.toDER(), key: certificate.publicKey };
  if (pinned === null) throw new Error('neither certificate nor key');
  return { certificate: null, key: pinned.key.export({ format: 'der', type: 'spki' }) };
}

interface Proved {
  readonly certificate: Prepared['certificate'];
  readonly times: readonly EvidenceTime[];
  readonly logEntries: readonly LogEntry[];
}

/** What a passed step proved: the very time, certificate and entry, so that a person can hold them against others. */
function passed(step: Step, { certificate, times, logEntries }: Proved): string {
  switch (step) {
    case 'timestamp': {
      const said = times.map(
        ({ source, time }) => `${source === 'log' ? 'the log' : 'an RFC 3161 timestamp'}, ${utc(time)}`,
      );
      return said.length === 0 ? 'The time of signing is proved.' : `By ${said.join('; by ')}.`;
    }
    case 'certificate-chain':
      return certificate === null
        ? ''
        : `Valid ${utc(certificate.notBefore.toISOString())} to ${utc(certificate.notAfter.toISOString())}, which holds the time of signing.`;
    case 'sct':
      return 'A certificate log of the trusted root vouches for it.';
    case 'log-entry':
      return logEntries.map(({ log, index, kind }) => `${log}, index ${index}, ${kind}`).join('; ');
    case 'signature':
      return 'The signature holds.';
  }
}

const NOT_NEEDED: Readonly<Record<Step, string>> = {
  timestamp: 'Nothing gives a time.',
  'certificate-chain': 'It was signed with a key.',
  sct: 'There is no log of certificates to ask for.',
  'log-entry': 'It has no entry, and none is asked for.',
  signature: '',
};

/** How many things say when it was signed: promises of a log, and timestamps. */
function stampCount({ bundle }: Prepared): number {
  const { tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
  const promised = tlogEntries.filter(
    ({ inclusionPromise, integratedTime }) => inclusionPromise !== undefined && Number(integratedTime) > 0,
  );
  return promised.length + (timestampVerificationData?.rfc3161Timestamps.length ?? 0);
}

function entityOf({ bundle, message }: Prepared): SignedEntity {
  const entity = toSignedEntity(bundle, message === null ? undefined : Buffer.from(message));
  if (bundle.content.$case !== 'messageSignature') return entity;
  const { signature, messageDigest } = bundle.content.messageSignature;
  return { ...entity, signature: messageContent(Buffer.from(signature), Buffer.from(messageDigest.digest)) };
}

function timesOf({ bundle }: Prepared, entity: SignedEntity): EvidenceTime[] {
  return entity.timestamps.flatMap((each): EvidenceTime[] => {
    if (each.$case === 'timestamp-authority')
      return [{ source: 'timestamp-authority', time: each.timestamp.signingTime.toISOString() }];
    // The log signs the time only in its promise.
    const { inclusionPromise, integratedTime } = each.tlogEntry;
    if (inclusionPromise === undefined || bundle.verificationMaterial.tlogEntries.length === 0) return [];
    return [{ source: 'log', time: new Date(Number(integratedTime) * 1000).toISOString() }];
  });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** By the library's own codes (`@sigstore/verify` 4.1.3); what it throws besides comes of odd input, and fails. */
function faultOf(error: unknown, parsing: boolean): { step: Step; code: JudgementCode } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : '';
  switch (code) {
    case 'TIMESTAMP_ERROR':
      return {
        step: 'timestamp',
        code: /^expected \d+ timestamps/.test(text) ? 'timestamp-missing' : 'timestamp-invalid',
      };
    case 'CERTIFICATE_ERROR':
      if (/^expected \d+ SCTs/.test(text)) return { step: 'sct', code: 'sct-missing' };
      if (/SCT/.test(text)) return { step: 'sct', code: 'sct-invalid' };
      return { step: 'certificate-chain', code: 'certificate-chain' };
    case 'PUBLIC_KEY_ERROR':
      return { step: 'timestamp', code: 'key-not-valid' };
    case 'TLOG_BODY_ERROR':
      return { step: 'log-entry', code: text.startsWith('unsupported') ? 'log-entry-unsupported' : 'log-body' };
    case 'TLOG_ERROR':
      return { step: 'log-entry', code: text.startsWith('duplicate') ? 'log-duplicate' : 'log-missing' };
    case 'TLOG_INCLUSION_PROOF_ERROR':
    case 'TLOG_INCLUSION_PROMISE_ERROR':
    case 'TLOG_MISSING_INCLUSION_ERROR':
      return { step: 'log-entry', code: 'log-inclusion' };
    case 'SIGNATURE_ERROR':
      return { step: 'signature', code: 'signature-invalid' };
    default:
      return parsing ? { step: 'timestamp', code: 'timestamp-invalid' } : { step: 'timestamp', code: 'internal' };
  }
}
