// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Types {
  readonly Position: { create(line: number, character: number): unknown };
  readonly Range: { create(...args: readonly unknown[]): unknown };
}

const root = join(import.meta.dirname, '..', '..', '..');
const require = createRequire(import.meta.url);
const real = require('vscode-languageserver-types') as Types;
const own = require(join(root, 'scripts', 'lib', 'positions.cjs')) as Types;

/** What a call gives, or that it throws. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch {
    return 'throws';
  }
}

describe('the stand-in for vscode-languageserver-types', () => {
  const numbers = [0, 1, 7, 2147483647, 2147483648, -1, 1.5, Number.NaN, Number.MAX_VALUE];

  it('makes the same positions', () => {
    for (const line of numbers)
      for (const character of numbers)
        assert.deepEqual(own.Position.create(line, character), real.Position.create(line, character));
  });

  it('makes the same ranges, and refuses the same', () => {
    for (const one of numbers)
      for (const four of numbers) {
        const args = [one, 3, 5, four] as const;
        assert.deepEqual(
          outcome(() => own.Range.create(...args)),
          outcome(() => real.Range.create(...args)),
          args.join(),
        );
      }
    const position = { line: 1, character: 2 };
    for (const other of [position, { line: -1, character: 0 }, null, undefined, 3, 'x', {}])
      for (const args of [
        [position, other],
        [other, position],
      ] as const)
        assert.deepEqual(
          outcome(() => own.Range.create(...args)),
          outcome(() => real.Range.create(...args)),
        );
  });

  it('has everything that dockerfile-ast asks for', () => {
    const folder = join(root, 'node_modules', 'dockerfile-ast', 'lib');
    const asked = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .flatMap((name) => [
        ...readFileSync(join(folder, name), 'utf8').matchAll(/vscode_languageserver_types_1\.([\w.]+)/g),
      ])
      .map(([, name]) => name);
    assert.deepEqual([...new Set(asked)].toSorted(), ['Position.create', 'Range.create']);
  });
});
