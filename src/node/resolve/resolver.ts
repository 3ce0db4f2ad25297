// SPDX-License-Identifier: Apache-2.0
import { resolve as absolutePath } from 'node:path';
import { formatPlatform, type Platform } from '../../core/dockerfile/platform.ts';
import type { ImageConfig } from '../../core/evidence/manifest.ts';
import { hostPlatform, platformOf, readPlatform, satisfies } from '../../core/evidence/platform.ts';
import { formatImageReference, parseImageReference, type ImageReference } from '../../core/model/image-reference.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel, ImageSource, Log, ResolvedImage, Resolver } from '../../core/ports.ts';
import { dockerHost, inspectImage, podmanSocket, type EngineOptions } from '../engines/engine.ts';
import { diskPlatforms, readDiskImage } from '../images/disk-image.ts';
import { findCredentials, type Credentials } from '../registry/auth-files.ts';
import { registryClient, type RegistryClient } from '../registry/client.ts';
import { withProxyHint } from '../registry/proxy.ts';
import { registryDigest, registryPlatforms, resolveRegistryImage } from '../registry/resolve.ts';
import type { AuditSession } from './session.ts';

export interface ResolverOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly engines: EngineOptions;
  /** Node's name of this machine's architecture. */
  readonly architecture: string;
  /** Milliseconds for one exchange with a registry. */
  readonly registryTimeout: number;
  /** `HOST` or `HOST:PORT` that is spoken to in plain HTTP because a person named it. */
  readonly insecureHosts?: readonly string[];
}

const badInput = (what: string, why: string, todo: string): Problem => ({ code: 'bad-input', what, why, todo });

function details(config: ImageConfig): Pick<ResolvedImage, 'platform' | 'created' | 'user'> {
  return {
    platform: config.platform === null ? null : formatPlatform(config.platform),
    created: config.created,
    user: config.user,
  };
}

interface OpenedRegistry {
  readonly reference: ImageReference;
  readonly client: RegistryClient;
  readonly credentials: Credentials | null;
}

async function openRegistry(
  target: string,
  offline: boolean,
  options: ResolverOptions,
  cancel: Cancel,
): Promise<Result<OpenedRegistry, Problem>> {
  if (offline) {
    return err({
      code: 'offline',
      what: `${target} was not looked up`,
      why: 'it is in a registry, and this audit is offline',
      todo: 'Audit a copy on disk or in an engine, or allow the network.',
    });
  }
  const reference = parseImageReference(target);
  if (!reference.ok)
    return err(badInput(`${JSON.stringify(target)} is no image reference`, reference.error, 'Check it.'));
  if (reference.value.registry === '')
    return err(badInput(`${JSON.stringify(target)} names no registry`, 'its first part cannot be one', 'Check it.'));
  const { registry, repository } = reference.value;
  if (!URL.canParse(`https://${registry}`))
    return err(badInput(`${JSON.stringify(target)} names no registry`, `${registry} is no address`, 'Check it.'));
  const credentials = await findCredentials(registry, repository, options.env, options.log, cancel);
  const client = registryClient(reference.value, {
    credentials,
    userAgent: 'waybill',
    log: options.log,
    cancel,
    timeout: options.registryTimeout,
    insecureHosts: options.insecureHosts ?? [],
  });
  return ok({ reference: reference.value, client, credentials });
}

async function fromRegistry(
  source: ImageSource,
  asked: Platform | null,
  offline: boolean,
  session: AuditSession,
  options: ResolverOptions,
  cancel: Cancel,
): Promise<Result<ResolvedImage, Problem>> {
  const opened = await openRegistry(source.target, offline, options, cancel);
  if (!opened.ok) return opened;
  const { reference, client, credentials } = opened.value;
  const image = await resolveRegistryImage(client, reference, asked, hostPlatform(options.architecture));
  if (!image.ok) return err(withProxyHint(image.error, options.env));
  const { indexDigest, manifestDigest, configDigest, config, platforms } = image.value;
  if (credentials?.kind === 'basic') {
    // The scanner looks only into the first file that exists; it gets what was found in any of them.
    const authority = reference.registry === 'docker.io' ? 'index.docker.io' : reference.registry;
    session.scannerEnv.set('SYFT_REGISTRY_AUTH_AUTHORITY', authority);
    session.scannerEnv.set('SYFT_REGISTRY_AUTH_USERNAME', credentials.username);
    session.scannerEnv.set('SYFT_REGISTRY_AUTH_PASSWORD', credentials.password);
  }
  // It tries HTTPS first, as is done here.
  if (options.insecureHosts?.some((host) => host === reference.registry || host === reference.registry.split(':')[0]))
    session.scannerEnv.set('SYFT_REGISTRY_INSECURE_USE_HTTP', 'true');
  const exact = formatImageReference({ ...reference, tag: null, digest: manifestDigest });
  return ok({
    source,
    scanTarget: `registry:${exact}`,
    indexDigest,
    manifestDigest,
    configDigest,
    platforms,
    ...details(config),
  });
}

