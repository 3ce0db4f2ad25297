// SPDX-License-Identifier: Apache-2.0
// A part of what was found, as a document that a person reads. Strangers wrote it: nothing of it is believed, and nothing
// of it is more than text.
import { CERTIFICATE_ANNOTATION, type RawDocument, type RawEvidence } from '../../core/evidence/raw.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { RawPart } from '../../core/model/raw-part.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { indentJson } from '../../core/text/indent-json.ts';
import { exactText } from '../exact-text.ts';
import { certificateText } from './certificate-text.ts';

/** Characters of the largest document that VS Code opens for an extension (its limit for models that are synchronised). */
export const MAX_DOCUMENT = 50 * 1024 * 1024;
/** Certificates of one bundle that are shown. */
const MAX_CERTIFICATES = 32;

const record = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(exactText(bytes) ?? '');
    return record(value) ? value : {};
  } catch {
    return {};
  }
}

const NAMES: Readonly<Record<RawPart, string>> = {
  bundle: 'What was found',
  statement: 'The statement',
  certificate: 'The certificate',
};

function problem({ digest }: RawEvidence, part: RawPart, why: string, todo: string): Problem {
  return { code: 'bad-input', what: `${NAMES[part]} of ${digest} is not shown`, why, todo };
}

const FETCH = 'Fetch it by its digest, as with crane blob REPOSITORY@DIGEST.';

/** JSON set out in lines, anything else as it is. Bytes that are no text are told as base64. */
function document(evidence: RawEvidence, part: RawPart, bytes: Uint8Array): Result<RawDocument, Problem> {
  const content = exactText(bytes);
  const whole =
    content ?? JSON.stringify({ note: 'This is no text in UTF-8.', base64: Buffer.from(bytes).toString('base64') });
  if (whole.length > MAX_DOCUMENT) {
    const size = `${Math.ceil(whole.length / 1024 / 1024)} MiB`;
    return err({
      ...problem(evidence, part, `it has ${size}, and VS Code opens no document over 50 MiB`, FETCH),
      code: 'too-large',
    });
  }
  return ok({ form: 'json', text: indentJson(whole, MAX_DOCUMENT - 1) ?? whole });
}

/** A layer of Cosign's older form means nothing without its annotations: both in one document, which says so. */
function layer(evidence: RawEvidence): Uint8Array {
  const { mediaType, digest, annotations, bytes } = evidence;
  const payload = exactText(bytes);
  let json = JSON.stringify(payload ?? Buffer.from(bytes).toString('base64'));
  try {
    if (payload !== null) {
      JSON.parse(payload);
      json = payload;
    }
  } catch {
    // No JSON: it stands there as text.
  }
  const note =
    'A layer of the older form of Cosign. Its signature, certificate and log entry stand in the annotations of its manifest; Waybill has put both together here.';
  const head = JSON.stringify({ note, mediaType, digest, annotations }).slice(0, -1);
  return Buffer.from(`${head},"payload":${json}}`);
}

function payloadOf(envelope: Readonly<Record<string, unknown>>): Uint8Array | null {
  const payload = text(envelope['payload']);
  return payload === null ? null : Buffer.from(payload, 'base64');
}

function statementBytes({ kind, bytes }: RawEvidence): Uint8Array | null {
  switch (kind) {
    case 'legacy-signature':
    case 'buildkit-statement':
      return bytes;
    case 'in-toto-referrer': {
      const body = parsed(bytes);
      return '_type' in body ? bytes : payloadOf(body);
    }
    case 'legacy-attestation':
      return payloadOf(parsed(bytes));
    case 'bundle': {
      const { dsseEnvelope } = parsed(bytes);
      return record(dsseEnvelope) ? payloadOf(dsseEnvelope) : null;
    }
    case 'unsigned-sbom':
    case 'notation-signature':
    case 'other-referrer':
      return null;
  }
}

/** Certificates as they came, that of the signer first; in DER or PEM. */
function certificates({ kind, bytes, annotations }: RawEvidence): readonly (Buffer | string)[] {
  if (kind !== 'bundle') {
    const pem = annotations[CERTIFICATE_ANNOTATION] ?? '';
    return pem === '' ? [] : [pem];
  }
  const { verificationMaterial } = parsed(bytes);
  if (!record(verificationMaterial)) return [];
  const { certificate, x509CertificateChain } = verificationMaterial;
  const chain = record(x509CertificateChain) ? x509CertificateChain['certificates'] : [];
  return [certificate, ...(Array.isArray(chain) ? chain.slice(0, MAX_CERTIFICATES) : [])].flatMap((each) => {
    const raw = record(each) ? text(each['rawBytes']) : null;
    return raw === null ? [] : [Buffer.from(raw, 'base64')];
  });
}

/** A part of an item as a document; an error says why there is none, and what to do. */
export function rawDocument(evidence: RawEvidence, part: RawPart): Result<RawDocument, Problem> {
  const none = (what: string): Result<never, Problem> => err(problem(evidence, part, what, ''));
  switch (part) {
    case 'bundle': {
      const legacy = evidence.kind === 'legacy-signature' || evidence.kind === 'legacy-attestation';
      return document(evidence, part, legacy ? layer(evidence) : evidence.bytes);
    }
    case 'statement': {
      const bytes = statementBytes(evidence);
      return bytes === null ? none('it has none') : document(evidence, part, bytes);
    }
    case 'certificate': {
      const found = certificates(evidence);
      if (found.length === 0) return none('it has none');
      const texts = found.map((each, index) =>
        found.length === 1 ? certificateText(each) : `${index + 1} of ${found.length}\n${certificateText(each)}`,
      );
      return ok({ form: 'pem', text: `${texts.join('\n\n')}\n` });
    }
  }
}
