// SPDX-License-Identifier: Apache-2.0
// What the runner gives to a suite in the Node extension host.
import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './support.ts';

/** A variable that the runner gives to every extension host. */
export function environment(name: string): string {
  const value = process.env[name];
  assert.ok(value !== undefined && value !== '', `${name} is not set`);
  return value;
}

/** Ask the runner for a picture of the whole window. */
export async function screenshot(name: string): Promise<void> {
  const folder = environment('WAYBILL_SCREENSHOTS');
  const picture = join(folder, `${name}.png`);
  rmSync(picture, { force: true });
  writeFileSync(join(folder, `${name}.request`), '');
  await until(`the picture ${name}`, () => existsSync(picture));
}
