// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { manifestParts } from '../../../src/core/contributions/manifest.ts';
import { detectYaml } from '../../../src/core/yaml/detect.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('schemas for the YAML extension', () => {
  const { yamlValidation } = manifestParts.contributes;

  it('are there', () => {
    for (const { url } of yamlValidation) assert.ok(existsSync(join(root, url)), url);
  });

  for (const name of ['apko', 'melange'])
    it(`are offered for names that are ${name}'s, and for no others`, () => {
      const matches = yamlValidation.find(({ url }) => url === `./docs/schemas/${name}.json`)?.fileMatch ?? [];
      assert.equal(matches.length, 6);
      for (const match of matches) assert.equal(detectYaml(match.replace('*', 'nginx'), ''), name, match);
    });
});
