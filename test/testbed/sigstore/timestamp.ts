// SPDX-License-Identifier: Apache-2.0
// A timestamp authority's answer (RFC 3161) around CMS (RFC 5652), with the certificate it was signed with named in it
// (RFC 5816).
import { sign } from 'node:crypto';
import { der, generalizedTime, integer, octets, oid, sequence, set } from './der.ts';
import { nameOf, sha256, type Issuer } from './certificate.ts';

const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const TST_INFO = oid('1.2.840.113549.1.9.16.1.4');
const attribute = (id: string, value: Uint8Array): Buffer => sequence(oid(id), set(value));

export interface TimestampAuthority {
  readonly root: Issuer;
  readonly leaf: Issuer & { readonly serial: Buffer };
}

/** A timestamp over `signature`, in DER. */
export function timestamp({ root, leaf }: TimestampAuthority, signature: Uint8Array, time: Date): Buffer {
  const info = sequence(
    integer(Buffer.from([1])),
    oid('1.3.6.1.4.1.57264.2'),
    sequence(SHA256, octets(sha256(signature))),
    integer(Buffer.from([0x5a, 0x11])),
    generalizedTime(time),
    sequence(integer(Buffer.from([1]))),
    integer(Buffer.from([0x12, 0x34])),
  );
  const issuer = nameOf(root.name);
  const certificateId = sequence(
    octets(sha256(leaf.certificate)),
    sequence(sequence(der(0xa4, issuer)), integer(leaf.serial)),
  );
  const attributes = [
    attribute('1.2.840.113549.1.9.3', TST_INFO),
    attribute('1.2.840.113549.1.9.4', octets(sha256(info))),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(certificateId))),
    // A set's members stand in the order of their bytes (X.690, 11.6).
  ].toSorted((a, b) => Buffer.compare(a, b));
  const signerInfo = sequence(
    integer(Buffer.from([1])),
    sequence(issuer, integer(leaf.serial)),
    SHA256,
    der(0xa0, ...attributes),
    sequence(oid('1.2.840.10045.4.3.2')),
    octets(sign('sha256', set(...attributes), leaf.pair.privateKey)),
  );
  const signedData = sequence(
    integer(Buffer.from([3])),
    set(SHA256),
    sequence(TST_INFO, der(0xa0, octets(info))),
    der(0xa0, leaf.certificate),
    set(signerInfo),
  );
  return sequence(sequence(integer(Buffer.from([0]))), sequence(oid('1.2.840.113549.1.7.2'), der(0xa0, signedData)));
}
