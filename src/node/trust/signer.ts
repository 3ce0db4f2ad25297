// SPDX-License-Identifier: Apache-2.0
// Who signed, read of a certificate that was proved; by Fulcio's list of extensions (oid-info.md of sigstore/fulcio).
import { createHash, type KeyObject } from 'node:crypto';
import type { X509Certificate } from '@sigstore/core';
import type { Signer } from '../../core/attestations/model.ts';
import { exactText } from '../exact-text.ts';

/** Extensions of Fulcio; the number follows. */
export const FULCIO = '1.3.6.1.4.1.57264.1.';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/** Text as it stands in the extension. */
export const RAW: Readonly<Record<number, string>> = {
  2: 'githubWorkflowTrigger',
  3: 'githubWorkflowSha',
  4: 'githubWorkflowName',
  5: 'githubWorkflowRepository',
  6: 'githubWorkflowRef',
};
/** Text as a DER UTF8String. */
export const ENCODED: Readonly<Record<number, string>> = {
  9: 'buildSignerUri',
  10: 'buildSignerDigest',
  11: 'runnerEnvironment',
  12: 'sourceRepositoryUri',
  13: 'sourceRepositoryDigest',
  14: 'sourceRepositoryRef',
  15: 'sourceRepositoryIdentifier',
  16: 'sourceRepositoryOwnerUri',
  17: 'sourceRepositoryOwnerIdentifier',
  18: 'buildConfigUri',
  19: 'buildConfigDigest',
  20: 'buildTrigger',
  21: 'runInvocationUri',
  22: 'sourceRepositoryVisibility',
};

/** Subject alternative names that Fulcio writes: an e-mail address, a URI, or a user's name (RFC 5280, 4.2.1.6). */
const EMAIL = 0x01;
const URI = 0x06;
const OTHER_NAME = 0x00;
const USER_NAME = `${FULCIO}7`;

/** The one identity of a certificate; null where it has none or several, so that no reader can choose. */
export function identityOf(certificate: X509Certificate): string | null {
  const [name, ...more] = certificate.extension('2.5.29.17')?.valueObj.subs[0]?.subs ?? [];
  if (name === undefined || more.length > 0) return null;
  if (name.tag.isContextSpecific(EMAIL) || name.tag.isContextSpecific(URI)) return plainText(name.value);
  if (!name.tag.isContextSpecific(OTHER_NAME)) return null;
  const [type, value, ...others] = name.subs;
  const [text] = value?.subs ?? [];
  if (type === undefined || !type.tag.isOID() || type.toOID() !== USER_NAME || others.length > 0) return null;
  return text === undefined ? null : plainText(text.value);
}

/** Text of an extension; null where it is empty, no UTF-8, or holds characters that could pass for others. */
function plainText(bytes: Uint8Array): string | null {
  const text = exactText(bytes);
  return text === null || text === '' || /[\p{Cc}\p{Cf}]/u.test(text) ? null : text;
}

/** The OpenID issuer; null where the certificate has none, two that differ, or one that cannot be read. */
export function issuerOf(certificate: X509Certificate): string | null {
  const found = [
    ...(certificate.extension(`${FULCIO}1`) === undefined ? [] : [raw(certificate, 1)]),
    ...(certificate.extension(`${FULCIO}8`) === undefined ? [] : [encoded(certificate, 8)]),
  ];
  const [first = null, second = first] = found;
  return first === second ? first : null;
}

/** Usage of the key, purposes, names, whether it is an authority: what a critical extension may be about. */
const UNDERSTOOD: readonly string[] = ['2.5.29.15', '2.5.29.37', '2.5.29.17', '2.5.29.19'];

/**
 * Null where the certificate is for signing code and nothing else (RFC 5280, section 4.2.1.12), its key is for signatures
 * (4.2.1.3), and it asks for nothing that is not understood (4.2); else why not.
 */
