// SPDX-License-Identifier: Apache-2.0
// The part of the OCI distribution API that says who an image is: manifests and small blobs, digests checked.
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { INDEX_TYPES, isDigest, MANIFEST_TYPES, MAX_IMAGE_DOCUMENT } from '../../core/evidence/manifest.ts';
import type { ImageReference } from '../../core/model/image-reference.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel, Log } from '../../core/ports.ts';
import { digestHolds, parseJson } from '../images/files.ts';
import type { Credentials } from './auth-files.ts';
import { parseChallenge } from './challenge.ts';
import { exchange, isLoopback, refusedAddress, type HttpAnswer } from './http.ts';

const MAX_TOKEN = 1024 * 1024;
const ACCEPT = [...INDEX_TYPES, ...MANIFEST_TYPES].join(', ');

export interface RegistryOptions {
  readonly credentials: Credentials | null;
  readonly userAgent: string;
  readonly log: Log;
  readonly cancel: Cancel;
  /** Milliseconds for one exchange. */
  readonly timeout: number;
}

export interface FetchedDocument {
  readonly document: unknown;
  /** Of the bytes that were received; equal to what was asked for where that was a digest. */
  readonly digest: string;
  readonly mediaType: string;
}

export interface RegistryClient {
  /** A manifest or index by tag or digest. */
  manifest(tagOrDigest: string): Promise<Result<FetchedDocument, Problem>>;
  /** A small JSON blob, such as an image configuration. */
  blob(digest: string): Promise<Result<FetchedDocument, Problem>>;
}

const tokenSchema = z.object({ token: z.optional(z.string()), access_token: z.optional(z.string()) });

const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Where the API of a registry is; Docker Hub's is not at its name. */
function apiHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

