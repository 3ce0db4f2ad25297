// SPDX-License-Identifier: Apache-2.0
// One verdict on one item: what was proved, by which root, about which digest, and who signed. Whatever was not foreseen
// counts as not verified.
import { createHash } from 'node:crypto';
import { HashAlgorithm } from '@sigstore/protobuf-specs';
import { reasonOf, verdictOf } from '../../core/attestations/codes.ts';
import {
  MAX_EVIDENCE_BYTES,
  type EvidenceCheck,
  type EvidenceItem,
  type Judgement,
  type RootUsed,
  type Signer,
  type VerificationRequest,
  type Verifier,
  type Verdict,
} from '../../core/attestations/model.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { digestSays, simpleSigningSays, statementSays, type Said } from './binding.ts';
import { nameTheDigest } from './boringssl.ts';
import instances from './data/instances.json' with { type: 'json' };
import { readKeyPem, readSpki, type ReadKey } from './key-type.ts';
import { prepareBundle, prepareEnvelope, prepareLegacy, type Prepared, type Refusal } from './prepare.ts';
import { needsOfCertificate, needsOfKey, prove, type PinnedKey, type Proof } from './prove.ts';
import type { LoadedRoot, TrustRoots } from './root.ts';
import { certificateSigner, identityOf, issuerOf, issuerOrganisation, keySigner, usageFault } from './signer.ts';
import { parseStrictJson } from './strict-json.ts';

const STATEMENT_PAYLOAD = 'application/vnd.in-toto+json';
const KEY_ROOT: RootUsed = { source: 'key', asOf: null };

/** What has been found out so far; a judgement is made of it when the first step fails, or at the end. */
interface Course {
  checks: EvidenceCheck[];
  signer: Signer | null;
  proof: Proof | null;
  root: RootUsed | null;
  said: Said | null;
}

