// SPDX-License-Identifier: Apache-2.0
// Asks again where a registry is busy: only what may be asked twice, a bounded number of times, never longer than a person waits.
import type { Result } from '../../core/model/result.ts';
import type { Cancel } from '../../core/ports.ts';
import { exchange, type HttpAnswer, type HttpProblem, type HttpRequest } from './http.ts';

/** Asked again after the first time. */
const RETRIES = 2;
/** Milliseconds before the first retry where the registry names none; doubled for the next. */
const FIRST_WAIT = 200;
/** Milliseconds that are waited at most; a registry that asks for more is not asked again. */
const LONGEST_WAIT = 5_000;
/** Too many requests, and the errors of a gateway. */
const BUSY: readonly number[] = [429, 502, 503, 504];
/** A connection that was cut, as servers do with one that was kept open, or a name server that was busy. */
const CUT: readonly string[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'EAI_AGAIN'];

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

/** As `exchange`, for requests without effects: busy registries are asked again, and those that hung up. */
export async function exchangeAgain(
  url: URL,
  authorization: string | null,
  request: HttpRequest,
): Promise<Result<HttpAnswer, HttpProblem>> {
  for (let attempt = 0; ; attempt++) {
    const answer = await exchange(url, authorization, request);
    const again = answer.ok ? BUSY.includes(answer.value.status) : CUT.includes(answer.error.network ?? '');
    if (!again || attempt >= RETRIES) return answer;
    const asked = answer.ok ? retryAfter(answer.value.headers.get('retry-after'), Date.now()) : null;
    const pause = asked ?? FIRST_WAIT * 2 ** attempt;
    if (pause > LONGEST_WAIT) return answer;
    await wait(pause, request.cancel);
  }
}
