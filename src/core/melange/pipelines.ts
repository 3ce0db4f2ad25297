// SPDX-License-Identifier: Apache-2.0
import pipelines from './pipelines.json' with { type: 'json' };

export interface PipelineInput {
  readonly required?: boolean;
  readonly default?: string;
}

export interface BuiltinPipeline {
  readonly inputs: Readonly<Record<string, PipelineInput>>;
}

/** Every pipeline that is built into melange v0.59.1, with its inputs; a test reads the module again. */
export const builtinPipelines: Readonly<Record<string, BuiltinPipeline>> = pipelines;
