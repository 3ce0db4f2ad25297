// SPDX-License-Identifier: Apache-2.0
// A whole Sigstore of the tests, offline: authority, certificate log, transparency logs and timestamps, every key its own.
import { sign as signBytes, X509Certificate, type KeyObject } from 'node:crypto';
import {
  issueLeaf,
  issueRoot,
  issueTimestamping,
  p256Pair,
  pem,
  sha256,
  spki,
  type LeafOptions,
} from './certificate.ts';
import { rekorV1, rekorV2, type Log } from './log.ts';
import { timestamp } from './timestamp.ts';

const HOUR = 3_600_000;
export const IDENTITY = 'https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v4.7.1';
export const ISSUER = 'https://token.actions.githubusercontent.com';
export const STATEMENT_PAYLOAD = 'application/vnd.in-toto+json';
export const BUNDLE_V03 = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export type Content = { readonly payload: Buffer; readonly payloadType: string } | { readonly message: Buffer };

export interface SignOptions {
  readonly content: Content;
  readonly log?: 'v1' | 'v2' | null;
  readonly timestamp?: boolean;
  readonly certificateLog?: boolean;
  /** Signs with this key instead of a certificate. */
  readonly key?: KeyObject;
  readonly leaf?: Partial<Omit<LeafOptions, 'certificateLog'>>;
  /** When log and timestamp say that it was signed. */
  readonly at?: Date;
  /** Of the layer that the log entry names, where it is no bundle's envelope. */
  readonly envelopeBytes?: (signature: string) => Buffer;
  /** Changes what the log is given. */
  readonly entryBody?: (body: unknown) => Record<string, unknown>;
}

type Json = Record<string, unknown>;

export interface Authority {
  readonly trustedRoot: Json;
  /** A bundle 0.3 as JSON. */
  sign(options: SignOptions): Json;
  /** Another certificate for the key and the identity of this one, both in base64. */
  reissue(certificate: string): string;
  readonly chain: string;
}

/** DSSE's pre-authentication encoding (protocol.md of secure-systems-lab/dsse, 1.0.2). */
export const pae = (type: string, payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A new authority at the hour `now`. `organisation` stands in the issuer's name of every certificate. */
export function createAuthority({
  now,
  organisation = 'sigstore.test',
  host = 'sigstore.test',
}: {
  readonly now: Date;
  readonly organisation?: string;
  readonly host?: string;
}): Authority {
  const start = new Date(now.getTime() - 24 * HOUR);
  const end = new Date(now.getTime() + 24 * 365 * HOUR);
  const root = issueRoot({ organisation, commonName: 'signing' }, start, end);
  const stampRoot = issueRoot({ organisation, commonName: 'timestamps' }, start, end);
  const stampLeaf = issueTimestamping(stampRoot, { organisation, commonName: 'timestamping' }, start, end);
  const certificateLog = p256Pair();
  const logs = { v1: rekorV1(`rekor.${host}`), v2: rekorV2(`rekor2.${host}`) };
  const validFor = { start: start.toISOString() };
  const log = (url: string, key: KeyObject, keyDetails: string, keyId: Buffer): Json => ({
    ...{ baseUrl: url, hashAlgorithm: 'SHA2_256', logId: { keyId: base64(keyId) } },
    publicKey: { rawBytes: base64(spki(key)), keyDetails, validFor },
  });
  const known = ({ url, publicKey, keyDetails, keyId }: Log): Json => log(url, publicKey, keyDetails, keyId);
  const ca = (certificates: readonly Buffer[]): Json => ({
    ...{ subject: { organization: organisation, commonName: 'test' }, uri: `https://${host}`, validFor },
    certChain: { certificates: certificates.map((each) => ({ rawBytes: base64(each) })) },
  });
  const ctKey = certificateLog.publicKey;
  const leafOptions = (key: KeyObject, at: Date, sct: boolean): LeafOptions => ({
    ...{ key, from: new Date(at.getTime() - 60_000), until: new Date(at.getTime() + 540_000) },
    ...{ identities: [IDENTITY], issuer: ISSUER, claims: {}, usage: 'code-signing' },
    certificateLog: sct ? { pair: certificateLog, time: at } : null,
  });
  return {
    chain: pem('CERTIFICATE', root.certificate),
    trustedRoot: {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [known(logs.v1), known(logs.v2)],
      certificateAuthorities: [ca([root.certificate])],
      ctlogs: [log(`https://ct.${host}`, ctKey, 'PKIX_ECDSA_P256_SHA_256', sha256(spki(ctKey)))],
      timestampAuthorities: [ca([stampLeaf.certificate, stampRoot.certificate])],
    },
    reissue: (certificate) => {
      const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
      return base64(issueLeaf(root, leafOptions(publicKey, now, true)));
    },
    sign: (options) => {
      const { content, log: which = 'v1', certificateLog: wantsLog = true, at = now } = options;
      const pair = p256Pair();
      const key = options.key ?? pair.privateKey;
      const data = 'message' in content ? content.message : pae(content.payloadType, content.payload);
      const signature = signBytes('sha256', data, key);
      const leaf =
        options.key === undefined
          ? issueLeaf(root, { ...leafOptions(pair.publicKey, at, wantsLog), ...options.leaf })
          : null;
      const verifier =
        leaf === null ? { kind: 'key' as const, der: spki(key) } : { kind: 'certificate' as const, der: leaf };
      const logged = {
        ...{ signature, digest: sha256(data), verifier },
        envelope: 'message' in content ? null : content,
        ...(options.entryBody === undefined ? {} : { entryBody: options.entryBody }),
        ...(options.envelopeBytes === undefined ? {} : { envelopeBytes: options.envelopeBytes(base64(signature)) }),
      };
      const stamped = options.timestamp ?? which === 'v2';
      const stamps = stamped ? [timestamp({ root: stampRoot, leaf: stampLeaf }, signature, at)] : [];
      return {
        mediaType: BUNDLE_V03,
        verificationMaterial: {
          ...(leaf === null
            ? { publicKey: { hint: base64(sha256(spki(key))) } }
            : { certificate: { rawBytes: base64(leaf) } }),
          tlogEntries: which === null ? [] : [logs[which].entry(logged, at)],
          ...(stamps.length === 0
            ? {}
            : {
                timestampVerificationData: { rfc3161Timestamps: stamps.map((s) => ({ signedTimestamp: base64(s) })) },
              }),
        },
        ...('message' in content
          ? {
              messageSignature: {
                messageDigest: { algorithm: 'SHA2_256', digest: base64(sha256(content.message)) },
                signature: base64(signature),
              },
            }
          : {
              dsseEnvelope: {
                ...{ payload: base64(content.payload), payloadType: content.payloadType },
                signatures: [{ sig: base64(signature) }],
              },
            }),
      };
    },
  };
}
