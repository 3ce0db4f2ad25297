// SPDX-License-Identifier: Apache-2.0
import data from './data/publisher-keys.json' with { type: 'json' };

/** A key by which a publisher signs for everybody. It says who signed; whether they may is for a policy to say. */
export interface PublisherKey {
  /** `Docker Hardened Images`. */
  readonly name: string;
  /** `sha256:…` of its SPKI. */
  readonly fingerprint: string;
  readonly pem: string;
  /** Where its publisher serves it, as other tools take it. */
  readonly address: string;
  /** SLSA Build level that the publisher says it reaches. */
  readonly level: number;
  readonly note: string;
}

/** The keys that are shipped; their source and date stand in the data. */
export const PUBLISHER_KEYS: readonly PublisherKey[] = data.keys;

/** From when the list is, an ISO date. */
export const PUBLISHER_KEYS_AS_OF: string = data.asOf;

/** The publisher of the key with this fingerprint, null where it is not in the list. */
export function publisherKey(fingerprint: string): PublisherKey | null {
  return PUBLISHER_KEYS.find((key) => key.fingerprint === fingerprint) ?? null;
}
