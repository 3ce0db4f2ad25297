// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';

const optionalText = z.optional(z.nullable(z.string()));
/** 64-bit numbers are texts in the JSON of protocol buffers; some writers leave zeros out or write numbers. */
const whole = z.optional(z.nullable(z.union([z.string().check(z.regex(/^\d{1,19}$/)), z.int().check(z.minimum(0))])));
const bytesSchema = z.optional(z.nullable(z.object({ rawBytes: z.string() })));
/** Types of what is read: the library takes anything for anything, and reads a text as an empty list. */
export const bundleTypesSchema = z.object({
  verificationMaterial: z.object({
    publicKey: z.optional(z.nullable(z.object({ hint: optionalText }))),
    certificate: bytesSchema,
    x509CertificateChain: z.optional(
      z.nullable(z.object({ certificates: z.array(z.object({ rawBytes: z.string() })) })),
    ),
    tlogEntries: z.optional(
      z.nullable(
        z.array(
          z.object({
            logIndex: whole,
            logId: z.object({ keyId: z.string() }),
            kindVersion: z.object({ kind: z.string(), version: z.string() }),
            integratedTime: whole,
            inclusionPromise: z.optional(z.nullable(z.object({ signedEntryTimestamp: z.string() }))),
            inclusionProof: z.optional(
              z.nullable(
                z.object({
                  ...{
                    logIndex: whole,
                    treeSize: whole,
                    rootHash: z.string(),
                    hashes: z.optional(z.nullable(z.array(z.string()))),
                  },
                  checkpoint: z.optional(z.nullable(z.object({ envelope: z.string() }))),
                }),
              ),
            ),
            canonicalizedBody: z.string(),
          }),
        ),
      ),
    ),
    timestampVerificationData: z.optional(
      z.nullable(
        z.object({ rfc3161Timestamps: z.optional(z.nullable(z.array(z.object({ signedTimestamp: z.string() })))) }),
      ),
    ),
  }),
  messageSignature: z.optional(
    z.nullable(
      z.object({
        messageDigest: z.object({
          algorithm: z.optional(z.nullable(z.union([z.string(), z.int()]))),
          digest: z.string(),
        }),
        signature: z.string(),
      }),
    ),
  ),
  dsseEnvelope: z.optional(
    z.nullable(
      z.object({
        ...{ payload: z.string(), payloadType: z.string() },
        signatures: z.array(z.object({ sig: z.string(), keyid: optionalText })),
      }),
    ),
  ),
});
