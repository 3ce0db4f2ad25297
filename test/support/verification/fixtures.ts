// SPDX-License-Identifier: Apache-2.0
// Signed things that have to be accepted, each with what it takes to sign it again with one thing changed.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  createAuthority,
  IDENTITY,
  ISSUER,
  STATEMENT_PAYLOAD,
  type Authority,
  type Content,
  type SignOptions,
} from '../../testbed/sigstore/authority.ts';
import { pem, spki } from '../../testbed/sigstore/certificate.ts';
import type { CaseItem, CaseRequest } from './model.ts';

export type Json = Record<string, unknown>;

export const HEX = 'a'.repeat(64);
export const DIGEST = `sha256:${HEX}`;
export const SIGNATURE_TYPE = 'https://sigstore.dev/cosign/sign/v1';

export interface World {
  readonly now: Date;
  readonly authority: Authority;
  /** Another one, which nobody trusts. */
  readonly stranger: Authority;
  /** As GitHub's own instance: the same pieces, with its organisation in every certificate. */
  readonly github: Authority;
  readonly key: KeyObject;
  readonly otherKey: KeyObject;
  readonly rsa: KeyObject;
}

export function createWorld(now: Date): World {
  return {
    now,
    authority: createAuthority({ now }),
    stranger: createAuthority({ now }),
    github: createAuthority({ now, organisation: 'GitHub, Inc.', host: 'github.test' }),
    key: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
    otherKey: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  };
}

export const publicPem = (key: KeyObject): string => pem('PUBLIC KEY', spki(key));

export const statement = (changes: Json = {}): Json => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'payments-api', digest: { sha256: HEX } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: { buildDefinition: { buildType: 'https://actions.github.io/buildtypes/workflow/v1' } },
  ...changes,
});

export const statementContent = (value: unknown = statement(), payloadType = STATEMENT_PAYLOAD): Content => ({
  payload: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  payloadType,
});

export const simpleSigning = (changes: Json = {}): Json => ({
  critical: {
    identity: { 'docker-reference': 'registry.test/northwind/payments-api' },
    image: { 'docker-manifest-digest': DIGEST },
    type: 'cosign container image signature',
    ...changes,
  },
  optional: null,
});

/** How a fixture is signed and asked for; a change is applied to one part of it. */
export interface Recipe {
  /** `layer`: the older form; `envelope`: a DSSE envelope by itself. */
  readonly form: 'bundle' | 'layer' | 'attestation-layer' | 'envelope';
  readonly signer: 'authority' | 'stranger' | 'github';
  readonly options: SignOptions;
  /** Applied to the bundle's JSON after signing. */
  readonly edit?: (bundle: Json) => void;
  /** Applied to the item after that. */
  readonly editItem?: (item: CaseItem) => CaseItem;
  readonly request: Omit<CaseRequest, 'item'>;
}

export const BY_IDENTITY: Omit<CaseRequest, 'item'> = {
  subjects: [DIGEST],
  expected: { kind: 'identity', identity: IDENTITY, issuer: ISSUER },
  keys: [],
  allowNoLog: false,
};

export const byKey = (key: KeyObject, allowNoLog: boolean): Omit<CaseRequest, 'item'> => ({
  subjects: [DIGEST],
  expected: { kind: 'key', pem: publicPem(key), name: 'release.pub' },
  keys: [],
  allowNoLog,
});

export const part = (value: unknown, ...path: readonly (string | number)[]): Json =>
  path.reduce((here, key) => (here as Json)[key] as Json, value as Json);

export const material = (bundle: Json): Json => part(bundle, 'verificationMaterial');
export const logEntry = (bundle: Json): Json => part(bundle, 'verificationMaterial', 'tlogEntries', 0);
export const stamps = (bundle: Json): Json[] =>
  part(bundle, 'verificationMaterial', 'timestampVerificationData', 'rfc3161Timestamps') as unknown as Json[];

/** Base64 with one bit of its byte number `at` (from the end where negative) turned. */
export function flip(text: unknown, at = -1): string {
  const bytes = Buffer.from(String(text), 'base64');
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes.toString('base64');
}

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

function certificatePem(bundle: Json): string | null {
  const { certificate } = material(bundle) as { certificate?: { rawBytes: string } };
  return certificate === undefined ? null : pem('CERTIFICATE', Buffer.from(certificate.rawBytes, 'base64'));
}

