// SPDX-License-Identifier: Apache-2.0
// Who signs in the tests: a key pair of Cosign's, and an authority of our own that issues certificates as Fulcio does
// (identity as a URI, the issuer in Fulcio's extensions). Nothing here reaches a public log or a public root.
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedPart, inputKey } from './cache.ts';
import { run } from './command.ts';
import { quietToolEnv, toolPath } from './tools.ts';

export interface KeyPair {
  /** Encrypted with an empty password, as Cosign writes it. */
  readonly privateKey: string;
  readonly publicKey: string;
}

export interface Authority {
  /** PEM of the self-signed root. */
  readonly root: string;
  /** The same as a trusted_root.json of Sigstore's, which names no log and no timestamp authority. */
  readonly trustedRoot: string;
  /** PEM of the signer's certificate. */
  readonly certificate: string;
  /** Its private key in Cosign's form. */
  readonly privateKey: string;
  /** URI in the certificate. */
  readonly identity: string;
  /** OpenID issuer in the certificate. */
  readonly issuer: string;
}

const IDENTITY = 'https://example.invalid/waybill/demo/.github/workflows/build.yml@refs/heads/main';
const ISSUER = 'https://token.example.invalid';

/** Cosign's own key pair, the same in every run on this machine. */
export async function cosignKeyPair(): Promise<KeyPair> {
  const folder = await cachedPart({
    key: 'keys/cosign',
    label: "Cosign's key pair of the tests",
    make: async (out) => {
      await run(await toolPath('cosign'), ['generate-key-pair'], { cwd: out, env: quietToolEnv });
    },
  });
  return { privateKey: join(folder, 'cosign.key'), publicKey: join(folder, 'cosign.pub') };
}

/** Fulcio's extensions: the issuer as raw text (1) and as a DER string (8), and what a build says of itself. */
const LEAF = `[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=codeSigning
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName=critical,URI:${IDENTITY}
1.3.6.1.4.1.57264.1.1=DER:${Buffer.from(ISSUER).toString('hex')}
1.3.6.1.4.1.57264.1.8=ASN1:UTF8String:${ISSUER}
1.3.6.1.4.1.57264.1.9=ASN1:UTF8String:${IDENTITY}
1.3.6.1.4.1.57264.1.12=ASN1:UTF8String:https://example.invalid/waybill/demo
1.3.6.1.4.1.57264.1.13=ASN1:UTF8String:0123456789abcdef0123456789abcdef01234567
1.3.6.1.4.1.57264.1.14=ASN1:UTF8String:refs/heads/main
`;

const ROOT = `[req]
distinguished_name=name
prompt=no
x509_extensions=root
[name]
O=waybill tests
CN=waybill test authority
[root]
basicConstraints=critical,CA:TRUE,pathlen:1
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
`;

function trustedRoot(root: X509Certificate): unknown {
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [],
    certificateAuthorities: [
      {
        subject: { organization: 'waybill tests', commonName: 'waybill test authority' },
        uri: ISSUER,
        certChain: { certificates: [{ rawBytes: root.raw.toString('base64') }] },
        validFor: { start: new Date(root.validFrom).toISOString() },
      },
    ],
    ctlogs: [],
    timestampAuthorities: [],
  };
}

