// SPDX-License-Identifier: Apache-2.0
// Who signed, read of a certificate that was proved; by Fulcio's list of extensions (oid-info.md of sigstore/fulcio).
import { createHash, type KeyObject } from 'node:crypto';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import type { X509Certificate } from '@sigstore/core';
import type { Signer } from '../../core/attestations/model.ts';

const FULCIO = '1.3.6.1.4.1.57264.1.';
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/** Text as it stands in the extension. */
const RAW: Readonly<Record<number, string>> = {
  2: 'githubWorkflowTrigger',
  3: 'githubWorkflowSha',
  4: 'githubWorkflowName',
  5: 'githubWorkflowRepository',
  6: 'githubWorkflowRef',
};
/** Text as a DER UTF8String. */
const ENCODED: Readonly<Record<number, string>> = {
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

/** The one identity of a certificate; null where it has none or several, so that no reader can choose. */
export function identityOf(certificate: X509Certificate): string | null {
  const names = new NodeCertificate(derOf(certificate)).subjectAltName ?? '';
  // Node writes every name as TYPE:value, parted by ", ", and quotes what could be mistaken for another.
  if (names === '' || /, (?:URI|email|DNS|IP Address|othername|DirName|Registered ID):/i.test(names)) return null;
  const name = certificate.subjectAltName;
  return name === undefined || name === '' ? null : name;
}

/** The OpenID issuer; null where the certificate has none, or two that differ. */
export function issuerOf(certificate: X509Certificate): string | null {
  const old = raw(certificate, 1);
  const issuer = encoded(certificate, 8);
  if (old !== null && issuer !== null && old !== issuer) return null;
  const found = issuer ?? old;
  return found === '' ? null : found;
}

/** True where the certificate is for signing code and nothing else (RFC 5280, section 4.2.1.12). */
export function isForCode(certificate: X509Certificate): boolean {
  const usage = certificate.extension('2.5.29.37')?.valueObj.subs ?? [];
  return usage.length === 1 && usage[0]?.toOID() === CODE_SIGNING;
}

/** Organisation in the issuer's name, which tells GitHub's instance from the public one; null without one. */
export function issuerOrganisation(certificate: X509Certificate): string | null {
  const line = new NodeCertificate(derOf(certificate)).issuer.split('\n').find((each) => each.startsWith('O='));
  return line === undefined ? null : line.slice(2);
}

export function certificateSigner(certificate: X509Certificate): Signer {
  const node = new NodeCertificate(derOf(certificate));
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
    identity: identityOf(certificate) ?? '',
    issuer: issuerOf(certificate),
    extensions,
    certificate: {
      issuer: node.issuer.split('\n').join(', '),
      serial: node.serialNumber.toLowerCase(),
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
  return certificate.extension(`${FULCIO}${number}`)?.value.toString('utf8') ?? null;
}

function encoded(certificate: X509Certificate, number: number): string | null {
  const extension = certificate.extension(`${FULCIO}${number}`);
  if (extension === undefined) return null;
  return extension.valueObj.subs?.[0]?.value.toString('utf8') ?? null;
}

function derOf(certificate: X509Certificate): Buffer {
  return certificate.root.toDER();
}
