// SPDX-License-Identifier: Apache-2.0
// Keys of well-known repositories; each entry of the data says where it comes from.
import data from './keyrings.json' with { type: 'json' };

export interface KnownKey {
  /** Host of the repositories. */
  readonly host: string;
  /** Whose they are, within a sentence. */
  readonly name: string;
  readonly key: string;
}

/** The key of a host's repositories, where it is known. */
export function knownKeyOf(host: string): KnownKey | null {
  return data.keys.find((each) => each.host === host) ?? null;
}

/** Whose key an entry of a keyring is, where that is known by its address or by the name of its file. */
export function ownerOfKey(entry: string): KnownKey | null {
  const file = entry.slice(entry.lastIndexOf('/') + 1);
  return data.keys.find(({ key }) => key === entry || key.endsWith(`/${file}`)) ?? null;
}

/** Whether apko finds the keys of a host by itself. */
export function isDiscovered(host: string): boolean {
  return data.discovered.some((each) => host === each.host || host.endsWith(`.${each.host}`));
}
