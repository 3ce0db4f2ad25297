// SPDX-License-Identifier: Apache-2.0

/** Why the reader of the Go tools refuses a text, and where. */
export class GoYamlError extends Error {
  readonly start: number;
  readonly end: number;
  /** Where the thing that could not be read begins; the same as `start` where nothing was begun. */
  readonly context: number;
  /**
   * Starts of the keys, or list entries, whose blocks the line of `start` does not fit into, from the outside in; empty
   * where another thing is wrong.
   */
  readonly blocks: readonly number[];

  constructor(message: string, start: number, end: number, context: number = start, blocks: readonly number[] = []) {
    super(message);
    this.name = 'GoYamlError';
    this.start = start;
    this.end = end;
    this.context = context;
    this.blocks = blocks;
  }
}

/** The text is beyond what this reader follows. */
export class GoYamlLimit extends Error {}
