// SPDX-License-Identifier: Apache-2.0
// What the runner gives to a suite in the Node extension host.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** What a person would do or look at in the window. */
export interface Ask {
  readonly action:
    | 'press'
    | 'type'
    | 'click'
    | 'hover'
    | 'doubleClick'
    | 'read'
    | 'aria'
    | 'resize'
    | 'outside'
    | 'violations'
    | 'violate';
  /** Keys or text; of `resize` the size of the window as `WIDTHxHEIGHT`. */
  readonly text?: string;
  /** Selector of what is clicked or read. */
  readonly on?: string;
  /** True: within our own page, not the window around it. */
  readonly panel?: boolean;
}

let asked = 0;

/** Ask the runner to do that; answers what it saw. */
export async function ask(what: Ask): Promise<unknown> {
  const file = join(environment('WAYBILL_TEST_DRIVER'), String(++asked));
  writeFileSync(`${file}.part`, JSON.stringify(what));
  renameSync(`${file}.part`, `${file}.ask`);
  await until(`an answer to ${JSON.stringify(what)}`, () => existsSync(`${file}.answer`));
  const answer = JSON.parse(readFileSync(`${file}.answer`, 'utf8')) as { value?: unknown; error?: string };
  rmSync(`${file}.answer`);
  if (answer.error !== undefined) assert.fail(answer.error);
  return answer.value;
}

/** Texts of what a selector finds: its label for a screen reader where it has one. */
export async function read(on: string, panel = false): Promise<readonly string[]> {
  return (await ask({ action: 'read', on, panel })) as readonly string[];
}

/** Roles and names below what a selector finds, as a screen reader gets them: one line each. */
export async function aria(on: string, panel = false): Promise<string> {
  return (await ask({ action: 'aria', on, panel })) as string;
}

/** Waits until one of the texts on the screen is like that, and answers it. */
export async function readUntil(on: string, like: RegExp, panel = false): Promise<string> {
  let last: readonly string[] = [];
  try {
    return await until('', async () => {
      last = await read(on, panel);
      return last.find((text) => like.test(text));
    });
  } catch {
    return assert.fail(`Nothing in ${on} is like ${String(like)}: ${last.join(' | ')}`);
  }
}
