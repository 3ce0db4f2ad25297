// SPDX-License-Identifier: Apache-2.0
// Log entries that are doubled or taken away, messages, layers, timestamps alone.
import { asOldIntoto } from './accepted.ts';
import {
  annotation,
  COSIGN_BUNDLE,
  COSIGN_CERTIFICATE,
  edited,
  NESTED,
  OTHER,
  saying,
  signing,
  type Change,
  changed,
  fixtureOf,
} from './changes.ts';
import {
  flip,
  logEntry,
  material,
  part,
  publicPem,
  statementContent,
  type Json,
  type Recipe,
  type World,
} from './fixtures.ts';

const OLD_ENTRY = 'attestation layer, older entry';

/** Entries of the kind intoto 0.0.1, each signed by the log as it is. */
export function oldEntryChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const change = (base: string, what: string, code: string, spoil: (spec: Json) => void): Change => {
    const recipe = bases[base];
    if (recipe === undefined) throw new Error(`there is no fixture ${base}`);
    const entryBody = (honest: unknown): Json => {
      const body = asOldIntoto(honest);
      spoil(part(body, 'spec'));
      return body;
    };
    return { ...{ kind: 'tampered log entry', base, what, code }, recipe: signing(recipe, { entryBody }) };
  };
  const other = Buffer.from(publicPem(world.otherKey)).toString('base64');
  return [OLD_ENTRY, 'attestation layer, key, older entry'].flatMap((base) => [
    change(base, 'it is about another envelope', 'log-body', (spec) => {
      part(spec, 'content', 'hash')['value'] = OTHER;
    }),
    change(base, 'it is about another payload', 'log-body', (spec) => {
      part(spec, 'content', 'payloadHash')['value'] = OTHER;
    }),
    change(base, 'it names a hash of another algorithm', 'log-body', (spec) => {
      part(spec, 'content', 'hash')['algorithm'] = 'sha512';
    }),
    change(base, 'it names no envelope', 'log-body', (spec) => {
      delete part(spec, 'content')['hash'];
    }),
    change(base, 'it names another key', 'log-body', (spec) => {
      spec['publicKey'] = other;
    }),
    change(base, 'it does not say who signed', 'log-body', (spec) => {
      delete spec['publicKey'];
    }),
  ]);
}

/** Log entries, of those fixtures that have one; with a timestamp-only one, an entry is put in. */
export function logChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const names = ['rekor1', 'rekor2', 'layer', 'key, Rekor v1', 'attestation layer', 'key, Rekor v2', OLD_ENTRY];
  return names.flatMap((base): Change[] => {
    const recipe = bases[base];
    if (recipe === undefined) throw new Error(`there is no fixture ${base}`);
    const sameSigner = (): Json => logEntry(world[recipe.signer].sign(recipe.options));
    const change = (what: string, code: string, edit: (entry: Json, bundle: Json) => void): Change => ({
      ...{ kind: 'tampered log entry', base, what, code },
      recipe: edited(recipe, (bundle) => edit(logEntry(bundle), bundle)),
    });
    const isV1 = base !== 'rekor2' && base !== 'key, Rekor v2';
    return [
      change('its body', 'log-inclusion', (entry) => {
        const body = Buffer.from(String(entry['canonicalizedBody']), 'base64').toString('utf8');
        entry['canonicalizedBody'] = Buffer.from(
          body.replace('sha256', 'SHA256').replace('SHA2_256', 'SHA2_384'),
        ).toString('base64');
      }),
      change('that of another signature', 'log-body', (_, bundle) => {
        material(bundle)['tlogEntries'] = [sameSigner()];
      }),
      isV1
        ? change('its time', 'log-inclusion', (entry) => {
            entry['integratedTime'] = String(Number(entry['integratedTime']) + 1);
          })
        : change('its checkpoint', 'log-inclusion', (entry) => {
            const checkpoint = part(entry, 'inclusionProof', 'checkpoint');
            checkpoint['envelope'] = String(checkpoint['envelope']).replace('\n2\n', '\n3\n');
          }),
      isV1
        ? change('its promise', 'log-inclusion', (entry) => {
            const promise = part(entry, 'inclusionPromise');
            promise['signedEntryTimestamp'] = flip(promise['signedEntryTimestamp']);
          })
        : change('its proof', 'log-inclusion', (entry) => {
            const proof = part(entry, 'inclusionProof');
            proof['hashes'] = [flip((proof['hashes'] as string[])[0])];
          }),
      // A layer's annotations hold no proof.
      ...(recipe.form === 'bundle'
        ? [
            change('the tree that its proof names', 'log-inclusion', (entry) => {
              const proof = part(entry, 'inclusionProof');
              proof['rootHash'] = flip(proof['rootHash']);
            }),
          ]
        : []),
      change('the name of its log', 'log-inclusion', (entry) => {
        part(entry, 'logId')['keyId'] = Buffer.alloc(32, 7).toString('base64');
      }),
    ];
  });
}

