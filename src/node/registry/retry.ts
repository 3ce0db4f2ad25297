// SPDX-License-Identifier: Apache-2.0
// Asks again where a registry is busy: only what may be asked twice, a bounded number of times, never longer than a person waits.
import type { Problem } from '../../core/model/problem.ts';
import type { Result } from '../../core/model/result.ts';
import type { Cancel } from '../../core/ports.ts';
import { exchange, type HttpAnswer, type HttpRequest } from './http.ts';

/** Asked again after the first time. */
const RETRIES = 2;
/** Milliseconds before the first retry where the registry names none; doubled for the next. */
const FIRST_WAIT = 200;
/** Milliseconds that are waited at most; a registry that asks for more is not asked again. */
const LONGEST_WAIT = 5_000;
/** Too many requests, and the errors of a gateway. */
const BUSY: readonly number[] = [429, 502, 503, 504];

/** Milliseconds that `Retry-After` asks for (seconds or a date, RFC 9110 section 10.2.3); null where it is not there. */
export function retryAfter(header: string | null, now: number): number | null {
  const written = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(written)) return Number(written) * 1_000;
  const time = /^[A-Za-z]{3}, [\w: -]{10,40}$/.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}

/** Waits that long, or until it is asked to stop. */
function wait(milliseconds: number, cancel: Cancel): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      cancel.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    cancel.addEventListener('abort', finish);
    if (cancel.aborted) finish();
  });
}

/** As `exchange`, for requests without effects: busy registries are asked again. */
export async function exchangeAgain(
  url: URL,
  authorization: string | null,
  request: HttpRequest,
): Promise<Result<HttpAnswer, Problem>> {
  for (let attempt = 0; ; attempt++) {
    const answer = await exchange(url, authorization, request);
    if (!answer.ok || attempt >= RETRIES || !BUSY.includes(answer.value.status)) return answer;
    const asked = retryAfter(answer.value.headers.get('retry-after'), Date.now());
    const pause = asked ?? FIRST_WAIT * 2 ** attempt;
    if (pause > LONGEST_WAIT) return answer;
    await wait(pause, request.cancel);
  }
}
