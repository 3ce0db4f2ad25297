// SPDX-License-Identifier: Apache-2.0
import type { EvidenceItem, Judgement } from './model.ts';
import { readStatement, subjectDigests } from './statement.ts';
import { text } from './untrusted.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Hexadecimal of standard base64; null for anything else. */
export function base64ToHex(encoded: string): string | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(encoded)) return null;
  let hex = '';
  let bits = 0;
  let value = 0;
  for (const character of encoded.replace(/=+$/, '')) {
    value = ((value << 6) | BASE64.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    hex += ((value >> bits) & 0xff).toString(16).padStart(2, '0');
  }
  return hex;
}

function digestOf(hex: string | null): readonly string[] {
  return hex !== null && /^[0-9a-f]{64}$/.test(hex) ? [`sha256:${hex}`] : [];
}

/**
 * The digests that an item is about by its own words: the subjects of its statement, the image of a simple signing
 * payload, the message of a bundle. `document` is the item's bytes as JSON.
 */
export function namedDigests(item: EvidenceItem, judgement: Judgement, document: unknown): readonly string[] {
  const statement = judgement.statement ?? (item.kind === 'buildkit-statement' ? document : null);
  if (statement !== null && statement !== undefined) {
    const read = readStatement(statement);
    return read.ok ? subjectDigests(read.value) : [];
  }
  if (item.kind === 'legacy-signature') {
    const named = text(document, 'critical', 'image', 'docker-manifest-digest');
    return named === null ? [] : digestOf(named.replace(/^sha256:/, ''));
  }
  if (item.kind !== 'bundle') return [];
  const message = text(document, 'messageSignature', 'messageDigest', 'digest');
  return message === null ? [] : digestOf(base64ToHex(message));
}
