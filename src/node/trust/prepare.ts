// SPDX-License-Identifier: Apache-2.0
// Brings everything signed into one form, a sigstore bundle, before anything of it is believed.
import { X509Certificate as NodeCertificate, createHash } from 'node:crypto';
import { bundleFromJSON, type Bundle } from '@sigstore/bundle';
import { X509Certificate } from '@sigstore/core';
import * as z from 'zod/mini';
import type { JudgementCode } from '../../core/attestations/codes.ts';
import type { EvidenceItem } from '../../core/attestations/model.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { isBase64 } from './base64.ts';
import { bundleTypesSchema, excessOf } from './bundle-types.ts';
import { isUnambiguous } from './signer.ts';
import { parseStrictJson } from './strict-json.ts';

/** Something signed, ready to be checked. */
export interface Prepared {
  readonly bundle: Bundle;
  /** Null where a key signed it. */
  readonly certificate: X509Certificate | null;
  /** What the signature of a message is over: known where the message itself was found (legacy layers). */
  readonly message: Uint8Array | null;
  /** Bytes of the envelope where it was found by itself; a bundle holds it in another form than the one that was logged. */
  readonly envelope: Uint8Array | null;
}

export interface Refusal {
  readonly code: JudgementCode;
  readonly detail: string;
}

const refuse = (code: JudgementCode, detail: string): Result<never, Refusal> => err({ code, detail });

/** Values of a bundle's own JSON; what it signs is one of them. */
const MAX_VALUES = 500_000;
const record = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const VERSIONS = new Set([
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
]);

/** A sigstore bundle of version 0.1 to 0.3, by its own JSON. */
export function prepareBundle(bytes: Uint8Array): Result<Prepared, Refusal> {
  const json = parseStrictJson(bytes, MAX_VALUES);
  if (!json.ok) return refuse(json.error, 'the bundle');
  if (!record(json.value)) return refuse('bundle-malformed', 'it is no JSON object');
  const version = json.value['mediaType'];
  if (typeof version !== 'string') return refuse('bundle-malformed', 'it has no media type');
  if (!VERSIONS.has(version)) return refuse('bundle-version-unsupported', version.slice(0, 100));
  const envelope = json.value['dsseEnvelope'];
  if (record(envelope) && Array.isArray(envelope['signatures']) && envelope['signatures'].length !== 1)
    return refuse('signature-count', `it has ${envelope['signatures'].length}`);
  const excess = excessOf(json.value);
  if (excess !== null) return refuse('bundle-malformed', `it has too many ${excess}`);
  return fromJson(json.value, NEITHER);
}

type Bytes = Pick<Prepared, 'message' | 'envelope'>;
const NEITHER: Bytes = { message: null, envelope: null };

/** `json` may be anything: its types are told here, for what the older form was made into as well. */
function fromJson(json: Record<string, unknown>, bytes: Bytes): Result<Prepared, Refusal> {
  const types = bundleTypesSchema.safeParse(json);
  if (!types.success) {
    const [issue] = types.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    return refuse(
      'bundle-malformed',
      `${[...(issue?.path ?? []), ...unknown].join('.').slice(0, 200)} is not as it has to be`,
    );
  }
  const material = json['verificationMaterial'];
  if (record(material)) {
    const several = ['publicKey', 'x509CertificateChain', 'certificate'].filter((key) => material[key] !== undefined);
    if (several.length !== 1) return refuse('bundle-malformed', 'it has to have one certificate or one key');
  }
  // One certificate alone came with 0.3, which has no chain; the library checks the second half only.
  if (record(material) && material['certificate'] !== undefined && /version=0\.[12]$/.test(String(json['mediaType'])))
    return refuse('bundle-malformed', 'its version has a chain of certificates');
  if ((json['dsseEnvelope'] === undefined) === (json['messageSignature'] === undefined))
    return refuse('bundle-malformed', 'it has to have one envelope or one message signature');
  let bundle: Bundle;
  try {
    bundle = bundleFromJSON(json);
  } catch (error) {
    return refuse('bundle-malformed', error instanceof Error ? error.message : String(error));
  }
  const entries = bundle.verificationMaterial.tlogEntries;
  // The library asks for it from 0.2 on, and reads it wherever there is a proof.
  if (entries.some(({ inclusionProof }) => inclusionProof !== undefined && inclusionProof.checkpoint === undefined))
    return refuse('bundle-malformed', 'a proof of inclusion has no checkpoint');
  // Told before the times that they give are compared: the entry is what stands twice.
  const ids = entries.map(
    ({ logId, canonicalizedBody }) => `${logId?.keyId.toString('hex')} ${canonicalizedBody.toString('hex')}`,
  );
  if (new Set(ids).size < ids.length) return refuse('log-duplicate', 'in the bundle');
  const content = bundle.verificationMaterial.content;
  if (content.$case === 'publicKey') return ok({ bundle, certificate: null, ...bytes });
  const chain = content.$case === 'certificate' ? [content.certificate] : content.x509CertificateChain.certificates;
  const read = chain.map(({ rawBytes }) => parseCertificate(rawBytes));
  const [leaf, ...others] = read;
  if (leaf === undefined || leaf === null || others.includes(null))
    return refuse('certificate-malformed', 'it is no X.509 certificate in DER');
  if (read.some((each) => each !== null && each.subject.equals(each.issuer)))
    return refuse('chain-holds-root', 'a certificate of it is its own issuer');
  return ok({ bundle, certificate: leaf, ...bytes });
}

