// SPDX-License-Identifier: Apache-2.0
// The tests of the rules, collected without a runner, so that they run against one mutant after the other in a moment.
import { dirname, join } from 'node:path';

export interface Test {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** The test files that judge rules through the list of rules, which is what a mutant is put into. */
export const SUITES = [
  'examples',
  'bases-and-shells',
  'downloads',
  'fips',
  'config-examples',
  'known-defects',
  'golden',
] as const;

/** What `this` is in tests and groups. */
const context = { timeout: (): void => undefined };
type Body = (this: typeof context) => unknown;

export async function collect(): Promise<readonly Test[]> {
  const found: Test[] = [];
  const above: string[] = [];
  const describe = (title: string, body: Body): void => {
    above.push(title);
    body.call(context);
    above.pop();
  };
  const it = (title: string, body: Body): void => {
    found.push({ title: [...above, title].join(' › '), run: async () => void (await body.call(context)) });
  };
  Object.assign(globalThis, { describe, it });
  for (const suite of SUITES) {
    await import(join(dirname(import.meta.dirname), 'rules', `${suite}.test.ts`));
  }
  return found;
}
