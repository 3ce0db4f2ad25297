// SPDX-License-Identifier: Apache-2.0
// The form of what was signed and of what holds it.
import { edited, item, saying, signing, text, type Change } from './changes.ts';
import { material, part, statement, statementContent, type Json, type Recipe, type World } from './fixtures.ts';

/** The form of bundles, envelopes and statements. */
export function formChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const of = (base: string): Recipe => {
    const recipe = bases[base];
    if (recipe === undefined) throw new Error(`there is no fixture ${base}`);
    return recipe;
  };
  const change = (
    kind: string,
    base: string,
    what: string,
    code: string,
    recipe: Recipe,
    more: Partial<Change> = {},
  ): Change => ({
    ...{ kind, base, what, code, recipe, ...more },
  });
  const bundles = ['key', 'rekor1', 'rekor2', 'stamp', 'rekor1, a message'];
  const statements = ['key', 'rekor1', 'rekor2', 'stamp', 'attestation layer', 'envelope, key'];
  const unsupported = { verdict: 'unsupported' } as const;

  return [
    ...bundles.flatMap((base) => [
      // A key's bundle has neither certificate nor promise to tell the versions apart by.
      ...(base === 'key'
        ? []
        : [
            change(
              'downgraded',
              base,
              'called a bundle of version 0.1',
              'bundle-malformed',
              edited(of(base), (bundle) => {
                bundle['mediaType'] = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
              }),
            ),
          ]),
      change(
        'downgraded',
        base,
        'of a version that is to come',
        'bundle-version-unsupported',
        edited(of(base), (bundle) => {
          bundle['mediaType'] = 'application/vnd.dev.sigstore.bundle.v0.4+json';
        }),
        unsupported,
      ),
      change(
        'form',
        base,
        'a list',
        'bundle-malformed',
        text(of(base), (json) => `[${json}]`),
      ),
      change(
        'form',
        base,
        'no media type',
        'bundle-malformed',
        edited(of(base), (bundle) => delete bundle['mediaType']),
      ),
      change(
        'form',
        base,
        'nothing that is signed',
        'bundle-malformed',
        edited(of(base), (bundle) => {
          delete bundle['dsseEnvelope'];
          delete bundle['messageSignature'];
        }),
      ),
      change(
        'form',
        base,
        'nobody who signed',
        'bundle-malformed',
        edited(of(base), (bundle) => {
          delete material(bundle)['certificate'];
          delete material(bundle)['publicKey'];
        }),
      ),
      change(
        'form',
        base,
        'no UTF-8',
        'json-malformed',
        item(of(base), (each) => ({
          ...each,
          bytes: Buffer.concat([Buffer.from(each.bytes, 'base64'), Buffer.from([0xff])]).toString('base64'),
        })),
      ),
      change(
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
      change(
        'payload type',
        base,
        'another type',
        'payload-type',
        signing(of(base), { content: statementContent(statement(), 'application/json') }),
      ),
      change(
        'payload',
        base,
        'no statement',
        'statement-malformed',
        signing(of(base), { content: statementContent({ hello: 'world' }) }),
      ),
      change(
        'payload',
        base,
        'a statement of another version',
        'statement-malformed',
        saying(of(base), { _type: 'https://in-toto.io/Statement/v2' }),
      ),
      change('payload', base, 'no subject', 'subject-missing', saying(of(base), { subject: [] })),
      change(
        'duplicate',
        base,
        'two subjects in its JSON',
        'json-duplicate-key',
        signing(of(base), {
          content: statementContent(JSON.stringify(statement()).replace('"subject":', '"subject":[],"subject":')),
        }),
      ),
      change(
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
