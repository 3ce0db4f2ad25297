// SPDX-License-Identifier: Apache-2.0
// The signature of a message, checked over a digest that is already known, as an image's is: the library can only check
// it over the bytes.
import { constants, publicDecrypt, timingSafeEqual, type KeyObject } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import type { SignedEntity } from '@sigstore/verify';

/** DigestInfo of SHA-256 up to the digest, by RFC 8017, section 9.2, note 1. */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** What the library asks of a signature; `digest` is the SHA-256 of what was signed. */
export function messageContent(signature: Buffer, digest: Buffer): SignedEntity['signature'] {
  return {
    signature,
    compareSignature: (other) => equal(signature, other),
    compareDigest: (other) => equal(digest, other),
    compareSignedDigest: (other) => equal(digest, other),
    verifySignature: (key) => holdsOverDigest(key, digest, signature),
  };
}

function holdsOverDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  try {
    if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
      const point = p256Point(key);
      return p256.verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
    }
    if (key.asymmetricKeyType !== 'rsa') return false;
    const opened = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return equal(opened, Buffer.concat([SHA256_INFO, digest]));
  } catch {
    // Both libraries throw on what is no signature at all.
    return false;
  }
}

/** The uncompressed point: a mark, then x and y with 32 bytes each. */
function p256Point(key: KeyObject): Uint8Array {
  const { x, y } = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x ?? '', 'base64url'), Buffer.from(y ?? '', 'base64url')]);
}
