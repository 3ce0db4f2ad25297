// SPDX-License-Identifier: Apache-2.0
// One registry, asked on behalf of one user: how it is reached, and what proves who asks. Kept in memory only.
import * as z from 'zod/mini';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel, Log } from '../../core/ports.ts';
import { parseJson } from '../images/files.ts';
import type { Credentials } from './auth-files.ts';
import { parseChallenge } from './challenge.ts';
import { exchange, isCertificateFault, isLoopback, refusedAddress, type HttpAnswer, type HttpProblem } from './http.ts';
import { denied, unexpected, type Asked } from './problems.ts';
import { sharesCredentials } from './realm.ts';
import { exchangeAgain } from './retry.ts';

const MAX_TOKEN = 1024 * 1024;

export interface RegistryOptions {
  readonly credentials: Credentials | null;
  readonly userAgent: string;
  readonly log: Log;
  readonly cancel: Cancel;
  /** Milliseconds for one exchange. */
  readonly timeout: number;
  /** `HOST` or `HOST:PORT` that the user named as spoken to without TLS; this machine always may be. */
  readonly insecureHosts?: readonly string[];
  /** Further repositories of the registry that the same token is for. */
  readonly alsoFor?: readonly string[];
}

export interface SessionRequest {
  /** Of the image's repository or one of `alsoFor`, for messages. */
  readonly repository: string;
  /** Below the API's root, from `/v2/` on. */
  readonly path: string;
  readonly accept: string | null;
  readonly maxBytes: number;
  readonly follow?: boolean;
}

export interface RegistrySession {
  readonly registry: string;
  readonly ask: (request: SessionRequest) => Promise<Result<HttpAnswer, Problem>>;
  /** Why the registry does not let us in, as a problem. */
  readonly refused: (repository: string, answer: HttpAnswer) => Problem;
  readonly asked: (repository: string) => Asked;
}

const tokenSchema = z.object({ token: z.optional(z.string()), access_token: z.optional(z.string()) });

const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** The port, also where it goes without saying. */
const portOf = ({ port, protocol }: URL): string => (port !== '' ? port : protocol === 'http:' ? '80' : '443');

/** Where the API of a registry is; Docker Hub's is not at its name. */
function apiHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

