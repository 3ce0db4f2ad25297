// SPDX-License-Identifier: Apache-2.0
// A certificate for people: what it says, above the certificate itself. Nothing here is proved; the checks are elsewhere.
import { X509Certificate as NodeCertificate } from 'node:crypto';
import { ASN1Obj, X509Certificate } from '@sigstore/core';
import { visibleText } from '../../core/protocol/visible-text.ts';
import { ENCODED, FULCIO, RAW } from '../trust/signer.ts';

/** Bytes of the largest certificate that is read; those of Fulcio have under 2,000. */
const MAX_CERTIFICATE = 64 * 1024;
/** Characters of one value. */
const MAX_VALUE = 2_000;
const MAX_EXTENSIONS = 100;

/** Names of extensions that say who signed, beside those of the build (oid-info.md of sigstore/fulcio). */
const SIGNER_NAMES: Readonly<Record<number, string>> = { 1: 'issuer', 7: 'otherName', 8: 'issuer' };

type Line = readonly [label: string, value: string];

const shown = (value: string): string => {
  const text = visibleText(value.slice(0, MAX_VALUE));
  return value.length > MAX_VALUE ? `${text}… (${value.length} characters)` : text;
};

const inColumns = (lines: readonly Line[]): readonly string[] => {
  const width = Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, value]) => `${label.padEnd(width)}  ${value}`.trimEnd());
};

export function pemOf(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}

/** `2026-11-22 16:38:00 UTC`; what is no date stays as it is. */
function moment(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? shown(text) : new Date(time).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}

/** A distinguished name in one line. */
const name = (text: string | undefined): string => shown((text ?? '').split('\n').join(', '));

function keyOf(certificate: NodeCertificate): string {
  try {
    const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = certificate.publicKey;
    const { namedCurve, modulusLength } = asymmetricKeyDetails ?? {};
    const more = namedCurve ?? (modulusLength === undefined ? null : `${modulusLength} bits`);
    return more === null ? asymmetricKeyType : `${asymmetricKeyType}, ${more}`;
  } catch (error) {
    return `not read: ${shown(error instanceof Error ? error.message : String(error))}`;
  }
}

/** Text of an extension; what is no UTF-8 as the bytes it has. */
function valueOf(number: number, value: Buffer): string {
  try {
    const text = RAW[number] !== undefined || number === 1 ? value : ASN1Obj.parseBuffer(Buffer.from(value)).value;
    return shown(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text));
  } catch {
    return `0x${shown(value.toString('hex'))}`;
  }
}

function fulcioLines(bytes: Buffer): readonly Line[] {
  const { extensions } = X509Certificate.parse(Buffer.from(bytes));
  return extensions.slice(0, MAX_EXTENSIONS).flatMap(({ subs }): readonly Line[] => {
    const oid = subs[0]?.toOID() ?? '';
    const value = subs.at(-1)?.value;
    if (!oid.startsWith(FULCIO) || value === undefined) return [];
    const number = Number(oid.slice(FULCIO.length));
    const known = RAW[number] ?? ENCODED[number] ?? SIGNER_NAMES[number] ?? '';
    return [[`  ${oid.slice(FULCIO.length).padStart(2)} ${known}`, valueOf(number, value)]];
  });
}

function read<T>(work: () => T, otherwise: (why: string) => T): T {
  try {
    return work();
  } catch (error) {
    return otherwise(shown(error instanceof Error ? error.message : String(error)));
  }
}

/** What a certificate in DER or PEM says, and the certificate in PEM below. Every text of it is made visible. */
export function certificateText(certificate: Buffer | string): string {
  if (certificate.length > MAX_CERTIFICATE)
    return `This is no certificate: it has ${certificate.length} bytes, and at most ${MAX_CERTIFICATE} are read.`;
  const parsed = read<NodeCertificate | string>(
    () => new NodeCertificate(certificate),
    (why) => why,
  );
  if (typeof parsed === 'string') {
    const asFound =
      typeof certificate === 'string' ? certificate.split('\n').map(visibleText).join('\n') : pemOf(certificate);
    return [`It could not be read as an X.509 certificate: ${parsed}.`, '', asFound].join('\n');
  }
  const extensions = read<readonly Line[]>(
    () => fulcioLines(parsed.raw),
    (why) => [['  not read', why]],
  );
  return [
    ...inColumns([
      ['Subject alternative name', shown(parsed.subjectAltName ?? 'none')],
      ...(parsed.subject === undefined || parsed.subject === '' ? [] : [['Subject', name(parsed.subject)] as const]),
      ['Issuer', name(parsed.issuer)],
      ['Serial', shown(parsed.serialNumber.toLowerCase())],
      ['Valid', `${moment(parsed.validFrom)} to ${moment(parsed.validTo)}`],
      ['Key', keyOf(parsed)],
      ['SHA-256', parsed.fingerprint256.replaceAll(':', '').toLowerCase()],
    ]),
    ...(extensions.length === 0 ? [] : ['', `Extensions of Fulcio, ${FULCIO}*`, ...inColumns(extensions)]),
    '',
    pemOf(parsed.raw),
  ].join('\n');
}
