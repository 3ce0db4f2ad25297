// SPDX-License-Identifier: Apache-2.0
// Where the test bed keeps things: outside git, in one folder that can be deleted at any time.
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The repository's root folder. */
export const projectRoot = join(here, '..', '..');

/** A path inside test/testbed. */
export const testbedFile = (...parts: string[]): string => join(here, ...parts);

/** The cache folder: $WAYBILL_CACHE, else $XDG_CACHE_HOME/waybill-dev, else ~/.cache/waybill-dev. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const { WAYBILL_CACHE: own, XDG_CACHE_HOME: xdg } = env;
  if (own !== undefined && own !== '') return own;
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'waybill-dev');
}