/** Ask one repository. A token is kept for as long as the client. */
export function registryClient(reference: ImageReference, options: RegistryOptions): RegistryClient {
  const { registry, repository } = reference;
  const { credentials, log, cancel, timeout, userAgent } = options;
  const host = apiHost(registry);
  const shown = `${registry}/${repository}`;
  let authorization: string | null = null;
  /** HTTPS first, as for any; plain HTTP only on this very machine and only where HTTPS is not spoken. */
  let scheme: 'https' | 'http' = 'https';

  const ask = async (path: string, accept: string | null): Promise<Result<HttpAnswer, Problem>> => {
    const once = (): Promise<Result<HttpAnswer, Problem>> =>
      exchange(new URL(`${scheme}://${host}/v2/${repository}/${path}`), authorization, {
        headers: { 'user-agent': userAgent, ...(accept === null ? {} : { accept }) },
        maxBytes: MAX_IMAGE_DOCUMENT,
        timeout,
        cancel,
      });
    let answer = await once();
    if (!answer.ok && answer.error.code === 'registry-unreachable' && scheme === 'https') {
      if (!isLoopback(new URL(`https://${host}`).hostname)) return answer;
      scheme = 'http';
      answer = await once();
    }
    if (!answer.ok || answer.value.status !== 401 || !answer.value.own) return answer;
    const proof = await prove(answer.value);
    if (!proof.ok) return proof;
    if (proof.value === null || proof.value === authorization) return answer;
    authorization = proof.value;
    return once();
  };

  /** What to send with the next request, null where there is nothing that could help. */
  const prove = async (answer: HttpAnswer): Promise<Result<string | null, Problem>> => {
    const challenge = parseChallenge(answer.headers.get('www-authenticate'));
    if (challenge === null) return ok(null);
    if (challenge.scheme === 'basic') {
      return ok(credentials?.kind === 'basic' ? basic(credentials.username, credentials.password) : null);
    }
    if (!URL.canParse(challenge.realm)) return ok(null);
    const realm = new URL(challenge.realm);
    // A token service on this machine is believed only of a registry on this machine.
    const foreign = isLoopback(realm.hostname) && !isLoopback(answer.url.hostname);
    if (refusedAddress(realm) !== null || foreign) {
      log.warn(`${registry} names ${realm.origin} as its token service, which is not asked.`);
      return ok(null);
    }
    const token = await fetchToken(realm, challenge.service);
    return token.ok ? ok(token.value === null ? null : `Bearer ${token.value}`) : token;
  };

  const fetchToken = async (realm: URL, service: string | null): Promise<Result<string | null, Problem>> => {
    const scope = `repository:${repository}:pull`;
    const common = {
      headers: { 'user-agent': userAgent, accept: 'application/json' },
      maxBytes: MAX_TOKEN,
      timeout,
      cancel,
    };
    let answer: Result<HttpAnswer, Problem>;
    if (credentials?.kind === 'identity') {
      const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'waybill', scope });
      if (service !== null) form.set('service', service);
      form.set('refresh_token', credentials.token);
      const headers = { ...common.headers, 'content-type': 'application/x-www-form-urlencoded' };
      answer = await exchange(realm, null, { ...common, method: 'POST', headers, body: form.toString() });
    } else {
      const url = new URL(realm);
      if (service !== null) url.searchParams.set('service', service);
      url.searchParams.set('scope', scope);
      const proof = credentials === null ? null : basic(credentials.username, credentials.password);
      answer = await exchange(url, proof, common);
    }
    if (!answer.ok) return answer;
    if (answer.value.status === 401 || answer.value.status === 403) return err(denied(answer.value.status));
    if (answer.value.status !== 200) return err(unexpected(answer.value.status));
    const json = parseJson(answer.value.body);
    const parsed = json.ok ? tokenSchema.safeParse(json.value) : null;
    const token = parsed?.success === true ? (parsed.data.token ?? parsed.data.access_token ?? '') : '';
    // A token ends up in a header: what could not be one is none.
    return ok(/^[\x21-\x7e]+$/.test(token) ? token : null);
  };

  const denied = (status: number): Problem => ({
    code: 'access-denied',
    what: `${registry} answered ${status} for ${repository}`,
    why:
      credentials === null
        ? 'it wants to know who asks, and no credentials for it were found'
        : 'the credentials that were found do not give access',
    todo: `Sign in with docker login ${registry}, then try again.`,
  });
  const unexpected = (status: number): Problem => ({
    code: 'registry-unreachable',
    what: `${registry} answered ${status} for ${repository}`,
    why: status === 429 ? 'it has had too many requests' : 'it did not give the image',
    todo: status === 429 ? 'Wait a while, or sign in, then try again.' : 'Try again later.',
  });
  const wrong = (what: string, why: string): Problem => ({
    code: 'bad-input',
    what,
    why,
    todo: 'Do not use what this registry sends; tell its owner.',
  });

  const read = (asked: string, answer: HttpAnswer, expected: string | null): Result<FetchedDocument, Problem> => {
    const { status, headers, body } = answer;
    if (status === 401 || status === 403) return err(denied(status));
    if (status === 404) {
      return err({
        code: 'image-missing',
        what: `There is no image ${shown}${isDigest(asked) ? '@' : ':'}${asked}`,
        why: `${registry} answered 404`,
        todo: 'Check the name and the tag.',
      });
    }
    if (status !== 200) return err(unexpected(status));
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const claimed = headers.get('docker-content-digest');
    const should = expected ?? (claimed !== null && isDigest(claimed) ? claimed : digest);
    if (!digestHolds(body, should))
      return err(
        wrong(`The answer of ${registry} was refused`, `what it sent for ${asked} is not what ${should} names`),
      );
    const json = parseJson(body);
    if (!json.ok) return err(wrong(`The answer of ${registry} was refused`, `it is no JSON: ${json.error}`));
    const mediaType = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    return ok({ document: json.value, digest: should, mediaType });
  };

  return {
    manifest: async (tagOrDigest) => {
      const answer = await ask(`manifests/${tagOrDigest}`, ACCEPT);
      return answer.ok ? read(tagOrDigest, answer.value, isDigest(tagOrDigest) ? tagOrDigest : null) : answer;
    },
    blob: async (digest) => {
      const answer = await ask(`blobs/${digest}`, null);
      return answer.ok ? read(digest, answer.value, digest) : answer;
    },
  };
}
