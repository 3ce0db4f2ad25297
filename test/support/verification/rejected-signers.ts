// SPDX-License-Identifier: Apache-2.0
// Who signed: certificates, keys, roots.
import { generateKeyPairSync } from 'node:crypto';
import { IDENTITY } from '../../testbed/sigstore/authority.ts';
import { expecting, signing, type Change, changed, fixtureOf } from './changes.ts';
import { publicPem, type Recipe, type World } from './fixtures.ts';

/** Who signed, by certificate and by key, and which roots are behind it. */
export function signerChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const of = fixtureOf(bases);
  const certified = ['rekor1', 'rekor2', 'layer', 'stamp', 'attestation layer'];
  const logged = ['rekor1', 'rekor2', 'layer', 'attestation layer', 'rekor1, a message'];
  const keyed = ['key', 'layer, key', 'attestation layer, key', 'envelope, key', 'key, a message'];
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
  const shortRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const unsupported = { verdict: 'unsupported' } as const;

  return [
    ...certified.flatMap((base) => [
      changed(
        'certificate',
        base,
        'for timestamps, not for code',
        'certificate-usage',
        signing(of(base), { leaf: { usage: 'time-stamping' } }),
      ),
      changed(
        'certificate',
        base,
        'two identities',
        'certificate-identity',
        signing(of(base), { leaf: { identities: [IDENTITY, 'https://evil.test/'] } }),
      ),
      changed('certificate', base, 'no issuer', 'certificate-identity', signing(of(base), { leaf: { issuer: null } })),
      changed(
        'certificate',
        base,
        'an identity with a line break',
        'certificate-identity',
        signing(of(base), { leaf: { identities: [`${IDENTITY}\n`] } }),
      ),
      changed(
        'wrong signer',
        base,
        'a key was expected',
        'certificate-signed',
        expecting(of(base), { kind: 'key', name: 'release.pub', pem: publicPem(world.key) }),
      ),
    ]),
    ...logged.flatMap((base) => [
      changed(
        'downgraded',
        base,
        'not in a certificate log',
        'sct-missing',
        signing(of(base), { certificateLog: false }),
      ),
      changed('tampered root', base, 'no certificate log', 'sct-invalid', of(base), { root: 'no-certificate-log' }),
      changed('tampered root', base, 'no transparency log', 'log-inclusion', of(base), { root: 'no-log' }),
      changed('tampered root', base, 'another authority', 'certificate-chain', of(base), { root: 'other-authority' }),
      changed('revoked', base, 'the authority had ended', 'certificate-chain', of(base), { root: 'authority-ended' }),
      changed('revoked', base, 'the log had ended', base === 'rekor2' ? 'log-not-valid' : 'log-inclusion', of(base), {
        root: 'log-ended',
      }),
      changed('revoked', base, 'the certificate log had ended', 'sct-invalid', of(base), {
        root: 'certificate-log-ended',
      }),
    ]),
    ...keyed.flatMap((base) => [
      changed(
        'wrong signer',
        base,
        'another key was expected',
        'signature-invalid',
        expecting(of(base), { kind: 'key', name: 'other.pub', pem: publicPem(world.otherKey) }),
      ),
      changed(
        'wrong signer',
        base,
        'a key of Ed25519',
        'key-type-unsupported',
        expecting(of(base), { kind: 'key', name: 'ed.pub', pem: publicPem(ed25519) }),
        unsupported,
      ),
      changed(
        'wrong signer',
        base,
        'a key of P-384',
        'key-type-unsupported',
        expecting(of(base), { kind: 'key', name: 'p384.pub', pem: publicPem(p384) }),
        unsupported,
      ),
      changed(
        'wrong signer',
        base,
        'a short key of RSA',
        'key-type-unsupported',
        expecting(of(base), { kind: 'key', name: 'rsa.pub', pem: publicPem(shortRsa) }),
        unsupported,
      ),
      changed(
        'wrong signer',
        base,
        'no key in the file',
        'key-unreadable',
        expecting(of(base), { kind: 'key', name: 'x.pub', pem: 'ssh-ed25519 AAAA' }),
      ),
      changed('wrong signer', base, 'nobody was named', 'key-unknown', expecting(of(base), { kind: 'anyone' }), {
        verdict: 'could-not-check',
      }),
      changed('downgraded', base, 'without a log entry', 'log-missing', {
        ...of(base),
        request: { ...of(base).request, allowNoLog: false },
      }),
    ]),
    ...['key', 'key, a message'].map((base) =>
      changed('wrong signer', base, 'the end of the pinned key is no date', 'key-unreadable', {
        ...of(base),
        request: {
          ...of(base).request,
          expected: { kind: 'anyone' },
          keys: [{ name: 'release', pem: publicPem(world.key), validUntil: 'soon' }],
        },
      }),
    ),
    ...['key', 'key, a message'].map((base) =>
      changed(
        'wrong signer',
        base,
        'the policy pins another key',
        'key-unknown',
        {
          ...of(base),
          request: {
            ...of(base).request,
            expected: { kind: 'anyone' },
            keys: [{ name: 'other', pem: publicPem(world.otherKey) }],
          },
        },
        { verdict: 'could-not-check' },
      ),
    ),
  ];
}
