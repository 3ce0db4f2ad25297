// SPDX-License-Identifier: Apache-2.0

/** Text of bytes that are UTF-8 and give the same bytes again, a mark of byte order included; null for all others. */
export function exactText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
