// SPDX-License-Identifier: Apache-2.0
// Transparency logs: Rekor v1 (a promise with a time, and a proof) and v2 (a proof only, signed with Ed25519).
import { generateKeyPairSync, randomInt, sign, type KeyObject } from 'node:crypto';
import { p256Pair, pem, sha256, spki, type Pair } from './certificate.ts';

/** JSON with sorted keys, as RFC 8785 has it for what these entries hold. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** What an entry is about; `certificate` or `key` says who signed. */
export interface Logged {
  readonly signature: Buffer;
  /** SHA-256 of what was signed: the message, or the envelope's PAE. */
  readonly digest: Buffer;
  readonly envelope: { readonly payload: Buffer; readonly payloadType: string } | null;
  readonly verifier: { readonly kind: 'certificate' | 'key'; readonly der: Buffer };
  /** Bytes of the envelope whose hash a `dsse` entry holds; Cosign compares it for layers. */
  readonly envelopeBytes?: Buffer;
  /** Changes what the log is given, before it signs it. */
  readonly entryBody?: (body: unknown) => Record<string, unknown>;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const pemOf = ({ kind, der }: Logged['verifier']): Buffer =>
  Buffer.from(pem(kind === 'certificate' ? 'CERTIFICATE' : 'PUBLIC KEY', der));

export interface Log {
  readonly url: string;
  readonly publicKey: KeyObject;
  readonly keyId: Buffer;
  readonly keyDetails: string;
  entry(logged: Logged, time: Date): Record<string, unknown>;
}

/** Root of a tree with `before` other leaves in front of the entry, and the entry's proof. */
function treeOf(body: Buffer, before: Buffer | null): { readonly root: Buffer; readonly hashes: Buffer[] } {
  const leaf = sha256(Buffer.from([0]), body);
  if (before === null) return { root: leaf, hashes: [] };
  const other = sha256(Buffer.from([0]), before);
  return { root: sha256(Buffer.from([1]), other, leaf), hashes: [other] };
}

function inclusion(
  body: Buffer,
  origin: string,
  line: (note: string) => Buffer,
  rest: string,
): Record<string, unknown> {
  const { root, hashes } = treeOf(body, Buffer.from('the first entry of this log'));
  const note = `${origin}\n2\n${base64(root)}\n${rest}`;
  const name = origin.split(' ')[0] ?? '';
  return {
    ...{ logIndex: '1', treeSize: '2', rootHash: base64(root), hashes: hashes.map(base64) },
    checkpoint: { envelope: `${note}\n\u2014 ${name} ${base64(line(note))}\n` },
  };
}

function bodyV1({ envelope, signature, digest, verifier, envelopeBytes }: Logged): Record<string, unknown> {
  if (envelope === null) {
    const data = { hash: { algorithm: 'sha256', value: digest.toString('hex') } };
    const content = { content: base64(signature), publicKey: { content: base64(pemOf(verifier)) } };
    return { apiVersion: '0.0.1', kind: 'hashedrekord', ...{ spec: { data, signature: content } } };
  }
  const written =
    envelopeBytes ??
    Buffer.from(
      JSON.stringify({
        payload: base64(envelope.payload),
        payloadType: envelope.payloadType,
        signatures: [{ sig: base64(signature) }],
      }),
    );
  const spec = {
    envelopeHash: { algorithm: 'sha256', value: sha256(written).toString('hex') },
    payloadHash: { algorithm: 'sha256', value: sha256(envelope.payload).toString('hex') },
    signatures: [{ signature: base64(signature), verifier: base64(pemOf(verifier)) }],
  };
  return { apiVersion: '0.0.1', kind: 'dsse', ...{ spec } };
}

export function rekorV1(host: string): Log {
  const pair: Pair = p256Pair();
  const keyId = sha256(spki(pair.publicKey));
  return {
    url: `https://${host}`,
    publicKey: pair.publicKey,
    keyId,
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    entry: (logged, time) => {
      const honest = bodyV1(logged);
      const said = logged.entryBody?.(honest) ?? honest;
      const body = Buffer.from(canonical(said));
      const integratedTime = Math.floor(time.getTime() / 1000);
      const logIndex = randomInt(10_000_000);
      const promise = { body: base64(body), integratedTime, logID: keyId.toString('hex'), logIndex };
      const set = sign('sha256', Buffer.from(canonical(promise)), pair.privateKey);
      const line = (note: string): Buffer =>
        Buffer.concat([keyId.subarray(0, 4), sign('sha256', Buffer.from(note), pair.privateKey)]);
      return {
        ...{ logIndex: String(logIndex), logId: { keyId: base64(keyId) }, integratedTime: String(integratedTime) },
        kindVersion: { kind: said['kind'], version: said['apiVersion'] },
        inclusionPromise: { signedEntryTimestamp: base64(set) },
        inclusionProof: inclusion(body, `${host} - 1234567890`, line, ''),
        canonicalizedBody: base64(body),
      };
    },
  };
}

export function rekorV2(host: string): Log {
  const pair = generateKeyPairSync('ed25519');
  // The key's name in signed notes: its log, a line's end, the algorithm 1, the key (C2SP signed-note).
  const raw = spki(pair.publicKey).subarray(-32);
  const keyId = sha256(Buffer.from(`${host}\n`), Buffer.from([1]), raw);
  return {
    url: `https://${host}`,
    publicKey: pair.publicKey,
    keyId,
    keyDetails: 'PKIX_ED25519',
    entry: ({ signature, digest, verifier, entryBody }) => {
      const holder =
        verifier.kind === 'certificate'
          ? { x509Certificate: { rawBytes: base64(verifier.der) } }
          : { publicKey: { rawBytes: base64(verifier.der) } };
      const spec = {
        hashedRekordV002: {
          data: { algorithm: 'SHA2_256', digest: base64(digest) },
          signature: { content: base64(signature), verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', ...holder } },
        },
      };
      const honest = { apiVersion: '0.0.2', kind: 'hashedrekord', spec };
      const said: Record<string, unknown> = entryBody?.(honest) ?? honest;
      const body = Buffer.from(canonical(said));
      const line = (note: string): Buffer =>
        Buffer.concat([keyId.subarray(0, 4), sign(null, Buffer.from(note), pair.privateKey)]);
      return {
        ...{ logIndex: '1', logId: { keyId: base64(keyId) }, integratedTime: '0' },
        kindVersion: { kind: said['kind'], version: said['apiVersion'] },
        inclusionProof: inclusion(body, host, line, ''),
        canonicalizedBody: base64(body),
      };
    },
  };
}