/** What Cosign writes beside a layer of its older form. */
function annotationsOf(bundle: Json, chain: string, signature: string): Record<string, string> {
  const annotations: Record<string, string> = { 'dev.cosignproject.cosign/signature': signature };
  const certificate = certificatePem(bundle);
  if (certificate !== null) {
    annotations['dev.sigstore.cosign/certificate'] = certificate;
    annotations['dev.sigstore.cosign/chain'] = chain;
  }
  const [entry] = material(bundle)['tlogEntries'] as {
    readonly canonicalizedBody: string;
    readonly integratedTime: string;
    readonly logIndex: string;
    readonly logId: { readonly keyId: string };
    readonly inclusionPromise: { readonly signedEntryTimestamp: string };
  }[];
  if (entry !== undefined) {
    annotations['dev.sigstore.cosign/bundle'] = JSON.stringify({
      SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
      Payload: {
        body: entry.canonicalizedBody,
        integratedTime: Number(entry.integratedTime),
        logIndex: Number(entry.logIndex),
        logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
      },
    });
  }
  const [stamp] = material(bundle)['timestampVerificationData'] === undefined ? [] : stamps(bundle);
  if (stamp !== undefined)
    annotations['dev.sigstore.cosign/rfc3161timestamp'] = JSON.stringify({
      SignedRFC3161Timestamp: stamp['signedTimestamp'],
    });
  return annotations;
}

/** The bytes of an envelope as Cosign stores them in a layer, which the log entry of one names by hash. */
export const layerEnvelope = (content: Content, signature: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      payload: base64('payload' in content ? content.payload : ''),
      payloadType: 'payload' in content ? content.payloadType : '',
      signatures: [{ sig: signature }],
    }),
  );

/** Sign by the recipe. */
export function make(world: World, { form, signer, options, edit, editItem, request }: Recipe): CaseRequest {
  const authority = world[signer];
  const { content } = options;
  const bundle = authority.sign(
    form === 'attestation-layer' ? { ...options, envelopeBytes: (sig) => layerEnvelope(content, sig) } : options,
  );
  edit?.(bundle);
  const item = ((): CaseItem => {
    switch (form) {
      case 'bundle':
        return { kind: 'bundle', annotations: {}, bytes: base64(JSON.stringify(bundle)) };
      case 'layer': {
        const signature = String(part(bundle, 'messageSignature')['signature']);
        const bytes = 'message' in content ? base64(content.message) : '';
        return { kind: 'legacy-signature', annotations: annotationsOf(bundle, authority.chain, signature), bytes };
      }
      case 'attestation-layer': {
        const signature = String(part(bundle, 'dsseEnvelope', 'signatures', 0)['sig']);
        const bytes = base64(layerEnvelope(content, signature));
        return { kind: 'legacy-attestation', annotations: annotationsOf(bundle, authority.chain, ''), bytes };
      }
      case 'envelope':
        return { kind: 'in-toto-referrer', annotations: {}, bytes: base64(JSON.stringify(bundle['dsseEnvelope'])) };
    }
  })();
  return { item: editItem === undefined ? item : editItem(item), ...request };
}

/** The five fixtures to which every kind of change is applied; each also has a timestamp. */
export function mainFixtures(world: World): Readonly<Record<'key' | 'rekor1' | 'rekor2' | 'layer' | 'stamp', Recipe>> {
  const content = statementContent();
  const timestamp = true;
  const message = { message: Buffer.from(JSON.stringify(simpleSigning())) };
  return {
    key: {
      ...{ form: 'bundle', signer: 'authority', request: byKey(world.key, true) },
      options: { content, log: null, timestamp, key: world.key },
    },
    rekor1: { form: 'bundle', signer: 'authority', options: { content, timestamp }, request: BY_IDENTITY },
    rekor2: { form: 'bundle', signer: 'authority', options: { content, log: 'v2' }, request: BY_IDENTITY },
    layer: { form: 'layer', signer: 'authority', options: { content: message, timestamp }, request: BY_IDENTITY },
    stamp: {
      ...{ form: 'bundle', signer: 'github', request: BY_IDENTITY },
      options: { content, log: null, timestamp, certificateLog: false },
    },
  };
}
