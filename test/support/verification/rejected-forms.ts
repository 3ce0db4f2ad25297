// SPDX-License-Identifier: Apache-2.0
// The form of what was signed and of what holds it.
import { edited, item, saying, signing, text, type Change, changed, fixtureOf } from './changes.ts';
import { material, part, statement, statementContent, type Json, type Recipe, type World } from './fixtures.ts';

/** The form of bundles, envelopes and statements. */
export function formChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const of = fixtureOf(bases);
  const bundles = ['key', 'rekor1', 'rekor2', 'stamp', 'rekor1, a message'];
  const statements = ['key', 'rekor1', 'rekor2', 'stamp', 'attestation layer', 'envelope, key'];
  const unsupported = { verdict: 'unsupported' } as const;

  return [
    ...bundles.flatMap((base) => [
      // A key's bundle has neither certificate nor promise to tell the versions apart by.
      ...(base === 'key'
        ? []
        : [
            changed(
              'downgraded',
              base,
              'called a bundle of version 0.1',
              'bundle-malformed',
              edited(of(base), (bundle) => {
                bundle['mediaType'] = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
              }),
            ),
          ]),
      changed(
        'downgraded',
        base,
        'of a version that is to come',
        'bundle-version-unsupported',
        edited(of(base), (bundle) => {
          bundle['mediaType'] = 'application/vnd.dev.sigstore.bundle.v0.4+json';
        }),
        unsupported,
      ),
      changed(
        'form',
        base,
        'a list',
        'bundle-malformed',
        text(of(base), (json) => `[${json}]`),
      ),
      changed(
        'form',
        base,
        'no media type',
        'bundle-malformed',
        edited(of(base), (bundle) => delete bundle['mediaType']),
      ),
      changed(
        'form',
        base,
        'nothing that is signed',
        'bundle-malformed',
        edited(of(base), (bundle) => {
          delete bundle['dsseEnvelope'];
          delete bundle['messageSignature'];
        }),
      ),
      changed(
        'form',
        base,
        'nobody who signed',
        'bundle-malformed',
        edited(of(base), (bundle) => {
          delete material(bundle)['certificate'];
          delete material(bundle)['publicKey'];
        }),
      ),
      changed(
        'form',
        base,
        'no UTF-8',
        'json-malformed',
        item(of(base), (each) => ({
          ...each,
          bytes: Buffer.concat([Buffer.from(each.bytes, 'base64'), Buffer.from([0xff])]).toString('base64'),
        })),
      ),
      changed(
        'form',
        base,
        'key and certificate',
        'bundle-malformed',
        edited(of(base), (bundle) => {
          const held = material(bundle);
          held['publicKey'] = { hint: 'x' };
          held['certificate'] ??= material(world.authority.sign({ content: { message: Buffer.from('x') } }))[
            'certificate'
          ];
        }),
      ),
    ]),
    ...statements.flatMap((base) => [
      changed(
        'payload type',
        base,
        'another type',
        'payload-type',
        signing(of(base), { content: statementContent(statement(), 'application/json') }),
      ),
      changed(
        'payload',
        base,
        'no statement',
        'statement-malformed',
        signing(of(base), { content: statementContent({ hello: 'world' }) }),
      ),
      changed(
        'payload',
        base,
        'a statement of another version',
        'statement-malformed',
        saying(of(base), { _type: 'https://in-toto.io/Statement/v2' }),
      ),
      changed('payload', base, 'no subject', 'subject-missing', saying(of(base), { subject: [] })),
      changed(
        'duplicate',
        base,
        'two subjects in its JSON',
        'json-duplicate-key',
        signing(of(base), {
          content: statementContent(JSON.stringify(statement()).replace('"subject":', '"subject":[],"subject":')),
        }),
      ),
      changed(
        'duplicate',
        base,
        'a second signature',
        'signature-count',
        base.startsWith('attestation') || base.startsWith('envelope')
          ? text(of(base), (json) => json.replace(/"signatures":\[(\{[^}]*\})\]/, '"signatures":[$1,$1]'))
          : edited(of(base), (bundle) => {
              const envelope = part(bundle, 'dsseEnvelope');
              envelope['signatures'] = [...(envelope['signatures'] as Json[]), ...(envelope['signatures'] as Json[])];
            }),
      ),
    ]),
  ];
}
