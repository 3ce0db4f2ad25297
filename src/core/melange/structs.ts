// SPDX-License-Identifier: Apache-2.0
import { apkoStructs } from '../apko/structs.ts';
import { structType, type StructTable, type StructType } from '../yaml/go/types.ts';
import structs from './structs.json' with { type: 'json' };

/** Every struct a melange file is read into, as reflection finds it in melange v0.59.1; a test asks the library again. */
export const melangeStructs: StructTable = { ...apkoStructs, ...structs };

let configuration: StructType | null = null;
let pipeline: StructType | null = null;

/** The type of a whole melange file. */
export function configurationType(): StructType {
  configuration ??= structType(melangeStructs, 'melange.Configuration');
  return configuration;
}

/** The type of a pipeline of its own, as the files of a `pipelines/` folder are. */
export function pipelineType(): StructType {
  pipeline ??= structType(melangeStructs, 'melange.Pipeline');
  return pipeline;
}
