// SPDX-License-Identifier: Apache-2.0
import { err, ok, type Result } from './result.ts';

/** A normalised image reference, as BuildKit reads it (`docker.io`, `library/alpine`). */
export interface ImageReference {
  /** Empty only for names such as `a_b.c/x`, whose first part looks like a registry and cannot be one. */
  readonly registry: string;
  readonly repository: string;
  /** Null where none was written; `latest` is never made up here. */
  readonly tag: string | null;
  /** `sha256:…` or another algorithm that the reference grammar allows. */
  readonly digest: string | null;
}

const DEFAULT_REGISTRY = 'docker.io';
/** The limit of the reference grammar on the repository's path, in characters. */
const MAX_PATH = 255;
/** A reference can never be longer than this; anything over it is refused before a pattern sees it. */
const MAX_REFERENCE = 4096;

const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = new RegExp(`^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Parse a reference by the grammar of the distribution project, normalised as container tools do:
 * `alpine` is `docker.io/library/alpine`. The error is a sentence's end, such as "its repository name has capitals".
 */
export function parseImageReference(text: string): Result<ImageReference, string> {
  if (text === '') return err('it is empty');
  if (text.length > MAX_REFERENCE) return err(`it is longer than ${MAX_REFERENCE} characters`);
  if (/^[a-f0-9]{64}$/.test(text)) return err('64 hexadecimal digits are an image id, not a name');

  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  let registry = DEFAULT_REGISTRY;
  let rest = text;
  if (slash >= 0) {
    if (first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first) {
      registry = first === 'index.docker.io' ? DEFAULT_REGISTRY : first;
      rest = text.slice(slash + 1);
    }
  }
  if (registry === DEFAULT_REGISTRY && !rest.includes('/')) rest = `library/${rest}`;

  const colonInRest = rest.indexOf(':');
  const remote = colonInRest < 0 ? rest : rest.slice(0, colonInRest);
  if (remote.toLowerCase() !== remote) return err('its repository name has capital letters');

  const at = rest.indexOf('@');
  const digest = at < 0 ? null : rest.slice(at + 1);
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.indexOf(':');
  const tag = colon < 0 ? null : named.slice(colon + 1);
  let repository = colon < 0 ? named : named.slice(0, colon);

  if (!DOMAIN.test(registry)) {
    // `a_b.c/x`: no registry can be called that, but as a path without a registry the grammar takes it whole.
    repository = `${registry}/${repository}`;
    if (!PATH.test(repository)) return err(`"${registry}" is no registry name`);
    registry = '';
  }
  if (!PATH.test(repository)) return err(`"${repository}" is no repository name`);
  if (repository.length > MAX_PATH) return err(`its repository name is longer than ${MAX_PATH} characters`);
  if (tag !== null && !TAG.test(tag)) return err(`"${tag}" is no tag`);
  if (digest !== null) {
    const separator = digest.indexOf(':');
    const length = DIGEST_LENGTHS[digest.slice(0, separator)];
    const encoded = digest.slice(separator + 1);
    if (length === undefined || encoded.length !== length || !/^[a-f0-9]+$/.test(encoded)) {
      return err(`"${digest}" is no digest`);
    }
  }
  return ok({ registry, repository, tag, digest });
}

/** `registry/repository[:tag][@digest]`, with nothing added. */
export function formatImageReference(reference: ImageReference): string {
  const tag = reference.tag === null ? '' : `:${reference.tag}`;
  const digest = reference.digest === null ? '' : `@${reference.digest}`;
  const registry = reference.registry === '' ? '' : `${reference.registry}/`;
  return `${registry}${reference.repository}${tag}${digest}`;
}

/** As a builder resolves it: `latest` where neither tag nor digest was written. */
export function resolvedReference(reference: ImageReference): string {
  if (reference.tag !== null || reference.digest !== null) return formatImageReference(reference);
  return formatImageReference({ ...reference, tag: 'latest' });
}
