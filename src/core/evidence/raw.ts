// SPDX-License-Identifier: Apache-2.0
// What was found beside an image, kept as it was found, so that a person can read it whole.
import type { EvidenceItem } from '../attestations/model.ts';

/**
 * What can be opened of a found item. `bundle`: what was found itself, a layer of Cosign's older form together with its
 * annotations; `statement`: what was signed, or the bare statement; `certificate`: that of whoever signed.
 */
export const RAW_PARTS = ['bundle', 'statement', 'certificate'] as const;
export type RawPart = (typeof RAW_PARTS)[number];

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

/** A part of an item as a person reads it. */
export interface RawDocument {
  readonly text: string;
  /** `pem`: text about a certificate above the certificate itself. */
  readonly form: 'json' | 'pem';
}
