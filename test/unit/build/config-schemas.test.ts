// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { configSchemaFiles, CONFIG_SCHEMAS } from '../../../src/build/config-schemas.ts';
import { manifestParts } from '../../../src/core/contributions/manifest.ts';
import { detectYaml } from '../../../src/core/yaml/detect.ts';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

function* nodes(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const each of value) yield* nodes(each);
  if (!isNode(value)) return;
  yield value;
  for (const each of Object.values(value)) yield* nodes(each);
}

describe('schemas of apko and melange files', () => {
  for (const { name, root, structs } of CONFIG_SCHEMAS) {
    const document = JSON.parse(configSchemaFiles().get(`docs/schemas/${name}.json`) ?? '{}') as Node;
    const definitions = document['definitions'] as Readonly<Record<string, { readonly properties: Node }>>;

    it(`${name}: has every key of every struct that a file can reach, each with what it is for`, () => {
      for (const [struct, keys] of Object.entries(structs)) {
        const found = definitions[struct];
        if (found === undefined) continue;
        assert.deepEqual(Object.keys(found.properties), Object.keys(keys), struct);
        for (const [key, property] of Object.entries(found.properties))
          assert.ok(isNode(property) && typeof property['description'] === 'string', `${struct} ${key}`);
      }
      assert.ok(Object.keys(definitions[root]?.properties ?? {}).length > 5);
    });

    it(`${name}: leads nowhere that is not there, and refuses nothing`, () => {
      const refusing = ['type', 'enum', 'const', 'required', 'pattern', 'minItems', 'maxItems', 'not', 'oneOf'];
      for (const { properties } of Object.values(definitions))
        for (const property of Object.values(properties))
          for (const node of nodes(property)) {
            const to = node['$ref'];
            if (typeof to === 'string') assert.ok(definitions[to.slice('#/definitions/'.length)] !== undefined, to);
            for (const word of refusing) assert.ok(!(word in node), `${word} in ${JSON.stringify(node).slice(0, 200)}`);
            assert.notEqual(node['additionalProperties'], false);
          }
    });

    it(`${name}: is offered for names that are ours, and for no others`, () => {
      const { yamlValidation } = manifestParts.contributes;
      const matches = yamlValidation.find(({ url }) => url === `./docs/schemas/${name}.json`)?.fileMatch ?? [];
      assert.equal(matches.length, 6);
      for (const match of matches) assert.equal(detectYaml(match.replace('*', 'nginx'), ''), name, match);
    });
  }
});
