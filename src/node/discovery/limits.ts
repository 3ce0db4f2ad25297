// SPDX-License-Identifier: Apache-2.0
import type { Cancel } from '../../core/ports.ts';

/** Requests under way at once: enough that twenty attestations are one round, few enough for any registry. */
export const PARALLEL = 32;
/** Manifests that are read for one image; a signed multi-platform image has some tens. */
export const MAX_MANIFESTS = 500;
/** Bytes of evidence that are kept for one image. */
export const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

/** Runs tasks, at most `parallel` at once, in the order in which they come. */
export function limiter(parallel: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= parallel) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The place is handed on where somebody waits for it, so that nobody slips in between.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

export interface Deadline {
  readonly cancel: Cancel;
  /** True where time ran out, rather than that somebody cancelled. */
  readonly passed: () => boolean;
  readonly clear: () => void;
}

/** Cancels when `outer` does, or after that many milliseconds. */
export function deadlineOf(outer: Cancel, milliseconds: number): Deadline {
  const stop = new AbortController();
  let passed = false;
  const onOuter = (): void => stop.abort();
  const timer = setTimeout(() => {
    passed = true;
    stop.abort();
  }, milliseconds);
  outer.addEventListener('abort', onOuter);
  if (outer.aborted) onOuter();
  return {
    cancel: stop.signal,
    passed: () => passed,
    clear: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', onOuter);
    },
  };
}
