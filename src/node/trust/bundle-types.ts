// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { isBase64 } from './base64.ts';

/** Log entries, timestamps or certificates of one bundle. */
const MAX_ENTRIES = 32;
/** Hashes of a proof: one for each level of a tree with 2^64 leaves. */
const MAX_HASHES = 64;
/** Bytes in base64 of a certificate or a timestamp; Fulcio's and GitHub's have a few thousand. */
const MAX_DER = 100_000;
/** Characters of a checkpoint: three lines and the signatures of log and witnesses, each of which costs a check. */
const MAX_CHECKPOINT = 32_768;

const optionalText = z.optional(z.nullable(z.string()));
/** 64-bit numbers are texts in the JSON of protocol buffers; some writers leave zeros out or write numbers. */
const whole = z.optional(
  z.nullable(z.union([z.string().check(z.regex(/^(?:0|[1-9]\d{0,18})$/)), z.int().check(z.minimum(0))])),
);
const base64 = z.string().check(z.refine(isBase64));
const der = z.string().check(z.maxLength(MAX_DER), z.refine(isBase64));
const bytesSchema = z.optional(z.nullable(z.strictObject({ rawBytes: der })));

/**
 * Types of what is read: the library takes anything for anything, reads a text as an empty list, and skips members that it
 * does not know, among them those that are spelled as in the protocol buffers, which other readers take for the same.
 */
export const bundleTypesSchema = z.strictObject({
  mediaType: z.string(),
  verificationMaterial: z.strictObject({
    publicKey: z.optional(z.nullable(z.strictObject({ hint: optionalText }))),
    certificate: bytesSchema,
    x509CertificateChain: z.optional(
      z.nullable(z.strictObject({ certificates: z.array(z.strictObject({ rawBytes: der })) })),
    ),
    tlogEntries: z.optional(
      z.nullable(
        z.array(
          z.strictObject({
            logIndex: whole,
            logId: z.strictObject({ keyId: base64 }),
            kindVersion: z.strictObject({ kind: z.string(), version: z.string() }),
            integratedTime: whole,
            inclusionPromise: z.optional(z.nullable(z.strictObject({ signedEntryTimestamp: base64 }))),
            inclusionProof: z.optional(
              z.nullable(
                z.strictObject({
                  ...{
                    logIndex: whole,
                    treeSize: whole,
                    rootHash: base64,
                    hashes: z.optional(z.nullable(z.array(base64))),
                  },
                  checkpoint: z.optional(
                    z.nullable(z.strictObject({ envelope: z.string().check(z.maxLength(MAX_CHECKPOINT)) })),
                  ),
                }),
              ),
            ),
            canonicalizedBody: base64,
          }),
        ),
      ),
    ),
    timestampVerificationData: z.optional(
      z.nullable(
        z.strictObject({
          rfc3161Timestamps: z.optional(z.nullable(z.array(z.strictObject({ signedTimestamp: der })))),
        }),
      ),
    ),
  }),
  messageSignature: z.optional(
    z.nullable(
      z.strictObject({
        messageDigest: z.strictObject({
          algorithm: z.optional(z.nullable(z.union([z.string(), z.int()]))),
          digest: base64,
        }),
        signature: base64,
      }),
    ),
  ),
  dsseEnvelope: z.optional(
    z.nullable(
      z.strictObject({
        ...{ payload: base64, payloadType: z.string() },
        signatures: z.array(z.strictObject({ sig: base64, keyid: optionalText })),
      }),
    ),
  ),
});

const inside = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null && key in here ? (here as Record<string, unknown>)[key] : null,
    value,
  );
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** What a bundle holds more of than anybody needs; told before its values are looked at one by one. */
export function excessOf(bundle: unknown): string | null {
  const material = inside(bundle, 'verificationMaterial');
  const entries = inside(material, 'tlogEntries');
  if (lengthOf(entries) > MAX_ENTRIES) return 'log entries';
  if (lengthOf(inside(material, 'timestampVerificationData', 'rfc3161Timestamps')) > MAX_ENTRIES) return 'timestamps';
  if (lengthOf(inside(material, 'x509CertificateChain', 'certificates')) > MAX_ENTRIES) return 'certificates';
  const proofs = Array.isArray(entries) ? entries : [];
  if (proofs.some((each) => lengthOf(inside(each, 'inclusionProof', 'hashes')) > MAX_HASHES))
    return 'hashes of a proof';
  return null;
}
