// SPDX-License-Identifier: Apache-2.0
import { formatPlatform, parsePlatform, type Platform } from '../dockerfile/platform.ts';

const PATTERN = /^[a-z0-9]{1,32}\/[a-z0-9_-]{1,32}(?:\/[a-z0-9.]{1,32})?$/i;
/** Node's names of architectures to Go's, where they differ. */
const FROM_NODE: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** Read `os/arch[/variant]`, normalised; null where it is none. */
export function readPlatform(text: string): Platform | null {
  return PATTERN.test(text) ? parsePlatform(text) : null;
}

/** Put together what an image says of itself; null where it does not say enough. */
export function platformOf(os: string, architecture: string, variant: string): Platform | null {
  return readPlatform(formatPlatform({ os, architecture, variant }));
}

/** Images run on Linux, also where the engine is on another system. */
export function hostPlatform(nodeArchitecture: string): Platform {
  return { os: 'linux', architecture: FROM_NODE[nodeArchitecture] ?? nodeArchitecture, variant: '' };
}

/** True where an image of `given` is what was asked for with `wanted`; a variant counts only where one was asked for. */
export function satisfies(given: Platform, wanted: Platform): boolean {
  if (given.os !== wanted.os || given.architecture !== wanted.architecture) return false;
  return wanted.variant === '' || given.variant === wanted.variant;
}

/** The items for `wanted`: those of exactly its variant before others. */
export function bestMatches<T extends { readonly platform: Platform | null }>(
  items: readonly T[],
  wanted: Platform,
): readonly T[] {
  const fitting = items.filter(({ platform }) => platform !== null && satisfies(platform, wanted));
  const exact = fitting.filter(({ platform }) => platform?.variant === wanted.variant);
  return exact.length > 0 ? exact : fitting;
}
