// SPDX-License-Identifier: Apache-2.0
// Signed things for the tests: tiny images in a registry of our own, and what real Cosign, BuildKit and others put beside
// them. Everything is pushed over plain HTTP to this machine.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, layoutFiles } from '../../scripts/lib/oci-layout.mjs';
import { run } from './command.ts';
import { cosignKeyPair } from './pki.ts';
import { quietToolEnv, toolPath } from './tools.ts';

export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const IN_TOTO_TYPE = 'application/vnd.in-toto+json';

export interface Pushed {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** A repository in a registry of the test bed. */
export interface Repository {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly name: string;
  /** `user:password` for basic authentication. */
  readonly login?: string;
}

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function send(repository: Repository, url: URL, method: string, body?: Uint8Array, type?: string) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(repository.login === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(repository.login).toString('base64')}` }),
    },
    ...(body === undefined ? {} : { body: Uint8Array.from(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url.href}: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
  return response;
}

const api = ({ host, name }: Repository, path: string): URL => new URL(`http://${host}/v2/${name}/${path}`);

export async function pushBlob(repository: Repository, bytes: Uint8Array, mediaType: string): Promise<Pushed> {
  const begun = await send(repository, api(repository, 'blobs/uploads/'), 'POST');
  const upload = new URL(begun.headers.get('location') ?? '', begun.url);
  const digest = digestOf(bytes);
  upload.searchParams.set('digest', digest);
  await send(repository, upload, 'PUT', bytes, 'application/octet-stream');
  return { mediaType, digest, size: bytes.length };
}

/** Pushes a manifest or an index by its digest, or under a tag. */
export async function pushManifest(
  repository: Repository,
  manifest: { readonly mediaType: string; readonly [key: string]: unknown },
  tag?: string,
): Promise<Pushed> {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(bytes);
  await send(repository, api(repository, `manifests/${tag ?? digest}`), 'PUT', bytes, manifest.mediaType);
  return { mediaType: manifest.mediaType, digest, size: bytes.length };
}

export interface TinyImage {
  /** `HOST/NAME:TAG`. */
  readonly reference: string;
  /** Of the index, or of the only manifest. */
  readonly digest: string;
  /** Manifest digests by `os/arch`. */
  readonly platforms: Readonly<Record<string, string>>;
}

/** Pushes an image of a few bytes, with an index where it has several architectures; `mark` makes it another one. */
export async function pushTinyImage(
  repository: Repository,
  tag: string,
  architectures: readonly string[] = ['amd64'],
  mark = tag,
): Promise<TinyImage> {
  const images = architectures.map((architecture) =>
    buildImage({
      platform: { os: 'linux', architecture },
      created: '2026-01-02T03:04:05Z',
      layers: [{ entries: [{ path: 'etc/mark', data: `${mark} ${architecture}` }] }],
    }),
  );
  const { files } = layoutFiles(images);
  const bytesOf = (digest: string): Uint8Array => {
    const bytes = files.get(`blobs/${digest.replace(':', '/')}`);
    if (bytes === undefined) throw new Error(`The image has no ${digest}`);
    return Buffer.from(bytes);
  };
  const entries = [];
  for (const { manifest, config, layers, platform } of images) {
    for (const { digest } of [config, ...layers]) await pushBlob(repository, bytesOf(digest), '');
    const alone = images.length === 1 ? tag : manifest.digest;
    await send(repository, api(repository, `manifests/${alone}`), 'PUT', bytesOf(manifest.digest), manifest.mediaType);
    entries.push({ mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size, platform });
  }
  const index =
    entries.length > 1
      ? await pushManifest(repository, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: entries }, tag)
      : null;
  return {
    reference: `${repository.host}/${repository.name}:${tag}`,
    digest: index?.digest ?? entries[0]?.digest ?? '',
    platforms: Object.fromEntries(entries.map(({ digest, platform }) => [`linux/${platform.architecture}`, digest])),
  };
}

export interface BuildkitImage extends TinyImage {
  /** Digest of the attestation manifest of the first platform. */
  readonly attestation: string;
}

/** An in-toto statement about a digest. */
export function statementAbout(digest: string, predicateType: string, predicate: unknown): unknown {
  const subject = [{ name: 'pkg:docker/demo/app', digest: { sha256: digest.replace(/^sha256:/, '') } }];
  return { _type: 'https://in-toto.io/Statement/v1', predicateType, subject, predicate };
}