function parseCertificate(bytes: Uint8Array): X509Certificate | null {
  try {
    // Two readers have to agree that these bytes, and no more, are a certificate.
    const raw = Buffer.from(bytes);
    if (!new NodeCertificate(raw).raw.equals(raw)) return null;
    const certificate = X509Certificate.parse(raw);
    return isUnambiguous(certificate) ? certificate : null;
  } catch {
    return null;
  }
}

const encoded = z.string().check(z.refine(isBase64));
/** Other members are refused: Go, in which Cosign is written, takes `payload` for `Payload`. */
const logSchema = z.strictObject({
  SignedEntryTimestamp: encoded,
  Payload: z.strictObject({
    body: encoded,
    integratedTime: z.int().check(z.minimum(0)),
    logIndex: z.int().check(z.minimum(0)),
    logID: z.string().check(z.regex(/^[0-9a-f]{2,128}$/)),
  }),
});
const bodySchema = z.object({ kind: z.string(), apiVersion: z.string() });
const timestampSchema = z.strictObject({ SignedRFC3161Timestamp: encoded });
/** What else stands in an envelope is to be ignored, by DSSE's envelope.md. */
const envelopeSchema = z.object({
  payload: encoded,
  payloadType: z.string(),
  signatures: z.array(z.object({ sig: encoded, keyid: z.optional(z.nullable(z.string())) })),
});

/**
 * Cosign's older form: a layer whose annotations hold signature, certificate, log entry and timestamp
 * (`dev.cosignproject.cosign/signature`, `dev.sigstore.cosign/*`). Its chain annotation proves nothing and is not read.
 */
export function prepareLegacy(item: EvidenceItem, bytes: Uint8Array): Result<Prepared, Refusal> {
  const { annotations } = item;
  const broken = (name: string): Result<never, Refusal> => refuse('annotations-malformed', `its ${name} is not whole`);
  const json = (name: string): unknown => {
    const text = annotations[name];
    if (text === undefined || text === '') return undefined;
    const read = parseStrictJson(Buffer.from(text, 'utf8'), MAX_VALUES);
    return read.ok ? read.value : null;
  };
  const log = json('dev.sigstore.cosign/bundle');
  const logged = log === undefined ? null : logSchema.safeParse(log);
  if (logged?.success === false) return broken('log entry');
  const stamp = json('dev.sigstore.cosign/rfc3161timestamp');
  const stamped = stamp === undefined ? null : timestampSchema.safeParse(stamp);
  if (stamped?.success === false) return broken('timestamp');
  const entries: unknown[] = [];
  if (logged !== null) {
    const { body, integratedTime, logIndex, logID } = logged.data.Payload;
    const said = parseStrictJson(Buffer.from(body, 'base64'));
    const kind = said.ok ? bodySchema.safeParse(said.value) : null;
    if (kind?.success !== true) return broken('log entry');
    entries.push({
      logIndex: String(logIndex),
      logId: { keyId: Buffer.from(logID, 'hex').toString('base64') },
      kindVersion: { kind: kind.data.kind, version: kind.data.apiVersion },
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: logged.data.SignedEntryTimestamp },
      canonicalizedBody: body,
    });
  }
  const pem = annotations['dev.sigstore.cosign/certificate'] ?? '';
  let holder: Record<string, unknown> = { publicKey: { hint: '' } };
  if (pem !== '') {
    const [, body = ''] = /^\s*-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----\s*$/.exec(pem) ?? [];
    const rawBytes = body.replace(/\s+/g, '');
    if (rawBytes === '' || !isBase64(rawBytes))
      return refuse('certificate-malformed', 'it is not one X.509 certificate in PEM');
    holder = { x509CertificateChain: { certificates: [{ rawBytes }] } };
  }
  const material = {
    ...holder,
    tlogEntries: entries,
    ...(stamped === null
      ? {}
      : {
          timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: stamped.data.SignedRFC3161Timestamp }] },
        }),
  };
  const common = {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: material,
  };
  if (item.kind !== 'legacy-signature') {
    const envelope = readEnvelope(bytes);
    return envelope.ok
      ? fromJson({ ...common, dsseEnvelope: envelope.value }, { message: null, envelope: bytes })
      : envelope;
  }
  const signature = annotations['dev.cosignproject.cosign/signature'] ?? '';
  if (signature === '' || !isBase64(signature)) return broken('signature');
  const digest = createHash('sha256').update(bytes).digest('base64');
  const messageSignature = { messageDigest: { algorithm: 'SHA2_256', digest }, signature };
  return fromJson({ ...common, messageSignature }, { message: bytes, envelope: null });
}

/** A DSSE envelope by itself: signed with a key, which it may name. */
export function prepareEnvelope(bytes: Uint8Array): Result<Prepared, Refusal> {
  const envelope = readEnvelope(bytes);
  if (!envelope.ok) return envelope;
  return fromJson(
    {
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
      verificationMaterial: { publicKey: { hint: '' }, tlogEntries: [] },
      dsseEnvelope: envelope.value,
    },
    { message: null, envelope: bytes },
  );
}

function readEnvelope(bytes: Uint8Array): Result<z.infer<typeof envelopeSchema>, Refusal> {
  const json = parseStrictJson(bytes);
  if (!json.ok) return refuse(json.error, 'the envelope');
  const signatures = record(json.value) ? json.value['signatures'] : null;
  if (Array.isArray(signatures) && signatures.length !== 1)
    return refuse('signature-count', `it has ${signatures.length}`);
  const envelope = envelopeSchema.safeParse(json.value);
  if (!envelope.success)
    return refuse('envelope-malformed', 'it has to have payload, payloadType and signatures, in base64');
  return ok(envelope.data);
}
