// SPDX-License-Identifier: Apache-2.0
import { structType, type StructTable, type StructType } from '../yaml/go/types.ts';
import structs from './structs.json' with { type: 'json' };

/** Every struct an apko file is read into, as reflection finds it in apko v1.2.37; a test asks the library again. */
export const apkoStructs: StructTable = structs;

let image: StructType | null = null;

/** The type of a whole apko file. */
export function imageConfigurationType(): StructType {
  image ??= structType(apkoStructs, 'apko.ImageConfiguration');
  return image;
}
