// SPDX-License-Identifier: Apache-2.0
// A registry in memory that answers as it is told: over HTTP, or in place of `fetch` with its rounds counted.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildImage } from '../../scripts/lib/oci-layout.mjs';

export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const BUILDKIT = 'application/vnd.docker.attestation.manifest.v1+json';

export const digestOf = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export interface Stored {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Asked {
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | null;
}

/** Contents of a repository, put together piece by piece. */
export class MemoryRepository {
  readonly blobs = new Map<string, Uint8Array>();
  readonly manifests = new Map<string, { readonly type: string; readonly bytes: Uint8Array }>();
  readonly referrers = new Map<string, (Stored & { artifactType?: string })[]>();
  /** False answers 404 to the referrers API. */
  api = true;

  blob(mediaType: string, bytes: Uint8Array | string): Stored {
    const stored = Buffer.from(bytes);
    this.blobs.set(digestOf(stored), stored);
    return { mediaType, digest: digestOf(stored), size: stored.length };
  }

  manifest(document: { readonly mediaType: string; readonly [key: string]: unknown }, tag?: string): Stored {
    const bytes = Buffer.from(JSON.stringify(document));
    const digest = digestOf(bytes);
    this.manifests.set(digest, { type: document.mediaType, bytes });
    if (tag !== undefined) this.manifests.set(tag, { type: document.mediaType, bytes });
    return { mediaType: document.mediaType, digest, size: bytes.length };
  }

  /** A single image under a tag. */
  image(tag: string, architecture = 'amd64'): Stored & { readonly platform: object } {
    const { manifest, platform } = buildImage({
      platform: { os: 'linux', architecture },
      created: '2026-01-02T03:04:05Z',
      layers: [{ entries: [{ path: 'etc/mark', data: tag }] }],
    });
    const stored = { type: MANIFEST, bytes: Buffer.from(manifest.bytes) };
    this.manifests.set(manifest.digest, stored);
    this.manifests.set(tag, stored);
    return { mediaType: MANIFEST, digest: manifest.digest, size: manifest.size, platform };
  }

  /** Something that refers to a digest; what the list says of it is `hint`. */
  refer(
    subject: Pick<Stored, 'digest'>,
    artifactType: string,
    layers: readonly (Stored & { readonly annotations?: object })[],
    { hint = artifactType, extra = {} as object } = {},
  ): Stored {
    const config = { ...this.blob('application/vnd.oci.empty.v1+json', '{}') };
    const pushed = this.manifest({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType,
      config,
      layers,
      subject: { mediaType: MANIFEST, digest: subject.digest, size: 1 },
      ...extra,
    });
    const known = this.referrers.get(subject.digest) ?? [];
    this.referrers.set(subject.digest, [...known, { ...pushed, artifactType: hint }]);
    return pushed;
  }

  bundle(subject: Pick<Stored, 'digest'>, text: string): Stored {
    return this.refer(subject, BUNDLE, [this.blob(BUNDLE, text)]);
  }

  /** The lists of the referrers API under their fallback tags. */
  fallbackTags(): void {
    this.api = false;
    for (const [subject, manifests] of this.referrers)
      this.manifest({ schemaVersion: 2, mediaType: INDEX, manifests }, subject.replace(':', '-'));
  }

  answer(url: string): Answer {
    const [, kind = '', name = ''] = /^\/v2\/.+?\/(manifests|blobs|referrers)\/([^?]+)/.exec(url) ?? [];
    if (kind === 'referrers' && this.api) {
      const manifests = this.referrers.get(name) ?? [];
      const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
      return { status: 200, headers: { 'content-type': INDEX }, body };
    }
    const manifest = kind === 'manifests' ? this.manifests.get(name) : undefined;
    if (manifest !== undefined)
      return { status: 200, headers: { 'content-type': manifest.type }, body: manifest.bytes };
    const blob = kind === 'blobs' ? this.blobs.get(name) : undefined;
    return blob === undefined ? { status: 404, body: '{"errors":[]}' } : { status: 200, body: blob };
  }
}

const servers: Server[] = [];

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

/** Starts a server; `asked` keeps what came. */
export async function serve(handler: HttpHandler): Promise<{ readonly host: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization ?? null });
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

/** Turns of the event loop without a new request after which the ones under way are answered. */
const QUIET_TURNS = 50;

/**
 * Runs `work` with `answer` in place of the network. Requests are held until none comes any more, then all are answered
 * at once: the number of such rounds is the longest chain of requests that wait for one another.
 */
export async function countRounds<T>(
  answer: (request: Asked & { readonly host: string }) => Answer,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly rounds: readonly (readonly string[])[] }> {
  const rounds: string[][] = [];
  let held: { readonly url: string; readonly release: () => void }[] = [];
  const state = { finished: false };
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) =>
    new Promise((resolve) => {
      const url = new URL(String(input));
      const authorization = new Headers(init?.headers).get('authorization');
      const release = (): void => {
        const { status, headers, body } = answer({
          url: `${url.pathname}${url.search}`,
          host: url.host,
          authorization,
        });
        const bytes = body === undefined ? null : Uint8Array.from(Buffer.from(body));
        resolve(new Response(bytes, { status, ...(headers === undefined ? {} : { headers }) }));
      };
      held.push({ url: `${url.pathname}${url.search}`, release });
    });
  const pump = async (): Promise<void> => {
    while (!state.finished) {
      let before = -1;
      for (let quiet = 0; quiet < QUIET_TURNS; quiet = held.length === before ? quiet + 1 : 0) {
        before = held.length;
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (held.length === 0) continue;
      const now = held;
      held = [];
      rounds.push(now.map(({ url }) => url));
      for (const { release } of now) release();
    }
  };
  try {
    const pumping = pump();
    const value = await work();
    state.finished = true;
    await pumping;
    return { value, rounds };
  } finally {
    state.finished = true;
    globalThis.fetch = fetch;
  }
}

/** Turns of a millisecond without a new request after which a server answers those that it holds. */
const QUIET_MILLISECONDS = 40;

/**
 * As `countRounds`, with a real server whose log is what is counted: it holds requests until no more come, then answers
 * all. Turns are counted rather than time, so that a busy machine does not tear a round apart.
 */
export async function countServerRounds<T>(
  answer: (request: Asked & { readonly host: string }) => Answer,
  work: (host: string) => Promise<T>,
): Promise<{ readonly value: T; readonly rounds: readonly (readonly string[])[] }> {
  const rounds: string[][] = [];
  const held: { readonly url: string; readonly release: () => void }[] = [];
  const server = await serve((request, response) => {
    const { url = '', headers } = request;
    const asked = { url, host: server.host, authorization: headers.authorization ?? null };
    held.push({ url, release: () => send(response, answer(asked)) });
  });
  const state = { finished: false };
  const pump = async (): Promise<void> => {
    while (!state.finished) {
      let before = -1;
      for (let quiet = 0; quiet < QUIET_MILLISECONDS; quiet = held.length === before ? quiet + 1 : 0) {
        before = held.length;
        await new Promise((resolve) => setTimeout(resolve, 1));
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (held.length === 0) continue;
      const now = held.splice(0);
      rounds.push(now.map(({ url }) => url));
      for (const { release } of now) release();
    }
  };
  try {
    const pumping = pump();
    const value = await work(server.host);
    state.finished = true;
    await pumping;
    return { value, rounds };
  } finally {
    state.finished = true;
    closeServers();
  }
}
