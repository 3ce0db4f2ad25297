// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOOL } from '../../../src/cli/version.ts';

describe('the version', () => {
  it('is that of the package', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
    assert.deepEqual(TOOL, { name: manifest.name, version: manifest.version });
  });
});
