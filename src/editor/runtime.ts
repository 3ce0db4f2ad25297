// SPDX-License-Identifier: Apache-2.0
// What every extension host has, Node or web worker; neither's own types are known to this layer.
import type { Cancel } from '../core/ports.ts';

interface Runtime {
  setTimeout(work: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly performance: { now(): number };
  readonly crypto: { getRandomValues(array: Uint8Array): Uint8Array };
  readonly AbortController: new () => Canceller;
  readonly TextDecoder: new () => { decode(bytes: Uint8Array): string };
}

export interface Canceller {
  readonly signal: Cancel;
  abort(): void;
}

const runtime = globalThis as unknown as Runtime;

/** Does `work` after a while; the answer calls it off. */
export function later(milliseconds: number, work: () => void): () => void {
  const timer = runtime.setTimeout(work, milliseconds);
  return () => runtime.clearTimeout(timer);
}

/** Milliseconds on a clock that only goes forward. */
export function ticks(): number {
  return runtime.performance.now();
}

export function randomBytes(count: number): Uint8Array {
  return runtime.crypto.getRandomValues(new Uint8Array(count));
}

/** Text of UTF-8; bytes that are none become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return new runtime.TextDecoder().decode(bytes);
}

export function canceller(): Canceller {
  return new runtime.AbortController();
}