export function usageFault(certificate: X509Certificate): string | null {
  const usage = certificate.extension('2.5.29.37')?.valueObj.subs[0]?.subs ?? [];
  if (usage.length !== 1 || usage[0]?.toOID() !== CODE_SIGNING) return 'its purpose is another one';
  if (certificate.extKeyUsage?.digitalSignature === false) return 'its key is not for signatures';
  const unknown = extensionsOf(certificate).find(([id, critical]) => critical && !UNDERSTOOD.includes(id));
  return unknown === undefined ? null : `it has a critical extension that is not understood, ${unknown[0]}`;
}

/**
 * True where no extension stands twice (RFC 5280, 4.2), for readers differ in which of the two counts, and where the
 * algorithm of the signature is the one that was signed (4.1.1.2): the library takes SHA-256 for what it does not know.
 */
export function isUnambiguous(certificate: X509Certificate): boolean {
  const ids = extensionsOf(certificate).map(([id]) => id);
  const [body, algorithm] = certificate.root.subs;
  const signed = body?.subs[2]?.toDER();
  return new Set(ids).size === ids.length && signed !== undefined && algorithm?.toDER().equals(signed) === true;
}

function extensionsOf(certificate: X509Certificate): readonly (readonly [string, boolean])[] {
  return certificate.extensions.map(({ subs: [id, critical] }) => [
    id?.toOID() ?? '',
    critical?.tag.isBoolean() === true && critical.toBoolean(),
  ]);
}

const ATTRIBUTES: Readonly<Record<string, string>> = { '2.5.4.10': 'O', '2.5.4.3': 'CN' };

/** The issuer's name as pairs, in the certificate's order; attributes without a short name keep their number. */
function issuerParts(certificate: X509Certificate): readonly (readonly [string, string])[] {
  const name = certificate.root.subs[0]?.subs[3]?.subs ?? [];
  return name.flatMap(({ subs }) =>
    subs.flatMap((pair): (readonly [string, string])[] => {
      const [type, value] = pair.subs;
      if (type === undefined || value === undefined) return [];
      const id = type.toOID();
      return [[ATTRIBUTES[id] ?? id, plainText(value.value) ?? '']];
    }),
  );
}

/** Organisation in the issuer's name, which tells GitHub's instance from the public one; null without exactly one. */
export function issuerOrganisation(certificate: X509Certificate): string | null {
  const [found, ...more] = issuerParts(certificate).filter(([type]) => type === 'O');
  return found === undefined || more.length > 0 ? null : found[1];
}

export function certificateSigner(certificate: X509Certificate, identity: string, issuer: string): Signer {
  const extensions: Record<string, string> = {};
  for (const [number, name] of Object.entries(RAW)) {
    const value = raw(certificate, Number(number));
    if (value !== null) extensions[name] = value;
  }
  for (const [number, name] of Object.entries(ENCODED)) {
    const value = encoded(certificate, Number(number));
    if (value !== null) extensions[name] = value;
  }
  return {
    kind: 'certificate',
    identity,
    issuer,
    extensions,
    certificate: {
      issuer: issuerParts(certificate)
        .map(([type, value]) => `${type}=${value}`)
        .join(', '),
      serial: certificate.serialNumber.toString('hex'),
      from: certificate.notBefore.toISOString(),
      until: certificate.notAfter.toISOString(),
    },
  };
}

/** `sha256:…` of the key's SubjectPublicKeyInfo in DER, by which Cosign names keys, too. */
export function keyFingerprint(key: KeyObject): string {
  return `sha256:${createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex')}`;
}

export function keySigner(key: KeyObject): Signer {
  return { kind: 'key', identity: keyFingerprint(key), issuer: null, extensions: {}, certificate: null };
}

function raw(certificate: X509Certificate, number: number): string | null {
  const value = certificate.extension(`${FULCIO}${number}`)?.value;
  return value === undefined ? null : plainText(value);
}

function encoded(certificate: X509Certificate, number: number): string | null {
  const value = certificate.extension(`${FULCIO}${number}`)?.valueObj.subs[0]?.value;
  return value === undefined ? null : plainText(value);
}
