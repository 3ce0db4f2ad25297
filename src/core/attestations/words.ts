// SPDX-License-Identifier: Apache-2.0

/** `sha256:9f2c41d7…`: enough to see which one is meant. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':');
  return digest.length > colon + 9 ? `${digest.slice(0, colon + 9)}…` : digest;
}

/** `a, b and c`. */
export function listed(words: readonly string[], joint = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;
}
