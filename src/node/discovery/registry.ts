// SPDX-License-Identifier: Apache-2.0
import { readEvidenceManifest, readImageIndex } from '../../core/attestations/manifests.ts';
import { MANIFEST_TYPES } from '../../core/evidence/manifest.ts';
import { imageProblem } from '../../core/evidence/select-image.ts';
import { parseImageReference, type ImageReference } from '../../core/model/image-reference.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel } from '../../core/ports.ts';
import { findCredentials, type Credentials } from '../registry/auth-files.ts';
import { repositoryClient } from '../registry/client.ts';
import { registrySession, type RegistrySession } from '../registry/session.ts';
import type { DiscovererOptions } from './options.ts';
import type { OpenedImage, Shown } from './source.ts';

const TIMEOUT = 30_000;
const [MANIFEST] = MANIFEST_TYPES;

export interface OpenedRegistry extends OpenedImage {
  /** Where cosign was told to keep what it makes; null for the image's own repository. */
  readonly cosign: Shown | null;
}

function readName(written: string, what: string, repositoryOnly = false): Result<ImageReference, Problem> {
  const problem = (why: string): Result<never, Problem> =>
    err({ code: 'bad-input', what: `${JSON.stringify(written)} is no ${what}`, why, todo: 'Check it.' });
  const reference = parseImageReference(written);
  if (!reference.ok) return problem(reference.error);
  const { registry, tag, digest } = reference.value;
  if (repositoryOnly && (tag ?? digest) !== null) return problem('it has a tag or a digest');
  return registry === '' || !URL.canParse(`https://${registry}`)
    ? problem('its first part is no registry')
    : ok(reference.value);
}

function shownRepository(session: RegistrySession, { registry, repository }: ImageReference): Shown {
  return {
    source: repositoryClient(session, repository),
    address: (what) =>
      'named' in what
        ? `${registry}/${repository}${what.named.includes(':') ? '@' : ':'}${what.named}`
        : `${registry}/v2/${repository}/referrers/${what.referrersOf}`,
  };
}

const same = (one: Credentials | null, other: Credentials | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Look an image up in its registry; one request, and what a token takes. */
export async function openRegistry(
  target: string,
  cosignRepository: string | null,
  options: DiscovererOptions,
  cancel: Cancel,
): Promise<Result<OpenedRegistry, Problem>> {
  const reference = readName(target, 'image reference');
  if (!reference.ok) return reference;
  const other = cosignRepository === null ? null : readName(cosignRepository, 'repository (COSIGN_REPOSITORY)', true);
  if (other?.ok === false) return other;
  const { registry, repository } = reference.value;
  const elsewhere =
    other !== null && (other.value.registry !== registry || other.value.repository !== repository) ? other.value : null;
  const { env, log, timeout = TIMEOUT, insecureHosts = [] } = options;
  const credentialsOf = (name: ImageReference): Promise<Credentials | null> =>
    findCredentials(name.registry, name.repository, env, log, cancel);
  const credentials = await credentialsOf(reference.value);
  const otherCredentials = elsewhere === null ? null : await credentialsOf(elsewhere);
  const common = { userAgent: 'waybill', log, cancel, timeout, insecureHosts };
  // One token for both repositories, where one user reads both of one registry.
  const shared = elsewhere?.registry === registry && same(credentials, otherCredentials);
  const alsoFor = shared && elsewhere !== null ? [elsewhere.repository] : [];
  const session = registrySession(registry, repository, { ...common, credentials, alsoFor });
  const cosignSession = (name: ImageReference): RegistrySession =>
    shared ? session : registrySession(name.registry, name.repository, { ...common, credentials: otherCredentials });
  const image = shownRepository(session, reference.value);
  const asked = reference.value.digest ?? reference.value.tag ?? 'latest';
  const found = await repositoryClient(session, repository).manifest(asked);
  if (!found.ok) return found;
  const { document, digest } = found.value;
  const index = readImageIndex(document);
  if (!index.ok) return err(imageProblem(index.error));
  const manifest = index.value === null ? readEvidenceManifest(document) : null;
  if (manifest?.ok === false) return err(imageProblem(manifest.error));
  const self = {
    mediaType: MANIFEST,
    artifactType: '',
    digest,
    size: 0,
    annotations: {},
    platform: null,
    attests: null,
  };
  return ok({
    image,
    cosign: elsewhere === null ? null : shownRepository(cosignSession(elsewhere), elsewhere),
    digest: index.value === null ? null : digest,
    entries: index.value ?? [self],
  });
}
