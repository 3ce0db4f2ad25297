// SPDX-License-Identifier: Apache-2.0
// The Go types that a file is read into, and the values that come of it.
import type { GoNode } from './node.ts';

export type ScalarKind = 'string' | 'bool' | 'int' | 'uint32' | 'uint64' | 'duration';

export interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: ReadonlyMap<string, GoType>;
}

export type GoType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'pointer' | 'list' | 'map'; readonly of: GoType }
  | StructType;

/** Structs by name: each key with the name of its type, as Go writes it. */
export type StructTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

const SCALARS: ReadonlySet<string> = new Set(['string', 'bool', 'int', 'uint32', 'uint64', 'duration']);

/** The type of a struct of the table, with everything it holds; structs may hold themselves. */
export function structType(table: StructTable, name: string): StructType {
  const known = new Map<string, StructType>();
  const parse = (written: string): GoType => {
    if (written.startsWith('*')) return { kind: 'pointer', of: parse(written.slice(1)) };
    if (written.startsWith('[]')) return { kind: 'list', of: parse(written.slice(2)) };
    if (written.startsWith('map[string]')) return { kind: 'map', of: parse(written.slice('map[string]'.length)) };
    return SCALARS.has(written) ? { kind: written as ScalarKind } : struct(written);
  };
  const struct = (wanted: string): StructType => {
    const found = known.get(wanted);
    if (found !== undefined) return found;
    const written = table[wanted];
    if (written === undefined) throw new Error(`no struct is called ${wanted}`);
    const fields = new Map<string, GoType>();
    const type: StructType = { kind: 'struct', name: wanted, fields };
    known.set(wanted, type);
    for (const [key, of] of Object.entries(written)) fields.set(key, parse(of));
    return type;
  };
  return struct(name);
}

/** Where a value stands; both null where the file does not set it. */
export interface Placed<T> {
  readonly value: T;
  readonly key: GoNode | null;
  readonly node: GoNode;
}

export type GoValue = string | number | bigint | boolean | null | GoList | GoMap | GoStruct;

export class GoList {
  readonly items: Placed<GoValue>[] = [];
}

export class GoMap {
  readonly entries = new Map<string, Placed<GoValue>>();
}

export class GoStruct {
  readonly type: StructType;
  readonly fields = new Map<string, Placed<GoValue>>();

  constructor(type: StructType) {
    this.type = type;
  }

  /** Node of a field's value, or null where the file does not set it. */
  node(field: string): GoNode | null {
    return this.fields.get(field)?.node ?? null;
  }

  string(field: string): string {
    const value = this.fields.get(field)?.value;
    return typeof value === 'string' ? value : '';
  }

  number(field: string): bigint {
    const value = this.fields.get(field)?.value;
    return typeof value === 'bigint' ? value : 0n;
  }

  bool(field: string): boolean {
    return this.fields.get(field)?.value === true;
  }

  /** Null where the file does not set it, or sets it to null. */
  struct(field: string): GoStruct | null {
    const value = this.fields.get(field)?.value;
    return value instanceof GoStruct ? value : null;
  }

  structs(field: string): readonly Placed<GoStruct>[] {
    const value = this.fields.get(field)?.value;
    return value instanceof GoList ? (value.items as Placed<GoStruct>[]) : [];
  }

  strings(field: string): readonly Placed<string>[] {
    const value = this.fields.get(field)?.value;
    return value instanceof GoList ? (value.items as Placed<string>[]) : [];
  }

  map(field: string): ReadonlyMap<string, Placed<string>> {
    const value = this.fields.get(field)?.value;
    return value instanceof GoMap ? (value.entries as Map<string, Placed<string>>) : new Map();
  }

  structMap(field: string): ReadonlyMap<string, Placed<GoStruct>> {
    const value = this.fields.get(field)?.value;
    return value instanceof GoMap ? (value.entries as Map<string, Placed<GoStruct>>) : new Map();
  }
}
