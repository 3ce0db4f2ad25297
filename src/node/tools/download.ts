// SPDX-License-Identifier: Apache-2.0
// Fetches one file over HTTPS that must have a known SHA-256, into memory, with every size and time bounded.
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { Cancel } from '../../core/ports.ts';

/** The vendor's releases lead from github.com to these. */
const RELEASE_HOSTS: readonly string[] = [
  'github.com',
  'objects.githubusercontent.com',
  'release-assets.githubusercontent.com',
];
const MAX_REDIRECTS = 5;
const MAX_BYTES = 256 * 1024 * 1024;
/** Milliseconds without a byte after which the server counts as gone. */
const IDLE = 30_000;

export interface DownloadRequest {
  readonly url: string;
  readonly sha256: string;
  /** What is fetched, for messages: 'Syft 1.54.0'. */
  readonly what: string;
  readonly cancel: Cancel;
  readonly onProgress?: (received: number, total: number | null) => void;
  /** Whether an address may be asked; GitHub's release hosts by default. */
  readonly allows?: (url: URL) => boolean;
  readonly idleTimeout?: number;
}

/** HTTPS to one of the hosts that GitHub serves releases from. */
export const isReleaseAddress = (url: URL): boolean => url.protocol === 'https:' && RELEASE_HOSTS.includes(url.host);

class Refused extends Error {}

/** Follows redirects one by one, so that each address is judged before it is asked. */
async function open(address: string, allows: (url: URL) => boolean, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    if (!allows(url)) throw new Refused(`it leads to ${url.origin}, which is not a host of the releases`);
    // The pinned hash is of the bytes as they are stored, so nothing may compress them on the way.
    const headers = { 'accept-encoding': 'identity' };
    const response = await fetch(url, { redirect: 'manual', signal, headers });
    if (response.status < 300 || response.status > 399) return response;
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (location === null) throw new Refused('a redirect names no address');
    url = new URL(location, url);
  }
  throw new Refused(`it redirects more than ${MAX_REDIRECTS} times`);
}

async function readBody(
  response: Response,
  onBytes: (received: number, total: number | null) => void,
): Promise<Uint8Array> {
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isFinite(length) ? length : null;
  if (total !== null && total > MAX_BYTES) throw new Refused(`it has ${total} bytes, more than any release has`);
  const chunks: Uint8Array[] = [];
  let received = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    received += chunk.length;
    if (received > MAX_BYTES) throw new Refused(`it has more than ${MAX_BYTES} bytes, more than any release has`);
    chunks.push(chunk);
    onBytes(received, total);
  }
  if (total !== null && received !== total) throw new Refused(`it ended after ${received} of ${total} bytes`);
  return Buffer.concat(chunks);
}

/** Why fetch failed, in the words of the cause that it hides. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** The bytes of the file, whose hash is the expected one; nothing is written anywhere. */
export async function download(request: DownloadRequest): Promise<Result<Uint8Array, Problem>> {
  const { url, sha256, what, cancel, onProgress, allows = isReleaseAddress, idleTimeout = IDLE } = request;
  const failed = (why: string, todo: string): Result<never, Problem> =>
    err({ code: 'download-failed', what: `${what} could not be fetched from ${url}`, why, todo });
  const again = 'Check the network connection or the proxy and try again, or install the program yourself.';
  const abort = new AbortController();
  let idle = false;
  const onIdle = (): void => {
    idle = true;
    abort.abort();
  };
  let timer = setTimeout(onIdle, idleTimeout);
  const onCancel = (): void => abort.abort();
  cancel.addEventListener('abort', onCancel);
  try {
    if (cancel.aborted) abort.abort();
    const response = await open(url, allows, abort.signal);
    if (response.status !== 200) {
      await response.body?.cancel();
      return failed(`the server answered ${response.status} ${response.statusText}`.trim(), again);
    }
    const bytes = await readBody(response, (received, total) => {
      clearTimeout(timer);
      timer = setTimeout(onIdle, idleTimeout);
      onProgress?.(received, total);
    });
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual === sha256) return ok(bytes);
    return err({
      code: 'hash-mismatch',
      what: `${what} from ${url} was thrown away`,
      why: `its SHA-256 is ${actual}, and the pinned release has ${sha256}`,
      todo: 'Something changed the file on its way. Try another network, and report this if it stays so.',
    });
  } catch (error) {
    if (cancel.aborted)
      return err({ code: 'cancelled', what: `Fetching ${what} was stopped`, why: 'it was asked to stop', todo: '' });
    if (idle) return failed(`nothing arrived for ${Math.round(idleTimeout / 1000)} s`, again);
    return failed(reason(error), again);
  } finally {
    clearTimeout(timer);
    cancel.removeEventListener('abort', onCancel);
  }
}
