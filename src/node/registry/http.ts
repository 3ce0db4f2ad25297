// SPDX-License-Identifier: Apache-2.0
// One bounded exchange with a registry: time, size and redirects are limited, credentials stay with their host.
import { createHash } from 'node:crypto';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel } from '../../core/ports.ts';

const MAX_REDIRECTS = 5;

export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes: number;
  /** Milliseconds for the whole exchange, its body included. */
  readonly timeout: number;
  readonly cancel: Cancel;
  /** True where the user named this host as one without TLS; this machine's own names always are. */
  readonly plain?: (url: URL) => boolean;
  /** False answers a redirect as it is, unfollowed. */
  readonly follow?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** `sha256:…` of the body, taken while it was read. */
  readonly digest: string;
  /** Where it came from in the end. */
  readonly url: URL;
  /** False where another origin than the one that was asked had a hand in it; its challenges do not count. */
  readonly own: boolean;
}

/** Why there was no answer; `network` is the code of Node or OpenSSL, where there is one. */
export interface HttpProblem extends Problem {
  readonly network?: string;
}

/** True for names of this very machine, the only ones that are spoken to in plain HTTP. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\]|::1)$/.test(hostname);
}

/** Why an address is not asked, null where it may be. */
export function refusedAddress(url: URL, plain: (url: URL) => boolean = () => false): string | null {
  if (url.username !== '' || url.password !== '') return 'its address carries credentials';
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:' && (isLoopback(url.hostname) || plain(url))) return null;
  return `${url.protocol}//${url.host} is not encrypted`;
}

function unreachable(host: string, why: string, todo: string): Problem {
  return { code: 'registry-unreachable', what: `${host} could not be asked`, why, todo };
}

/** The innermost reason of a failed fetch, such as `ECONNREFUSED` or a certificate's fault. */
function causeOf(error: unknown): Error {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error && cause.cause !== undefined; depth++) cause = cause.cause;
  if (cause instanceof AggregateError && cause.errors.length > 0) cause = cause.errors[0];
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** Node's, OpenSSL's and Chromium's codes for certificates; where there is one, TLS is spoken. */
const CERTIFICATE = /CERT|^UNABLE_TO_|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH|^HOSTNAME_MISMATCH$/;
const UNTRUSTED = /SELF_SIGNED|^UNABLE_TO_(?:GET|VERIFY)_|AUTHORITY_INVALID/;
const NO_TLS = /^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/;

/** True where a server proved who it is in a way that is not believed: it is not to be asked without TLS then. */
export const isCertificateFault = ({ network = '' }: HttpProblem): boolean => CERTIFICATE.test(network);

function failure(host: string, error: unknown): HttpProblem {
  const cause = causeOf(error);
  const network = 'code' in cause ? String(cause.code) : '';
  const [why, todo] = NO_TLS.test(network)
    ? ['it does not speak TLS', 'If it is meant to be so, name it as a host without TLS.']
    : UNTRUSTED.test(network)
      ? [
          cause.message,
          "If the authority is your own, add its certificate to the system's and set NODE_USE_SYSTEM_CA=1, or name it with NODE_EXTRA_CA_CERTS.",
        ]
      : CERTIFICATE.test(network)
        ? [cause.message, 'Tell the owner of the registry: its certificate does not hold.']
        : [cause.message, 'Check the name, the network and its proxy, then try again.'];
  return { ...unreachable(host, why, todo), network, detail: String(error) };
}

interface Body {
  readonly bytes: Buffer;
  readonly digest: string;
}

async function readBody(response: Response, maxBytes: number): Promise<Body | null> {
  const announced = Number(response.headers.get('content-length') ?? '0');
  if (announced > maxBytes) {
    await response.body?.cancel().catch(() => undefined);
    return null;
  }
  const chunks: Uint8Array[] = [];
  const hash = createHash('sha256');
  let size = 0;
  if (response.body !== null) {
    for await (const chunk of response.body) {
      size += chunk.length;
      // Leaving the loop ends the connection.
      if (size > maxBytes) return null;
      hash.update(chunk);
      chunks.push(chunk);
    }
  }
  return { bytes: Buffer.concat(chunks), digest: `sha256:${hash.digest('hex')}` };
}

/** Ask once, following redirects; `authorization` is sent to the origin of `url` and to no other. */
export async function exchange(
  url: URL,
  authorization: string | null,
  request: HttpRequest,
): Promise<Result<HttpAnswer, HttpProblem>> {
  const { method = 'GET', headers, body, maxBytes, timeout, cancel, plain, follow = true } = request;
  const stop = new AbortController();
  const onCancel = (): void => stop.abort(new Error('cancelled'));
  if (cancel.aborted) onCancel();
  cancel.addEventListener('abort', onCancel);
  const timer = setTimeout(() => stop.abort(new Error('timeout')), timeout);
  let at = url;
  /** Whoever sent it elsewhere has no say any more in what gets the credentials. */
  let left = false;
  try {
    for (let redirects = 0; ; redirects++) {
      // Nobody elsewhere gets to say what is asked of this machine's own services.
      const inward = isLoopback(at.hostname) && !isLoopback(url.hostname);
      const refused = inward ? 'it redirects to this very machine' : refusedAddress(at, plain);
      if (refused !== null) return err(unreachable(url.host, refused, 'Use a registry that speaks HTTPS.'));
      const response = await fetch(at, {
        method,
        // A compressed answer would not be what the digest names.
        headers: {
          'accept-encoding': 'identity',
          ...headers,
          ...(authorization !== null && !left ? { authorization } : {}),
        },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: stop.signal,
      });
      const location = response.headers.get('location');
      if (follow && [301, 302, 303, 307, 308].includes(response.status) && location !== null) {
        await response.body?.cancel().catch(() => undefined);
        if (redirects >= MAX_REDIRECTS || method === 'POST' || !URL.canParse(location, at.href))
          return err(unreachable(url.host, 'it redirects without end or to nowhere', 'Check the reference.'));
        at = new URL(location, at.href);
        left ||= at.origin !== url.origin;
        continue;
      }
      const read = await readBody(response, maxBytes);
      if (read === null) {
        return err({
          code: 'too-large',
          what: `The answer of ${at.host} was refused`,
          why: `it is larger than ${maxBytes} bytes`,
          todo: 'Check the reference: such documents are small.',
        });
      }
      return ok({
        status: response.status,
        headers: response.headers,
        body: read.bytes,
        digest: read.digest,
        url: at,
        own: !left,
      });
    }
  } catch (error) {
    if (cancel.aborted) return err({ code: 'cancelled', what: 'Cancelled', why: 'it was asked to stop', todo: '' });
    if (stop.signal.aborted) {
      return err({
        code: 'timeout',
        what: `${at.host} did not answer`,
        why: `it took longer than ${Math.round(timeout / 1000)} s`,
        todo: 'Check the network, then try again.',
      });
    }
    return err(failure(at.host, error));
  } finally {
    clearTimeout(timer);
    cancel.removeEventListener('abort', onCancel);
  }
}
