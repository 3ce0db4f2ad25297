// SPDX-License-Identifier: Apache-2.0
import { IDENTITY, ISSUER, STATEMENT_PAYLOAD, type Content } from '../../testbed/sigstore/authority.ts';
import { sha256 } from '../../testbed/sigstore/certificate.ts';
import {
  BY_IDENTITY,
  byKey,
  HEX,
  mainFixtures,
  material,
  part,
  publicPem,
  SIGNATURE_TYPE,
  simpleSigning,
  statement,
  statementContent,
  type Json,
  type Recipe,
  type World,
} from './fixtures.ts';

const DAY = 86_400_000;
const EMAIL = 'releases@northwind.test';
const USER = 'releases!northwind.test';

/** A bundle of 0.3 told as one of an older version, which holds its certificate as a chain. */
const asVersion = (version: '0.1' | '0.2') => (bundle: Json) => {
  bundle['mediaType'] = `application/vnd.dev.sigstore.bundle+json;version=${version}`;
  const held = material(bundle);
  held['x509CertificateChain'] = { certificates: [held['certificate']] };
  delete held['certificate'];
};

/** Everything that has to be accepted, by name. */
export function acceptedRecipes(world: World): Readonly<Record<string, Recipe>> {
  const fixtures = mainFixtures(world);
  const { rekor1, rekor2, key, layer, stamp } = fixtures;
  const content = statementContent();
  const message: Content = { message: Buffer.from('a binary, not an image') };
  const simple: Content = { message: Buffer.from(JSON.stringify(simpleSigning())) };
  const signed = (recipe: Recipe, options: Partial<Recipe['options']>): Recipe => ({
    ...recipe,
    options: { ...recipe.options, ...options },
  });
  const subjects = [`sha256:${'8d3c9d6b8c3d4c8fbe0f1ab0fd1a3f3b'.repeat(2)}`];
  const aboutMessage = (recipe: Recipe): Recipe => ({
    ...recipe,
    request: { ...recipe.request, subjects: messageDigest(message) },
  });
  const signatureStatement = statementContent(statement({ predicateType: SIGNATURE_TYPE, predicate: {} }));
  const pinned = { name: 'release', pem: publicPem(world.key) };
  return {
    ...fixtures,
    'rekor1, no timestamp': signed(rekor1, { timestamp: false }),
    'rekor1, signature of Cosign 3': signed(rekor1, { content: signatureStatement }),
    'rekor1, statement 0.1': signed(rekor1, {
      content: statementContent(statement({ _type: 'https://in-toto.io/Statement/v0.1' })),
    }),
    'rekor1, several subjects': signed(rekor1, {
      content: statementContent(
        statement({
          subject: [{ digest: { sha256: 'b'.repeat(64) } }, { digest: { sha512: 'c'.repeat(128), sha256: HEX } }],
        }),
      ),
    }),
    'rekor1, one of several digests': {
      ...rekor1,
      request: { ...rekor1.request, subjects: [...subjects, ...rekor1.request.subjects] },
    },
    'rekor1, an e-mail address': {
      ...signed(rekor1, { leaf: { identities: [EMAIL], issuer: 'https://accounts.test' } }),
      request: { ...BY_IDENTITY, expected: { kind: 'identity', identity: EMAIL, issuer: 'https://accounts.test' } },
    },
    'rekor1, a name of a user': {
      ...signed(rekor1, { leaf: { identities: [USER], issuer: 'https://accounts.test' } }),
      request: { ...BY_IDENTITY, expected: { kind: 'identity', identity: USER, issuer: 'https://accounts.test' } },
    },
    // Both ends of a validity count.
    'rekor1, in its first second': signed(rekor1, {
      leaf: { from: world.now, until: new Date(world.now.getTime() + 600_000) },
    }),
    'rekor1, in its last second': signed(rekor1, {
      leaf: { from: new Date(world.now.getTime() - 600_000), until: world.now },
    }),
    'key, pinned from that second': {
      ...key,
      request: {
        ...key.request,
        expected: { kind: 'anyone' },
        keys: [{ ...pinned, ...window(world.now, 0, 0) }],
      },
    },
    'key, a file with a comment': {
      ...key,
      request: {
        ...key.request,
        expected: { kind: 'key', name: 'release.pub', pem: `# of the releases\n${pinned.pem}\nuntil 2030\n` },
      },
    },
    'rekor1, claims of the build': signed(rekor1, {
      leaf: { claims: { 9: IDENTITY, 11: 'github-hosted', 12: `https://github.com/${'northwind/'.repeat(14)}` } },
    }),
    'rekor1, whoever signed': { ...rekor1, request: { ...BY_IDENTITY, expected: { kind: 'anyone' } } },
    'rekor1, promise without proof, 0.1': {
      ...rekor1,
      edit: (bundle) => {
        asVersion('0.1')(bundle);
        delete part(bundle, 'verificationMaterial', 'tlogEntries', 0)['inclusionProof'];
      },
    },
    'rekor1, 0.1': { ...rekor1, edit: asVersion('0.1') },
    'rekor1, 0.2': { ...rekor1, edit: asVersion('0.2') },
    'rekor2, 0.2': { ...rekor2, edit: asVersion('0.2') },
    'rekor1, older name of 0.3': {
      ...rekor1,
      edit: (bundle) => {
        bundle['mediaType'] = 'application/vnd.dev.sigstore.bundle+json;version=0.3';
      },
    },
    'rekor1, an entry of in-toto': signed(rekor1, { entryBody: asIntoto }),
    'rekor2, an entry of DSSE': signed(rekor2, { entryBody: (body) => asDsse(body, content) }),
    'rekor1, a message': aboutMessage(signed(rekor1, { content: message })),
    'rekor2, a message': aboutMessage(signed(rekor2, { content: message })),
    'key, no timestamp': signed(key, { timestamp: false }),
    'key, Rekor v1': { ...signed(key, { log: 'v1', timestamp: false }), request: byKey(world.key, false) },
    'key, no list of entries': {
      ...signed(key, { timestamp: false }),
      edit: (bundle) => {
        delete material(bundle)['tlogEntries'];
      },
    },
    'key, Rekor v2': { ...signed(key, { log: 'v2' }), request: byKey(world.key, false) },
    'key, a message': aboutMessage(signed(key, { content: message })),
    'key, RSA': { ...signed(key, { key: world.rsa }), request: byKey(world.rsa, true) },
    'key, RSA, a message': {
      ...signed(key, { key: world.rsa, content: message }),
      request: { ...byKey(world.rsa, true), subjects: messageDigest(message) },
    },
    'key, pinned by the policy': {
      ...key,
      request: {
        ...key.request,
        expected: { kind: 'anyone' },
        keys: [{ name: 'other', pem: publicPem(world.otherKey) }, pinned],
      },
    },
    'key, pinned for a time': {
      ...key,
      request: {
        ...key.request,
        expected: { kind: 'anyone' },
        keys: [{ ...pinned, ...window(world.now, -DAY, DAY) }],
      },
    },
    'layer, no timestamp': signed(layer, { timestamp: false }),
    'layer, key': {
      ...signed(layer, { key: world.key, log: null, timestamp: false }),
      request: byKey(world.key, true),
    },
    'layer, key, Rekor v1': {
      ...signed(layer, { key: world.key, timestamp: false }),
      request: byKey(world.key, false),
    },
    'layer, RSA key': {
      ...signed(layer, { key: world.rsa, log: null, content: simple }),
      request: byKey(world.rsa, true),
    },
    'attestation layer': { ...signed(layer, { content }), form: 'attestation-layer' },
    'attestation layer, key': {
      ...signed(layer, { content, key: world.key, log: null, timestamp: false }),
      form: 'attestation-layer',
      request: byKey(world.key, true),
    },
    'attestation layer, older entry': {
      ...signed(layer, { content, timestamp: false, entryBody: asOldIntoto }),
      form: 'attestation-layer',
    },
    'attestation layer, key, older entry': {
      ...signed(layer, { content, key: world.key, timestamp: false, entryBody: asOldIntoto }),
      form: 'attestation-layer',
      request: byKey(world.key, false),
    },
    'envelope, key': { ...signed(key, { timestamp: false }), form: 'envelope' },
    'stamp, signature of Cosign 3': signed(stamp, { content: signatureStatement }),
    'stamp, certificate log as well': signed(stamp, { certificateLog: true }),
    'rekor1, issuer of another provider': {
      ...signed(rekor1, { leaf: { issuer: 'https://gitlab.test' } }),
      request: { ...BY_IDENTITY, expected: { kind: 'identity', identity: IDENTITY, issuer: 'https://gitlab.test' } },
    },
    'rekor1, issuer as named': {
      ...rekor1,
      request: { ...BY_IDENTITY, expected: { kind: 'identity', identity: IDENTITY, issuer: ISSUER } },
    },
  };
}