/** Verdicts by `roots`; asks for a root only where an item needs it. */
export function createVerifier(roots: TrustRoots): Verifier {
  nameTheDigest();
  return {
    verify: async (request) => {
      const course: Course = { checks: [], signer: null, proof: null, root: null, said: null };
      try {
        const fault = await examine(request, roots, course);
        return fault === null ? judgement(course, 'verified', null) : failed(course, fault);
      } catch (error) {
        return failed(course, { code: 'internal', detail: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

function failed(course: Course, fault: Refusal): Judgement {
  return judgement(course, verdictOf(fault.code), fault);
}

function judgement(course: Course, verdict: Verdict, fault: Refusal | null): Judgement {
  const { said, proof } = course;
  return {
    verdict,
    code: fault?.code ?? 'ok',
    reason: fault === null ? '' : reasonOf(fault.code, fault.detail),
    checks: course.checks,
    signer: course.signer,
    logEntries: proof?.logEntries ?? [],
    times: proof?.times ?? [],
    root: course.root,
    content: said?.content ?? 'other',
    predicateType: said?.predicateType ?? null,
    statement: said?.statement ?? null,
  };
}

async function examine(request: VerificationRequest, roots: TrustRoots, course: Course): Promise<Refusal | null> {
  const { item } = request;
  if (item.kind === 'notation-signature' || item.kind === 'other-referrer')
    return { code: 'kind-unsupported', detail: item.mediaType };
  if (item.bytes === null)
    return {
      code: item.problem?.code === 'too-large' ? 'too-large' : 'bytes-missing',
      detail: item.problem?.why ?? '',
    };
  if (item.bytes.length > MAX_EVIDENCE_BYTES) return { code: 'too-large', detail: `${item.bytes.length} bytes` };
  if (item.kind === 'unsigned-sbom') return { code: 'unsigned', detail: '' };
  if (isBareStatement(item)) {
    course.said = statementSays(item.bytes, request.subjects);
    return course.said.fault ?? { code: 'unsigned', detail: '' };
  }
  const prepared = prepare(item, item.bytes);
  if (!prepared.ok) {
    course.checks.push({ id: 'format', state: 'failed', detail: prepared.error.detail });
    return prepared.error;
  }
  course.checks.push({ id: 'format', state: 'passed', detail: 'It is whole.' });
  const { certificate } = prepared.value;
  course.said = saidBy(prepared.value, request);
  const early = payloadFault(prepared.value);
  if (step(course, 'payload-type', early, 'It signs what was expected.') !== null) return early;
  const fault =
    certificate === null
      ? await examineKey(prepared.value, request, roots, course)
      : await examineCertificate(prepared.value, request, roots, course);
  if (fault !== null) return fault;
  const { fault: other, about } = course.said;
  const detail = other === null ? about : `${other.detail.slice(0, 1).toUpperCase()}${other.detail.slice(1)}.`;
  course.checks.push({ id: 'subject', state: other === null ? 'passed' : 'failed', detail });
  return other;
}

function isBareStatement(item: EvidenceItem): boolean {
  if (item.kind === 'buildkit-statement') return true;
  if (item.kind !== 'in-toto-referrer' || item.bytes === null) return false;
  const json = parseStrictJson(item.bytes);
  return json.ok && typeof json.value === 'object' && json.value !== null && '_type' in json.value;
}

function prepare(item: EvidenceItem, bytes: Uint8Array): Result<Prepared, Refusal> {
  if (item.kind === 'bundle') return prepareBundle(bytes);
  const signed =
    'dev.sigstore.cosign/certificate' in item.annotations || 'dev.sigstore.cosign/bundle' in item.annotations;
  if (item.kind === 'in-toto-referrer' && !signed) return prepareEnvelope(bytes);
  return prepareLegacy(item, bytes);
}

function saidBy({ bundle, message }: Prepared, { subjects }: VerificationRequest): Said {
  const { content } = bundle;
  if (content.$case === 'dsseEnvelope') return statementSays(content.dsseEnvelope.payload, subjects);
  return message === null
    ? digestSays(content.messageSignature.messageDigest.digest, subjects)
    : simpleSigningSays(message, subjects);
}

function payloadFault({ bundle: { content } }: Prepared): Refusal | null {
  if (content.$case === 'dsseEnvelope') {
    const { payloadType } = content.dsseEnvelope;
    return payloadType === STATEMENT_PAYLOAD ? null : { code: 'payload-type', detail: payloadType.slice(0, 100) };
  }
  const { algorithm, digest } = content.messageSignature.messageDigest;
  if (algorithm !== HashAlgorithm.SHA2_256 || digest.length !== 32)
    return { code: 'digest-algorithm-unsupported', detail: '' };
  return null;
}

async function examineCertificate(
  prepared: Prepared,
  request: VerificationRequest,
  roots: TrustRoots,
  course: Course,
): Promise<Refusal | null> {
  const { certificate } = prepared;
  const { expected } = request;
  if (certificate === null) return { code: 'internal', detail: 'no certificate' };
  if (expected.kind === 'key') return step(course, 'signer-kind', { code: 'certificate-signed', detail: '' });
  if (expected.kind === 'identity' && (expected.identity === '' || expected.issuer === ''))
    return step(course, 'identity', { code: 'expectation-empty', detail: '' });
  const key = readSpki(certificate.publicKey, 'certificate-malformed');
  if (!key.ok) return step(course, 'signer-kind', key.error);
  const instance = issuerOrganisation(certificate) === instances.github.organisation ? 'github' : 'other';
  const loaded = await (instance === 'github' ? roots.github() : roots.publicGood());
  const root = usable(loaded, course);
  if (!root.ok) return root.error;
  const identity = identityOf(certificate);
  const issuer = issuerOf(certificate);
  const proof = prove(prepared, root.value, null, needsOfCertificate(instance));
  take(course, proof);
  if (proof.fault !== null) return proof.fault;
  const misused = usageFault(certificate);
  const usage: Refusal | null = misused === null ? null : { code: 'certificate-usage', detail: misused };
  if (step(course, 'certificate-usage', usage, 'The certificate is for signing code.') !== null) return usage;
  if (identity === null || issuer === null)
    return step(course, 'certificate-identity', { code: 'certificate-identity', detail: '' });
  course.signer = certificateSigner(certificate, identity, issuer);
  if (expected.kind !== 'identity') return null;
  return compare('identity', identity, expected.identity, course) ?? compare('issuer', issuer, expected.issuer, course);
}

/** Whole and literally: an empty expectation is met by nobody. */
function compare(id: 'identity' | 'issuer', is: string, wanted: string, course: Course): Refusal | null {
  const same = wanted !== '' && is === wanted;
  course.checks.push({
    id,
    state: same ? 'passed' : 'failed',
    detail: same ? is : `It is ${is}, and ${wanted} was expected.`,
  });
  return same ? null : { code: `${id}-mismatch`, detail: is };
}

async function examineKey(
  prepared: Prepared,
  request: VerificationRequest,
  roots: TrustRoots,
  course: Course,
): Promise<Refusal | null> {
  const { expected, allowNoLog } = request;
  if (expected.kind === 'identity') return step(course, 'signer-kind', { code: 'key-signed', detail: '' });
  if (expected.kind === 'anyone' && (await examinePublishers(prepared, request, roots, course))) return null;
  const keys = pinnedKeys(request, hintOf(prepared));
  if (!keys.ok) return step(course, 'key', keys.error);
  if (keys.value.length === 0) return step(course, 'key', { code: 'key-unknown', detail: '' });
  let root: LoadedRoot | null = null;
  const { tlogEntries, timestampVerificationData } = prepared.bundle.verificationMaterial;
  if (tlogEntries.length + (timestampVerificationData?.rfc3161Timestamps.length ?? 0) > 0) {
    const loaded = usable(await roots.publicGood(), course);
    if (!loaded.ok) return loaded.error;
    root = loaded.value;
  } else {
    course.root = KEY_ROOT;
  }
  let refusal: Refusal | null = null;
  let failedProof: Proof | null = null;
  for (const pinned of keys.value) {
    if (!pinned.key.ok) {
      refusal ??= pinned.key.error;
      continue;
    }
    const usableKey: PinnedKey = { ...pinned, key: pinned.key.value };
    const attempt = prove(prepared, root, usableKey, needsOfKey(usableKey, allowNoLog));
    if (attempt.fault === null) {
      take(course, attempt);
      course.signer = keySigner(usableKey.key);
      return null;
    }
    failedProof = attempt;
    refusal = attempt.fault;
  }
  // Several keys were pinned and none fits: nobody says which of them it should have been.
  if (keys.value.length > 1 && expected.kind === 'anyone' && refusal?.code === 'signature-invalid')
    return step(course, 'key', { code: 'key-unknown', detail: 'none of the named keys made it' });
  if (failedProof === null) return refusal === null ? null : step(course, 'key', refusal);
  take(course, failedProof);
  return failedProof.fault;
}

/** True where a publisher's key made it. Where none did, nothing is written down: nobody said that one should have. */
async function examinePublishers(
  prepared: Prepared,
  request: VerificationRequest,
  roots: TrustRoots,
  course: Course,
): Promise<boolean> {
  const hint = hintOf(prepared);
  const named = new Set(request.keys.map(({ pem }) => hintFor(pem)));
  for (const { name, pem } of request.publishers ?? []) {
    // One that the policy names counts as the policy says, with its limits.
    if (named.has(hintFor(pem)) || (FINGERPRINT_HINT.test(hint) && hint !== hintFor(pem))) continue;
    const attempt: Course = { ...course, checks: [...course.checks] };
    const single: VerificationRequest = { ...request, expected: { kind: 'key', name, pem } };
    if ((await examineKey(prepared, single, roots, attempt)) !== null) continue;
    Object.assign(course, attempt);
    return true;
  }
  return false;
}

/** Write a step down; answers the fault, null where there is none. */
function step(course: Course, id: string, fault: Refusal | null, passed = ''): Refusal | null {
  const detail = fault === null ? passed : reasonOf(fault.code, fault.detail);
  course.checks.push({ id, state: fault === null ? 'passed' : 'failed', detail });
  return fault;
}

function take(course: Course, proof: Proof): void {
  course.proof = proof;
  course.checks.push(...proof.checks);
}

function usable(loaded: Result<LoadedRoot, Problem>, course: Course): Result<LoadedRoot, Refusal> {
  if (!loaded.ok) {
    const code = loaded.error.code === 'bad-input' ? 'root-invalid' : 'root-missing';
    const refusal: Refusal = { code, detail: loaded.error.why };
    step(course, 'trusted-root', refusal);
    return err(refusal);
  }
  const { used, undated } = loaded.value;
  course.root = used;
  const fault: Refusal | null = undated ? { code: 'root-incomplete', detail: used.source } : null;
  const age = used.asOf === null ? 'of unknown age' : `of ${used.asOf.slice(0, 10)}`;
  step(course, 'trusted-root', fault, `The trusted root is ${used.source}, ${age}.`);
  return fault === null ? loaded : err(fault);
}

function hintOf({ bundle }: Prepared): string {
  const { content } = bundle.verificationMaterial;
  return content.$case === 'publicKey' ? content.publicKey.hint : '';
}

/** A key that somebody named, with its limits, whether or not it is of a type that can be checked with. */
type Pinned = Omit<PinnedKey, 'key'> & { readonly key: ReadKey; readonly hint: string };

/** The keys to try: the one that the hint names, or all where it names none of them. */
function pinnedKeys(request: VerificationRequest, hint: string): Result<readonly Pinned[], Refusal> {
  const { expected, keys } = request;
  const wanted: VerificationRequest['keys'] =
    expected.kind === 'key' ? [{ name: expected.name, pem: expected.pem }] : keys;
  const read: Pinned[] = [];
  for (const each of wanted) {
    const named = readKeyPem(each.pem, each.name);
    if (!named.ok) return named;
    const from = limit(each.validFrom);
    const until = limit(each.validUntil);
    // A limit that cannot be read must not become none.
    if (Number.isNaN(from) || Number.isNaN(until))
      return err({ code: 'key-unreadable', detail: `${each.name} has limits that are no dates` });
    read.push({ key: named.value.key, hint: fingerprint(named.value.spki), from, until });
  }
  const hinted = read.filter((each) => each.hint === hint);
  if (hinted.length > 0) return ok(hinted);
  // A fingerprint of another key: whoever that is, it is nobody who was named.
  if (expected.kind === 'anyone' && FINGERPRINT_HINT.test(hint)) return ok([]);
  return ok(read);
}

/** Base64 of 32 bytes. */
const FINGERPRINT_HINT = /^[A-Za-z0-9+/]{43}=$/;

/** Milliseconds since the Unix epoch; null without a limit, NaN where it cannot be read. */
function limit(written: string | undefined): number | null {
  return written === undefined ? null : Date.parse(written);
}

function hintFor(pem: string): string | null {
  const named = readKeyPem(pem, '');
  return named.ok ? fingerprint(named.value.spki) : null;
}

/** As Cosign names a key in a bundle: base64 of the SHA-256 of its SubjectPublicKeyInfo. */
function fingerprint(spki: Buffer): string {
  return createHash('sha256').update(spki).digest('base64');
}
