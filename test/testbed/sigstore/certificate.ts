// SPDX-License-Identifier: Apache-2.0
// Certificates as Fulcio and a timestamp authority issue them (RFC 5280), with whatever a test wants to be wrong.
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, der, integer, octets, oid, sequence, set, utcTime, utf8, yes } from './der.ts';

export const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A key in DER; one that not every library can make is given as that. */
export const spki = (key: KeyObject | Buffer): Buffer =>
  key instanceof Uint8Array
    ? key
    : (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' });

export interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const p256Pair = (): Pair => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const FULCIO = '1.3.6.1.4.1.57264.1';

export interface Name {
  readonly organisation: string;
  readonly commonName: string;
}

export const nameOf = ({ organisation, commonName }: Name): Buffer =>
  sequence(set(sequence(oid('2.5.4.10'), utf8(organisation))), set(sequence(oid('2.5.4.3'), utf8(commonName))));

export const extension = (id: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value));

interface Body {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly key: KeyObject | Buffer;
  readonly from: Date;
  readonly until: Date;
  readonly extensions: readonly Buffer[];
  readonly serial: Buffer;
}

const toBeSigned = ({ subject, issuer, key, from, until, extensions, serial }: Body): Buffer =>
  sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    issuer,
    sequence(utcTime(from), utcTime(until)),
    subject,
    spki(key),
    der(0xa3, sequence(...extensions)),
  );

const signed = (body: Body, signer: KeyObject): Buffer => {
  const tbs = toBeSigned(body);
  return sequence(tbs, ECDSA_SHA256, bits(sign('sha256', tbs, signer)));
};

const serialNumber = (): Buffer => Buffer.concat([Buffer.from([0x11]), randomBytes(15)]);
const keyId = (key: KeyObject | Buffer): Buffer => sha256(spki(key)).subarray(0, 20);
const subjectKey = (key: KeyObject | Buffer): Buffer => extension('2.5.29.14', false, octets(keyId(key)));
const authorityKey = (key: KeyObject): Buffer => extension('2.5.29.35', false, sequence(der(0x80, keyId(key))));

export interface Issuer {
  readonly name: Name;
  readonly pair: Pair;
  readonly certificate: Buffer;
}

/** A self-signed root. */
export function issueRoot(name: Name, from: Date, until: Date): Issuer {
  const pair = p256Pair();
  const subject = nameOf(name);
  const certificate = signed(
    {
      ...{ subject, issuer: subject, key: pair.publicKey, from, until, serial: serialNumber() },
      extensions: [
        extension('2.5.29.19', true, sequence(yes)),
        extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)),
        subjectKey(pair.publicKey),
      ],
    },
    pair.privateKey,
  );
  return { name, pair, certificate };
}

/** The certificate that signs timestamps; RFC 3161 (2.3) wants its one purpose to be critical. */
export function issueTimestamping(root: Issuer, name: Name, from: Date, until: Date): Issuer & { serial: Buffer } {
  const pair = p256Pair();
  const serial = serialNumber();
  const certificate = signed(
    {
      ...{ subject: nameOf(name), issuer: nameOf(root.name), key: pair.publicKey, from, until, serial },
      extensions: [
        extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
        extension('2.5.29.37', true, sequence(oid(TIME_STAMPING))),
        subjectKey(pair.publicKey),
        authorityKey(root.pair.publicKey),
      ],
    },
    root.pair.privateKey,
  );
  return { name, pair, certificate, serial };
}

export interface LeafOptions {
  readonly key: KeyObject | Buffer;
  readonly from: Date;
  readonly until: Date;
  /** Names of the subject: a URI, an e-mail address where it holds an @ and no slash, a user's name where it holds a !. */
  readonly identities: readonly string[];
  readonly issuer: string | null;
  /** Fulcio's extensions by their last number, from 9 on. */
  readonly claims: Readonly<Record<number, string>>;
  readonly usage: 'code-signing' | 'time-stamping';
  /** First byte of what the key is for (RFC 5280, 4.2.1.3); 0x80, signatures, where it is left out. */
  readonly keyUsage?: number;
  /** More extensions, each in DER. */
  readonly more?: readonly Buffer[];
  /** Log that vouches for the certificate, with its time; null for none. */
  readonly certificateLog: { readonly pair: Pair; readonly time: Date } | null;
}

const identityName = (identity: string): Buffer =>
  identity.includes('!')
    ? der(0xa0, oid(`${FULCIO}.7`), der(0xa0, utf8(identity)))
    : identity.includes('@') && !identity.includes('/')
      ? der(0x81, identity)
      : der(0x86, identity);

/** A signer's certificate, with the promise of a certificate log where one is given (RFC 6962, 3.2 and 3.3). */
export function issueLeaf(root: Issuer, options: LeafOptions): Buffer {
  const { key, from, until, identities, issuer, claims, usage, certificateLog, keyUsage = 0x80, more = [] } = options;
  const extensions = [
    extension('2.5.29.15', true, bits(Buffer.from([keyUsage]))),
    extension('2.5.29.37', false, sequence(oid(usage === 'code-signing' ? CODE_SIGNING : TIME_STAMPING))),
    subjectKey(key),
    authorityKey(root.pair.publicKey),
    extension('2.5.29.17', true, sequence(...identities.map(identityName))),
    ...(issuer === null
      ? []
      : [extension(`${FULCIO}.1`, false, Buffer.from(issuer)), extension(`${FULCIO}.8`, false, utf8(issuer))]),
    ...Object.entries(claims).map(([number, value]) => extension(`${FULCIO}.${number}`, false, utf8(value))),
    ...more,
  ];
  const body: Body = {
    ...{ subject: sequence(), issuer: nameOf(root.name), key, from, until, extensions, serial: serialNumber() },
  };
  if (certificateLog === null) return signed(body, root.pair.privateKey);
  const sct = certificateTimestamp(toBeSigned(body), root, certificateLog);
  return signed({ ...body, extensions: [...extensions, sct] }, root.pair.privateKey);
}

const number = (value: number | bigint, bytes: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  return buffer.subarray(8 - bytes);
};

function certificateTimestamp(tbs: Buffer, root: Issuer, { pair, time }: { pair: Pair; time: Date }): Buffer {
  const stamp = number(time.getTime(), 8);
  const data = Buffer.concat([
    ...[Buffer.from([0, 0]), stamp, Buffer.from([0, 1]), sha256(spki(root.pair.publicKey))],
    ...[number(tbs.length, 3), tbs, Buffer.from([0, 0])],
  ]);
  const signature = sign('sha256', data, pair.privateKey);
  const sct = Buffer.concat([
    ...[Buffer.from([0]), sha256(spki(pair.publicKey)), stamp, Buffer.from([0, 0])],
    ...[Buffer.from([4, 3]), number(signature.length, 2), signature],
  ]);
  const list = Buffer.concat([number(sct.length + 2, 2), number(sct.length, 2), sct]);
  return extension('1.3.6.1.4.1.11129.2.4.2', false, octets(list));
}

export const pem = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes)
    .toString('base64')
    .replace(/.{64}/g, '$&\n')
    .trim()}\n-----END ${label}-----\n`;
