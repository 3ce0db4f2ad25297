// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const DATA = join(import.meta.dirname, '..', '..', 'src', 'core', 'attestations', 'data');
const text = z.string().check(z.minLength(1));
const confidence = z.enum(['read', 'one-source', 'unsourced']);
const level = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const list = <T extends z.ZodMiniType>(element: T) => z.array(element).check(z.minLength(1));
const file = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject({ asOf: z.iso.date(), sources: z.record(text, text), ...shape });

const SCHEMAS: Readonly<Record<string, z.ZodMiniType<{ asOf: string; sources: Record<string, string> }>>> = {
  'builders.json': file({
    builders: list(
      z.strictObject({
        name: text,
        issuer: z.url(),
        identity: z.url(),
        level,
        note: z.string(),
        source: text,
        confidence,
      }),
    ),
  }),
  'origins.json': file({
    origins: list(
      z.strictObject({
        id: text,
        name: text,
        builders: z.array(z.string()),
        buildTypes: z.array(z.string()),
        source: text,
        confidence,
      }),
    ),
  }),
  'predicates.json': file({
    confidence,
    types: list(z.strictObject({ prefix: z.url(), kind: text, label: text, source: text })),
  }),
  'publisher-keys.json': file({
    keys: list(
      z.strictObject({
        name: text,
        fingerprint: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/)),
        pem: text,
        address: z.url(),
        level,
        note: text,
        source: text,
        confidence,
      }),
    ),
  }),
};

/** The names of sources that an entry anywhere in the file gives. */
function named(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(named);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'source' && typeof inner === 'string' ? [inner] : named(inner),
  );
}

/** Canonical JSON as TUF signs it: sorted keys, no space, and of a text only quotes and backslashes escaped. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${canonical(key)}:${canonical(inner)}`).join(',')}}`;
}

describe("the first root of GitHub's instance", () => {
  const schema = z.strictObject({
    source: text,
    asOf: z.iso.date(),
    confidence: z.literal('high'),
    root: z.object({
      signatures: list(z.object({ keyid: text, sig: z.string() })),
      signed: z.looseObject({
        _type: z.literal('root'),
        keys: z.record(text, z.looseObject({ keyval: z.looseObject({ public: text }) })),
        roles: z.looseObject({ root: z.object({ keyids: list(text), threshold: z.int().check(z.minimum(1)) }) }),
      }),
    }),
  });

  it('has the signatures that it asks for itself, so that not a byte of it is changed', () => {
    const path = join(DATA, '..', '..', '..', 'node', 'trust', 'data', 'github-tuf-root.json');
    const { signed, signatures } = schema.parse(JSON.parse(readFileSync(path, 'utf8'))).root;
    const message = Buffer.from(canonical(signed));
    const good = signatures.filter(({ keyid, sig }) => {
      const key = signed.roles.root.keyids.includes(keyid) ? signed.keys[keyid] : undefined;
      return key !== undefined && verify('sha256', message, key.keyval.public, Buffer.from(sig, 'hex'));
    });
    const { threshold } = signed.roles.root;
    assert.ok(good.length >= threshold, `${good.length} of ${threshold}`);
  });
});

describe('data about evidence', () => {
  it('has a schema for every file', () =>
    assert.deepEqual(readdirSync(DATA).toSorted(), Object.keys(SCHEMAS).toSorted()));

  for (const [name, schema] of Object.entries(SCHEMAS)) {
    it(`${name} says where each entry is from, and from when`, () => {
      const read: unknown = JSON.parse(readFileSync(join(DATA, name), 'utf8'));
      const { asOf, sources } = schema.parse(read);
      assert.ok(Date.parse(asOf) <= Date.now(), asOf);
      const used = new Set(named(read));
      assert.deepEqual([...used].toSorted(), Object.keys(sources).toSorted());
    });
  }

  it('has keys that Waybill can check with', () => {
    const { keys } = JSON.parse(readFileSync(join(DATA, 'publisher-keys.json'), 'utf8')) as { keys: { pem: string }[] };
    for (const { pem } of keys) assert.equal(createPublicKey(pem).asymmetricKeyDetails?.namedCurve, 'prime256v1');
  });
});
