// SPDX-License-Identifier: Apache-2.0
// What is shown of an item, for everything that the verification suite accepts and for what strangers could write.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { rawParts, type RawEvidence } from '../../../src/core/evidence/raw.ts';
import type { RawPart } from '../../../src/core/model/raw-part.ts';
import { indentJson } from '../../../src/core/text/indent-json.ts';
import { certificateText } from '../../../src/node/evidence/certificate-text.ts';
import { MAX_DOCUMENT, rawDocument } from '../../../src/node/evidence/raw-document.ts';
import { acceptedRecipes } from '../../support/verification/accepted.ts';
import { createWorld, make, material, part, simpleSigning, type Json } from '../../support/verification/fixtures.ts';
import type { CaseItem } from '../../support/verification/model.ts';
import { IDENTITY, ISSUER } from '../../testbed/sigstore/authority.ts';

const world = createWorld(new Date('2026-11-22T16:41:09Z'));
const recipes = acceptedRecipes(world);
const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function raw({ kind, annotations, bytes }: CaseItem): RawEvidence {
  const content = Buffer.from(bytes, 'base64');
  return { kind, digest: digestOf(content), mediaType: 'text/x', annotations, bytes: content };
}
const evidenceOf = (kind: RawEvidence['kind'], content: string | Uint8Array, annotations = {}): RawEvidence =>
  raw({ kind, annotations, bytes: Buffer.from(content).toString('base64') });
const made = (name: string): RawEvidence => {
  const recipe = recipes[name];
  assert.ok(recipe !== undefined, name);
  return raw(make(world, recipe).item);
};
const jsonOf = (evidence: RawEvidence): unknown => {
  try {
    return JSON.parse(Buffer.from(evidence.bytes).toString());
  } catch {
    return undefined;
  }
};
const shown = (evidence: RawEvidence, which: RawPart): string => {
  const found = rawDocument(evidence, which);
  assert.ok(found.ok, found.ok ? '' : found.error.why);
  return found.value.text;
};
const refused = (evidence: RawEvidence, which: RawPart): string => {
  const found = rawDocument(evidence, which);
  return found.ok ? 'shown' : `${found.error.what}: ${found.error.why}. ${found.error.todo}`.trim();
};