/** A token is kept for as long as the session, and asked for once, however many requests want it. */
export function registrySession(registry: string, repository: string, options: RegistryOptions): RegistrySession {
  const { credentials: found, log, cancel, timeout, userAgent, insecureHosts = [], alsoFor = [] } = options;
  const [credentials, trouble] = found?.kind === 'missing' ? [null, found.why] : [found, null];
  const host = apiHost(registry);
  const plain = (url: URL): boolean =>
    [url.host, url.hostname, `${url.hostname}:${portOf(url)}`].some((each) => insecureHosts.includes(each));
  const common = { timeout, cancel, plain };
  const asked = (name: string): Asked => ({ registry, repository: name, signedIn: credentials !== null, trouble });
  let authorization: string | null = null;
  let proving: Promise<Result<string | null, Problem>> | null = null;
  /** Host of a token service that was not given the credentials. */
  let withheld: string | null = null;
  /** HTTPS first, as for any; plain HTTP only where it may be and only where HTTPS was never spoken. */
  let scheme: 'https' | 'http' = 'https';
  let spoken = false;

  /** What to send with the next request, null where there is nothing that could help. */
  const prove = async (answer: HttpAnswer): Promise<Result<string | null, Problem>> => {
    const challenge = parseChallenge(answer.headers.get('www-authenticate'));
    if (challenge === null) return ok(null);
    if (challenge.scheme === 'basic')
      return ok(credentials?.kind === 'basic' ? basic(credentials.username, credentials.password) : null);
    if (!URL.canParse(challenge.realm)) return ok(null);
    const realm = new URL(challenge.realm);
    // A token service on this machine is believed only of a registry on this machine.
    const foreign = isLoopback(realm.hostname) && !isLoopback(answer.url.hostname);
    if (refusedAddress(realm, plain) !== null || foreign) {
      log.warn(`${registry} names ${realm.origin} as its token service, which is not asked.`);
      return ok(null);
    }
    let known = credentials;
    if (known !== null && !sharesCredentials(answer.url.hostname, realm.hostname)) {
      log.warn(`${registry} names ${realm.origin} as its token service; it is asked without credentials.`);
      withheld = realm.host;
      known = null;
    }
    const scopes = [repository, ...alsoFor];
    const token = await fetchToken(realm, challenge.service, scopes, known);
    // Some services refuse all where they refuse one of several.
    const again = !token.ok && token.error.code === 'access-denied' && scopes.length > 1;
    const last = again ? await fetchToken(realm, challenge.service, [repository], known) : token;
    return last.ok ? ok(last.value === null ? null : `Bearer ${last.value}`) : last;
  };

  const fetchToken = async (
    realm: URL,
    service: string | null,
    repositories: readonly string[],
    known: Credentials | null,
  ): Promise<Result<string | null, Problem>> => {
    const scopes = repositories.map((each) => `repository:${each}:pull`);
    const headers = { 'user-agent': userAgent, accept: 'application/json' };
    let answer: Result<HttpAnswer, Problem>;
    if (known?.kind === 'identity') {
      const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'waybill', scope: scopes.join(' ') });
      if (service !== null) form.set('service', service);
      form.set('refresh_token', known.token);
      answer = await exchange(realm, null, {
        ...common,
        maxBytes: MAX_TOKEN,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      });
    } else {
      const url = new URL(realm);
      if (service !== null) url.searchParams.set('service', service);
      for (const scope of scopes) url.searchParams.append('scope', scope);
      const proof = known?.kind === 'basic' ? basic(known.username, known.password) : null;
      answer = await exchangeAgain(url, proof, { ...common, maxBytes: MAX_TOKEN, headers });
    }
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status === 401 || status === 403) return err(denied(asked(repository), answer.value, withheld));
    if (status !== 200) return err(unexpected(asked(repository), answer.value));
    const json = parseJson(answer.value.body);
    const parsed = json.ok ? tokenSchema.safeParse(json.value) : null;
    const token = parsed?.success === true ? parsed.data.token || parsed.data.access_token || '' : '';
    // A token ends up in a header: what could not be one is none.
    return ok(/^[\x21-\x7e]+$/.test(token) ? token : null);
  };

  const ask = async ({ path, accept, maxBytes, follow }: SessionRequest): Promise<Result<HttpAnswer, Problem>> => {
    const once = (proof: string | null): Promise<Result<HttpAnswer, HttpProblem>> =>
      exchangeAgain(new URL(`${scheme}://${host}${path}`), proof, {
        ...common,
        maxBytes,
        headers: { 'user-agent': userAgent, ...(accept === null ? {} : { accept }) },
        ...(follow === undefined ? {} : { follow }),
      });
    const used = authorization;
    const first = scheme;
    let answer = await once(used);
    if (answer.ok && first === 'https') {
      spoken = true;
      scheme = 'https';
    }
    // A connection that breaks later, or a certificate that does not hold, is no reason to talk in the open.
    const final = answer.ok || answer.error.network === undefined || isCertificateFault(answer.error);
    if (!final && first === 'https' && !spoken) {
      const url = new URL(`https://${host}`);
      if (!isLoopback(url.hostname) && !plain(url)) return answer;
      scheme = 'http';
      answer = await once(used);
    }
    if (!answer.ok || answer.value.status !== 401 || !answer.value.own) return answer;
    // Another request may have been let in meanwhile; its token is as good.
    if (authorization === used) {
      proving ??= prove(answer.value);
      const proof = await proving;
      proving = null;
      if (!proof.ok) return proof;
      if (proof.value === null || proof.value === used) return answer;
      authorization = proof.value;
    }
    return once(authorization);
  };

  return { registry, ask, asked, refused: (name, answer) => denied(asked(name), answer, withheld) };
}
