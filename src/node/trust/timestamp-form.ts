// SPDX-License-Identifier: Apache-2.0
// The form of a timestamp around what its authority signed: the library takes the pieces that it needs by their places and
// looks at no others, so that an answer that refuses a timestamp, or brings a certificate of somebody else, would count.
import { ASN1Obj, RFC3161Timestamp } from '@sigstore/core';
import type { LoadedRoot } from './root.ts';

/** By RFC 3161 (2.4.2) and RFC 5652 (5.1, 5.3): tags in their order, in hexadecimal; what may be left out in brackets. */
const RESPONSE = /^30 30$/;
const STATUS = /^02(?: 30)?(?: 03)?$/;
const CONTENT = /^06 a0$/;
const SIGNED_DATA = /^02 31 30(?: a0)? 31$/;
const ALGORITHM = /^06(?: 05)?$/;
const SIGNER = /^02 30 30 a0 30 04(?: a1)?$/;
const SIGNER_NAME = /^30 02$/;
/** Granted, and granted with changes. */
const GRANTED: readonly number[] = [0, 1];

const tagOf = ({ tag }: ASN1Obj): string => tag.toDER().toString(16).padStart(2, '0');
const has = (node: ASN1Obj | undefined, form: RegExp): node is ASN1Obj =>
  node !== undefined && form.test(node.subs.map(tagOf).join(' '));
const small = (node: ASN1Obj | undefined): number | undefined => (node?.value.length === 1 ? node.value[0] : undefined);

const isAlgorithm = (node: ASN1Obj | undefined): boolean =>
  node !== undefined && tagOf(node) === '30' && has(node, ALGORITHM) && node.subs[0]?.value.length !== 0;

/** True where the library finds what it looks for; it throws what it does not call an error where it does not. */
function isReadable(bytes: Uint8Array): boolean {
  try {
    const timestamp = RFC3161Timestamp.parse(Buffer.from(bytes));
    const { messageImprintHashedMessage, messageImprintHashAlgorithm } = timestamp.tstInfo;
    return (
      !Number.isNaN(timestamp.signingTime.getTime()) &&
      messageImprintHashedMessage.length > 0 &&
      messageImprintHashAlgorithm !== undefined
    );
  } catch {
    return false;
  }
}

/** Null where it has the form of a granted timestamp whose certificates, if it brings any, are those of the root. */
export function timestampFault(
  bytes: Uint8Array,
  authorities: LoadedRoot['material']['timestampAuthorities'],
): string | null {
  let response: ASN1Obj;
  try {
    response = ASN1Obj.parseBuffer(Buffer.from(bytes));
  } catch {
    return 'it is no DER';
  }
  if (tagOf(response) !== '30' || !has(response, RESPONSE)) return 'it is no answer of a timestamp authority';
  const [status, content] = response.subs;
  if (!has(status, STATUS)) return 'it is no answer of a timestamp authority';
  if (!GRANTED.includes(small(status.subs[0]) ?? -1)) return 'its authority refused to give one';
  const [signedData, ...more] = content?.subs[1]?.subs ?? [];
  if (!has(content, CONTENT) || more.length > 0 || signedData === undefined || tagOf(signedData) !== '30')
    return 'it holds no signed data';
  if (!has(signedData, SIGNED_DATA) || small(signedData.subs[0]) !== 3) return 'its signed data is not whole';
  const [, algorithms, encapsulated] = signedData.subs;
  if (!has(encapsulated, CONTENT) || encapsulated.subs[1]?.subs.map(tagOf).join(' ') !== '04')
    return 'what it signs is not whole';
  const [signer, ...others] = signedData.subs.at(-1)?.subs ?? [];
  if (signer === undefined || others.length > 0 || tagOf(signer) !== '30') return 'it has to have one signer';
  const [version, name, digest, , signature] = signer.subs;
  if (!has(signer, SIGNER) || small(version) !== 1 || !has(name, SIGNER_NAME)) return 'its signer is not whole';
  const [algorithm, ...further] = algorithms?.subs ?? [];
  if (further.length > 0 || ![algorithm, digest, signature].every(isAlgorithm)) return 'its algorithms are not whole';
  if (!isReadable(bytes)) return 'what it signs is not whole';
  const brought = signedData.subs.find((each) => tagOf(each) === 'a0')?.subs ?? [];
  const leaves = authorities.flatMap(({ certChain: [leaf] }) => (leaf === undefined ? [] : [leaf.root.toDER()]));
  const known = brought.some((each) => leaves.some((leaf) => leaf.equals(each.toDER())));
  return brought.length === 0 || known ? null : 'the certificate that it brings is not that of the trusted root';
}
