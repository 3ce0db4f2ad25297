// SPDX-License-Identifier: Apache-2.0
// What the suites use of node:assert, for the host that has no Node.

function fail(message: string | undefined, otherwise: string): never {
  throw new Error(message ?? otherwise);
}

const assert = {
  ok(value: unknown, message?: string): asserts value {
    if (!value) fail(message, 'not true');
  },
  equal(actual: unknown, expected: unknown, message?: string): void {
    if (!Object.is(actual, expected)) fail(message, `${String(actual)} is not ${String(expected)}`);
  },
  notEqual(actual: unknown, expected: unknown, message?: string): void {
    if (Object.is(actual, expected)) fail(message, `both are ${String(actual)}`);
  },
  deepEqual(actual: unknown, expected: unknown, message?: string): void {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (a !== b) fail(message, `${a} is not ${b}`);
  },
  match(text: string, pattern: RegExp, message?: string): void {
    if (!pattern.test(text)) fail(message, `${text} does not match ${String(pattern)}`);
  },
  fail(message: string): never {
    return fail(message, '');
  },
};

// oxlint-disable-next-line import/no-default-export -- takes the place of a module that has one
export default assert;
