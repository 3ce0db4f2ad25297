// SPDX-License-Identifier: Apache-2.0
// What was found beside an image, kept as it was found, so that a person can read it whole.
import type { EvidenceItem } from '../attestations/model.ts';
import type { RawPart } from '../model/raw-part.ts';
import type { ReportItem } from './evidence.ts';

/** Annotation that holds the certificate of Cosign's older form, in PEM. */
export const CERTIFICATE_ANNOTATION = 'dev.sigstore.cosign/certificate';

/** A found item whose bytes are there; still untrusted. */
export interface RawEvidence extends Pick<EvidenceItem, 'kind' | 'digest' | 'mediaType' | 'annotations'> {
  readonly bytes: Uint8Array;
}

const record = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What can be opened of an item, judged by its form alone; `document` are its bytes as JSON, undefined where they are none. */
export function rawParts(
  { kind, annotations }: Pick<EvidenceItem, 'kind' | 'annotations'>,
  document: unknown,
): readonly RawPart[] {
  const annotated: readonly RawPart[] = (annotations[CERTIFICATE_ANNOTATION] ?? '') === '' ? [] : ['certificate'];
  const body = record(document) ? document : {};
  switch (kind) {
    case 'bundle': {
      const material = record(body['verificationMaterial']) ? body['verificationMaterial'] : {};
      const certified = record(material['certificate']) || record(material['x509CertificateChain']);
      return [
        'bundle',
        ...(record(body['dsseEnvelope']) ? (['statement'] as const) : []),
        ...(certified ? (['certificate'] as const) : []),
      ];
    }
    case 'legacy-signature':
    case 'legacy-attestation':
      return ['bundle', 'statement', ...annotated];
    case 'in-toto-referrer':
      return '_type' in body ? ['statement'] : ['bundle', 'statement', ...annotated];
    case 'buildkit-statement':
      return ['statement'];
    case 'unsigned-sbom':
      return ['bundle'];
    case 'notation-signature':
    case 'other-referrer':
      return [];
  }
}

/**
 * What can be opened of an item of a report. Reports of earlier versions kept nothing; what is offered for them leads to
 * a sentence that says so.
 */
export function itemDocuments({ kind, documents }: Pick<ReportItem, 'kind' | 'documents'>): readonly RawPart[] {
  if (documents !== undefined) return documents;
  return kind === 'notation-signature' || kind === 'other-referrer' ? [] : ['bundle'];
}

/** A part of an item as a person reads it. */
export interface RawDocument {
  readonly text: string;
  /** `pem`: text about a certificate above the certificate itself. */
  readonly form: 'json' | 'pem';
}
