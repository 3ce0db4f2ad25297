// SPDX-License-Identifier: Apache-2.0
// Whether a log entry names the very certificate or key that signed, and whether the log's key counted at that time:
// the library compares signature and digest only, and another key can be made under which the same signature holds.
import { createHash, createPublicKey, X509Certificate as NodeCertificate } from 'node:crypto';
import type { Bundle, TransparencyLogEntry } from '@sigstore/bundle';
import { at } from '../../core/attestations/untrusted.ts';
import type { Refusal } from './prepare.ts';
import type { LoadedRoot } from './root.ts';
import { parseStrictJson } from './strict-json.ts';

/** Who signed: the certificate in DER where there is one, and the key's SubjectPublicKeyInfo in DER. */
export interface Holder {
  readonly certificate: Buffer | null;
  readonly key: Buffer;
}

/** Null where the entry is by `holder` and its log's key was valid at one of `times` (ISO), if any are known. */
export function entryFault(
  entry: TransparencyLogEntry,
  holder: Holder,
  logs: LoadedRoot['material']['tlogs'],
  times: readonly string[],
): Refusal | null {
  if (!agreesWithCheckpoint(entry))
    return { code: 'log-inclusion', detail: 'the entry says something else than the log signed' };
  const named = verifierOf(entry);
  if (named === null) return { code: 'log-body', detail: 'the entry does not say who signed' };
  const same =
    named.certificate !== null && holder.certificate !== null
      ? named.certificate.equals(holder.certificate)
      : named.key.equals(holder.key);
  if (!same) return { code: 'log-body', detail: 'the entry names another certificate or key' };
  const valid = logs.some(
    ({ logID, validFor }) =>
      logID.equals(entry.logId.keyId) &&
      (times.length === 0 || times.some((time) => validFor.start <= new Date(time) && new Date(time) <= validFor.end)),
  );
  return valid ? null : { code: 'log-not-valid', detail: 'the key of the log was not valid at that time' };
}

/**
 * Null where an entry of the kind intoto 0.0.1 is about this envelope: it names the hash of the envelope as it was sent,
 * signature included, and that of its payload (rekor-types, intoto 0.0.1).
 */
export function oldBodyFault(entry: TransparencyLogEntry, envelope: Uint8Array, bundle: Bundle): string | null {
  const body = parseStrictJson(entry.canonicalizedBody);
  if (!body.ok || bundle.content.$case !== 'dsseEnvelope') return 'the entry is not whole';
  const names = (place: string, bytes: Uint8Array): boolean =>
    walk(body.value, ['spec', 'content', place, 'algorithm']) === 'sha256' &&
    walk(body.value, ['spec', 'content', place, 'value']) === createHash('sha256').update(bytes).digest('hex');
  if (!names('hash', envelope)) return 'the entry is about another envelope';
  return names('payloadHash', bundle.content.dsseEnvelope.payload) ? null : 'the entry is about another payload';
}

/** A signed note as logs write it (C2SP signed-note): text, an empty line, a line for each signature. */
const NOTE = /^(?:[^\n]+\n)+\n(?:\u2014 [^ \n]+ [A-Za-z0-9+/]+={0,2}\n)+$/;
/** Rekor v2, which has one tree and gives no time. */
const SECOND_KINDS: readonly string[] = ['hashedrekord 0.0.2', 'dsse 0.0.2'];

/**
 * False where an entry of the kind dsse 0.0.1 names another envelope than the one that was found by itself: a bundle holds
 * its envelope in another form than the one that was logged, a layer holds that very one. Cosign asks for it, too.
 */
export function namesEnvelope(entry: TransparencyLogEntry, envelope: Uint8Array): boolean {
  if (`${entry.kindVersion.kind} ${entry.kindVersion.version}` !== 'dsse 0.0.1') return true;
  const body = parseStrictJson(entry.canonicalizedBody);
  return (
    body.ok &&
    walk(body.value, ['spec', 'envelopeHash', 'algorithm']) === 'sha256' &&
    walk(body.value, ['spec', 'envelopeHash', 'value']) === createHash('sha256').update(envelope).digest('hex')
  );
}

/** What stands beside a proof has to be what the log signed; the library reads only the latter. */
function agreesWithCheckpoint(entry: TransparencyLogEntry): boolean {
  const { inclusionProof: proof, kindVersion, inclusionPromise } = entry;
  if (proof?.checkpoint === undefined) return true;
  const { envelope } = proof.checkpoint;
  const [, size = '', root = ''] = envelope.split('\n');
  if (!NOTE.test(envelope) || proof.treeSize !== size || !proof.rootHash.equals(Buffer.from(root, 'base64')))
    return false;
  if (!SECOND_KINDS.includes(`${kindVersion.kind} ${kindVersion.version}`) || inclusionPromise !== undefined)
    return true;
  return BigInt(entry.logIndex) === BigInt(proof.logIndex) && Number(entry.integratedTime) === 0;
}

/** Where each kind of entry says who signed (rekor-types 0.0.1 and 0.0.2, rekor v2). */
const PLACES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'hashedrekord 0.0.1': [['spec', 'signature', 'publicKey', 'content']],
  'dsse 0.0.1': [['spec', 'signatures', '0', 'verifier']],
  'intoto 0.0.1': [['spec', 'publicKey']],
  'intoto 0.0.2': [['spec', 'content', 'envelope', 'signatures', '0', 'publicKey']],
  'hashedrekord 0.0.2': [
    ['spec', 'hashedRekordV002', 'signature', 'verifier', 'x509Certificate', 'rawBytes'],
    ['spec', 'hashedRekordV002', 'signature', 'verifier', 'publicKey', 'rawBytes'],
  ],
  'dsse 0.0.2': [
    ['spec', 'dsseV002', 'signatures', '0', 'verifier', 'x509Certificate', 'rawBytes'],
    ['spec', 'dsseV002', 'signatures', '0', 'verifier', 'publicKey', 'rawBytes'],
  ],
};

function verifierOf({ canonicalizedBody, kindVersion: { kind, version } }: TransparencyLogEntry): Holder | null {
  const body = parseStrictJson(canonicalizedBody);
  if (!body.ok) return null;
  for (const place of PLACES[`${kind} ${version}`] ?? []) {
    const written = walk(body.value, place);
    if (typeof written === 'string') return holderOf(Buffer.from(written, 'base64'));
  }
  return null;
}

function walk(value: unknown, place: readonly string[]): unknown {
  let here = value;
  for (const key of place) here = Array.isArray(here) ? here[Number(key)] : at(here, key);
  return here;
}

/** A certificate or a public key, in PEM or DER. */
function holderOf(bytes: Buffer): Holder | null {
  const isPem = bytes.subarray(0, 10).toString('latin1') === '-----BEGIN';
  try {
    const certificate = new NodeCertificate(bytes);
    return { certificate: certificate.raw, key: certificate.publicKey.export({ format: 'der', type: 'spki' }) };
  } catch {
    // Not a certificate, so it has to be a key.
  }
  try {
    const key = createPublicKey(isPem ? bytes.toString('latin1') : { key: bytes, format: 'der', type: 'spki' });
    return { certificate: null, key: key.export({ format: 'der', type: 'spki' }) };
  } catch {
    return null;
  }
}
