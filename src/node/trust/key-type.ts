// SPDX-License-Identifier: Apache-2.0
// Keys, by their own bytes: libraries differ in which they can read at all, and the answer must not.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { ASN1Obj } from '@sigstore/core';
import type { JudgementCode } from '../../core/attestations/codes.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { isBase64 } from './base64.ts';

interface Fault {
  readonly code: JudgementCode;
  readonly detail: string;
}

/** A key that can be checked with; an error says why it cannot. */
export type ReadKey = Result<KeyObject, Fault>;

/** A key that a person named: its SubjectPublicKeyInfo in DER, also where it is of a type that cannot be checked with. */
export interface NamedKey {
  readonly spki: Buffer;
  readonly key: ReadKey;
}

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const P256 = '1.2.840.10045.3.1.7';
/** Types that are told by name: RFC 5480 (2.1.1), RFC 8410 (3), RFC 8017 (A.2), RFC 3279 (2.3.2), SEC 2 (A.2). */
const NAMES: Readonly<Record<string, string>> = {
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.10': 'secp256k1',
  '1.3.101.110': 'X25519',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.10040.4.1': 'DSA',
};

/** Bits; shorter RSA keys are refused by FIPS 186-5 (5.1) and by Cosign alike. */
const MIN_RSA_BITS = 2048;

/** A SubjectPublicKeyInfo in DER; `unreadable` is the code for what is none. */
export function readSpki(der: Buffer, unreadable: JudgementCode): ReadKey {
  const type = typeOf(der);
  if (type === null) return err({ code: unreadable, detail: 'its key cannot be read' });
  if (type !== RSA && type !== P256) return err({ code: 'key-type-unsupported', detail: NAMES[type] ?? type });
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (type === RSA && bits < MIN_RSA_BITS)
      return err({ code: 'key-type-unsupported', detail: `RSA of ${bits} bits` });
    return ok(key);
  } catch {
    return err({ code: unreadable, detail: 'its key cannot be read' });
  }
}

/** Number of the curve for elliptic curves, of the algorithm for all others; null where it is no key. */
function typeOf(der: Buffer): string | null {
  try {
    const [algorithm, bits, ...more] = ASN1Obj.parseBuffer(Buffer.from(der)).subs;
    const [id, curve] = algorithm?.subs ?? [];
    if (id === undefined || bits === undefined || more.length > 0 || !bits.tag.isBitString()) return null;
    return id.toOID() === EC ? (curve?.toOID() ?? null) : id.toOID();
  } catch {
    return null;
  }
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/;
/** Characters of a file with a key; RSA keys of 16384 bits have 3,000. */
const MAX_PEM = 65_536;

/** The one public key of a PEM file that a person named; text around it is a comment. */
export function readKeyPem(pem: string, name: string): Result<NamedKey, Fault> {
  const refuse = (why: string): Result<NamedKey, Fault> => err({ code: 'key-unreadable', detail: `${name} ${why}` });
  if (pem.length > MAX_PEM) return refuse('is larger than a key');
  // A private key would give its public half: nobody should have to hand one over.
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(pem)) return refuse('holds a private key');
  if (/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(pem))
    return refuse('holds a certificate, whose issuer and end of validity a key does not say');
  if ((pem.match(/-----BEGIN /g)?.length ?? 0) > 1) return refuse('holds several keys');
  const [, label, body = ''] = BLOCK.exec(pem) ?? [];
  const text = body.replace(/\s+/g, '');
  if (label === undefined || text === '' || !isBase64(text)) return refuse('holds no key in PEM');
  const spki = spkiOf(label, Buffer.from(text, 'base64'));
  if (spki === null) return refuse('holds no public key');
  const key = readSpki(spki, 'key-unreadable');
  if (!key.ok) return key.error.code === 'key-unreadable' ? refuse('holds no key that can be read') : ok({ spki, key });
  return ok({ spki: key.value.export({ format: 'der', type: 'spki' }), key });
}

/** Null for another label than that of a public key, and for RSA's own form where that cannot be read. */
function spkiOf(label: string, der: Buffer): Buffer | null {
  if (label === 'PUBLIC KEY') return der;
  if (label !== 'RSA PUBLIC KEY') return null;
  try {
    return createPublicKey({ key: der, format: 'der', type: 'pkcs1' }).export({ format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
