// SPDX-License-Identifier: Apache-2.0
// A validator for the JSON Schemas that the tests hold documents against. A keyword it does not know is an error, so
// that a schema is never checked by half.

type Schema = Readonly<Record<string, unknown>>;

const IGNORED = new Set([
  '$schema',
  '$id',
  'id',
  'title',
  'description',
  'default',
  'definitions',
  '$defs',
  'format',
  '$comment',
  'examples',
  'markdownDescription',
  'deprecationMessage',
]);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const isType = (value: unknown, type: unknown): boolean =>
  typeOf(value) === type || (type === 'number' && typeOf(value) === 'integer');

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is wrong with `value`, one line a fault; nothing where it fits. */
export function schemaErrors(schema: unknown, value: unknown): readonly string[] {
  return check(schema as Schema | boolean, value, '$', schema as Schema);
}

function resolve(ref: string, root: Schema): Schema | boolean {
  if (!ref.startsWith('#')) throw new Error(`The reference ${ref} leads out of the schema.`);
  let at: unknown = root;
  for (const part of ref.slice(1).split('/').slice(1))
    at = (at as Schema)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  if (at === undefined) throw new Error(`The reference ${ref} leads nowhere.`);
  return at as Schema | boolean;
}

function check(schema: Schema | boolean, value: unknown, at: string, root: Schema): string[] {
  if (schema === true) return [];
  if (schema === false) return [`${at} may not stand here`];
  const errors: string[] = [];
  const fits = (each: unknown): boolean => check(each as Schema, value, at, root).length === 0;
  for (const [keyword, given] of Object.entries(schema)) {
    if (IGNORED.has(keyword)) continue;
    const list = Array.isArray(given) ? (given as unknown[]) : [];
    const limit = typeof given === 'number' ? given : Number.NaN;
    switch (keyword) {
      case '$ref':
        errors.push(...check(resolve(given as string, root), value, at, root));
        break;
      case 'type': {
        const types = Array.isArray(given) ? list : [given];
        if (!types.some((type) => isType(value, type)))
          errors.push(`${at} is ${typeOf(value)} and not ${types.join(' or ')}`);
        break;
      }
      case 'const':
        if (!same(value, given)) errors.push(`${at} is not ${JSON.stringify(given)}`);
        break;
      case 'enum':
        if (!list.some((each) => same(each, value))) errors.push(`${at} is none of ${JSON.stringify(given)}`);
        break;
      case 'minimum':
        if (typeof value === 'number' && value < limit) errors.push(`${at} is under ${limit}`);
        break;
      case 'maximum':
        if (typeof value === 'number' && value > limit) errors.push(`${at} is over ${limit}`);
        break;
      case 'minLength':
        if (typeof value === 'string' && value.length < limit) errors.push(`${at} is too short`);
        break;
      case 'pattern':
        if (typeof value === 'string' && !new RegExp(given as string, 'u').test(value))
          errors.push(`${at} does not match ${String(given)}`);
        break;
      case 'allOf':
        for (const each of list) errors.push(...check(each as Schema, value, at, root));
        break;
      case 'anyOf':
        if (!list.some(fits)) errors.push(`${at} fits no alternative`);
        break;
      case 'oneOf':
        if (list.filter(fits).length !== 1) errors.push(`${at} fits not exactly one alternative`);
        break;
      case 'items':
        if (Array.isArray(value))
          value.forEach((each, i) => errors.push(...check(given as Schema, each, `${at}[${i}]`, root)));
        break;
      case 'minItems':
        if (Array.isArray(value) && value.length < limit) errors.push(`${at} has too few items`);
        break;
      case 'uniqueItems':
        if (
          given === true &&
          Array.isArray(value) &&
          new Set(value.map((each) => JSON.stringify(each))).size !== value.length
        )
          errors.push(`${at} has an item twice`);
        break;
      case 'required':
        if (typeOf(value) === 'object')
          for (const name of list)
            if (!Object.hasOwn(value as object, name as string)) errors.push(`${at} lacks ${String(name)}`);
        break;
      case 'properties':
        if (typeOf(value) === 'object')
          for (const [name, each] of Object.entries(given as Schema))
            if (Object.hasOwn(value as object, name))
              errors.push(...check(each as Schema, (value as Schema)[name], `${at}.${name}`, root));
        break;
      case 'additionalProperties':
        if (typeOf(value) === 'object')
          for (const [name, each] of Object.entries(value as Schema))
            if (!Object.hasOwn((schema['properties'] ?? {}) as object, name))
              errors.push(...check(given as Schema, each, `${at}.${name}`, root));
        break;
      default:
        throw new Error(`This validator does not know the keyword ${keyword}.`);
    }
  }
  return errors;
}