describe('documents of what was found', () => {
  it('shows every part of everything that is accepted, and no other', () => {
    let certificates = 0;
    for (const name of Object.keys(recipes)) {
      const evidence = made(name);
      const parts = rawParts(evidence, jsonOf(evidence));
      assert.ok(parts.includes('bundle'), name);
      for (const each of ['bundle', 'statement', 'certificate'] as const) {
        const found = rawDocument(evidence, each);
        assert.equal(found.ok, parts.includes(each), `${name}: ${each}`);
        if (found.ok && found.value.form === 'json') JSON.parse(found.value.text);
      }
      if (parts.includes('certificate')) certificates++;
    }
    assert.ok(certificates > 20, `${certificates} with a certificate`);
  });

  it('sets out a bundle as it was found, and its statement decoded', () => {
    const evidence = made('rekor1');
    assert.deepEqual(JSON.parse(shown(evidence, 'bundle')), jsonOf(evidence));
    assert.match(shown(evidence, 'bundle'), /^\{\n {2}"mediaType"/);
    const statement = JSON.parse(shown(evidence, 'statement')) as Json;
    assert.equal(statement['_type'], 'https://in-toto.io/Statement/v1');
    assert.match(shown(evidence, 'statement'), /\n {2}"predicateType": "https:\/\/slsa\.dev/);
  });

  it('has no statement of a message, and no certificate of a key', () => {
    assert.match(
      refused(made('rekor1, a message'), 'statement'),
      /^The statement of sha256:.* is not shown: it has none\.$/,
    );
    assert.match(refused(made('key'), 'certificate'), /^The certificate of .*it has none/);
  });

  it('puts a layer of the older form and its annotations together, and says so', () => {
    const evidence = made('layer');
    const { note, annotations, payload } = JSON.parse(shown(evidence, 'bundle')) as Json;
    assert.match(String(note), /older form of Cosign.*put both together/);
    assert.deepEqual(annotations, evidence.annotations);
    assert.deepEqual(payload, simpleSigning());
    assert.deepEqual(JSON.parse(shown(evidence, 'statement')), simpleSigning());
    const broken = evidenceOf('legacy-signature', 'no JSON');
    assert.equal((JSON.parse(shown(broken, 'bundle')) as Json)['payload'], 'no JSON');
    assert.equal(shown(broken, 'statement'), 'no JSON');
    const attestation = made('attestation layer');
    assert.equal((JSON.parse(shown(attestation, 'statement')) as Json)['_type'], 'https://in-toto.io/Statement/v1');
  });

  it('tells who signed above the certificate, with the extensions of Fulcio by name', () => {
    for (const name of ['rekor1, claims of the build', 'rekor1, 0.1', 'layer']) {
      const text = shown(made(name), 'certificate');
      const found = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(text);
      const certificate = new X509Certificate(found?.[0] ?? '');
      assert.match(
        text,
        new RegExp(`^Subject alternative name +URI:${IDENTITY.replaceAll('.', String.raw`\.`)}$`, 'm'),
      );
      assert.match(text, /^Issuer +O=/m);
      assert.match(text, new RegExp(`^Serial +${certificate.serialNumber.toLowerCase()}$`, 'm'));
      assert.match(text, /^Valid +2026-11-22 \d\d:\d\d:\d\d UTC to 2026-11-22 \d\d:\d\d:\d\d UTC$/m);
      assert.match(text, /^Key +ec, prime256v1$/m);
      assert.match(text, new RegExp(`^ +8 issuer +${ISSUER}$`, 'm'));
    }
    const claims = shown(made('rekor1, claims of the build'), 'certificate');
    assert.match(claims, /^ +9 buildSignerUri +https:\/\/github\.com\/northwind/m);
    assert.match(claims, /^ +11 runnerEnvironment +github-hosted$/m);
    assert.match(claims, /^ +12 sourceRepositoryUri +https:/m);
    assert.match(shown(made('rekor1, an e-mail address'), 'certificate'), /email:releases@northwind\.test/);
  });

  it('makes what a certificate hides visible', () => {
    const hostile = made('rekor1');
    const { authority } = world;
    const recipe = recipes['rekor1'];
    assert.ok(recipe !== undefined);
    const claims = { 11: 'github\u202Ehosted\u0007', 12: 'x'.repeat(5000) };
    const bundle = authority.sign({ ...recipe.options, leaf: { identities: ['https://a\u202Eb'], claims } });
    const text = shown({ ...hostile, bytes: Buffer.from(JSON.stringify(bundle)) }, 'certificate');
    assert.match(text, /github\[U\+202E\]hosted\[U\+0007\]$/m);
    assert.match(text, /x{2000}… \(5000 characters\)$/m);
    // oxlint-disable-next-line no-control-regex -- none of them may be left
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
  });

  it('says of what is no certificate that it is none', () => {
    assert.match(certificateText(Buffer.from('nothing')), /could not be read as an X\.509 certificate/);
    assert.match(certificateText('-----BEGIN\u202E x'), /could not be read[\s\S]*BEGIN\[U\+202E\] x/);
    assert.match(certificateText(Buffer.alloc(70_000)), /70000 bytes, and at most 65536 are read/);
    const evidence = made('rekor1');
    const bundle = jsonOf(evidence) as Json;
    const bytes = Buffer.from(String(part(bundle, 'verificationMaterial', 'certificate')['rawBytes']), 'base64');
    // Every byte turned round in turn: whatever becomes of it, there is a text.
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      assert.match(certificateText(changed), /-----BEGIN CERTIFICATE-----/);
    }
  });

  it('takes odd bundles for what they are', () => {
    const bundle = jsonOf(made('rekor1')) as Json;
    const odd = (change: (copy: Json) => void): RawEvidence => {
      const copy = structuredClone(bundle);
      change(copy);
      return evidenceOf('bundle', JSON.stringify(copy));
    };
    const noText = odd((copy) => {
      part(copy, 'dsseEnvelope')['payload'] = Buffer.of(255, 254).toString('base64');
    });
    assert.deepEqual(JSON.parse(shown(noText, 'statement')), { note: 'This is no text in UTF-8.', base64: '//4=' });
    const numbers = odd((copy) => {
      part(copy, 'dsseEnvelope')['payload'] = 7;
      material(copy)['certificate'] = { rawBytes: 7 };
    });
    assert.match(refused(numbers, 'statement'), /it has none/);
    assert.match(refused(numbers, 'certificate'), /it has none/);
    const many = odd((copy) => {
      const { certificate } = material(copy);
      delete material(copy)['certificate'];
      material(copy)['x509CertificateChain'] = { certificates: Array.from({ length: 100 }, () => certificate) };
    });
    assert.equal(shown(many, 'certificate').match(/BEGIN CERTIFICATE/g)?.length, 32);
    for (const content of ['', '[]', 'null', '"x"', '{', Uint8Array.of(0, 255)]) {
      const evidence = evidenceOf('bundle', content);
      assert.deepEqual(rawParts(evidence, jsonOf(evidence)), ['bundle']);
      assert.equal(typeof shown(evidence, 'bundle'), 'string');
      for (const which of ['statement', 'certificate'] as const) assert.match(refused(evidence, which), /it has none/);
    }
  });

  it('shows bare statements and attached SBOMs, and nothing of what is only listed', () => {
    const statement = '{"_type":"x","subject":[]}';
    for (const kind of ['buildkit-statement', 'in-toto-referrer'] as const) {
      const evidence = evidenceOf(kind, statement);
      assert.deepEqual(rawParts(evidence, JSON.parse(statement)), ['statement']);
      assert.equal(shown(evidence, 'statement'), '{\n  "_type": "x",\n  "subject": []\n}\n');
    }
    assert.deepEqual(rawParts(made('envelope, key'), jsonOf(made('envelope, key'))), ['bundle', 'statement']);
    assert.deepEqual(rawParts(evidenceOf('unsigned-sbom', '{}'), {}), ['bundle']);
    assert.deepEqual(rawParts(evidenceOf('notation-signature', '{}'), {}), []);
    assert.deepEqual(rawParts(evidenceOf('other-referrer', '{}'), {}), []);
  });

  it('opens no document that VS Code does not, and says what to do', () => {
    const evidence = evidenceOf('unsigned-sbom', `"${'x'.repeat(MAX_DOCUMENT)}"`);
    assert.match(
      refused(evidence, 'bundle'),
      /^What was found of sha256:[0-9a-f]{64} is not shown: it has 51 MiB, and VS Code opens no document over 50 MiB\. Fetch it by its digest/,
    );
  });
});

describe('JSON set out in lines', () => {
  const LIMIT = 10_000_000;

  it('says what JSON.stringify says of what it can say', () => {
    for (const value of [
      {},
      [],
      [[], {}, [[]], [{}]],
      { a: 1, b: [true, null, -1.5e3, 'x"\\{}[],:'], c: { d: { e: [] } } },
      'text',
      12,
    ]) {
      const expected = `${JSON.stringify(value, null, 2)}\n`;
      assert.equal(indentJson(JSON.stringify(value), LIMIT), expected);
      assert.equal(indentJson(JSON.stringify(value, null, '\t'), LIMIT), expected);
      assert.equal(indentJson(`\r\n ${expected} `, LIMIT), expected);
    }
  });

  it('keeps repeated keys, long numbers and escapes as they stand', () => {
    const text = String.raw`{"a":12345678901234567890,"a":1.0,"__proto__":"\u0061\/"}`;
    assert.equal(
      indentJson(text, LIMIT),
      `{\n  "a": 12345678901234567890,\n  "a": 1.0,\n  "__proto__": "${String.raw`\u0061\/`}"\n}\n`,
    );
  });

  it('writes what hides or turns text as an escape of the same value', () => {
    const value = { 'a\u202E': ['\u2066x\uFEFF', 'é😀', '\u{E0041}'] };
    const text = indentJson(JSON.stringify(value), LIMIT) ?? '';
    assert.match(text, /"a\\u202e": \[\n {4}"\\u2066x\\ufeff",\n {4}"é😀",\n {4}"\\udb40\\udc41"/);
    assert.deepEqual(JSON.parse(text), value);
  });

  it('is not broken by depth, and does not grow without end', () => {
    const depth = 200_000;
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const text = indentJson(deep, LIMIT);
    assert.ok(text !== null && text.length < deep.length + 50_000, `${text?.length}`);
    assert.equal(text.replace(/\s/g, ''), deep);
    const wide = `${'['.repeat(100)}${'1,'.repeat(100_000)}1${']'.repeat(100)}`;
    assert.equal(indentJson(wide, LIMIT), null);
  });

  it('leaves alone what is no JSON', () => {
    for (const text of ['', '{', '[1,]', '{"a" 1}', 'x y', '"open', '[]]']) assert.equal(indentJson(text, LIMIT), null);
  });
});
