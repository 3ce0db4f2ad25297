// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../../core/model/problem.ts';
import type { HttpAnswer } from './http.ts';
import { retryAfter } from './retry.ts';

/** Whom a problem is about. */
export interface Asked {
  /** As the user names it: `docker.io`. */
  readonly registry: string;
  readonly repository: string;
  readonly signedIn: boolean;
}

export function denied({ registry, repository, signedIn }: Asked, status: number, withheld: string | null): Problem {
  const why =
    withheld !== null
      ? `its token service is ${withheld}, which is not given the credentials of ${registry}`
      : signedIn
        ? 'the credentials that were found do not give access'
        : 'it wants to know who asks, and no credentials for it were found';
  return {
    code: 'access-denied',
    what: `${registry} answered ${status} for ${repository}`,
    why,
    todo:
      withheld === null
        ? `Sign in with docker login ${registry}, then try again.`
        : 'Ask the owner of the registry for a token service under its own domain.',
  };
}

export function unexpected({ registry, repository, signedIn }: Asked, { status, headers }: HttpAnswer): Problem {
  const what = `${registry} answered ${status} for ${repository}`;
  if (status !== 429)
    return { code: 'registry-unreachable', what, why: 'it did not give the image', todo: 'Try again later.' };
  const pause = retryAfter(headers.get('retry-after'), Date.now());
  const asked = pause === null ? '' : `, and asks for ${Math.ceil(pause / 1_000)} s without any`;
  return {
    code: 'registry-unreachable',
    what,
    why: `it has had too many requests ${signedIn ? 'of this account' : 'from this address'}${asked}`,
    todo: signedIn ? 'Wait a while, then try again.' : 'Wait a while, or sign in, then try again.',
  };
}

export function wrong(what: string, why: string): Problem {
  return { code: 'bad-input', what, why, todo: 'Do not use what this registry sends; tell its owner.' };
}
