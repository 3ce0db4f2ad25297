// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { projectRoot } from './paths.ts';

/**
 * Bun 1.3.14 of the package `@oven/bun-linux-x64`: the last one whose BoringSSL has no default digest, as the desktop
 * editor's has none. Later ones have one and would hide what is tested with it.
 */
export const bunPath = (): string => join(projectRoot, 'node_modules', '@oven', 'bun-linux-x64', 'bin', 'bun');