async function fromEngine(
  source: ImageSource,
  engine: 'docker' | 'podman',
  asked: Platform | null,
  session: AuditSession,
  options: ResolverOptions,
  cancel: Cancel,
): Promise<Result<ResolvedImage, Problem>> {
  const host = engine === 'docker' ? dockerHost(options.engines, cancel) : Promise.resolve(null);
  const [inspected, address] = await Promise.all([inspectImage(engine, source.target, options.engines, cancel), host]);
  if (!inspected.ok) return inspected;
  const { id, configDigest, os, architecture, variant, created, user } = inspected.value;
  const platform = platformOf(os, architecture, variant);
  if (asked !== null && platform !== null && !satisfies(platform, asked)) {
    return err({
      code: 'image-missing',
      what: `No image ${source.target} for ${formatPlatform(asked)} in ${engine}`,
      why: `the one there is for ${formatPlatform(platform)}`,
      todo: 'Leave the platform out, or pull the other one.',
    });
  }
  if (address !== null) session.scannerEnv.set('DOCKER_HOST', address);
  if (engine === 'podman' && !podmanSocket(options.env)) session.exportFromPodman = id;
  return ok({
    source,
    scanTarget: `${engine}:${id}`,
    indexDigest: null,
    // The manifest that an engine hands out is made up anew; it is no identity.
    manifestDigest: null,
    configDigest,
    platform: platform === null ? null : formatPlatform(platform),
    created,
    user,
    platforms: [],
  });
}

/** Who an image is, from wherever it is; each audit has its own, as it fills the session. */
export function createResolver(session: AuditSession, options: ResolverOptions): Resolver {
  return {
    resolve: async (source, platform, offline, cancel) => {
      const { scheme, target } = source;
      const asked = platform === null ? null : readPlatform(platform);
      if (platform !== null && asked === null) {
        return err(
          badInput(`${JSON.stringify(platform)} is no platform`, 'it is not OS/ARCH or OS/ARCH/VARIANT', 'Check it.'),
        );
      }
      if (target === '' || target.includes('\0'))
        return err(badInput('No image was named', 'the reference is empty', ''));
      if (scheme === 'registry') return fromRegistry(source, asked, offline, session, options, cancel);
      if (scheme === 'docker' || scheme === 'podman')
        return fromEngine(source, scheme, asked, session, options, cancel);
      const path = absolutePath(target);
      const image = await readDiskImage(scheme, path, asked, hostPlatform(options.architecture));
      if (!image.ok) return image;
      const { indexDigest, manifestDigest, configDigest, config, platforms } = image.value;
      return ok({
        source,
        scanTarget: `${scheme}:${path}`,
        indexDigest,
        manifestDigest,
        configDigest,
        platforms,
        ...details(config),
      });
    },
  };
}

/** Platforms to choose from; empty where there is only one image. Asks a registry only for `registry:`. */
export async function listPlatforms(
  source: ImageSource,
  options: ResolverOptions,
  cancel: Cancel,
): Promise<Result<readonly string[], Problem>> {
  const { scheme, target } = source;
  if (scheme === 'docker' || scheme === 'podman') return ok([]);
  if (scheme !== 'registry') return diskPlatforms(scheme, absolutePath(target));
  const opened = await openRegistry(target, false, options, cancel);
  if (!opened.ok) return opened;
  const platforms = await registryPlatforms(opened.value.client, opened.value.reference);
  return platforms.ok ? platforms : err(withProxyHint(platforms.error, options.env));
}

/** Digest of what the tag of an image in a registry names; always asks that registry. */
export async function findDigest(
  reference: string,
  options: ResolverOptions,
  cancel: Cancel,
): Promise<Result<string, Problem>> {
  const opened = await openRegistry(reference, false, options, cancel);
  if (!opened.ok) return opened;
  const digest = await registryDigest(opened.value.client, opened.value.reference);
  return digest.ok ? digest : err(withProxyHint(digest.error, options.env));
}
