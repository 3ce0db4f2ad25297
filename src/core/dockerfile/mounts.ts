// SPDX-License-Identifier: Apache-2.0
import { lowerCase } from './characters.ts';

/**
 * Fields of one CSV line as `--mount` and `--device` take them (encoding/csv's rules for one record);
 * null for a quote where none may stand, or one that does not end.
 */
export function csvFields(line: string): readonly string[] | null {
  if (line === '') return null;
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line.charAt(at) !== '"') {
      const comma = line.indexOf(',', at);
      const field = comma < 0 ? line.slice(at) : line.slice(at, comma);
      if (field.includes('"')) return null;
      fields.push(field);
      if (comma < 0) return fields;
      at = comma + 1;
      continue;
    }
    let field = '';
    at++;
    for (;;) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return null;
      field += line.slice(at, quote);
      at = quote + 1;
      if (line.charAt(at) !== '"') break;
      field += '"';
      at++;
    }
    fields.push(field);
    if (at === line.length) return fields;
    if (line.charAt(at) !== ',') return null;
    at++;
  }
}

const BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** Why BuildKit refuses a `--device` value, or null. */
export function deviceError(value: string): string | null {
  const fields = csvFields(value);
  if (fields === null) return 'failed to parse csv devices';
  let name = '';
  for (const field of fields) {
    const equals = field.indexOf('=');
    const key = lowerCase(equals < 0 ? field : field.slice(0, equals));
    const given = equals < 0 ? null : field.slice(equals + 1);
    if (key === 'required') {
      if (given !== null && !BOOLEAN.test(given)) return `invalid value for required: ${given}`;
    } else if (key === 'name' && given !== null) {
      if (name !== '') return `device name already set to ${name}`;
      name = given;
    } else if (name === '') {
      name = field;
    } else {
      return given === null
        ? `invalid field '${field}' must be a key=value pair`
        : `unexpected key '${key}' in '${field}'`;
    }
  }
  return null;
}
