// SPDX-License-Identifier: Apache-2.0
// Changes that are applied to all five fixtures.
import { IDENTITY, ISSUER } from '../../testbed/sigstore/authority.ts';
import { window } from './accepted.ts';
import {
  all,
  annotation,
  COSIGN_BUNDLE,
  COSIGN_STAMP,
  DAY,
  edited,
  identity,
  item,
  MAX_BYTES,
  NESTED,
  OTHER,
  saying,
  signing,
  text,
  type Codes,
  type Main,
} from './changes.ts';
import {
  byKey,
  flip,
  material,
  part,
  publicPem,
  simpleSigning,
  stamps,
  statement,
  statementContent,
  type Json,
  type Recipe,
  type World,
} from './fixtures.ts';

/** Kinds that are applied to all five fixtures, as functions of one. */
export function onEach(
  world: World,
  name: Main,
  recipe: Recipe,
): readonly (readonly [string, string, Recipe, Codes, string?])[] {
  const isLayer = recipe.form === 'layer';
  const strangerCertificate = (): unknown =>
    material(world.stranger.sign({ content: recipe.options.content }))['certificate'];
  const key = (code: string, others: string): Codes => ({ ...all(others), key: code });
  const signed = key('key-signed', 'identity-mismatch');
  const wrongIssuer = key('key-signed', 'issuer-mismatch');
  const empty = key('key-signed', 'expectation-empty');
  const replaceStamp = (bundle: Json, change: (stamp: string) => string): void => {
    for (const each of stamps(bundle)) each['signedTimestamp'] = change(String(each['signedTimestamp']));
  };
  return [
    [
      'wrong artifact',
      'asked about another image',
      { ...recipe, request: { ...recipe.request, subjects: [`sha256:${OTHER}`] } },
      all('subject-mismatch'),
    ],
    [
      'wrong artifact',
      'asked about nothing',
      { ...recipe, request: { ...recipe.request, subjects: [] } },
      all('subject-mismatch'),
    ],
    ['identity prefix', 'the identity goes on', identity(recipe, IDENTITY.slice(0, -2)), signed],
    ['identity suffix', 'the identity begins earlier', identity(recipe, IDENTITY.slice(8)), signed],
    ['identity wildcard', 'a pattern', identity(recipe, IDENTITY.replace(/@.*/, '@.*')), signed],
    ['identity wildcard', 'a star', identity(recipe, '*'), signed],
    ['identity case', 'capitals', identity(recipe, IDENTITY.replace('northwind', 'Northwind')), signed],
    ['identity empty', 'no identity', identity(recipe, ''), empty],
    ['identity empty', 'no issuer', identity(recipe, IDENTITY, ''), empty],
    ['wrong issuer', 'another one', identity(recipe, IDENTITY, 'https://accounts.test'), wrongIssuer],
    ['wrong issuer', 'a slash more', identity(recipe, IDENTITY, `${ISSUER}/`), wrongIssuer],
    [
      'other subject',
      'it names another image',
      saying(
        recipe,
        { subject: [{ digest: { sha256: OTHER } }] },
        { image: { 'docker-manifest-digest': `sha256:${OTHER}` } },
      ),
      all('subject-mismatch'),
    ],
    [
      'other subject',
      'it names no digest of SHA-256',
      saying(
        recipe,
        { subject: [{ digest: { sha512: 'c'.repeat(128) } }] },
        { image: { 'docker-manifest-digest': `sha512:${'c'.repeat(128)}` } },
      ),
      { ...all('subject-missing'), layer: 'subject-mismatch' },
    ],
    [
      'tampered payload',
      'one word',
      isLayer
        ? text(recipe, (said) => said.replace('payments-api', 'payments-app'))
        : edited(recipe, (bundle) => {
            const envelope = part(bundle, 'dsseEnvelope');
            const said = Buffer.from(String(envelope['payload']), 'base64').toString('utf8');
            envelope['payload'] = Buffer.from(said.replace('payments-api', 'payments-app')).toString('base64');
          }),
      { ...all('signature-invalid'), rekor1: 'log-body', rekor2: 'log-body', layer: 'log-body' },
    ],
    [
      'tampered payload',
      'the signature',
      edited(recipe, (bundle) => {
        const holder = isLayer ? part(bundle, 'messageSignature') : part(bundle, 'dsseEnvelope', 'signatures', 0);
        const field = isLayer ? 'signature' : 'sig';
        holder[field] = flip(holder[field]);
      }),
      all('timestamp-invalid'),
    ],
    [
      'tampered certificate',
      name === 'key' ? 'a certificate takes the place of the key' : 'its signature',
      edited(recipe, (bundle) => {
        const held = material(bundle);
        if (name === 'key') {
          held['certificate'] = strangerCertificate();
          delete held['publicKey'];
        } else {
          part(held, 'certificate')['rawBytes'] = flip(part(held, 'certificate')['rawBytes']);
        }
      }),
      { ...all('certificate-chain'), key: 'certificate-signed' },
    ],
    [
      'tampered certificate',
      'that of another authority',
      edited(recipe, (bundle) => {
        const held = material(bundle);
        held['certificate'] = strangerCertificate();
        delete held['publicKey'];
      }),
      { ...all('certificate-chain'), key: 'certificate-signed' },
    ],
    [
      'tampered timestamp',
      'its signature',
      edited(recipe, (bundle) => replaceStamp(bundle, (stamp) => flip(stamp))),
      all('timestamp-invalid'),
    ],
    [
      'tampered timestamp',
      'that of another authority',
      edited(recipe, (bundle) => {
        const [other] = stamps(world.stranger.sign({ ...recipe.options, timestamp: true }));
        replaceStamp(bundle, () => String(other?.['signedTimestamp']));
      }),
      all('timestamp-invalid'),
    ],
    [
      'tampered timestamp',
      'that of another signature',
      edited(recipe, (bundle) => {
        const [other] = stamps(world[recipe.signer].sign({ ...recipe.options, timestamp: true }));
        replaceStamp(bundle, () => String(other?.['signedTimestamp']));
      }),
      all('timestamp-invalid'),
    ],
    ['tampered root', 'nothing says from when it is valid', recipe, all('root-incomplete'), 'undated'],
    ['tampered root', 'no JSON', recipe, all('root-invalid'), 'garbage'],
    ['tampered root', 'another authority of timestamps', recipe, all('timestamp-invalid'), 'other-timestamps'],
    ['tampered root', 'that of strangers', recipe, all('timestamp-invalid'), 'stranger'],
    [
      'truncated',
      'half of it',
      isLayer
        ? annotation(recipe, COSIGN_BUNDLE, (value) => value.slice(0, value.length / 2))
        : text(recipe, (json) => json.slice(0, json.length / 2)),
      { ...all('json-malformed'), layer: 'annotations-malformed' },
    ],
    [
      'truncated',
      'the signature',
      edited(recipe, (bundle) => {
        const holder = isLayer ? part(bundle, 'messageSignature') : part(bundle, 'dsseEnvelope', 'signatures', 0);
        const field = isLayer ? 'signature' : 'sig';
        holder[field] = String(holder[field]).slice(0, 40);
      }),
      all('timestamp-invalid'),
    ],
    ['oversized', 'a byte too many', item(recipe, (each) => ({ ...each, padTo: MAX_BYTES + 1 })), all('too-large')],
    [
      'nested',
      'two hundred lists',
      isLayer
        ? signing(recipe, {
            content: { message: Buffer.from(JSON.stringify(simpleSigning()).replace('null', NESTED)) },
          })
        : text(recipe, (json) => json.replace('{', `{"more":${NESTED},`)),
      all('json-too-deep'),
    ],
    [
      'nested',
      'in what was signed',
      signing(recipe, {
        content: isLayer
          ? { message: Buffer.from(JSON.stringify(simpleSigning({ more: 0 })).replace('"more":0', `"more":${NESTED}`)) }
          : statementContent(JSON.stringify(statement()).replace('"predicate":', `"more":${NESTED},"predicate":`)),
      }),
      all('json-too-deep'),
    ],
    [
      'duplicate',
      'a key of its JSON',
      isLayer
        ? signing(recipe, {
            content: { message: Buffer.from(JSON.stringify(simpleSigning()).replace('{', '{"optional":1,')) },
          })
        : text(recipe, (json) => json.replace('{', '{"mediaType":"",')),
      all('json-duplicate-key'),
    ],
    [
      'duplicate',
      isLayer ? 'a key of the log entry' : 'the timestamp',
      isLayer
        ? annotation(recipe, COSIGN_BUNDLE, (value) => value.replace('{', '{"Payload":{},'))
        : edited(recipe, (bundle) => void stamps(bundle).push({ ...stamps(bundle)[0] })),
      { ...all('timestamp-invalid'), layer: 'annotations-malformed' },
    ],
    [
      'expired',
      name === 'key' ? 'the key was given up before' : 'the certificate ended before',
      name === 'key'
        ? {
            ...recipe,
            request: {
              ...recipe.request,
              expected: { kind: 'anyone' },
              keys: [{ name: 'release', pem: publicPem(world.key), ...window(world.now, -2 * DAY, -DAY) }],
            },
          }
        : signing(recipe, {
            leaf: { from: new Date(world.now.getTime() - 600_000), until: new Date(world.now.getTime() - 1000) },
          }),
      { ...all('certificate-chain'), key: 'key-not-valid' },
    ],
    [
      'expired',
      name === 'key' ? 'the key is of later' : 'the certificate began later',
      name === 'key'
        ? {
            ...recipe,
            request: {
              ...recipe.request,
              expected: { kind: 'anyone' },
              keys: [{ name: 'release', pem: publicPem(world.key), ...window(world.now, DAY, 2 * DAY) }],
            },
          }
        : signing(recipe, {
            leaf: { from: new Date(world.now.getTime() + 60_000), until: new Date(world.now.getTime() + 600_000) },
          }),
      { ...all('certificate-chain'), key: 'key-not-valid' },
    ],
    ['revoked', 'the timestamp authority had ended', recipe, all('timestamp-invalid'), 'timestamps-ended'],
    [
      'downgraded',
      'the timestamp and the log entry are taken away',
      isLayer
        ? item(recipe, (each) => {
            const { [COSIGN_STAMP]: _stamp, [COSIGN_BUNDLE]: _log, ...annotations } = each.annotations;
            return { ...each, annotations };
          })
        : name === 'key'
          ? { ...recipe, request: byKey(world.key, false) }
          : edited(recipe, (bundle) => {
              material(bundle)['tlogEntries'] = [];
              delete material(bundle)['timestampVerificationData'];
            }),
      { ...all('timestamp-missing'), key: 'log-missing' },
    ],
    [
      'wrong signer',
      'a stranger',
      {
        ...recipe,
        signer: name === 'key' ? recipe.signer : 'stranger',
        options: { ...recipe.options, ...(name === 'key' ? { key: world.otherKey } : {}) },
      },
      { ...all('timestamp-invalid'), key: 'signature-invalid' },
    ],
  ];
}
