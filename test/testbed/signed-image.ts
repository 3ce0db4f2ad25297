// SPDX-License-Identifier: Apache-2.0
// A real image in a registry as a release leaves it there, with what an honest look has to tell apart: signatures by a
// workflow and by a key, attestations that hold, one that is about another image, and statements that nobody signed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as from from '../unit/attestations/statements.ts';
import { imagePaths } from './images.ts';
import { attestImage, cosignKeyPair, signImage } from './pki.ts';
import { pushImage } from './registry.ts';
import {
  cosign,
  pushBuildkitAttestation,
  pushReferrer,
  pushTinyImage,
  referrerBytes,
  type Repository,
} from './signing.ts';
import { createAuthority, STATEMENT_PAYLOAD } from './sigstore/authority.ts';

export interface SignedImage {
  /** `northwind/payments-api:4.7.1`: the part of the reference behind the registry. */
  readonly name: string;
  /** Of the image index that the tag names. */
  readonly digest: string;
  /** Of the manifest for linux/amd64. */
  readonly platform: string;
  /** The public key of what Cosign signed with a key. */
  readonly publicKey: string;
  /** A trusted_root.json of the authority that vouches for the workflow. */
  readonly trustedRoot: string;
}

const SPDX = {
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'payments-api',
  documentNamespace: 'https://northwind.test/spdx/payments-api-4.7.1',
  creationInfo: { created: '2026-11-20T08:00:00Z', creators: ['Tool: syft-1.54.0'] },
  packages: ['app', 'golang.org/x/text', 'stdlib'].map((name) => ({
    name,
    SPDXID: `SPDXRef-${name.replace(/[^a-z]/g, '-')}`,
    versionInfo: '1.0.0',
    downloadLocation: 'NOASSERTION',
  })),
};
const CYCLONEDX = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { tools: { components: [{ type: 'application', name: 'syft', version: '1.54.0' }] } },
  components: [{ type: 'library', name: 'openssl', version: '3.0.1' }],
};

/** What GitHub Actions tells Fulcio of the run, by the number of the extension. */
const CLAIMS = {
  9: from.WORKFLOW,
  11: 'github-hosted',
  12: from.REPOSITORY,
  13: from.COMMIT,
  14: 'refs/tags/v4.7.1',
  21: from.RUN,
};

/** Pushes the image and everything beside it; files are written into `folder`. */
export async function pushSignedImage(host: string, folder: string): Promise<SignedImage> {
  const repository: Repository = { host, name: 'northwind/payments-api' };
  const at = `${host}/${repository.name}`;
  const platform = await pushImage((await imagePaths('goapp')).ociDir, `${at}:4.7.1-amd64`);
  const { digest } = await pushBuildkitAttestation(repository, '4.7.1', platform, 'new');
  const key = await cosignKeyPair();
  const file = (name: string, document: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(document));
    return path;
  };

  // By real Cosign, with a key: the image, its SBOM, and an SBOM of an image that is another one.
  await signImage(`${at}@${digest}`, key);
  await attestImage(`${at}@${digest}`, key, { type: 'spdxjson', predicate: file('spdx.json', SPDX) });
  const other = { host, name: 'northwind/ledger' };
  const { digest: elsewhere } = await pushTinyImage(other, '2.3.0');
  const cyclonedx = { type: 'cyclonedx', predicate: file('cyclonedx.json', CYCLONEDX) };
  await attestImage(`${host}/${other.name}@${elsewhere}`, key, cyclonedx);
  for (const bytes of await referrerBytes(other, elsewhere)) await pushReferrer(repository, digest, bytes);

  // By a workflow, with a certificate: the image and where it comes from.
  const authority = createAuthority({ now: new Date() });
  for (const statement of [from.statement('https://sigstore.dev/cosign/sign/v1', {}), from.githubV1()]) {
    const subject = [{ name: at, digest: { sha256: digest.slice('sha256:'.length) } }];
    const payload = Buffer.from(JSON.stringify({ ...statement, subject }));
    const bundle = authority.sign({
      content: { payload, payloadType: STATEMENT_PAYLOAD },
      leaf: { identities: [from.WORKFLOW], claims: CLAIMS },
    });
    await pushReferrer(repository, digest, Buffer.from(JSON.stringify(bundle)));
  }
  return {
    name: `${repository.name}:4.7.1`,
    digest,
    platform,
    publicKey: key.publicKey,
    trustedRoot: file('trusted_root.json', authority.trustedRoot),
  };
}

/** The same on disk, as an OCI layout, as Cosign saves it: with the bundles among the blobs and in no index. */
export async function saveSignedImage(reference: string, folder: string): Promise<void> {
  await cosign(['save', '--dir', folder, reference]);
}
