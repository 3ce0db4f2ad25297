// SPDX-License-Identifier: Apache-2.0
import { crypto } from '@sigstore/core';
import type { KeyObject } from 'node:crypto';

/**
 * `@sigstore/core` 4.0.1 leaves the digest to the crypto library when it checks signatures of logs and DSSE envelopes.
 * OpenSSL then takes SHA-256 for EC and RSA keys; BoringSSL, which Electron and Bun are built with, has no default and
 * throws, which the library reads as "does not hold". Naming the digest makes both the same. Ed25519 keys (the log of
 * Rekor v2) take none. To be called before anything is verified; calling it again changes nothing.
 */
export function nameTheDigest(): void {
  const library: { verify: Verify & { [named]?: true } } = crypto;
  const original = library.verify;
  if (original[named] === true) return;
  const verify: Verify & { [named]?: true } = (data, key, signature, algorithm) =>
    original(data, key, signature, algorithm ?? defaultDigest(key));
  verify[named] = true;
  library.verify = verify;
}

const named = Symbol('the digest is named');

type Verify = (data: Buffer, key: KeyObject, signature: Buffer, algorithm?: string) => boolean;

function defaultDigest(key: KeyObject): string | undefined {
  return key.asymmetricKeyType === 'ec' || key.asymmetricKeyType === 'rsa' ? 'sha256' : undefined;
}
