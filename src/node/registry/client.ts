// SPDX-License-Identifier: Apache-2.0
// The part of the OCI distribution API that says who an image is and what refers to it; every digest is checked.
import type { EvidenceDescriptor } from '../../core/attestations/manifests.ts';
import { INDEX_TYPES, isDigest, MANIFEST_TYPES, MAX_IMAGE_DOCUMENT } from '../../core/evidence/manifest.ts';
import type { ImageReference } from '../../core/model/image-reference.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { digestHolds, parseJson } from '../images/files.ts';
import type { HttpAnswer } from './http.ts';
import { unexpected, wrong } from './problems.ts';
import { fetchReferrers, type Referrers } from './referrers.ts';
import { registrySession, type RegistryOptions, type RegistrySession } from './session.ts';

/** Bytes of an answer that says why there is no blob. */
const MAX_ERROR = 64 * 1024;
const ACCEPT = [...INDEX_TYPES, ...MANIFEST_TYPES].join(', ');
/** Its digest is not of the bytes that are sent, and it does not say what an image is. */
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+/;

export interface FetchedDocument {
  readonly document: unknown;
  /** Of the bytes that were received; equal to what was asked for where that was a digest. */
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

export interface RegistryClient {
  /** A manifest or index by tag or digest. */
  manifest(tagOrDigest: string): Promise<Result<FetchedDocument, Problem>>;
  /** As `manifest`; null where the registry says that there is none. */
  findManifest(tagOrDigest: string): Promise<Result<FetchedDocument | null, Problem>>;
  /** A small JSON blob, such as an image configuration. */
  blob(digest: string): Promise<Result<FetchedDocument, Problem>>;
  /** Bytes of a blob, exactly as many as its descriptor says; refuses more than `maxBytes`. */
  content(descriptor: Pick<EvidenceDescriptor, 'digest' | 'size'>, maxBytes: number): Promise<Result<Buffer, Problem>>;
  referrers(digest: string): Promise<Referrers>;
}

/** Ask one repository. A token is kept for as long as the client. */
export function registryClient(reference: ImageReference, options: RegistryOptions): RegistryClient {
  const { registry, repository } = reference;
  return repositoryClient(registrySession(registry, repository, options), repository);
}

/** Ask a repository in a session that another repository of the same registry may share. */
export function repositoryClient(session: RegistrySession, repository: string): RegistryClient {
  const { registry } = session;
  const shown = `${registry}/${repository}`;
  const refusedAnswer = (why: string): Problem => wrong(`The answer of ${registry} was refused`, why);

  const named = (asked: string): string => `${shown}${asked.includes(':') ? '@' : ':'}${asked}`;
  const missing = (asked: string): Problem => ({
    code: 'image-missing',
    what: `There is no image ${named(asked)}`,
    why: `${registry} answered 404`,
    todo: session.asked(repository).signedIn
      ? 'Check the name and the tag.'
      : `Check the name and the tag; if it is private, sign in with docker login ${registry}.`,
  });
  const unsupported = (asked: string, why: string, todo: string): Problem => ({
    code: 'bad-input',
    what: `${named(asked)} was not read`,
    why,
    todo,
  });

  /** The answer where it is what was asked for, with the digest that it has to have. */
  const checked = (asked: string, answer: HttpAnswer, expected: string | null): Result<string, Problem> => {
    const { status, headers, body } = answer;
    if (status === 401 || status === 403) return err(session.refused(repository, answer));
    if (status === 404) return err(missing(asked));
    if (status !== 200) return err(unexpected(session.asked(repository), answer));
    if (SCHEMA_1.test(headers.get('content-type') ?? ''))
      return err(unsupported(asked, 'its manifest is of schema 1', 'Push the image again with a tool of today.'));
    const claimed = headers.get('docker-content-digest');
    const should = expected ?? (claimed !== null && isDigest(claimed) ? claimed : answer.digest);
    const holds = should === answer.digest || (!should.startsWith('sha256:') && digestHolds(body, should));
    return holds ? ok(should) : err(refusedAnswer(`what it sent for ${asked} is not what ${should} names`));
  };

  const read = (asked: string, answer: HttpAnswer, expected: string | null): Result<FetchedDocument, Problem> => {
    const digest = checked(asked, answer, expected);
    if (!digest.ok) return digest;
    const json = parseJson(answer.body);
    if (!json.ok) return err(refusedAnswer(`it is no JSON: ${json.error}`));
    const mediaType = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    return ok({ document: json.value, digest: digest.value, mediaType, size: answer.body.length });
  };

  const ask = (path: string, accept: string | null, maxBytes = MAX_IMAGE_DOCUMENT) =>
    session.ask({ repository, path: `/v2/${repository}/${path}`, accept, maxBytes });

  const findManifest = async (asked: string): Promise<Result<FetchedDocument | null, Problem>> => {
    if (asked.includes(':') && !isDigest(asked))
      return err(unsupported(asked, 'only SHA-256 and SHA-512 can be checked', 'Name the image by such a digest.'));
    const answer = await ask(`manifests/${asked}`, ACCEPT);
    if (!answer.ok) return answer;
    return answer.value.status === 404 ? ok(null) : read(asked, answer.value, isDigest(asked) ? asked : null);
  };

  return {
    findManifest,
    manifest: async (asked) => {
      const found = await findManifest(asked);
      if (!found.ok) return found;
      return found.value === null ? err(missing(asked)) : ok(found.value);
    },
    blob: async (digest) => {
      const answer = await ask(`blobs/${digest}`, null);
      return answer.ok ? read(digest, answer.value, digest) : answer;
    },
    content: async ({ digest, size }, maxBytes) => {
      if (size > maxBytes) return err(tooLarge(digest, size, maxBytes));
      // A size that is a lie is known after this many bytes; an answer that explains an error has room.
      const answer = await ask(`blobs/${digest}`, null, Math.max(size, MAX_ERROR));
      if (!answer.ok) {
        const { error } = answer;
        return error.code === 'too-large'
          ? err(refusedAnswer(`${digest} has more than the ${size} bytes that it is said to have`))
          : answer;
      }
      const { body, status } = answer.value;
      const holds = checked(digest, answer.value, digest);
      if (status === 200 && body.length !== size)
        return err(refusedAnswer(`${digest} has ${body.length} bytes and is said to have ${size}`));
      return holds.ok ? ok(body) : holds;
    },
    referrers: (digest) => fetchReferrers(session, repository, digest),
  };
}

export function tooLarge(digest: string, size: number, maxBytes: number): Problem {
  return {
    code: 'too-large',
    what: `${digest} was not read`,
    why: `it has ${size} bytes, and at most ${maxBytes} are read`,
    todo: 'Look at it with another tool.',
  };
}
