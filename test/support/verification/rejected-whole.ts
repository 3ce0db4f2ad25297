// SPDX-License-Identifier: Apache-2.0
// What the library reads past, and another reader does not: members, base64, checkpoints, timestamps, extensions, types of keys.
import { der, integer, oid, sequence, utf8 } from '../../testbed/sigstore/der.ts';
import { extension, pem } from '../../testbed/sigstore/certificate.ts';
import { edited, expecting, identity, item, MAIN, signing, text, type Change, changed, fixtureOf } from './changes.ts';
import { logEntry, material, part, publicPem, stamps, type Json, type Recipe, type World } from './fixtures.ts';

/** Public keys in DER of types that cannot be checked with; not every library can make, or even read, them. */
const ODD_KEYS: Readonly<Record<string, string>> = {
  secp256k1:
    'MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEV5r6wjc1it5gp21k9aOtq9Zy0LpdbQuzZIFMXcK78rfTT7j+PKR8REl9+vYYhBh/6nWuryYj3OV6eXMRgEqQVQ==',
  'P-521':
    'MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAnfMcaPCUAG4S1Az7/L9J1nCinSOdb1ZgQ+ffMtTMw+SEFOI02adzL0zeIEhozy3OF81nP8MKJnqB1rf0nT1FoCgAVLbihGyDvRC2LmKcgkPPn/w5EyGLfkq+n3rtlpJlKPqZlbYc0AG9jx9dFOGegia5l7hmDIFKsWRv6VPTFG0m8OQ=',
  'P-384':
    'MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEjU3EjN57ay9+KWfCYirDykrrW2auQ/SUDjP3b2KDMS7t1lbu2XDJj2tAIldTcwVee4baNCgKtpD5xWKwYi4ydXWQYWPBOA1bWITGyO4pXyp8P0wPCas20c45bED4xSOt',
  Ed25519: 'MCowBQYDK2VwAyEAHmKscLfprxj0MLElXu/iOEK/WAvHXmjNWNAbrwe+x40=',
  Ed448: 'MEMwBQYDK2VxAzoAvIGRGHpv/fXlDAYK4C4PLFZjuVYBSDX0G8hhPY69liXdgwvB/1Otlbomm0yVOy893TQ/Dsn8Zl4A',
  'RSA-PSS':
    'MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBALa1P/m7AtsXDVHvFRCSKO7q8cc2rD8OsLTz8/jX/fT1pdVk7EVEg1le0lXkUsZwrEhE/NBXaTf7j5zcl1IAUleu4IQO25HVlwjqpAyq6HG1NL1PR9d6wwJXbMy36VqarS+J2xZtTfcYt2PV6cQlszC8Gj6fA7RTsd78766OSwUIIkMjVxaC3cslcfbuNQTgkdtMyjBgvmKDl4DlS1E+AaWiEEV1mc7aonDBkb+s3sCv5Vlc4p/gHdMH81/IGPKQwgG1jFqLH7MkmwDHHeX7Isk5ZbAEWZYaqNAj03NcyykCdWOp0G4aoTTAw87wCNBRcKPC38shGV5eXI+ecLLEWp0CAwEAAQ==',
  DSA: 'MIIBtjCCASsGByqGSM44BAEwggEeAoGBAN9eF5bNCsDtrCftJLsmlc5x8PIMpqUnSkHbgVwnZGR/NAlBI38ZAGF2aPZw1A89s43dOp9Iwq4YIY2azyo3w+i3MiPy6Ro2vS2t/gRTu9cfHMZjoZAmlSCG/ThOd3OrLWKYh9EXq+8cTxI2nuF4VSoZmTXrHNatreyiIlVejQnBAhUA9luGoh4oMuFpCB3ODeL8Yw9kfKkCgYA0GJi/qAdJLRJl9wxKgZCuG1UiqKjf9KlQQmAInu0xDDKkOh29t3po96E+mohi8S7mlKzGTL01AfWawXZr9n1xiGMZOwVzBYvDConTOQ6NmhBpVX2bQJUJdScBFaLke7j25kHvn8qYiAZnTFiTrViCim1RxRLvhgsu5hLWNGlROAOBhAACgYAqKNiSWBGfmAgXdcNdfLI/xOPZk6Qk/qu6nbf/4GeGp6Yu+U1nv1RpQ/H3igjQTfcugKUXW1gwkYOqCwIlqkdajJsIuOyM8A7SfR5cjyCU0fMKRjKok0XViWrByktVrpHwURP9gsD/WDL2rRnJLVoJvt/773ze6R7eDmEJtFet5Q==',
};

const CERTIFIED = ['rekor1', 'rekor2', 'layer', 'stamp', 'attestation layer'];
const BUNDLES = ['key', 'rekor1', 'rekor2', 'stamp', 'rekor1, a message'];
const PROVED = ['rekor1', 'rekor2', 'key, Rekor v2', 'rekor1, 0.1', 'rekor1, a message'];

