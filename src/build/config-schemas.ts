// SPDX-License-Identifier: Apache-2.0
import { apkoStructs } from '../core/apko/structs.ts';
import { keyDoc } from '../core/config-language/docs.ts';
import { melangeStructs } from '../core/melange/structs.ts';
import type { StructTable } from '../core/yaml/go/types.ts';

/** Files that the YAML extension may take for ours by their names alone; of others only we can tell. */
export const CONFIG_SCHEMAS = [
  {
    name: 'apko',
    root: 'apko.ImageConfiguration',
    structs: apkoStructs,
    title: 'An apko file, as apko v1.2.37 reads it',
  },
  {
    name: 'melange',
    root: 'melange.Configuration',
    structs: melangeStructs,
    title: 'A melange file, as melange v0.59.1 reads it',
  },
] as const;

type Schema = Readonly<Record<string, unknown>>;

/**
 * The keys of a file with what they are for. It refuses nothing, on purpose: what the tools take is more than JSON
 * Schema can say (numbers for texts, merge keys, booleans of YAML 1.1), and what they refuse, Waybill itself says.
 */
function schema(structs: StructTable, root: string): { readonly definitions: Schema } & Schema {
  const definitions: Record<string, Schema> = {};
  const typeOf = (written: string): Schema => {
    if (written.startsWith('*')) return typeOf(written.slice(1));
    if (written.startsWith('[]')) return { items: typeOf(written.slice(2)) };
    if (written.startsWith('map[string]')) return { additionalProperties: typeOf(written.slice('map[string]'.length)) };
    if (structs[written] === undefined) return {};
    define(written);
    return { $ref: `#/definitions/${written}` };
  };
  const define = (name: string): void => {
    if (definitions[name] !== undefined) return;
    definitions[name] = {};
    const properties = Object.entries(structs[name] ?? {}).map(([key, written]) => {
      const doc = keyDoc(name, key);
      const { values = {} } = doc ?? {};
      const described = {
        ...(doc === null ? {} : { description: doc.doc, markdownDescription: doc.doc }),
        ...(doc?.deprecated === true ? { deprecationMessage: doc.doc } : {}),
        ...(written === 'string' && Object.keys(values).length > 0 ? { examples: Object.keys(values) } : {}),
      };
      const type = typeOf(written);
      // What stands beside a reference is not looked at.
      return [key, '$ref' in type ? { ...described, allOf: [type] } : { ...described, ...type }] as const;
    });
    definitions[name] = { properties: Object.fromEntries(properties) };
  };
  define(root);
  return { $ref: `#/definitions/${root}`, definitions };
}

/** docs/schemas/apko.json and melange.json, for people who edit YAML with the YAML extension. */
export function configSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    CONFIG_SCHEMAS.map(({ name, root, structs, title }) => {
      const document = {
        $schema: 'http://json-schema.org/draft-07/schema#',
        $id: `https://github.com/waybill-dev/waybill/blob/main/docs/schemas/${name}.json`,
        title,
        ...schema(structs, root),
      };
      return [`docs/schemas/${name}.json`, `${JSON.stringify(document, null, 2)}\n`] as const;
    }),
  );
}