/** The authority and one signer that it vouches for. Ten years, so that a cached one stays good. */
export async function signingAuthority(): Promise<Authority> {
  const folder = await cachedPart({
    key: `keys/authority-${inputKey({ texts: [ROOT, LEAF, JSON.stringify('trusted root 1')] })}`,
    label: 'signing authority of the tests',
    make: async (out) => {
      const openssl = (...args: string[]): Promise<string> => run('openssl', args, { cwd: out });
      writeFileSync(join(out, 'root.cnf'), ROOT);
      writeFileSync(join(out, 'leaf.cnf'), LEAF);
      for (const name of ['root', 'leaf'])
        await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`);
      const days = ['-days', '3650', '-sha256'];
      await openssl('req', '-x509', '-new', '-key', 'root.key', '-config', 'root.cnf', ...days, '-out', 'root.pem');
      await openssl('req', '-new', '-key', 'leaf.key', '-subj', '/', '-out', 'leaf.csr');
      await openssl(
        ...['x509', '-req', '-in', 'leaf.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial'],
        ...['-extfile', 'leaf.cnf', '-extensions', 'leaf', ...days, '-out', 'leaf.pem'],
      );
      // Cosign signs only with keys in its own form.
      const cosign = await toolPath('cosign');
      const args = ['import-key-pair', '--key', 'leaf.key', '--output-key-prefix', 'signer'];
      await run(cosign, args, { cwd: out, env: quietToolEnv });
      const root = new X509Certificate(readFileSync(join(out, 'root.pem')));
      writeFileSync(join(out, 'trusted_root.json'), JSON.stringify(trustedRoot(root), null, 2));
    },
  });
  return {
    trustedRoot: join(folder, 'trusted_root.json'),
    root: join(folder, 'root.pem'),
    certificate: join(folder, 'leaf.pem'),
    privateKey: join(folder, 'signer.key'),
    identity: IDENTITY,
    issuer: ISSUER,
  };
}

/** Neither a public log nor a public timestamp; registries of the test bed speak plain HTTP. */
const OFFLINE = ['--yes', '--tlog-upload=false', '--use-signing-config=false', '--allow-http-registry'];

/**
 * The form before Sigstore's bundle, as tags beside the image. In a bundle a certificate counts only together with a time
 * that a log or a timestamp authority vouches for; with a key alone the newer form is used.
 */
const LEGACY = ['--new-bundle-format=false'];

export type Signer = KeyPair | Authority;

const signerArgs = (signer: Signer): string[] =>
  'certificate' in signer
    ? [...LEGACY, '--key', signer.privateKey, '--certificate', signer.certificate, '--certificate-chain', signer.root]
    : ['--key', signer.privateKey];

const verifierArgs = (signer: Signer): string[] =>
  'certificate' in signer
    ? [
        ...[...LEGACY, '--ca-roots', signer.root, '--certificate-identity', signer.identity],
        ...['--certificate-oidc-issuer', signer.issuer, '--insecure-ignore-sct'],
      ]
    : ['--key', signer.publicKey];

/** Signs `HOST/REPOSITORY@DIGEST` in its registry. */
export async function signImage(reference: string, signer: Signer): Promise<void> {
  const args = ['sign', ...OFFLINE, ...signerArgs(signer), reference];
  await run(await toolPath('cosign'), args, { env: quietToolEnv });
}

/** Attaches a signed attestation to `HOST/REPOSITORY@DIGEST`; `type` as Cosign names it, for example 'spdxjson'. */
export async function attestImage(
  reference: string,
  signer: Signer,
  { type, predicate }: { readonly type: string; readonly predicate: string },
): Promise<void> {
  const args = ['attest', ...OFFLINE, ...signerArgs(signer), '--type', type, '--predicate', predicate, reference];
  await run(await toolPath('cosign'), args, { env: quietToolEnv });
}

/** What `cosign verify` says; throws where it does not verify. */
export async function verifyImage(reference: string, signer: Signer): Promise<string> {
  const args = ['verify', '--insecure-ignore-tlog', '--allow-http-registry', ...verifierArgs(signer), reference];
  return run(await toolPath('cosign'), args, { env: quietToolEnv });
}

/** What `cosign verify-attestation` says: one DSSE envelope a line; throws where it does not verify. */
export async function verifyAttestation(reference: string, signer: Signer, type: string): Promise<string> {
  const args = ['verify-attestation', '--insecure-ignore-tlog', '--allow-http-registry', '--type', type];
  return run(await toolPath('cosign'), [...args, ...verifierArgs(signer), reference], { env: quietToolEnv });
}