/**
 * Pushes an image as BuildKit does with SBOM and provenance: an index that names an attestation manifest. `old` is its
 * form until June 2026 (an image configuration, no subject), `new` the one since (an artifact with a subject).
 */
export async function pushBuildkitImage(
  repository: Repository,
  tag: string,
  form: 'old' | 'new',
): Promise<BuildkitImage> {
  const plain = await pushTinyImage(repository, `${tag}-plain`, ['amd64'], tag);
  const { digest, attestation } = await pushBuildkitAttestation(repository, tag, plain.digest, form);
  return {
    reference: `${repository.host}/${repository.name}:${tag}`,
    digest,
    platforms: { 'linux/amd64': plain.digest },
    attestation,
  };
}

/** Puts such an attestation manifest beside the manifest for linux/amd64, and an index of both under the tag. */
export async function pushBuildkitAttestation(
  repository: Repository,
  tag: string,
  platform: string,
  form: 'old' | 'new',
): Promise<{ readonly digest: string; readonly attestation: string }> {
  const size = (await sizeOf(repository, platform)) ?? 0;
  const image = { mediaType: MANIFEST_TYPE, digest: platform, size };
  const predicates = [
    ['https://spdx.dev/Document', { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: tag, packages: [] }],
    [
      'https://slsa.dev/provenance/v1',
      {
        buildDefinition: {
          buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
          externalParameters: { configSource: {}, request: { frontend: 'dockerfile.v0' } },
        },
        runDetails: { builder: { id: '' } },
      },
    ],
  ] as const;
  const layers = [];
  for (const [type, predicate] of predicates) {
    const bytes = Buffer.from(JSON.stringify(statementAbout(platform, type, predicate)));
    const layer = await pushBlob(repository, bytes, IN_TOTO_TYPE);
    layers.push({ ...layer, annotations: { 'in-toto.io/predicate-type': type } });
  }
  const imageConfig = {
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  };
  const config =
    form === 'old'
      ? await pushBlob(repository, Buffer.from(JSON.stringify(imageConfig)), CONFIG_TYPE)
      : await pushBlob(repository, Buffer.from('{}'), EMPTY_TYPE);
  const artifactType = 'application/vnd.docker.attestation.manifest.v1+json';
  const attestation = await pushManifest(repository, {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    ...(form === 'new' ? { artifactType, subject: image } : {}),
    config,
    layers,
  });
  const annotations = {
    'vnd.docker.reference.digest': platform,
    'vnd.docker.reference.type': 'attestation-manifest',
  };
  const manifests = [
    { ...image, platform: { os: 'linux', architecture: 'amd64' } },
    { ...attestation, annotations, platform: { os: 'unknown', architecture: 'unknown' } },
  ];
  const index = await pushManifest(repository, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests }, tag);
  return { digest: index.digest, attestation: attestation.digest };
}

async function sizeOf(repository: Repository, digest: string): Promise<number | null> {
  const response = await fetch(api(repository, `manifests/${digest}`), { headers: { accept: MANIFEST_TYPE } });
  return response.ok ? (await response.arrayBuffer()).byteLength : null;
}

/**
 * Pushes bytes as something that refers to a digest, as Cosign 3 does with a bundle: artifact type and layer are of one
 * type. In a registry without the referrers API the list under the fallback tag is written as well.
 */
export async function pushReferrer(
  repository: Repository,
  subject: string,
  bytes: Uint8Array,
  type: string = BUNDLE_TYPE,
  annotations: Readonly<Record<string, string>> = {},
): Promise<Pushed> {
  const config = await pushBlob(repository, Buffer.from('{}'), EMPTY_TYPE);
  const layer = await pushBlob(repository, bytes, type);
  const size = (await sizeOf(repository, subject)) ?? 0;
  const pushed = await pushManifest(repository, {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: type,
    config,
    layers: [layer],
    subject: { mediaType: MANIFEST_TYPE, digest: subject, size },
    annotations,
  });
  const served = await fetch(api(repository, `referrers/${subject}`));
  await served.body?.cancel();
  if (served.ok) return pushed;
  const tag = subject.replace(':', '-');
  const before = await fetch(api(repository, `manifests/${tag}`), { headers: { accept: INDEX_TYPE } });
  const known = before.ok ? ((await before.json()) as { manifests: unknown[] }).manifests : [];
  const manifests = [...known, { ...pushed, artifactType: type }];
  await pushManifest(repository, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests }, tag);
  return pushed;
}

