// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { CONFIG_SCHEMAS, configSchemaFiles } from '../../../src/build/config-schemas.ts';
import { parseYaml, plainValue } from '../../../src/core/yaml/parse.ts';
import { validFiles } from '../../support/config-corpus.ts';
import { schemaErrors } from '../../support/json-schema.ts';

const files = configSchemaFiles();
const schemas = new Map(
  CONFIG_SCHEMAS.map(({ name }) => [name, JSON.parse(files.get(`docs/schemas/${name}.json`) ?? '')]),
);
const LIMITS = { characters: 1_000_000, depth: 64, nodes: 100_000 };

describe('JSON Schemas of apko and melange files', () => {
  it('take every file that the tools take', () => {
    const valid = validFiles();
    assert.ok(valid.length > 360);
    for (const { language, text, name } of valid) {
      const { root } = parseYaml(text, LIMITS);
      assert.ok(root !== null);
      assert.deepEqual(schemaErrors(schemas.get(language), plainValue(root)), [], name);
    }
  });

  it('know every key of every struct, with what it is for', () => {
    for (const { name, root, structs } of CONFIG_SCHEMAS) {
      const { definitions } = schemas.get(name);
      assert.ok(Object.hasOwn(definitions, root));
      for (const [struct, { properties }] of Object.entries<{ properties: Record<string, { description?: string }> }>(
        definitions,
      )) {
        assert.deepEqual(Object.keys(properties), Object.keys(structs[struct] ?? {}));
        for (const [key, { description = '' }] of Object.entries(properties))
          assert.ok(description.length > 15, `${struct}.${key}`);
      }
    }
  });
});