/** The older kind of Rekor v1 for envelopes, in which the signature is encoded twice. */
function asIntoto(body: unknown): Json {
  const { envelopeHash, payloadHash } = part(body, 'spec');
  const { signature, verifier } = part(body, 'spec', 'signatures', 0);
  const sig = Buffer.from(String(signature)).toString('base64');
  const envelope = { payloadType: STATEMENT_PAYLOAD, signatures: [{ publicKey: verifier, sig }] };
  return { apiVersion: '0.0.2', kind: 'intoto', spec: { content: { envelope, hash: envelopeHash, payloadHash } } };
}

/** The oldest kind of Rekor v1 for envelopes, which Cosign wrote until 2.2: hashes, and who signed. */
export function asOldIntoto(body: unknown): Json {
  const { envelopeHash, payloadHash } = part(body, 'spec');
  const { verifier } = part(body, 'spec', 'signatures', 0);
  return {
    apiVersion: '0.0.1',
    kind: 'intoto',
    spec: { content: { hash: envelopeHash, payloadHash }, publicKey: verifier },
  };
}

/** The other kind of Rekor v2 for envelopes. */
function asDsse(body: unknown, content: Content): Json {
  const { content: signature, verifier } = part(body, 'spec', 'hashedRekordV002', 'signature');
  const digest = 'payload' in content ? sha256(content.payload).toString('base64') : '';
  const payloadHash = { algorithm: 'SHA2_256', digest };
  const dsseV002 = { payloadHash, signatures: [{ content: signature, verifier }] };
  return { apiVersion: '0.0.2', kind: 'dsse', spec: { dsseV002 } };
}

export function window(
  now: Date,
  from: number,
  until: number,
): { readonly validFrom: string; readonly validUntil: string } {
  return {
    validFrom: new Date(now.getTime() + from).toISOString(),
    validUntil: new Date(now.getTime() + until).toISOString(),
  };
}

function messageDigest(content: Content): readonly string[] {
  return 'message' in content ? [`sha256:${sha256(content.message).toString('hex')}`] : [];
}