/** What fits only some fixtures. */
export function otherChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const of = fixtureOf(bases);
  const unsupported = { verdict: 'unsupported' } as const;

  return [
    ...['rekor1', 'rekor2', 'rekor1, 0.1', 'rekor1, 0.2', 'rekor1, a message'].flatMap((base) => [
      changed(
        'duplicate',
        base,
        'the log entry',
        'log-duplicate',
        edited(of(base), (bundle) => {
          material(bundle)['tlogEntries'] = [logEntry(bundle), logEntry(bundle)];
        }),
      ),
      changed(
        'downgraded',
        base,
        'the log entry is taken away',
        'log-missing',
        edited(of(base), (bundle) => {
          material(bundle)['tlogEntries'] = [];
        }),
      ),
    ]),
    ...['rekor1', 'rekor2', 'rekor1, a message'].map((base) =>
      changed(
        'downgraded',
        base,
        'the proof of inclusion is taken away',
        'bundle-malformed',
        edited(of(base), (bundle) => delete logEntry(bundle)['inclusionProof']),
      ),
    ),
    ...['rekor1, 0.1', 'rekor1, 0.2'].map((base) =>
      changed(
        'tampered certificate',
        base,
        'it brings a root of its own',
        'chain-holds-root',
        edited(of(base), (bundle) => {
          const chain = part(bundle, 'verificationMaterial', 'x509CertificateChain');
          const root = part(world.stranger.trustedRoot, 'certificateAuthorities', 0, 'certChain', 'certificates', 0);
          chain['certificates'] = [...(chain['certificates'] as Json[]), root];
        }),
      ),
    ),
    ...['rekor1, a message', 'rekor2, a message', 'key, a message', 'key, RSA, a message'].flatMap((base) => [
      changed(
        'downgraded',
        base,
        'a digest of another algorithm',
        'digest-algorithm-unsupported',
        edited(of(base), (bundle) => {
          part(bundle, 'messageSignature', 'messageDigest')['algorithm'] = 'SHA2_384';
        }),
        unsupported,
      ),
      changed('tampered payload', base, 'the digest that it names', 'subject-mismatch', {
        ...of(base),
        request: { ...of(base).request, subjects: [`sha256:${OTHER}`] },
      }),
      changed(
        'tampered payload',
        base,
        'digest and question',
        base.startsWith('key') ? 'signature-invalid' : 'log-body',
        {
          ...edited(of(base), (bundle) => {
            part(bundle, 'messageSignature', 'messageDigest')['digest'] = Buffer.from(OTHER, 'hex').toString('base64');
          }),
          request: { ...of(base).request, subjects: [`sha256:${OTHER}`] },
        },
      ),
    ]),
    ...['layer', 'layer, key', 'layer, key, Rekor v1', 'layer, RSA key', 'layer, no timestamp'].flatMap((base) => [
      changed(
        'payload',
        base,
        'another kind of signature',
        'payload-malformed',
        saying(of(base), {}, { type: 'atomic container signature' }),
      ),
      changed(
        'payload',
        base,
        'no JSON',
        'payload-malformed',
        signing(of(base), { content: { message: Buffer.from('hello') } }),
      ),
      changed(
        'truncated',
        base,
        'no signature',
        'annotations-malformed',
        annotation(of(base), 'dev.cosignproject.cosign/signature', () => null),
      ),
    ]),
    ...['layer', 'layer, no timestamp', 'attestation layer'].flatMap((base) => [
      changed(
        'truncated',
        base,
        'half a certificate',
        'certificate-malformed',
        annotation(of(base), COSIGN_CERTIFICATE, (pem) => pem.slice(0, 300)),
      ),
      changed(
        'downgraded',
        base,
        'the certificate is taken away',
        'key-signed',
        annotation(of(base), COSIGN_CERTIFICATE, () => null),
      ),
      changed(
        'nested',
        base,
        'the log entry',
        'annotations-malformed',
        annotation(of(base), COSIGN_BUNDLE, (json) => json.replace('{', `{"more":${NESTED},`)),
      ),
    ]),
    changed(
      'downgraded',
      'layer',
      'the log entry is taken away',
      'log-missing',
      annotation(of('layer'), COSIGN_BUNDLE, () => null),
    ),
    // What GitHub's instance may leave out, nobody else may.
    changed(
      'downgraded',
      'stamp',
      'issued by another authority',
      'sct-missing',
      { ...of('stamp'), signer: 'authority' },
      { root: 'authority' },
    ),
    changed(
      'downgraded',
      'stamp, certificate log as well',
      'issued by another authority, in a certificate log',
      'log-missing',
      { ...of('stamp, certificate log as well'), signer: 'authority' },
      { root: 'authority' },
    ),
    changed(
      'tampered log entry',
      'stamp',
      'that of another signature is put in',
      'log-body',
      edited(of('stamp'), (bundle) => {
        material(bundle)['tlogEntries'] = [logEntry(world.github.sign({ content: statementContent() }))];
      }),
    ),
    changed(
      'tampered log entry',
      'rekor1',
      'it names another certificate',
      'log-body',
      edited(of('rekor1'), (bundle) => {
        // Signed by the log, about this signature, yet of another certificate for the same key.
        material(bundle)['certificate'] = { rawBytes: reissued(world, bundle) };
      }),
    ),
    changed(
      'tampered log entry',
      'rekor1',
      'of an older kind',
      'log-entry-unsupported',
      signing(of('rekor1'), {
        entryBody: (body) => ({ ...(body as Json), kind: 'intoto', apiVersion: '0.0.1' }),
      }),
      unsupported,
    ),
    changed(
      'tampered log entry',
      'rekor1',
      'it does not say who signed',
      'log-body',
      signing(of('rekor1'), {
        entryBody: (body) => {
          delete part(body, 'spec', 'signatures', 0)['verifier'];
          return body as Json;
        },
      }),
    ),
    changed(
      'tampered log entry',
      'key, Rekor v1',
      'it names another key',
      'log-body',
      signing(of('key, Rekor v1'), {
        entryBody: (body) => {
          part(body, 'spec', 'signatures', 0)['verifier'] = Buffer.from(publicPem(world.otherKey)).toString('base64');
          return body as Json;
        },
      }),
    ),
  ];
}

function reissued(world: World, bundle: Json): string {
  return world.authority.reissue(String(part(bundle, 'verificationMaterial', 'certificate')['rawBytes']));
}