/** The layers of everything that refers to a digest, in a registry with the referrers API. */
export async function referrerBytes(repository: Repository, subject: string): Promise<readonly Uint8Array[]> {
  const json = async (path: string, accept: string): Promise<unknown> =>
    (await fetch(api(repository, path), { headers: { accept } })).json();
  const { manifests } = (await json(`referrers/${subject}`, INDEX_TYPE)) as { manifests: readonly Pushed[] };
  const found: Uint8Array[] = [];
  for (const { digest } of manifests) {
    const { layers } = (await json(`manifests/${digest}`, MANIFEST_TYPE)) as { layers: readonly Pushed[] };
    for (const layer of layers) found.push(await (await fetch(api(repository, `blobs/${layer.digest}`))).bytes());
  }
  return found;
}

/** Runs real Cosign with an empty password, in a folder of its own, against registries on this machine. */
export async function cosign(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd: string = tmpdir(),
): Promise<string> {
  return run(await toolPath('cosign'), args, { cwd, env: { ...quietToolEnv, ...env } });
}

/** Types of `cosign attest --type` with a small predicate for each. */
export const PREDICATES = {
  spdxjson: { spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT', name: 'demo', packages: [] },
  cyclonedx: { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [] },
  slsaprovenance1: {
    buildDefinition: {
      buildType: 'https://example.invalid/build/v1',
      externalParameters: {},
      resolvedDependencies: [],
    },
    runDetails: { builder: { id: 'https://example.invalid/builder' }, metadata: {} },
  },
} as const;
export type PredicateName = keyof typeof PREDICATES;

/** How Cosign keeps what it makes: as bundles (its way since version 3), in tags of its own, or as older referrers. */
export type CosignForm = 'bundle' | 'tags' | 'experimental-referrer';

const LEGACY = ['--new-bundle-format=false', '--use-signing-config=false', '--tlog-upload=false'];

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-cosign-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Options of Cosign for a form; without a log or a timestamp, as there is no network. */
function formArgs(form: CosignForm, folder: string): readonly string[] {
  if (form !== 'bundle') return LEGACY;
  const config = join(folder, 'signing-config.json');
  const mediaType = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';
  writeFileSync(config, JSON.stringify({ mediaType, rekorTlogConfig: {}, tsaConfig: {} }));
  return ['--signing-config', config];
}

/** Signs `HOST/NAME@sha256:…` with the key of the test bed. */
export async function signWithKey(
  reference: string,
  form: CosignForm = 'bundle',
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { privateKey } = await cosignKeyPair();
  await inFolder(async (folder) => {
    const referrer = form === 'experimental-referrer';
    const mode = referrer ? ['--registry-referrers-mode=oci-1-1'] : [];
    const args = ['sign', '--key', privateKey, '--allow-http-registry', '-y', ...formArgs(form, folder), ...mode];
    await cosign([...args, reference], { ...(referrer ? { COSIGN_EXPERIMENTAL: '1' } : {}), ...env }, folder);
  });
}

/** Attests `HOST/NAME@sha256:…` with the key of the test bed. */
export async function attestWithKey(
  reference: string,
  type: PredicateName,
  form: 'bundle' | 'tags' = 'bundle',
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { privateKey } = await cosignKeyPair();
  await inFolder(async (folder) => {
    const predicate = join(folder, 'predicate.json');
    writeFileSync(predicate, JSON.stringify(PREDICATES[type]));
    const args = ['attest', '--key', privateKey, '--allow-http-registry', '-y', ...formArgs(form, folder)];
    await cosign([...args, '--type', type, '--predicate', predicate, reference], env, folder);
  });
}

/** Attaches an unsigned SBOM under a `.sbom` tag. */
export async function attachSbom(reference: string): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, 'sbom.json');
    writeFileSync(file, JSON.stringify(PREDICATES.spdxjson));
    const args = [
      'attach',
      'sbom',
      '--sbom',
      file,
      '--type',
      'spdx',
      '--input-format',
      'json',
      '--allow-http-registry',
    ];
    await cosign([...args, reference], {}, folder);
  });
}
