// SPDX-License-Identifier: Apache-2.0
import pipelines from './pipelines.json' with { type: 'json' };

export interface PipelineInput {
  readonly required?: boolean;
  readonly default?: string;
}

export interface BuiltinPipeline {
  readonly inputs: Readonly<Record<string, PipelineInput>>;
  /** The variables beside its inputs that it uses, and that have to be defined where it is used. */
  readonly variables: readonly string[];
}

/** Every pipeline that is built into melange v0.59.1, with its inputs and variables; a test reads the module again. */
export const builtinPipelines: Readonly<Record<string, BuiltinPipeline>> = pipelines;