export function wholeChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const of = fixtureOf(bases);
  const unsupported = { verdict: 'unsupported' } as const;
  const unchecked = { verdict: 'could-not-check' } as const;
  const bytes = (base: string, alter: (bytes: Buffer) => Buffer): Recipe =>
    item(of(base), (each) => ({ ...each, bytes: alter(Buffer.from(each.bytes, 'base64')).toString('base64') }));
  const checkpoint = (base: string, alter: (envelope: string) => string): Recipe =>
    edited(of(base), (bundle) => {
      const holder = part(logEntry(bundle), 'inclusionProof', 'checkpoint');
      holder['envelope'] = alter(String(holder['envelope']));
    });
  const stamped = (base: string, alter: (stamp: Buffer) => Buffer): Recipe =>
    edited(of(base), (bundle) => {
      for (const each of stamps(bundle))
        each['signedTimestamp'] = alter(Buffer.from(String(each['signedTimestamp']), 'base64')).toString('base64');
    });
  const key = (base: string, file: string): Recipe =>
    expecting(of(base), { kind: 'key', name: 'release.pub', pem: file });
  const signatureOf = (bundle: Json): [Json, string] =>
    bundle['dsseEnvelope'] === undefined
      ? [part(bundle, 'messageSignature'), 'signature']
      : [part(bundle, 'dsseEnvelope', 'signatures', 0), 'sig'];
  const own = publicPem(world.key);

  return [
    ...BUNDLES.flatMap((base) => [
      changed(
        'form',
        base,
        'a member that nobody knows',
        'bundle-malformed',
        edited(of(base), (bundle) => void (material(bundle)['more'] = 1)),
      ),
      changed(
        'form',
        base,
        'a second envelope under its other name',
        'bundle-malformed',
        edited(of(base), (bundle) => void (bundle['dsse_envelope'] = { payload: '', payloadType: '', signatures: [] })),
      ),
      changed(
        'form',
        base,
        'a mark of byte order',
        'json-malformed',
        bytes(base, (all) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), all])),
      ),
      changed(
        'form',
        base,
        'another signature hidden behind the padding of the first',
        'bundle-malformed',
        edited(of(base), (bundle) => {
          const [holder, name] = signatureOf(bundle);
          holder[name] = `${String(holder[name])}====QUJD`;
        }),
      ),
      changed(
        'oversized',
        base,
        'more values than are read',
        'too-large',
        text(of(base), (json) => json.replace('{', `{"more":[${'0,'.repeat(500_001)}0],`)),
        unchecked,
      ),
      changed(
        'oversized',
        base,
        'more timestamps than are read',
        'bundle-malformed',
        edited(of(base), (bundle) => {
          const rfc3161Timestamps = Array.from({ length: 33 }, () => ({ signedTimestamp: 'AAAA' }));
          material(bundle)['timestampVerificationData'] = { rfc3161Timestamps };
        }),
      ),
    ]),
    ...PROVED.flatMap((base) => [
      changed(
        'tampered log entry',
        base,
        'something behind its checkpoint',
        'log-inclusion',
        checkpoint(base, (note) => `${note}\n`),
      ),
      changed(
        'oversized',
        base,
        'a checkpoint with a thousand signatures',
        'bundle-malformed',
        checkpoint(base, (note) => note + `\u2014 rekor.sigstore.test ${'A'.repeat(96)}\n`.repeat(1000)),
      ),
    ]),
    ...['rekor2', 'rekor2, a message', 'key, Rekor v2'].flatMap((base) => [
      changed(
        'tampered log entry',
        base,
        'another index beside its proof',
        'log-inclusion',
        edited(of(base), (bundle) => void (logEntry(bundle)['logIndex'] = '7')),
      ),
      changed(
        'tampered log entry',
        base,
        'a time that no log signed',
        'log-inclusion',
        edited(of(base), (bundle) => void (logEntry(bundle)['integratedTime'] = '1700000000')),
      ),
    ]),
    ...MAIN.flatMap((base) => {
      if (base === 'layer') return [];
      const status = (code: number) => (stamp: Buffer) => {
        const at = stamp.indexOf(Buffer.from([0x02, 0x01, 0x00]));
        return Buffer.concat([stamp.subarray(0, at + 2), Buffer.from([code]), stamp.subarray(at + 3)]);
      };
      return [
        changed('tampered timestamp', base, 'an answer that gives none', 'timestamp-invalid', stamped(base, status(2))),
        changed(
          'tampered timestamp',
          base,
          'it stands in something else',
          'timestamp-invalid',
          stamped(base, (stamp) => sequence(stamp, integer(Buffer.from([1])))),
        ),
        changed(
          'tampered timestamp',
          base,
          'no DER',
          'timestamp-invalid',
          stamped(base, () => Buffer.from('hello')),
        ),
        changed(
          'tampered timestamp',
          base,
          'the certificate that it brings is turned',
          'timestamp-invalid',
          stamped(base, (stamp) => {
            const copy = Buffer.from(stamp);
            // The purpose of the certificate: 1.3.6.1.5.5.7.3.8 becomes 1.3.6.1.5.5.7.3.9.
            const at = copy.indexOf(oid('1.3.6.1.5.5.7.3.8'));
            copy[at + oid('1.3.6.1.5.5.7.3.8').length - 1] = 9;
            return copy;
          }),
        ),
      ];
    }),
    ...['rekor1', 'rekor2', 'stamp', 'rekor1, a message', 'rekor1, no timestamp'].map((base) =>
      changed(
        'tampered certificate',
        base,
        'another algorithm beside its signature',
        'certificate-malformed',
        edited(of(base), (bundle) => {
          const holder = part(material(bundle), 'certificate');
          const certificate = Buffer.from(String(holder['rawBytes']), 'base64');
          const ecdsa = oid('1.2.840.10045.4.3.2');
          const at = certificate.lastIndexOf(ecdsa) + ecdsa.length - 1;
          certificate[at] = 0x42;
          holder['rawBytes'] = certificate.toString('base64');
        }),
      ),
    ),
    ...CERTIFIED.flatMap((base) => [
      changed(
        'certificate',
        base,
        'its key is not for signatures',
        'certificate-usage',
        signing(of(base), { leaf: { keyUsage: 0x20 } }),
      ),
      changed(
        'certificate',
        base,
        'a critical extension that nobody knows',
        'certificate-usage',
        signing(of(base), { leaf: { more: [extension('1.2.3.4.5', true, utf8('x'))] } }),
      ),
      changed(
        'certificate',
        base,
        'its names stand twice',
        'certificate-malformed',
        signing(of(base), {
          leaf: { more: [extension('2.5.29.17', true, sequence(der(0x86, 'https://evil.test/')))] },
        }),
      ),
      ...['P-384', 'Ed25519', 'secp256k1'].map((type) =>
        changed(
          'certificate',
          base,
          `a key of ${type}`,
          'key-type-unsupported',
          signing(of(base), { leaf: { key: Buffer.from(ODD_KEYS[type] ?? '', 'base64') } }),
          unsupported,
        ),
      ),
      changed(
        'certificate',
        base,
        'a point on no curve for a key',
        'certificate-malformed',
        signing(of(base), {
          leaf: {
            key: sequence(
              sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')),
              der(0x03, Buffer.from([0, 4]), Buffer.alloc(64, 1)),
            ),
          },
        }),
      ),
    ]),
    ...['rekor1', 'rekor2', 'layer'].flatMap((base) => [
      changed(
        'expired',
        base,
        'the certificate began a second later',
        'certificate-chain',
        signing(of(base), { leaf: { from: new Date(world.now.getTime() + 1000) } }),
      ),
      changed(
        'expired',
        base,
        'the certificate ended a second before',
        'certificate-chain',
        signing(of(base), {
          leaf: { from: new Date(world.now.getTime() - 600_000), until: new Date(world.now.getTime() - 1000) },
        }),
      ),
    ]),
    ...['attestation layer', 'attestation layer, older entry'].map((base) =>
      changed(
        'tampered payload',
        base,
        'the envelope is written otherwise',
        'log-body',
        text(of(base), (json) => ` ${json}`),
      ),
    ),
    changed(
      'identity case',
      'rekor1, a name of a user',
      'capitals',
      'identity-mismatch',
      identity(of('rekor1, a name of a user'), 'Releases!northwind.test', 'https://accounts.test'),
    ),
    ...['key', 'layer, key', 'envelope, key'].flatMap((base) => [
      ...Object.entries(ODD_KEYS).map(([type, spki]) =>
        changed(
          'wrong signer',
          base,
          `a key of the type ${type}`,
          'key-type-unsupported',
          key(base, pem('PUBLIC KEY', Buffer.from(spki, 'base64'))),
          unsupported,
        ),
      ),
      changed(
        'wrong signer',
        base,
        'its private half in the file',
        'key-unreadable',
        key(base, String(world.key.export({ format: 'pem', type: 'pkcs8' }))),
        unchecked,
      ),
      changed(
        'wrong signer',
        base,
        'its private half in the file, under a password',
        'key-unreadable',
        key(
          base,
          `-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n${own}`,
        ),
        unchecked,
      ),
      changed(
        'wrong signer',
        base,
        'a certificate for a key',
        'key-unreadable',
        key(base, world.authority.chain),
        unchecked,
      ),
      changed(
        'wrong signer',
        base,
        'two keys in the file',
        'key-unreadable',
        key(base, own + publicPem(world.otherKey)),
        unchecked,
      ),
      changed(
        'wrong signer',
        base,
        'a key as JSON',
        'key-unreadable',
        key(base, JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' })),
        unchecked,
      ),
      changed(
        'wrong signer',
        base,
        'a key with something behind it',
        'key-unreadable',
        key(
          base,
          pem(
            'PUBLIC KEY',
            Buffer.concat([Buffer.from(own.split('\n').slice(1, -2).join(''), 'base64'), Buffer.from([0])]),
          ),
        ),
        unchecked,
      ),
    ]),
    ...['key, pinned from that second', 'key, pinned for a time'].map((base) =>
      changed('expired', base, 'the key ended a second before', 'key-not-valid', {
        ...of(base),
        request: {
          ...of(base).request,
          keys: [{ name: 'release', pem: own, validUntil: new Date(world.now.getTime() - 1000).toISOString() }],
        },
      }),
    ),
  ];
}
