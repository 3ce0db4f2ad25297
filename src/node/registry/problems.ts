// SPDX-License-Identifier: Apache-2.0
import { at, text } from '../../core/attestations/untrusted.ts';
import type { Problem } from '../../core/model/problem.ts';
import { parseJson } from '../images/files.ts';
import type { HttpAnswer } from './http.ts';
import { retryAfter } from './retry.ts';

/** Whom a problem is about. */
export interface Asked {
  /** As the user names it: `docker.io`. */
  readonly registry: string;
  readonly repository: string;
  readonly signedIn: boolean;
  /** Why there are no credentials where there should be, a sentence without its end. */
  readonly trouble: string | null;
}

/** Characters of a registry's own words that are repeated. */
const MAX_WORDS = 200;

/** `, and says "…"`: what the registry itself gives as the reason, on one line; '' where it gives none. */
function says({ body }: HttpAnswer): string {
  const json = parseJson(body);
  const raw = json.ok ? at(json.value, 'errors') : null;
  const words = Array.isArray(raw) ? (text(raw[0], 'message') ?? text(raw[0], 'code') ?? '') : '';
  const line = words.replace(/[\p{C}\p{Z}"]+/gu, ' ').trim();
  return line === '' ? '' : `, and says "${line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line}"`;
}

export function denied(
  { registry, repository, signedIn, trouble }: Asked,
  answer: HttpAnswer,
  withheld: string | null,
): Problem {
  const why =
    withheld !== null
      ? `its token service is ${withheld}, which is not given the credentials of ${registry}`
      : signedIn
        ? 'the credentials that were found do not give access'
        : `it wants to know who asks, and ${trouble ?? 'no credentials for it were found'}`;
  return {
    code: 'access-denied',
    what: `${registry} answered ${answer.status} for ${repository}${says(answer)}`,
    why,
    todo:
      withheld === null
        ? `Check the name, for many registries answer so for what does not exist; else sign in with docker login ${registry}, then try again.`
        : 'Ask the owner of the registry for a token service under its own domain.',
  };
}

/** `100 in 6 h` of `100;w=21600`, as Docker Hub writes its limits; '' for anything else. */
function limitOf(header: string | null): string {
  const [, count, seconds] = /^(\d{1,9});w=(\d{1,9})$/.exec(header ?? '') ?? [];
  return count === undefined ? '' : `; it allows ${count} in ${Math.round(Number(seconds) / 360) / 10} h`;
}

export function unexpected({ registry, repository, signedIn }: Asked, answer: HttpAnswer): Problem {
  const { status, headers } = answer;
  const what = `${registry} answered ${status} for ${repository}${says(answer)}`;
  if (status !== 429) {
    const todo = status < 500 ? 'Check the name.' : 'Try again later.';
    return { code: 'registry-unreachable', what, why: 'it did not give what was asked for', todo };
  }
  const pause = retryAfter(headers.get('retry-after'), Date.now());
  const asked = pause === null ? '' : `, and asks for ${Math.ceil(pause / 1_000)} s without any`;
  return {
    code: 'registry-unreachable',
    what,
    why: `it has had too many requests ${signedIn ? 'of this account' : 'from this address'}${asked}${limitOf(headers.get('ratelimit-limit'))}`,
    todo: signedIn ? 'Wait a while, then try again.' : 'Wait a while, or sign in, then try again.',
  };
}

export function wrong(what: string, why: string): Problem {
  return { code: 'bad-input', what, why, todo: 'Do not use what this registry sends; tell its owner.' };
}
